"""Districts, batches and hosts side by side, with bounds where their land is uncertain."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from api.density.land import (
    DensityQuery,
    IntensiveIndicatorError,
    UnknownIndicatorError,
    values_of_year,
)
from api.density.lands import Land, Lands, land_for, lands_of, reason_against
from api.density.linkage import hosts_of
from api.density.qualifiers import combine_qualifiers, qualifiers_of
from api.workspace.answers import basis_of
from api.workspace.needs import DensityNeeds
from geo.density.bounds import Span, pooled_density, span_of
from layers.density.statistics.collected import Statistics
from layers.density.statistics.model import Indicator, Observation, PlanningUnit
from maps.answers import Title
from maps.density.linkage_answers import ComparedGroup, Comparison
from maps.i18n import LANGUAGES, tr

By: TypeAlias = Literal["district", "unit", "batch", "host"]
_NO_LAND_OF_A_UNIT = frozenset({"impervious"})
"""Kinds of land that say nothing of how large a unit is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    unit: PlanningUnit
    value: Observation | None
    land: Span | None
    kinds: tuple[str, ...]
    of: tuple[Land, ...]


def compare_units(workspace: DensityNeeds, query: DensityQuery, by: By) -> Comparison:
    """Return the density of groups of units: least, most, and what is missing.

    The land of a unit is that of the kind that was asked for, where one fits the year. Where none
    does, the density is bounded by the smallest and the largest land that is known of the unit,
    of whatever kind and year; a group with a member without value or land has no density.

    Raises
    ------
    UnknownIndicatorError, IntensiveIndicatorError
        The indicator is not known, or is a ratio.
    """
    statistics = workspace.statistics
    indicator = statistics.indicators.get(query.indicator)
    if indicator is None:
        known = sorted(statistics.indicators)
        raise UnknownIndicatorError(indicator=query.indicator[:80], known=known)
    if not indicator.extensive:
        raise IntensiveIndicatorError(indicator=indicator.id, unit=indicator.unit)
    values, lands = (
        values_of_year(statistics, indicator.id, query.year),
        lands_of(workspace, statistics),
    )
    groups = _groups(workspace, statistics, by)
    members = {
        name: [_member(unit, values.get(unit.id), lands, query.denominator) for unit in units]
        for name, units in groups.items()
    }
    every = [one for own in members.values() for one in own]
    found = [_compared(name, own, indicator) for name, own in members.items()]
    used = (land.version for one in every if one.value for land in one.of if land.version)
    natures = {one.value.qualified.nature for one in every if one.value}
    return Comparison(
        by=by,
        indicator=indicator.id,
        name=Title(zh=indicator.name_zh, en=indicator.name_en),
        year=query.year,
        nature=natures.pop() if natures else None,
        denominator=query.denominator,
        unit=f"{indicator.unit}/km²",
        groups=found,
        basis=basis_of(used),
    )


def _groups(
    workspace: DensityNeeds, statistics: Statistics, by: By
) -> Mapping[Title, list[PlanningUnit]]:
    pairs: Iterator[tuple[Title, PlanningUnit]]
    if by == "district":
        districts = (one for one in statistics.units.values() if one.level == "district")
        pairs = ((Title(zh=one.name_zh, en=one.name_en), one) for one in districts)
    elif by == "unit":
        linkage = (one.unit for one in workspace.linkage)
        pairs = ((Title(zh=one.name_zh, en=one.name_en), one) for one in linkage)
    elif by == "batch":
        pairs = ((_batch(one.batch), one.unit) for one in workspace.linkage)
    else:
        hosts, unknown = hosts_of(workspace), _words("compare.no_host")
        pairs = ((hosts.get(one.unit.id, unknown), one.unit) for one in workspace.linkage)
    groups: dict[str, tuple[Title, list[PlanningUnit]]] = {}
    for name, unit in pairs:
        groups.setdefault(f"{name.zh}/{name.en}", (name, []))[1].append(unit)
    return dict(groups.values())


def _batch(batch: str | None) -> Title:
    if not batch:
        return _words("compare.no_batch")
    # A batch of a name of its own is none of those that are counted.
    return _words("compare.batch", number=batch) if batch.isdecimal() else Title(zh=batch, en=batch)


def _words(key: str, **params: object) -> Title:
    return Title(**{lang: tr(key, lang, **params) for lang in LANGUAGES})


def _member(unit: PlanningUnit, value: Observation | None, lands: Lands, kind: str) -> _Member:
    land = land_for(lands, value, kind) if value else None
    if land and reason_against(value, land) is None:
        area = land.denominator.area_km2
        return _Member(
            unit=unit, value=value, land=Span(least=area, most=area), kinds=(kind,), of=(land,)
        )
    known = [
        one
        for name, own in lands.get(unit.id, {}).items()
        for one in own
        if name not in _NO_LAND_OF_A_UNIT and one.denominator.area_km2 > 0.0
    ]
    if value and len({one.denominator.kind for one in known}) == 1:
        # Lands of several kinds bound a density; one alone, of another year, tells nothing.
        known = [one for one in known if reason_against(value, one) != "area_other_year"]
    if not known:
        return _Member(unit=unit, value=value, land=None, kinds=(), of=())
    areas = [one.denominator.area_km2 for one in known]
    kinds = tuple(dict.fromkeys(one.denominator.kind for one in known))
    span = Span(least=min(areas), most=max(areas))
    return _Member(unit=unit, value=value, land=span, kinds=kinds, of=tuple(known))


def _mark_of_values(values: Sequence[Observation]) -> Title | None:
    said = [qualifiers_of(one.qualified) for one in values]
    return combine_qualifiers(said).mark if said else None


def _other_years(members: Iterable[_Member]) -> Iterator[int]:
    """Yield the years of lands that are not those of the values over them."""
    for member in members:
        for land in member.of:
            if reason_against(member.value, land) == "area_other_year":
                years = (land.denominator.first_year, land.denominator.last_year)
                yield from {year for year in years if year is not None}


def _compared(name: Title, members: Sequence[_Member], indicator: Indicator) -> ComparedGroup:
    def titles(found: Sequence[_Member]) -> list[Title]:
        return [Title(zh=one.unit.name_zh, en=one.unit.name_en) for one in found]

    values = [one.value for one in members if one.value]
    lands = [one.land for one in members if one.land]
    complete = len(values) == len(lands) == len(members)
    dense = None
    if complete:
        spans = [span_of(one.value, one.relation) for one in values]
        dense = pooled_density(spans, lands)
    said = [
        qualifiers_of(one.value.qualified, land.quality)
        for one in members if one.value for land in one.of
    ]  # fmt: skip
    said += [qualifiers_of(one.value.qualified) for one in members if one.value and not one.of]
    return ComparedGroup(
        name=name,
        members=titles(members),
        value=sum(one.value for one in values) if len(values) == len(members) else None,
        value_unit=indicator.unit,
        density_least=dense.least if dense else None,
        density_most=dense.most if dense and math.isfinite(dense.most) else None,
        exact=bool(dense and dense.exact and all(len(one.kinds) == 1 for one in members)),
        land_least_km2=sum(one.least for one in lands) if len(lands) == len(members) else None,
        land_most_km2=sum(one.most for one in lands) if len(lands) == len(members) else None,
        lands=list(dict.fromkeys(kind for one in members for kind in one.kinds)),
        other_years=sorted(set(_other_years(members))),
        mark=combine_qualifiers(said).mark if said else None,
        value_mark=_mark_of_values(values),
        without_value=titles([one for one in members if not one.value]),
        without_land=titles([one for one in members if not one.land]),
        sources=list(dict.fromkeys(one.source for one in values)),
    )
