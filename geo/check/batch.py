"""Overlap areas of very many sites with very many control features at once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.area import area_lonlat_m2
from geo.measure.restore import polygonal


class Engine(StrEnum):
    """Who computes: the compiled kernel, or GEOS as a second method."""

    KERNEL = "kernel"
    GEOS = "geos"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapPairs:
    """All pairs of a site and a control feature that share ground, one row each.

    ``site`` and ``control`` are positions in the inputs, sorted by site, then control;
    ``area`` is in square metres, or square units of the plane; ``covered`` tells that the
    feature swallows the site.
    """

    site: npt.NDArray[np.intp]
    control: npt.NDArray[np.intp]
    area: npt.NDArray[np.float64]
    covered: npt.NDArray[np.bool_]


def overlap_pairs(
    sites: npt.NDArray[Any],
    controls: npt.NDArray[Any],
    *,
    ellipsoidal: bool,
    engine: Engine,
    threads: int = 1,
) -> OverlapPairs:
    """Return every overlap of sites with control features and its area.

    Parameters
    ----------
    sites, controls : arrays of valid Polygon or MultiPolygon
        EPSG:4490 if ``ellipsoidal``, else of one plane.
    ellipsoidal : bool
        Whether areas are square metres on the ellipsoid, edges straight in longitude and
        latitude; else they are square units of the plane.
    engine : Engine
        Who computes. Both give the same pairs and, to rounding, the same areas.
    threads : int
        How many threads the kernel uses; GEOS uses one.

    Returns
    -------
    OverlapPairs
        Pairs with area > 0; overlapping control features give a row each, so summing a
        site's rows may count ground twice (:func:`geo.check.overlay.overlap` does not).
    """
    if engine is Engine.GEOS:
        return _by_geos(sites, controls, ellipsoidal=ellipsoidal)
    return _by_kernel(sites, controls, ellipsoidal=ellipsoidal, threads=threads)


def _by_kernel(
    sites: npt.NDArray[Any], controls: npt.NDArray[Any], *, ellipsoidal: bool, threads: int
) -> OverlapPairs:
    # Late: importing numba takes longer than small work does.
    from geo.kernel.join import box_grid  # noqa: PLC0415
    from geo.kernel.pairs import index_polygons, overlaps  # noqa: PLC0415
    from geo.kernel.ragged import from_shapely  # noqa: PLC0415

    left, right = index_polygons(from_shapely(sites)), index_polygons(from_shapely(controls))
    grid = box_grid(right.boxes.bounds)
    site, control, area, covered = overlaps(
        left, right, grid, ellipsoidal=ellipsoidal, threads=threads
    )
    return _sorted(site.astype(np.intp), control.astype(np.intp), area, covered)


def _by_geos(
    sites: npt.NDArray[Any], controls: npt.NDArray[Any], *, ellipsoidal: bool
) -> OverlapPairs:
    """Arrange GEOS so that most pairs never meet an intersection.

    The index is on the many small sites and the few large control features are prepared:
    asking "which sites lie wholly inside this feature" answers most pairs, and only
    sites on a feature's boundary are cut.
    """
    measure = area_lonlat_m2 if ellipsoidal else shapely.area
    shapely.prepare(controls)
    control, site = shapely.STRtree(sites).query(controls, predicate="intersects")
    covered = shapely.covers(controls[control], sites[site])
    taken = sites[site]
    taken[~covered] = polygonal(
        shapely.intersection(sites[site[~covered]], controls[control[~covered]])
    )
    return _sorted(site, control, measure(taken), covered)


def _sorted(
    site: npt.NDArray[np.intp],
    control: npt.NDArray[np.intp],
    area: npt.NDArray[np.float64],
    covered: npt.NDArray[np.bool_],
) -> OverlapPairs:
    order = np.lexsort((control, site))
    order = order[area[order] > 0.0]
    return OverlapPairs(
        site=site[order], control=control[order], area=area[order], covered=covered[order]
    )
