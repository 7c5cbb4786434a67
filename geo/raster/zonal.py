"""What a grid says of polygons: exact shares of pixels, areas on the ellipsoid."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.model import Grid
from geo.raster.grid import PixelAreas, into_grid, pixel_areas, require_straight

FloatArray = npt.NDArray[np.float64]

_TOUCH: Final = 1e-6
"""Share of a polygon's area that may be missing from its pixels before it counts as outside:
areas of pixels in a plane are interpolated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The pixels under one polygon.

    ``cells`` are ``row * columns + column``, ``areas_m2`` the ground that the polygon has
    in each, ``outside_m2`` what of the polygon lies beyond the grid.
    """

    cells: npt.NDArray[np.int64]
    areas_m2: FloatArray
    outside_m2: float

    @property
    def inside_m2(self) -> float:
        """Ground of the polygon within the grid, known or not."""
        return float(self.areas_m2.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Measurements under a polygon, each pixel weighing as much as its ground.

    All are None where nothing is known; ``known_m2`` and ``unknown_m2`` say of how much.
    """

    least: float | None
    mean: float | None
    most: float | None
    known_m2: float
    unknown_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassAreas:
    """Ground of a polygon by class, and what no class is known for."""

    by_class: dict[int, float]
    unknown_m2: float


def covers(polygons_lonlat: npt.NDArray[Any], areas_m2: FloatArray, grid: Grid) -> list[Cover]:
    """Return the pixels under each polygon with the ground that it has in each.

    Parameters
    ----------
    polygons_lonlat : array of Polygon or MultiPolygon, shape (n,)
        In EPSG:4490 degrees.
    areas_m2 : array of float, shape (n,)
        Their ellipsoidal areas (see :func:`geo.measure.area.area_lonlat_m2`).
    grid : Grid
        Only its place counts, not its values.

    Returns
    -------
    list of Cover
        In the order of the polygons. For each, pixels and outside add up to its area.

    Raises
    ------
    TurnedGridError, NoTransformationError, OutsideCrsError
        The grid is turned, or its CRS does not reach the polygons.
    """
    require_straight(grid)
    pixels = pixel_areas(grid)
    found = _cells(into_grid(polygons_lonlat, grid), grid)
    return [
        _cover(cells, shares, float(area_m2), pixels)
        for (cells, shares), area_m2 in zip(found, areas_m2, strict=True)
    ]


def spread(cover: Cover, grid: Grid) -> Spread:
    """Return extremes and mean of what a grid measures under a polygon."""
    values, known = _under(cover, grid)
    weights = cover.areas_m2[known]
    unknown_m2 = float(cover.areas_m2[~known].sum())
    if not known.any():
        return Spread(least=None, mean=None, most=None, known_m2=0.0, unknown_m2=unknown_m2)
    values, known_m2 = values[known].astype(np.float64), float(weights.sum())
    return Spread(
        least=float(values.min()),
        mean=float(values @ weights) / known_m2,
        most=float(values.max()),
        known_m2=known_m2,
        unknown_m2=unknown_m2,
    )


def class_areas(cover: Cover, grid: Grid) -> ClassAreas:
    """Return the ground that each class of a grid has under a polygon."""
    values, known = _under(cover, grid)
    codes, place = np.unique(values[known], return_inverse=True)
    areas_m2 = np.bincount(place, weights=cover.areas_m2[known], minlength=len(codes))
    return ClassAreas(
        by_class={int(code): float(area) for code, area in zip(codes, areas_m2, strict=True)},
        unknown_m2=float(cover.areas_m2[~known].sum()),
    )


def _cells(
    flat: npt.NDArray[Any], grid: Grid
) -> Iterator[tuple[npt.NDArray[np.int64], FloatArray]]:
    """Yield the pixels under each polygon of the grid's CRS, and the share of each."""
    # Late: importing numba takes longer than most commands need.
    from geo.kernel.ragged import from_shapely  # noqa: PLC0415
    from geo.kernel.shares import pixel_shares  # noqa: PLC0415

    step = grid.transform
    corner, size = (step.c, step.f), (step.a, step.e)
    in_pixels = shapely.transform(flat, lambda xy: (xy - corner) / size)
    starts, cells, shares = pixel_shares(from_shapely(in_pixels), grid.shape)
    for start, stop in pairwise(starts):
        yield cells[start:stop], shares[start:stop]


def _cover(
    cells: npt.NDArray[np.int64], shares: FloatArray, area_m2: float, pixels: PixelAreas
) -> Cover:
    ground_m2 = shares * pixels.of(cells)
    inside_m2 = float(ground_m2.sum())
    outside_m2 = area_m2 - inside_m2
    if abs(outside_m2) > _TOUCH * area_m2:
        return Cover(cells=cells, areas_m2=ground_m2, outside_m2=max(outside_m2, 0.0))
    # All of it is inside: the pixels take up what interpolation has left over.
    return Cover(cells=cells, areas_m2=ground_m2 * (area_m2 / inside_m2), outside_m2=0.0)


def _under(cover: Cover, grid: Grid) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Return the values under a polygon, and which of them say something."""
    values = grid.values.ravel()[cover.cells]
    return values, replace(grid, values=values).known


def touched_pixels(polygons_lonlat: npt.NDArray[Any], grid: Grid) -> npt.NDArray[np.bool_]:
    """Return which pixels have ground in common with any of the polygons, however little."""
    return covered_shares(polygons_lonlat, grid) > 0.0


def filled_pixels(polygons_lonlat: npt.NDArray[Any], grid: Grid) -> npt.NDArray[np.bool_]:
    """Return which pixels lie wholly in one of the polygons."""
    return covered_shares(polygons_lonlat, grid) >= 1.0 - _TOUCH


def covered_shares(polygons_lonlat: npt.NDArray[Any], grid: Grid) -> FloatArray:
    """Return the largest share of each pixel that one polygon takes."""
    flat = into_grid(polygons_lonlat, grid)
    # Chosen, not clipped: GEOS 3.14 clips some rings round a rectangle to all of it.
    near = flat[shapely.intersects(flat, shapely.box(*grid.bounds))]
    shares = np.zeros(grid.values.size)
    for cells, parts in _cells(near, grid) if len(near) else ():
        shares[cells] = np.maximum(shares[cells], parts)
    return shares.reshape(grid.shape)
