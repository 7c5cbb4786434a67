"""Repair of invalid polygons, with what the repair changed."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, lonlat_as_drawn, require_crs
from geo.measure.restore import keep_valid, rebuild_polygons


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
    values[broken] = rebuild_polygons(before)
    areas_m2 = _areas_m2(before, polygons), _areas_m2(values[broken], polygons)
    fixed = gpd.GeoSeries(values, index=polygons.index, crs=polygons.crs)
    return Repaired(polygons=fixed, changes=_changes(broken, before, *areas_m2))


def repair_in_lonlat(polygons: gpd.GeoSeries) -> Repaired:
    """Return valid polygons in EPSG:4490, and what had to be restored on the way there.

    Parameters, raises: see :func:`geo.measure.crs.to_lonlat`, which gives the same
    polygons. ``area_before_m2`` is of the rings as rounding left them.
    """
    drawn = lonlat_as_drawn(polygons).to_numpy()
    values = keep_valid(polygons.to_numpy(), drawn)
    broken = np.array(
        [at for at, (one, other) in enumerate(zip(drawn, values, strict=True)) if one is not other],
        dtype=np.intp,
    )
    before = drawn[broken]
    changes = _changes(broken, before, area_lonlat_m2(before), area_lonlat_m2(values[broken]))
    moved = gpd.GeoSeries(values, index=polygons.index, crs=GEOGRAPHIC)
    return Repaired(polygons=moved, changes=changes)


def _changes(
    positions: npt.NDArray[np.intp],
    before: npt.NDArray[Any],
    before_m2: npt.NDArray[np.float64],
    after_m2: npt.NDArray[np.float64],
) -> tuple[RepairChange, ...]:
    rows = zip(positions, invalid_reasons(before), before_m2, after_m2, strict=True)
    return tuple(
        RepairChange(position=int(at), why=why, area_before_m2=float(a), area_after_m2=float(b))
        for at, why, a, b in rows
    )


def invalid_reasons(values: npt.NDArray[Any]) -> list[str]:
    """Return what GEOS says is wrong with each geometry, without the place."""
    return [str(text).partition("[")[0].strip() for text in shapely.is_valid_reason(values)]


def _areas_m2(values: npt.NDArray[Any], like: gpd.GeoSeries) -> npt.NDArray[np.float64]:
    return area_lonlat_m2(lonlat_as_drawn(gpd.GeoSeries(values, crs=like.crs)).to_numpy())
