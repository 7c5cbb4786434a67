"""Overlap areas of very many sites with very many control features at once.

The first engine: GEOS alone, arranged so that most pairs never meet it. A compiled
kernel can take its place behind :func:`overlap_pairs`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.area import area_lonlat_m2
from geo.validity import polygonal


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapPairs:
    """All pairs of a site and a control feature that share ground, one row each.

    ``site`` and ``control`` are positions in the inputs, sorted by site, then control;
    ``area`` is in the unit of the measure; ``covered`` tells that the feature swallows
    the site.
    """

    site: npt.NDArray[np.intp]
    control: npt.NDArray[np.intp]
    area: npt.NDArray[np.float64]
    covered: npt.NDArray[np.bool_]


def overlap_pairs(
    sites: npt.NDArray[Any],
    controls: npt.NDArray[Any],
    *,
    area: Callable[[npt.NDArray[Any]], npt.NDArray[np.float64]] = area_lonlat_m2,
) -> OverlapPairs:
    """Return every overlap of sites with control features and its area.

    The index is on the many small sites and the few large control features are
    prepared: asking "which sites lie wholly inside this feature" answers most pairs
    without an intersection, and only sites on a feature's boundary are cut.

    Parameters
    ----------
    sites, controls : arrays of valid Polygon or MultiPolygon
        EPSG:4490.
    area : callable
        Measure of an array of polygons; ellipsoidal square metres if not said otherwise.

    Returns
    -------
    OverlapPairs
        Pairs with area > 0; overlapping control features give a row each, so summing a
        site's rows may count ground twice (:func:`geo.overlay.overlap` does not).
    """
    shapely.prepare(controls)
    control, site = shapely.STRtree(sites).query(controls, predicate="intersects")
    covered = shapely.covers(controls[control], sites[site])
    taken = sites[site]
    taken[~covered] = polygonal(
        shapely.intersection(sites[site[~covered]], controls[control[~covered]])
    )
    measured = area(taken)
    order = np.lexsort((control, site))
    order = order[measured[order] > 0.0]
    return OverlapPairs(
        site=site[order], control=control[order], area=measured[order], covered=covered[order]
    )
