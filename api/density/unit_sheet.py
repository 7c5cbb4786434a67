"""Everything that is known of one planning unit's land and densities, on one sheet."""

from api.density.land import divisible
from api.density.lands import Land, lands_of, reason_against
from api.density.qualifiers import qualifiers_of
from api.workspace.answers import basis_of
from api.workspace.needs import DensityNeeds
from layers.errors import NotFoundError
from maps.answers import Title
from maps.density.density_answers import UnitDensity, UnitLand, UnitSheet


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
    rows = []
    for value in statistics.observations:
        if value.unit_id != unit_id or not divisible(statistics, value):
            continue
        indicator = statistics.indicators[value.indicator]
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
        basis=basis_of(land.version for land in offered if land.version),
    )


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
