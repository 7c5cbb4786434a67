"""Repair of invalid polygons, with what the repair changed."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import require_crs, to_lonlat


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairChange:
    """One repaired feature: its position, why, and its area before and after in m2.

    ``area_before_m2`` is what the rings add up to as drawn: the two lobes of a figure
    eight cancel.
    """

    position: int
    why: str
    area_before_m2: float
    area_after_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """Valid polygons in the order, index and CRS of the input, and what was changed."""

    polygons: gpd.GeoSeries
    changes: tuple[RepairChange, ...]


def repair(polygons: gpd.GeoSeries) -> Repaired:
    """Return valid polygons; valid ones are returned untouched.

    Rings are rebuilt by structure (shells united, holes subtracted), so overlapping
    lobes of a self-crossing ring count once and collapsed ones vanish. A hole that lies
    outside its shell becomes a part of its own.

    Parameters
    ----------
    polygons : GeoSeries of Polygon or MultiPolygon
        With a CRS, finite coordinates; None stays None.

    Raises
    ------
    MissingCrsError, NonFiniteCoordinateError, OutsideCrsError
        See :func:`geo.measure.crs.to_lonlat`.
    """
    require_crs(polygons)
    values = polygons.to_numpy().copy()
    broken = np.flatnonzero(~shapely.is_valid(values) & ~shapely.is_missing(values))
    if not len(broken):
        return Repaired(polygons=polygons.copy(), changes=())
    before = values[broken]
    values[broken] = _rebuilt(before)
    changes = tuple(
        RepairChange(position=int(at), why=why, area_before_m2=float(a), area_after_m2=float(b))
        for at, why, a, b in zip(
            broken,
            invalid_reasons(before),
            _areas_m2(before, polygons),
            _areas_m2(values[broken], polygons),
            strict=True,
        )
    )
    fixed = gpd.GeoSeries(values, index=polygons.index, crs=polygons.crs)
    return Repaired(polygons=fixed, changes=changes)


def polygonal(geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return only the polygons of each geometry; lines and points are dropped.

    What remains is a Polygon, a MultiPolygon, or an empty Polygon.
    """
    kinds = shapely.get_type_id(geometries)
    mixed = np.flatnonzero(~np.isin(kinds, (-1, 3, 6)))
    if not len(mixed):
        return geometries
    result = geometries.copy()
    for at in mixed:
        parts = shapely.get_parts(shapely.get_parts(geometries[at]))
        areal = parts[shapely.get_type_id(parts) == 3]
        result[at] = areal[0] if len(areal) == 1 else _gathered(areal)
    return result


def _gathered(areal: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - shapely is untyped
    return shapely.multipolygons(areal) if len(areal) else shapely.Polygon()


def _rebuilt(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return polygonal(shapely.make_valid(values, method="structure", keep_collapsed=False))


def invalid_reasons(values: npt.NDArray[Any]) -> list[str]:
    """Return what GEOS says is wrong with each geometry, without the place."""
    return [str(text).partition("[")[0].strip() for text in shapely.is_valid_reason(values)]


def _areas_m2(values: npt.NDArray[Any], like: gpd.GeoSeries) -> npt.NDArray[np.float64]:
    return area_lonlat_m2(to_lonlat(gpd.GeoSeries(values, crs=like.crs)).to_numpy())
