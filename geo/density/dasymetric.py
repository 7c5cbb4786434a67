"""Totals onto smaller pieces of land, by what stands on them; the totals are kept.

References
----------
Goodchild, M. F. and Lam, N. S. (1980), Areal interpolation: a variant of the traditional
spatial problem, Geo-Processing 1, 297-312: each source gives its total to the pieces that it
shares with the targets, by their weights. Weights are ellipsoidal areas times the weight of
what covers them.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.density.errors import GridSideError, GridTooFineError, NoWeightInUnitError
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.measure.restore import polygonal

Shapes = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Weigh = Callable[[Shapes], Floats]
"""From pieces of land in EPSG:4490 to their weights, each >= 0."""

LEAST_SHARE: Final = 1e-12
"""A piece of a smaller share of its source is a hairline of the drawing."""


def grid_cells(area: Any, cell_m: float, most: int) -> Shapes:  # noqa: ANN401 - shapely
    """Return the square cells that a polygon touches, in EPSG:4490, row by row from the south.

    Parts that lie in different zones of the projection have grids of their own.

    Parameters
    ----------
    area : shapely.Geometry
        Polygon in EPSG:4490.
    cell_m : float
        Side of a cell in the 3-degree Gauss-Krueger plane, > 0.
    most : int
        Cells allowed.

    Raises
    ------
    DownscaleError
        ``cell`` (not above zero) or ``too_many``.
    """
    if not cell_m > 0.0:
        raise GridSideError(units=[])
    lonlat, found = parse_crs(GEOGRAPHIC), []
    planes: dict[Any, list[Any]] = {}
    for part in shapely.get_parts(area):
        planes.setdefault(local_plane(part.centroid.x), []).append(part)
    for plane, parts in planes.items():
        flat = shapely.union_all(transform(np.array(parts, dtype=object), lonlat, plane))
        west, south, east, north = (np.floor(one / cell_m) * cell_m for one in flat.bounds)
        if (east - west) * (north - south) / cell_m**2 > 100 * most:
            raise GridTooFineError(units=[])
        steps = np.meshgrid(
            np.arange(west, east + cell_m, cell_m), np.arange(south, north + cell_m, cell_m)
        )
        x, y = (one.ravel() for one in steps)
        boxes = shapely.box(x, y, x + cell_m, y + cell_m)
        shapely.prepare(flat)
        boxes = boxes[shapely.intersects(flat, boxes)]
        found.append(transform(boxes, plane, lonlat))
    cells = np.concatenate(found)
    if len(cells) > most:
        raise GridTooFineError(units=[])
    return cells


def pieces(sources: Shapes, targets: Shapes) -> tuple[Shapes, npt.NDArray[Any], npt.NDArray[Any]]:
    """Return the common pieces of two sets of polygons with the numbers of both."""
    at_target, at_source = shapely.STRtree(sources).query(targets, predicate="intersects")
    shared = polygonal(shapely.intersection(sources[at_source], targets[at_target]))
    areas = area_lonlat_m2(shared)
    real = areas > LEAST_SHARE * area_lonlat_m2(sources)[at_source]
    return shared[real], at_source[real], at_target[real]


def weight_by_area(shapes: Shapes) -> Floats:
    """Weigh land by its ellipsoidal area: nothing is known but its size."""
    return area_lonlat_m2(shapes)


def weight_by_cover(cover: Shapes, weights: Floats) -> Weigh:
    """Return a weighing by what covers land: area of each cover times its weight.

    Covers shall not overlap each other; land that nothing covers weighs nothing.
    """
    tree = shapely.STRtree(cover)

    def weigh(shapes: Shapes) -> Floats:
        at_shape, at_cover = tree.query(shapes, predicate="intersects")
        shared = polygonal(shapely.intersection(shapes[at_shape], cover[at_cover]))
        found = np.zeros(len(shapes))
        np.add.at(found, at_shape, area_lonlat_m2(shared) * weights[at_cover])
        return found

    return weigh


def downscale(values: Floats, sources: Shapes, targets: Shapes, weigh: Weigh) -> Floats:
    """Return the share of every target in the totals of the sources.

    Parameters
    ----------
    values : array of float
        Extensive totals of the sources, finite.
    sources, targets : arrays of polygons, EPSG:4490
        Targets need not cover the sources: what they cover takes all.
    weigh : callable
        See :data:`Weigh`.

    Returns
    -------
    array of float
        In the order of the targets; sums to the sum of the values.

    Raises
    ------
    DownscaleError
        ``no_weight``: nothing in a source has any weight, so its total has no place;
        ``params["units"]`` are the numbers of these sources.
    """
    shared, at_source, at_target = pieces(sources, targets)
    weights = weigh(shared)
    by_source = np.zeros(len(sources))
    np.add.at(by_source, at_source, weights)
    empty = np.flatnonzero(by_source <= 0.0)
    if len(empty):
        raise NoWeightInUnitError(units=[int(one) for one in empty])
    parts = values[at_source] * (weights / by_source[at_source])
    found = np.zeros(len(targets))
    np.add.at(found, at_target, parts)
    return found
