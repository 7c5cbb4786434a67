"""Sums and parts in a table: held against the rows they belong to, and stored once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from layers.density.refusals import Problem
from layers.density.statistics.builtin import load_indicators
from layers.density.statistics.checks import check_limits
from layers.density.statistics.model import Observation
from layers.zones import Zone

MakeProblem = Callable[[int, int | None, str, object], Problem]


class RowKind(Enum):
    """What a row of a table is: a unit's own, part of the one above, or a sum."""

    UNIT = auto()
    PART = auto()
    TOTAL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row: ``whole`` is the unit of the row that a part belongs to."""

    line: int
    kind: RowKind
    unit_id: str | None
    mark: str
    whole: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A value with its place in the table."""

    at: int
    row: TableRow
    value: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneParts:
    """The ids of the unit that is the whole zone, and of the districts that make it up."""

    zone: str
    districts: tuple[str, ...]


def parts_of(zone: Zone) -> ZoneParts:
    """Return what a zone is made up of."""
    return ZoneParts(zone=zone.whole.id, districts=tuple(unit.id for unit in zone.districts))


@dataclass(slots=True, kw_only=True)
class Reconciled:
    """What is to be stored, and what does not add up."""

    observations: tuple[Observation, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def reconcile(taken: Sequence[Taken], problem: MakeProblem, parts: ZoneParts) -> Reconciled:
    """Return each value once, sums and parts compared with what they belong to.

    A bare sum (合计) is the zone's where all of its districts stand in the table; of other
    rows it is only compared. Parts above their whole, and sums that differ from the rows
    above them, are questions; values stated twice are problems.
    """
    found = Reconciled()
    own = [one for one in taken if one.row.kind is not RowKind.TOTAL]
    kept: dict[tuple[str, str, int, str, str], Taken] = {}
    for one in own:
        before = kept.setdefault(one.value.key, one)
        if before is not one:
            found.problems.append(problem(one.row.line, one.at, "repeated", before.row.line))
    for total in (one for one in taken if one.row.kind is RowKind.TOTAL):
        _take_total(total, kept, found, problem, parts)
    for one in own:
        if one.row.kind is RowKind.PART and one.row.whole:
            whole = kept.get(replace(one.value, unit_id=one.row.whole).key)
            if whole and one.value.value > whole.value.value and _adds_up(one.value):
                text = f"{one.value.value:.6g} > {whole.value.value:.6g}"
                found.questions.append(problem(one.row.line, one.at, "part_exceeds", text))
    _compare_zone(kept, found, problem, parts)
    found.observations = tuple(one.value for one in kept.values())
    return found


def _take_total(
    total: Taken,
    kept: dict[tuple[str, str, int, str, str], Taken],
    found: Reconciled,
    problem: MakeProblem,
    of_zone: ZoneParts,
) -> None:
    places = [one for one in kept.values() if _of(one.value) == _of(total.value)]
    rows = [
        one for one in places if one.row.kind is RowKind.UNIT and one.row.line <= total.row.line
    ]
    zone, districts = of_zone.zone, set(of_zone.districts)
    parts = [one for one in rows if one.value.unit_id != zone]
    if {one.value.unit_id for one in parts} == districts:
        value = replace(total.value, unit_id=zone)
        if (before := kept.get(value.key)) is not None:
            if not _agree(before.value.value, value.value):
                text = f"{value.value:.6g} / {before.value.value:.6g}"
                found.questions.append(problem(total.row.line, total.at, "total_differs", text))
            return
        kept[value.key] = replace(total, value=value)
        return
    text = f"{total.row.unit_id} {total.value.value:.6g}"
    found.remarks.append(problem(total.row.line, total.at, "total_of_rows", text))
    if parts and _adds_up(total.value):
        found.questions += _differing_sum(total, parts, problem)


def _compare_zone(
    kept: dict[tuple[str, str, int, str, str], Taken],
    found: Reconciled,
    problem: MakeProblem,
    of_zone: ZoneParts,
) -> None:
    zone, districts = of_zone.zone, of_zone.districts
    for one in list(kept.values()):
        if one.value.unit_id != zone or not _adds_up(one.value):
            continue
        parts = [kept.get(replace(one.value, unit_id=unit).key) for unit in districts]
        known = [part for part in parts if part]
        if len(known) == len(districts):
            # Published totals and parts differ for good reasons, too: it is said, not asked.
            found.remarks += _differing_sum(one, known, problem)
        else:
            for part in known:
                if part.value.value > one.value.value:
                    text = f"{part.value.value:.6g} > {one.value.value:.6g}"
                    found.questions.append(problem(part.row.line, part.at, "part_exceeds", text))


def _differing_sum(total: Taken, parts: Sequence[Taken], problem: MakeProblem) -> list[Problem]:
    added = sum(part.value.value for part in parts)
    if _agree(total.value.value, added):
        return []
    text = f"{total.value.value:.6g} / {added:.6g}"
    return [problem(total.row.line, total.at, "total_differs", text)]


def _agree(stated: float, added: float) -> bool:
    limit = check_limits().reconciliation_warning_pct / 100.0
    return abs(stated - added) <= limit * max(abs(stated), abs(added))


def _adds_up(value: Observation) -> bool:
    return load_indicators()[value.indicator].extensive


def _of(value: Observation) -> tuple[str, int, str, str]:
    return value.indicator, value.year, value.period, value.months
