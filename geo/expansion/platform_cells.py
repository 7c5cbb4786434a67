"""A site in small cells of heights: how much of each it has, and how far off the others are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.expansion.earthworks import Site, strips
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.measure.necks import to_plane
from geo.model import Grid
from geo.raster.grid import pixel_areas
from geo.raster.zonal import covers

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A site in cells, its heights, and what of it no height is known of or lies off the grid."""

    site: Site
    heights_m: Floats
    unknown_m2: float


def platform_cells(heights: Grid, polygon: shapely.Geometry, area_m2: float, count: int) -> Cells:
    """Return a site in the cells of a grid, divided into platforms.

    Parameters
    ----------
    heights : Grid
        Metres, NaN where unknown, with ground around the site for the slopes.
    polygon : Polygon or MultiPolygon
        In EPSG:4490.
    area_m2 : float
        Its ellipsoidal area.
    count : int
        How many platforms, from 1; see :func:`geo.expansion.earthworks.strips`.
    """
    shape = heights.shape
    (cover,) = covers(np.array([polygon], dtype=object), np.array([area_m2]), heights)
    inside = np.zeros(heights.values.size)
    inside[cover.cells] = cover.areas_m2
    inside = inside.reshape(shape)
    unknown = np.isnan(heights.values) & (inside > 0.0)
    unknown_m2 = float(inside[unknown].sum()) + cover.outside_m2
    inside = np.where(unknown, 0.0, inside)
    area = pixel_areas(heights).of(np.arange(heights.values.size)).reshape(shape)
    east, north = _middles(heights, polygon)
    plane = local_plane(shapely.centroid(polygon).x)
    (flat,) = to_plane(np.array([polygon], dtype=object), plane)
    apart = _apart_m(flat, east, north)
    parts = np.where(inside > 0.0, 0, -1)
    if count > 1 and inside.any():
        parts = strips(heights.values, inside, (east, north), count)
    site = Site(
        area_m2=np.maximum(area, inside),
        inside_m2=np.stack([np.where(parts == number, inside, 0.0) for number in range(count)]),
        apart_m=apart,
        nearest=_nearest(parts),
    )
    return Cells(site=site, heights_m=heights.values, unknown_m2=unknown_m2)


def _apart_m(flat: shapely.Geometry, east: Floats, north: Floats) -> Floats:
    """Return how far points lie from a polygon of their plane.

    The nearest of its edges is found by a tree, many times as fast as the distance to the whole.
    """
    shapely.prepare(flat)
    apart = np.zeros(east.shape)
    outside = ~shapely.contains_xy(flat, east, north)
    rings = shapely.get_rings(flat)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    edges = np.stack([corners[:-1], corners[1:]], axis=1)[ring[:-1] == ring[1:]]
    tree = shapely.STRtree(shapely.linestrings(edges))
    points = shapely.points(east[outside], north[outside])
    _, apart[outside] = tree.query_nearest(points, return_distance=True, all_matches=False)
    return apart


def _nearest(parts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the number of the platform that is nearest to each cell, counted in cells."""
    from scipy import ndimage  # noqa: PLC0415 - only here

    if not (parts >= 0).any():
        return np.zeros_like(parts)
    rows, columns = ndimage.distance_transform_edt(
        parts < 0, return_distances=False, return_indices=True
    )
    found: npt.NDArray[np.int64] = parts[rows, columns]
    return found


def _middles(grid: Grid, polygon: shapely.Geometry) -> tuple[Floats, Floats]:
    """Return where the middles of cells lie in the plane of a polygon, in metres."""
    rows, columns = grid.shape
    across, down = np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5)
    step = grid.transform
    points = shapely.points(step.c + across * step.a, step.f + down * step.e)
    plane = local_plane(shapely.centroid(polygon).x)
    lonlat = points.ravel()
    if grid.crs.to_epsg() not in (4326, 4490):
        lonlat = transform(lonlat, grid.crs, parse_crs(GEOGRAPHIC))
    xy = shapely.get_coordinates(transform(lonlat, parse_crs(GEOGRAPHIC), plane))
    return xy[:, 0].reshape(rows, columns), xy[:, 1].reshape(rows, columns)
