"""Values that a person must confirm: far from the former ones, from their peers, impossible."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from layers.density.refusals import Problem
from layers.density.statistics.builtin import load_indicators
from layers.density.statistics.checks import check_limits
from layers.density.statistics.model import Observation, PlanningUnit, PublishedArea

_APPROVED: Final = "approved"
_ZONE: Final = "zone"
_DISTRICT: Final = "district"
_IN_A_ZONE: Final = frozenset({_DISTRICT, "bonded_zone"})
_PROVINCE: Final = "province"
_SHARE: Final = "%"
_COUNTED: Final = frozenset({"户", "家", "个", "人"})
_SAYS_NOTHING: Final = frozenset({"target", "unclear"})


def ask_about_values(
    values: Sequence[Observation],
    known: Iterable[Observation],
    units: Mapping[str, PlanningUnit],
    land_km2: Mapping[str, float],
) -> list[Problem]:
    """Return a question for each value that may be a slip of a unit, a sign or a digit.

    Parameters
    ----------
    values : sequence of Observation
        What a table says.
    known : iterable of Observation
        What is held by now.
    units : dict
        Planning units by id; peers are units of one level.
    land_km2 : dict
        Approved area by unit. Peers are compared by the km2: districts differ in size.
    """
    held = [one for one in known if one.period not in _SAYS_NOTHING]
    former = _series(held)
    series = _series(one for one in values if one.period not in _SAYS_NOTHING)
    peers: dict[tuple[str, ...], list[Observation]] = defaultdict(list)
    for one in values:
        peers[_of_peers(one, units)].append(one)
    by_level = _by_level([*values, *held], units)
    zones = _by_time(values, units, land_km2)
    questions = []
    for one in values:
        others = [peer for peer in peers[_of_peers(one, units)] if peer is not one]
        own = (one.unit_id, one.indicator)
        found = [
            *_impossible(one),
            *_far_from_former(one, former[own]),
            *_far_from_former(one, [other for other in series[own] if other.key != one.key]),
            *_far_from_peers(one, others, land_km2),
            *_far_from_peers(one, _wholes(one, zones, units, land_km2), land_km2),
            *_larger_than_whole(one, by_level, units),
        ]
        questions += [_question(one, units, code, text) for code, text in found[:1]]
    return questions


def _series(values: Iterable[Observation]) -> dict[tuple[str, str], list[Observation]]:
    """Return the values of each unit and indicator, whatever their time."""
    found: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for one in values:
        found[one.unit_id, one.indicator].append(one)
    return found


def _by_level(
    values: Iterable[Observation], units: Mapping[str, PlanningUnit]
) -> dict[tuple[str, str], list[Observation]]:
    """Return values by level of their unit and indicator."""
    found: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for one in values:
        if one.unit_id in units:
            found[units[one.unit_id].level, one.indicator].append(one)
    return found


def _larger_than_whole(
    one: Observation,
    by_level: Mapping[tuple[str, str], Sequence[Observation]],
    units: Mapping[str, PlanningUnit],
) -> Iterator[tuple[str, str]]:
    """Compare with the figures of the zone and the province, of the nearest year that has one."""
    if one.period in _SAYS_NOTHING or not load_indicators()[one.indicator].extensive:
        return
    level = units[one.unit_id].level if one.unit_id in units else ""
    above = {_PROVINCE, _ZONE} if level in _IN_A_ZONE else {_PROVINCE} - {level}
    for whole_level in sorted(above):
        wholes = [
            other
            for other in by_level.get((whole_level, one.indicator), ())
            if other.months in {"", one.months}
        ]
        near = min(wholes, key=lambda other: abs(other.year - one.year), default=None)
        if near is not None and one.value > near.value * _most_of(one, near, whole_level):
            text = f"{one.value:.6g} / {near.value:.6g} {near.unit} ({near.year})"
            yield "larger_than_whole", f"{_name(near.unit_id, units)} {text}"


def _most_of(one: Observation, whole: Observation, level: str) -> float:
    """Return how many times the whole a part may be.

    In other years the whole may have been smaller, and a young zone many times.
    """
    if one.year == whole.year:
        return 1.0
    limits = check_limits()
    return limits.whole_factor if level == _PROVINCE else limits.value_factor


_When = tuple[str, int, str, str]


def _by_time(
    values: Iterable[Observation],
    units: Mapping[str, PlanningUnit],
    land_km2: Mapping[str, float],
) -> dict[_When, list[Observation]]:
    """Return the figures of zones whose land is known, by what they are figures of and when."""
    found: dict[_When, list[Observation]] = defaultdict(list)
    for one in values:
        unit = units.get(one.unit_id)
        if unit is not None and unit.level == _ZONE and one.unit_id in land_km2:
            found[_when(one)].append(one)
    return found


def _when(one: Observation) -> _When:
    return one.indicator, one.year, one.period, one.months


def _wholes(
    one: Observation,
    zones: Mapping[_When, list[Observation]],
    units: Mapping[str, PlanningUnit],
    land_km2: Mapping[str, float],
) -> list[Observation]:
    """Return the figure of the whole that a district is part of, where both have their land."""
    unit = units.get(one.unit_id)
    if unit is None or unit.level != _DISTRICT or one.unit_id not in land_km2:
        return []
    return zones.get(_when(one), [])


def approved_km2(areas: Iterable[PublishedArea]) -> dict[str, float]:
    """Return the approved area of each unit that has one."""
    return {one.unit_id: one.area_km2 for one in areas if one.denominator == _APPROVED}


def ask_about_areas(
    areas: Sequence[PublishedArea],
    known: Iterable[PublishedArea],
    units: Mapping[str, PlanningUnit],
) -> list[Problem]:
    """Return a question for each area far from another of the same unit and kind of land."""
    factor = check_limits().area_factor
    held = {(one.unit_id, one.denominator): one.area_km2 for one in known}
    questions = []
    for one in areas:
        before = held.get((one.unit_id, one.denominator))
        if before and _apart(one.area_km2, before) >= factor:
            text = f"{_name(one.unit_id, units)} {one.area_km2:.6g} / {before:.6g} km2"
            questions.append(Problem(line=0, column=None, code="area_far", text=text))
    return questions


def _impossible(one: Observation) -> Iterator[tuple[str, str]]:
    if one.value < 0.0:
        yield "below_zero", f"{one.value:.6g} {one.unit}"
    if one.unit == _SHARE and one.value > 100.0:
        yield "above_100", f"{one.value:.6g} %"
    if one.unit in _COUNTED and not one.value.is_integer():
        yield "not_counted", f"{one.value:.12g} {one.unit}"


def _far_from_former(one: Observation, known: Sequence[Observation]) -> Iterator[tuple[str, str]]:
    """Compare with the value of the nearest year that covers the same months, else any."""
    like = [other for other in known if (other.period, other.months) == (one.period, one.months)]
    near = min(like or known, key=lambda other: abs(other.year - one.year), default=None)
    # A zero after a figure is mostly an empty cell that a program filled in.
    is_gone = near is not None and near.value != 0.0 and one.value == 0.0
    if near and (is_gone or _apart(one.value, near.value) >= check_limits().value_factor):
        yield "far_from_former", f"{one.value:.6g} / {near.value:.6g} {one.unit} ({near.year})"


def _far_from_peers(
    one: Observation, peers: Sequence[Observation], land_km2: Mapping[str, float]
) -> Iterator[tuple[str, str]]:
    by_land = all(peer.unit_id in land_km2 for peer in (one, *peers))

    def size(other: Observation) -> float:
        return abs(other.value) / (land_km2[other.unit_id] if by_land else 1.0)

    sizes = [size(peer) for peer in peers if peer.value]
    middle = statistics.median(sizes) if sizes else 0.0
    if middle and _apart(size(one), middle) >= check_limits().value_factor:
        unit = f"{one.unit}/km²" if by_land else one.unit
        yield "far_from_peers", f"{size(one):.4g} / {middle:.4g} {unit}"


def _apart(value: float, other: float) -> float:
    small, large = sorted((abs(value), abs(other)))
    return large / small if small else 0.0


def _of_peers(one: Observation, units: Mapping[str, PlanningUnit]) -> tuple[str, ...]:
    unit = units.get(one.unit_id)
    # Parcels differ by more than any slip of a unit: each of a layer stands for itself.
    level = one.unit_id if unit is None or "/" in unit.id else unit.level
    return level, one.indicator, str(one.year), one.period, one.months


def _question(one: Observation, units: Mapping[str, PlanningUnit], code: str, text: str) -> Problem:
    where = f"{_name(one.unit_id, units)} {one.year} {one.months}".strip()
    return Problem(
        line=0, column=load_indicators()[one.indicator].name_zh, code=code, text=f"{where}: {text}"
    )


def _name(unit_id: str, units: Mapping[str, PlanningUnit]) -> str:
    return units[unit_id].name_zh if unit_id in units else unit_id
