"""Say what stands at a position, whether its layer is drawn as features or as tiles."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from api.data.browse_layers import in_use
from api.workbench.find_places import feature_names
from api.workspace.answers import geojson
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import LayerSource
from geo.errors import InputError, UnknownCrsError
from geo.measure.area import area_lonlat_m2
from geo.measure.distance import leg_lengths_m, lengths_m, ring_area_m2
from geo.measure.positions import gauss_krueger_metres, written_dms
from geo.units import m2_to_mu
from layers.model import LayerVersion
from maps.answers import Title
from maps.workbench.answers import FeatureAt, Identified, Measured, PositionOut, SilentLayer

MOST_FEATURES: Final = 20
MOST_POINTS: Final = 2_000
MOST_TOLERANCE_M: Final = 50_000.0
_METRES_PER_DEGREE: Final = 111_320.0


class PositionError(InputError):
    """A position is no lon/lat, or its tolerance no distance. Params: ``lon``, ``lat``."""

    code = "api.identify.position"


class PointsError(InputError):
    """What is measured is not two points or more in lon/lat. Params: ``most``."""

    code = "api.measure.points"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A position and how near a line or a point must be to count as hit."""

    lon_deg: float
    lat_deg: float
    tolerance_m: float


def identify(workspace: LayerSource, spot: Spot, layer_ids: Sequence[str] | None) -> Identified:
    """Return the features at a position in EPSG:4490, the smallest first.

    ``layer_ids`` None asks all layers that count.

    Raises
    ------
    PositionError
        The position is not on the globe, or the tolerance is negative or absurd.
    UnknownLayerError
        There is no such layer.
    """
    _require_possible(spot)
    features: list[FeatureAt] = []
    silent: list[SilentLayer] = []
    for version in _versions(workspace, layer_ids):
        loaded = workspace.load(version)
        hits = list(_hits(loaded, spot))
        features += [_feature_at(loaded, at, spot) for at in hits]
        if not hits:
            silent.append(_list_silent_layers(loaded, spot))
    features.sort(key=lambda one: (one.distance_m, one.area_m2 or 0.0))
    return Identified(
        position=position_out(workspace, spot.lon_deg, spot.lat_deg),
        features=features[:MOST_FEATURES],
        more=max(0, len(features) - MOST_FEATURES),
        silent=silent,
        lost=workspace.store.memory.unlisted(),
    )


def position_out(workspace: LayerSource, lon_deg: float, lat_deg: float) -> PositionOut:
    """Return a position the ways that planners write it, and its county."""
    crs: str | None
    east: float | None
    north: float | None
    try:
        crs, east, north = gauss_krueger_metres(lon_deg, lat_deg)
    except UnknownCrsError:
        crs = east = north = None
    counties = workspace.counties
    hit = counties.sindex.query(shapely.Point(lon_deg, lat_deg), predicate="intersects")
    return PositionOut(
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        lon_dms=written_dms(lon_deg),
        lat_dms=written_dms(lat_deg),
        gauss_krueger_crs=crs,
        easting_m=None if east is None else round(east, 3),
        northing_m=None if north is None else round(north, 3),
        county=str(counties["name_zh"].iloc[hit[0]]) if len(hit) else None,
        county_name=_county_name(counties.iloc[hit[0]]) if len(hit) else None,
    )


def _county_name(county: pd.Series) -> Title:
    """Return the name of a county; one of an office's own has it in one language alone."""
    zh = str(county["name_zh"])
    return Title(zh=zh, en=str(county.get("name_en") or zh))


def measure(points_lonlat: Sequence[Sequence[float]], *, closed: bool) -> Measured:
    """Return the lengths of a line, or of a ring with its area.

    Raises
    ------
    PointsError
        Not two points or more (three for a ring), too many, or not lon/lat.
    """
    points = [tuple(point) for point in points_lonlat]
    fits = all(len(p) == 2 and _on_globe(*p) for p in points)
    if not (3 if closed else 2) <= len(points) <= MOST_POINTS or not fits:
        raise PointsError(most=MOST_POINTS)
    lonlat = np.array([*points, points[0]] if closed else points, dtype=float)
    legs_m = leg_lengths_m(lonlat)
    area_m2 = ring_area_m2(lonlat) if closed else None
    return Measured(
        legs_m=[float(leg) for leg in legs_m],
        length_m=float(legs_m.sum()),
        area_m2=area_m2,
        area_mu=None if area_m2 is None else m2_to_mu(area_m2),
        crossing=closed and area_m2 is None,
    )


def points_from(texts: Sequence[str]) -> list[tuple[float, float]]:
    """Return points written as ``lon,lat`` each.

    Raises
    ------
    PointsError
        One of them is not two numbers.
    """
    try:
        pairs = [tuple(float(part) for part in text.split(",")) for text in texts]
        return [(lon, lat) for lon, lat in pairs]
    except ValueError as exc:
        raise PointsError(most=MOST_POINTS) from exc


def _on_globe(lon_deg: float, lat_deg: float) -> bool:
    return -180.0 <= lon_deg <= 180.0 and -90.0 <= lat_deg <= 90.0


def _require_possible(spot: Spot) -> None:
    sound = _on_globe(spot.lon_deg, spot.lat_deg) and 0.0 <= spot.tolerance_m <= MOST_TOLERANCE_M
    if not sound:  # comparisons with NaN are false, so NaN ends here too
        raise PositionError(lon=str(spot.lon_deg), lat=str(spot.lat_deg))


def _versions(workspace: LayerSource, layer_ids: Sequence[str] | None) -> list[LayerVersion]:
    if layer_ids is None:
        return [one for one in workspace.store.current() if in_use(workspace, one)]
    return [workspace.store.get(layer_id) for layer_id in dict.fromkeys(layer_ids)]


def _hits(loaded: LoadedLayer, spot: Spot) -> Iterable[int]:
    point = shapely.Point(spot.lon_deg, spot.lat_deg)
    tree = loaded.controls.tree
    if loaded.version.geometry_type == "Polygon":
        return map(int, np.sort(tree.query(point, predicate="intersects")))
    reach = spot.tolerance_m / (_METRES_PER_DEGREE * math.cos(math.radians(spot.lat_deg)))
    near = np.sort(tree.query(point, predicate="dwithin", distance=reach))
    return [int(at) for at in near if _distance_m(loaded, int(at), spot) <= spot.tolerance_m]


def _distance_m(loaded: LoadedLayer, at: int, spot: Spot) -> float:
    point = shapely.Point(spot.lon_deg, spot.lat_deg)
    geometry = loaded.controls.geometries[at]
    nearest = shapely.get_coordinates(shapely.shortest_line(point, geometry))
    return float(leg_lengths_m(nearest).sum())


def _feature_at(loaded: LoadedLayer, at: int, spot: Spot) -> FeatureAt:
    row = loaded.features.iloc[at]
    spec, geometry = loaded.version.spec, loaded.controls.geometries[at]
    areal = geometry.geom_type in {"Polygon", "MultiPolygon"}
    linear = geometry.geom_type in {"LineString", "MultiLineString"}
    alone = np.array([geometry], dtype=object)
    return FeatureAt(
        layer_id=spec.id,
        layer_title=Title(zh=spec.title_zh, en=spec.title_en),
        layer_status=spec.status,
        layer_version=loaded.version.number,
        kind=spec.kind,
        feature_id=str(row["feature_id"]),
        name=feature_names(row),
        area_m2=float(area_lonlat_m2(alone)[0]) if areal else None,
        length_m=float(lengths_m(alone)[0]) if linear else None,
        distance_m=0.0 if areal else _distance_m(loaded, at, spot),
        attributes=_attributes(loaded, row),
        geometry=geojson(geometry, decimals=6),
    )


def _attributes(loaded: LoadedLayer, row: Any) -> dict[str, str]:  # noqa: ANN401 - a row
    hidden = {"feature_id", loaded.features.geometry.name}
    return {
        str(name): str(value)
        for name, value in row.items()
        if name not in hidden and value is not None and value == value  # noqa: PLR0124 - NaN
    }


def _list_silent_layers(loaded: LoadedLayer, spot: Spot) -> SilentLayer:
    spec, area = loaded.version.spec, loaded.coverage_area
    point = shapely.Point(spot.lon_deg, spot.lat_deg)
    return SilentLayer(
        layer_id=spec.id,
        layer_title=Title(zh=spec.title_zh, en=spec.title_en),
        covered=None if area is None else bool(shapely.intersects(area, point)),
    )
