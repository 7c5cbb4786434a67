"""What a table takes the place of: figures that ship, of other data sets, of its own former one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from layers.density.refusals import Problem
from layers.density.statistics.builtin import load_areas, load_indicators, load_observations
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.model import Observation, PlanningUnit, PublishedArea
from layers.density.statistics.store import StatisticsVersion
from layers.zones import Zone

SHIPPED: Final = ""
"""The data set of figures that ship."""

_MOST_NAMED: Final = 3
_TRUSTED: Final = frozenset({"official", "official_press"})

Key = tuple[str, str, int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A figure, and the one that it takes the place of with the data set that holds that."""

    before: Observation | PublishedArea
    after: Observation | PublishedArea
    dataset: str

    @property
    def differs(self) -> bool:
        """Whether anything that is told of the two is not the same."""
        return _content(self.before) != _content(self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """All figures that are held, each with the data set that it is of."""

    values: Mapping[Key, tuple[str, Observation]]
    areas: tuple[tuple[str, PublishedArea], ...]


def held_figures(zone: Zone, versions: Iterable[StatisticsVersion]) -> Held:
    """Return what ships, and over it the versions in use, later ones over earlier ones."""
    values = {one.key: (SHIPPED, one) for one in load_observations(zone)}
    areas = [(SHIPPED, one) for one in load_areas(zone)]
    for version in versions:
        values |= {one.key: (version.dataset, one) for one in version.observations}
        areas += [(version.dataset, one) for one in version.areas]
    return Held(values=values, areas=tuple(areas))


def find_replacements(
    values: Sequence[Observation], areas: Sequence[PublishedArea], held: Held
) -> list[Replacement]:
    """Return what each figure takes the place of; of an area, for the year that it is of."""
    found = [
        Replacement(before=held.values[one.key][1], after=one, dataset=held.values[one.key][0])
        for one in values
        if one.key in held.values
    ]
    for area in areas:
        like = [pair for pair in held.areas if _same_ground(pair[1], area)]
        found += [Replacement(before=one, after=area, dataset=name) for name, one in like[-1:]]
    return found


def ask_about_replaced(
    replacements: Iterable[Replacement], dataset: str, units: Mapping[str, PlanningUnit]
) -> list[Problem]:
    """Return a question for each figure of others that is told otherwise than by now."""
    return [
        Problem(
            line=0,
            column=_quantity(one.after),
            code="replaces_shipped" if one.dataset == SHIPPED else "replaces_other",
            text=f"{_where(one.after, units)}: {_value_text(one.before)} → {_value_text(one.after)}"
            + (f" [{one.dataset}]" if one.dataset else ""),
        )
        for one in replacements
        if one.dataset != dataset and _is_another(one)
    ]


def ask_about_dropped(
    values: Sequence[Observation],
    areas: Sequence[PublishedArea],
    former: StatisticsVersion | None,
    units: Mapping[str, PlanningUnit],
) -> list[Problem]:
    """Return a question about figures of the former version that the new one does not have."""
    if former is None:
        return []
    kept = {one.key for one in values}
    grounds = {(one.unit_id, one.denominator, one.first_year) for one in areas}
    gone: list[Observation | PublishedArea] = [
        one for one in former.observations if one.key not in kept
    ]
    gone += [
        one for one in former.areas if (one.unit_id, one.denominator, one.first_year) not in grounds
    ]
    if not gone:
        return []
    named = "; ".join(f"{_where(one, units)} {_quantity(one)}" for one in gone[:_MOST_NAMED])
    more = f"; … +{len(gone) - _MOST_NAMED}" if len(gone) > _MOST_NAMED else ""
    return [Problem(line=0, column=None, code="former_dropped", text=named + more)]


def _same_ground(held: PublishedArea, area: PublishedArea) -> bool:
    """Tell whether an area holds for the year of another of the same unit and kind of land."""
    same = (held.unit_id, held.denominator) == (area.unit_id, area.denominator)
    first, last, year = held.first_year, held.last_year, area.first_year
    return same and (year is None or ((first or year) <= year <= (last or year)))


def _is_another(one: Replacement) -> bool:
    """Tell whether a figure differs, or is the same from a source that is trusted less."""
    if _figure(one.before) != _figure(one.after):
        return True
    return one.before.quality != one.after.quality and one.after.quality not in _TRUSTED


def _figure(one: Observation | PublishedArea) -> tuple[float, str]:
    if isinstance(one, Observation):
        return one.value, one.relation
    return one.area_km2, "="


def _content(one: Observation | PublishedArea) -> tuple[object, ...]:
    return (*_figure(one), one.quality, one.source)


def _quantity(one: Observation | PublishedArea) -> str:
    if isinstance(one, Observation):
        return load_indicators()[one.indicator].name_zh
    kind = one.denominator
    named = (word for word, role in load_dictionary().roles.items() if role == f"land:{kind}")
    return next(named, kind)


def _where(one: Observation | PublishedArea, units: Mapping[str, PlanningUnit]) -> str:
    name = units[one.unit_id].name_zh if one.unit_id in units else one.unit_id
    if isinstance(one, Observation):
        return f"{name} {one.year} {one.months}".strip()
    return f"{name} {one.first_year or ''}".strip()


def _value_text(one: Observation | PublishedArea) -> str:
    if isinstance(one, Observation):
        relation = "" if one.relation == "=" else one.relation
        return f"{relation}{one.value:.6g} {one.unit}（{one.source}）"
    return f"{one.area_km2:.6g} km2（{one.source}）"
