"""Everything that is known of one planning unit's land and densities, on one sheet."""

from collections.abc import Sequence

from api.density.land import divisible
from api.density.lands import Land, lands_of, reason_against
from api.density.qualifiers import qualifiers_of
from api.workspace.answers import basis_of
from api.workspace.needs import DensityNeeds
from layers.density.statistics.collected import Statistics
from layers.density.statistics.model import Indicator, Observation
from layers.errors import NotFoundError
from maps.answers import Title
from maps.density.density_answers import UnitDensity, UnitFigure, UnitLand, UnitSheet


class UnknownUnitError(NotFoundError):
    """No planning unit has this id. Params: ``unit``, ``known``."""

    code = "api.density.unknown_unit"


def unit_sheet(workspace: DensityNeeds, unit_id: str) -> UnitSheet:
    """Return a unit's land, and each value over each land that fits its year.

    Raises
    ------
    UnknownUnitError
        There is no such unit.
    """
    statistics = workspace.statistics
    unit = statistics.units.get(unit_id)
    if unit is None:
        raise UnknownUnitError(unit=unit_id[:80], known=sorted(statistics.units)[:50])
    offered = [
        land
        for lands in lands_of(workspace, statistics).get(unit_id, {}).values()
        for land in lands
    ]
    rows, undivided = [], []
    for value in (one for one in statistics.observations if one.unit_id == unit_id):
        indicator = statistics.indicators[value.indicator]
        if reason := _reason_against_all(statistics, value, offered):
            undivided.append(_figure(value, indicator, reason))
            continue
        rows += [
            UnitDensity(
                indicator=indicator.id,
                name=Title(zh=indicator.name_zh, en=indicator.name_en),
                year=value.year,
                period=value.period,
                value=value.value,
                unit=indicator.unit,
                denominator=land.denominator.kind,
                density=value.value / land.denominator.area_km2,
                density_unit=f"{indicator.unit}/km²",
                source=value.source,
                qualifiers=qualifiers_of(value.qualified, land.quality),
            )
            for land in offered
            if reason_against(value, land) is None
        ]
    return UnitSheet(
        unit_id=unit_id,
        unit_name=Title(zh=unit.name_zh, en=unit.name_en),
        made_on=workspace.today().isoformat(),
        lands=[_land(land) for land in offered],
        rows=sorted(rows, key=lambda row: (row.indicator, row.year, row.denominator)),
        undivided=sorted(undivided, key=lambda row: (row.indicator, row.year)),
        holder=_holder(workspace, unit_id),
        basis=basis_of(land.version for land in offered if land.version),
    )


def _reason_against_all(
    statistics: Statistics, value: Observation, offered: Sequence[Land]
) -> str | None:
    """Return why a value stands over none of the land of its unit; None if it does over one."""
    if not divisible(statistics, value):
        return "not_divided"
    reasons = [reason_against(value, land) for land in offered]
    if None in reasons:
        return None
    return next(filter(None, reasons), "no_area")


def _figure(value: Observation, indicator: Indicator, reason: str) -> UnitFigure:
    return UnitFigure(
        indicator=indicator.id,
        name=Title(zh=indicator.name_zh, en=indicator.name_en),
        year=value.year,
        period=value.period,
        value=value.value,
        unit=indicator.unit,
        source=value.source,
        qualifiers=qualifiers_of(value.qualified),
        reason=reason,
    )


def _holder(workspace: DensityNeeds, unit_id: str) -> Title | None:
    found = workspace.zone.holders.get(unit_id)
    return Title(zh=found.holder_zh, en=found.holder_en) if found else None


def _land(land: Land) -> UnitLand:
    found = land.denominator
    first, last = found.first_year, found.last_year
    years = f"{first if first is not None else '?'}–{last if last is not None else ''}"
    return UnitLand(
        kind=found.kind,
        area_km2=found.area_km2,
        method=land.method,
        years=str(first) if first is not None and first == last else years,
        source=found.source,
        quality=land.quality,
    )
