"""Linkage zones, expansion areas and blocks: what is known of them, and never in the total."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from api.density.lands import BOUNDARY, Land, Lands, lands_of
from api.density.plan_monitor import approved_land
from api.workspace.answers import basis_of
from api.workspace.needs import DensityNeeds, LayerSource
from geo.measure.area import area_lonlat_m2
from geo.measure.restore import polygonal
from geo.units import M2_PER_KM2
from layers.density.linkage import LinkageUnit
from layers.density.statistics.collected import Statistics
from maps.answers import Title
from maps.density.linkage_answers import LinkageList, LinkageZone


def list_linkage(workspace: DensityNeeds) -> LinkageList:
    """Return every unit that no total counts, with its batch, boundary, host and figures."""
    statistics = workspace.statistics
    lands, hosts = lands_of(workspace, statistics), hosts_of(workspace)
    latest = _latest_years(statistics)
    total = approved_land(statistics, workspace.zone)
    districts = _districts(statistics, lands)
    drawn = [land for one in workspace.linkage if (land := _boundary(lands, one.unit.id))]
    return LinkageList(
        zones=[
            _zone(one, lands, latest, hosts.get(one.unit.id), districts)
            for one in workspace.linkage
        ],
        total_km2=total.area_km2,
        total_source=total.source,
        basis=basis_of(land.version for land in drawn if land.version),
    )


def hosts_of(workspace: DensityNeeds) -> dict[str, Title]:
    """Return the district or county that most of each linkage unit lies in.

    One that is drawn lies in a district if most of its area does; without a boundary the point
    that shows it tells the county. What lies in neither has no host.
    """
    statistics = workspace.statistics
    lands = lands_of(workspace, statistics)
    places = _places(workspace)
    counties = workspace.counties
    found: dict[str, Title] = {}
    for one in workspace.linkage:
        land = _boundary(lands, one.unit.id)
        shape = land.denominator.geometry if land else places.get(one.unit.id)
        if shape is None:
            continue
        host = _district_of(shape, statistics, lands) if land else None
        host = host or _county_of(shape, counties)
        if host:
            found[one.unit.id] = host
    return found


def _zone(
    one: LinkageUnit,
    lands: Lands,
    latest: Mapping[str, int],
    host: Title | None,
    districts: Any,  # noqa: ANN401 - shapely is untyped
) -> LinkageZone:
    unit, land = one.unit, _boundary(lands, one.unit.id)
    inside = None
    if land:
        shared = polygonal(np.array([shapely.intersection(land.denominator.geometry, districts)]))
        inside = float(area_lonlat_m2(shared)[0]) / M2_PER_KM2
    return LinkageZone(
        unit_id=unit.id,
        name=Title(zh=unit.name_zh, en=unit.name_en),
        role=unit.level,
        batch=one.batch,
        since=one.since,
        document=one.document,
        source=one.source,
        layer=unit.layer,
        drawn_twice=list(one.twice),
        boundary_km2=land.denominator.area_km2 if land else None,
        boundary_quality=land.quality if land else None,
        in_districts_km2=inside,
        host=host,
        lands=sorted(lands.get(unit.id, {})),
        latest_year=latest.get(unit.id),
    )


def _boundary(lands: Lands, unit_id: str) -> Land | None:
    known = lands.get(unit_id, {}).get(BOUNDARY, ())
    return known[-1] if known else None


def _latest_years(statistics: Statistics) -> dict[str, int]:
    latest: dict[str, int] = {}
    for value in statistics.observations:
        if value.qualified.is_fact_of_year:
            latest[value.unit_id] = max(value.year, latest.get(value.unit_id, value.year))
    return latest


def _districts(statistics: Statistics, lands: Lands) -> Any:  # noqa: ANN401 - shapely is untyped
    known = [_boundary(lands, one.id) for one in statistics.units.values() if _is_district(one)]
    return shapely.union_all([land.denominator.geometry for land in known if land])


def _is_district(unit: Any) -> bool:  # noqa: ANN401 - a PlanningUnit
    return bool(unit.level == "district")


def _district_of(shape: Any, statistics: Statistics, lands: Lands) -> Title | None:  # noqa: ANN401
    for unit in statistics.units.values():
        land = _boundary(lands, unit.id) if _is_district(unit) else None
        if land is None:
            continue
        areas = area_lonlat_m2(
            polygonal(np.array([shapely.intersection(shape, land.denominator.geometry), shape]))
        )
        if areas[0] > 0.5 * areas[1]:
            return Title(zh=unit.name_zh, en=unit.name_en)
    return None


def _county_of(shape: Any, counties: gpd.GeoDataFrame) -> Title | None:  # noqa: ANN401
    hits = counties[counties.intersects(shape)]
    if not len(hits):
        return None
    at = 0
    if shapely.get_dimensions(shape) == 2:
        shared = polygonal(shapely.intersection(hits.geometry.to_numpy(), shape))
        at = int(np.argmax(area_lonlat_m2(shared)))
    row = hits.iloc[at]
    return Title(zh=str(row["name_zh"]), en=str(row.get("name_en") or row["name_zh"]))


def _places(workspace: LayerSource) -> dict[str, Any]:
    """Return the points that show linkage zones without a boundary, by unit."""
    found: dict[str, Any] = {}
    for version in workspace.store.current():
        if version.spec.kind != "linkage_zone":
            continue
        features = workspace.load(version).features
        ids = features["feature_id"].astype(str)
        points = shapely.get_dimensions(features.geometry.to_numpy()) == 0
        found |= dict(zip(ids[points], features.geometry[points], strict=True))
    return found
