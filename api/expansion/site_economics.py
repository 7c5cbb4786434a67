"""What sites would have to yield, beside the density of their neighbours."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from api.density.land import TARGET, DensityQuery, density_table
from api.density.lands import boundaries
from api.density.plan_monitor import plan_monitor
from api.density.qualifiers import qualifiers_of
from api.workspace.needs import StatisticsSource
from geo.density.scenario import expansion
from geo.expansion.shape import nearest_shape_m
from geo.model import Qualified
from geo.units import M2_PER_HA, M2_PER_KM2
from layers.zones.schema import PlanFile
from maps.density.answers import DensityRow, DensityTable, Qualifiers
from maps.expansion.answers import Neighbour, SiteEconomics

MOST_NEIGHBOURS: Final = 3


def economics_of(
    workspace: StatisticsSource,
    query: DensityQuery,
    sites: Sequence[tuple[shapely.Geometry, float]],
) -> list[SiteEconomics]:
    """Return for each site the yield that keeps the zone's density, and its neighbours'.

    The density to keep is that of the plan's target for the zone where it has one for the
    indicator, else the present one.

    Parameters
    ----------
    workspace : Workspace
        Statistics and boundaries.
    query : DensityQuery
        Which density; nothing has a default.
    sites : sequence of (geometry, available_m2)
        In EPSG:4490, with the ground that no hard line forbids.

    Raises
    ------
    UnknownIndicatorError, IntensiveIndicatorError, NoDensityError, DenominatorError
        See :func:`api.density.land.density_table`.
    """
    table = density_table(workspace, query)
    zone = next((row for row in table.rows if row.unit_id == workspace.zone.whole.id), None)
    target = next((row for row in plan_monitor(workspace).rows if row.id == query.indicator), None)
    wanted = target.target_value if target and not target.cumulative else None
    year = target.target_year if target and wanted is not None else None
    return [
        _economics(workspace, table, zone, (wanted, year), site, available_m2)
        for site, available_m2 in sites
    ]


def _economics(
    workspace: StatisticsSource,
    table: DensityTable,
    zone: DensityRow | None,
    target: tuple[float | None, int | None],
    site: shapely.Geometry,
    available_m2: float,
) -> SiteEconomics:
    wanted, year = target
    then, value = None, None
    known = zone is not None and zone.value is not None and zone.area_km2 is not None
    if zone is not None and zone.value and zone.area_km2:
        grown = expansion(wanted or zone.value, zone.area_km2, available_m2 / M2_PER_KM2, None)
        then, value = grown.density_then, grown.value_of_new_land
    return SiteEconomics(
        indicator=table.indicator,
        name=table.name,
        year=table.year,
        denominator=table.denominator,
        unit=table.unit.removesuffix("/km²"),
        available_ha=available_m2 / M2_PER_HA,
        density_now=zone.density if zone else None,
        density_then=then,
        target_year=year,
        value_note=zone.value_note if zone else None,
        value_of_new_land=value,
        neighbours=_neighbours(workspace, table, site),
        source=zone.source if zone else None,
        qualifiers=zone.qualifiers if zone else None,
        wanted_qualifiers=_wanted_qualifiers(workspace.zone.plan, table, zone, target),
        reason=None if known else "zone_unknown",
    )


def _wanted_qualifiers(
    plan_file: PlanFile,
    table: DensityTable,
    zone: DensityRow | None,
    target: tuple[float | None, int | None],
) -> Qualifiers | None:
    """Return what qualifies the density to be reached: a plan's target is no fact."""
    wanted, year = target
    if wanted is None or year is None:
        return zone.qualifiers if zone else None
    plan = Qualified(
        value=wanted, relation="=", unit=table.unit, year=year, period=TARGET, months="",
        quality=plan_file.quality, source=plan_file.source, basis="",
    )  # fmt: skip
    return qualifiers_of(plan, zone.area_quality if zone else None)


def _neighbours(
    workspace: StatisticsSource, table: DensityTable, site: shapely.Geometry
) -> list[Neighbour]:
    """Return the nearest units whose boundary is known; the zone lies over its districts."""
    whole = workspace.zone.whole.id
    units = [workspace.statistics.units[row.unit_id] for row in table.rows if row.unit_id != whole]
    drawn = boundaries(workspace, units)
    found = []
    for row in table.rows:
        if row.unit_id not in drawn:
            continue
        shape = np.array([drawn[row.unit_id].denominator.geometry], dtype=object)
        distance_m = nearest_shape_m(site, shape)
        found.append(
            Neighbour(
                unit_id=row.unit_id,
                name=row.name,
                distance_km=None if distance_m is None else distance_m / 1000.0,
                density=row.density,
                density_unit=row.density_unit,
                reason=row.reason,
                source=row.source,
                qualifiers=row.qualifiers,
            )
        )
    found.sort(key=lambda one: (one.distance_km is None, one.distance_km or 0.0))
    return found[:MOST_NEIGHBOURS]
