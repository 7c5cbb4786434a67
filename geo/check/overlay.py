"""Which parts of a site control features take.

Everything is in EPSG:4490 lon/lat (see :func:`geo.measure.crs.to_lonlat`), so that features of
all Gauss-Krueger zones meet in one index; areas are ellipsoidal, widths in metres.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.check.control_index import ControlIndex
from geo.measure.area import NOISE_M2, area_lonlat_m2
from geo.measure.restore import polygonal
from geo.measure.width import largest_widths_m
from geo.model import Overlap, OverlapPart

NOTHING: Final = Overlap(area_m2=0.0, max_width_m=0.0, parts=())

_FEW: Final = 16
"""So few shapes are compared with a polygon sooner than it is prepared."""

_INTERIORS_MEET: Final = "T********"


def overlap(site: shapely.Geometry, controls: ControlIndex) -> Overlap:
    """Return the parts of one site that control features take; see :func:`overlaps`."""
    return overlaps(np.array([site], dtype=object), controls)[0]


def overlaps(sites: npt.NDArray[Any], controls: ControlIndex) -> list[Overlap]:
    """Return the parts of each site that control features take, each piece of ground once.

    Parameters
    ----------
    sites : array of Polygon or MultiPolygon, shape (n,)
        Valid, EPSG:4490.
    controls : ControlIndex
        Valid polygons; they may overlap each other.

    Returns
    -------
    list of Overlap, of length n
        Parts in the order of the layer's features. ``max_width_m`` is of a site's parts
        together: features that adjoin each other form one width.
    """
    owner, hit = controls.tree.query(sites, predicate="intersects")
    if not len(owner):
        return [NOTHING] * len(sites)
    order = np.lexsort((hit, owner))
    owner, hit = owner[order], hit[order]
    taken = polygonal(_intersections(sites[owner], controls, hit))
    gross_m2 = area_lonlat_m2(taken)
    real = gross_m2 >= NOISE_M2
    ids = [controls.feature_ids[at] for at in hit[real]]
    return _measured(len(sites), owner[real], ids, taken[real], gross_m2[real])


def outside(
    site: shapely.Geometry, controls: ControlIndex, within: shapely.Geometry | None = None
) -> Overlap:
    """Return the parts of one site that lie in no feature; see :func:`outsides`."""
    return outsides(np.array([site], dtype=object), controls, within)[0]


def outsides(
    sites: npt.NDArray[Any], controls: ControlIndex, within: shapely.Geometry | None = None
) -> list[Overlap]:
    """Return the parts of each site that lie in no feature; ids count from ``outside-1``.

    Parameters
    ----------
    sites, controls
        As in :func:`overlaps`.
    within : Polygon or MultiPolygon, optional
        EPSG:4490; restricts the answer to the area that the layer speaks about.
    """
    asked = sites if within is None else _cut_to(sites, within)
    owner, hit = controls.tree.query(asked, predicate="intersects")
    swallowed = np.zeros(len(sites), dtype=bool)
    swallowed[owner[controls.covering.covers(hit, asked[owner])]] = True
    rest, owners = [], np.flatnonzero(~swallowed)
    if not len(owners):
        return [NOTHING] * len(sites)
    for at in owners:
        taken = shapely.union_all(controls.geometries[hit[owner == at]])
        rest.append(shapely.difference(asked[at], taken))
    parts, number = shapely.get_parts(polygonal(np.array(rest, dtype=object)), return_index=True)
    area_m2 = area_lonlat_m2(parts)
    real = area_m2 >= NOISE_M2
    of_site = owners[number[real]]
    counts = np.arange(len(of_site)) - np.searchsorted(of_site, of_site) + 1
    ids = [f"outside-{count}" for count in counts]
    return _measured(len(sites), of_site, ids, parts[real], area_m2[real])


def find_touching(sites: npt.NDArray[Any], controls: ControlIndex) -> npt.NDArray[np.bool_]:
    """Tell of each site whether it meets any feature, be it at a point."""
    met = np.zeros(len(sites), dtype=bool)
    met[controls.tree.query(sites, predicate="intersects")[0]] = True
    return met


def _cut_to(sites: npt.NDArray[Any], within: shapely.Geometry) -> npt.NDArray[Any]:
    if len(sites) > _FEW:
        # A copy: prepared shapes serve one thread, and this one is everybody's.
        within = shapely.force_2d(within)
        shapely.prepare(within)
    cut, asked = ~shapely.covers(within, sites), sites.copy()
    asked[cut] = polygonal(shapely.intersection(sites[cut], within))
    return asked


def _intersections(
    sites: npt.NDArray[Any], controls: ControlIndex, hit: npt.NDArray[np.intp]
) -> npt.NDArray[Any]:
    """Intersect pairs, but only where a feature does not swallow the site whole."""
    taken = sites.copy()
    cut = ~controls.covering.covers(hit, sites)
    taken[cut] = shapely.intersection(sites[cut], controls.geometries[hit[cut]])
    return taken


def _measured(
    count: int,
    owner: npt.NDArray[np.intp],
    ids: list[str],
    taken: npt.NDArray[Any],
    gross_m2: npt.NDArray[np.float64],
) -> list[Overlap]:
    """Gather parts, sorted by their owner, into an overlap for each of ``count`` sites."""
    bounds = np.searchsorted(owner, np.arange(count + 1))
    counted, adjoining = taken.copy(), dict[int, Any]()
    for site in np.flatnonzero(np.diff(bounds) > 1).tolist():
        own = slice(bounds[site], bounds[site + 1])
        counted[own], adjoin = _disjoint(taken[own])
        if adjoin:
            adjoining[site] = shapely.union_all(taken[own])
    # Most parts share no ground with an earlier one, and are measured already.
    less = np.array([one is not whole for one, whole in zip(counted, taken, strict=True)], bool)
    net_m2, width_m = gross_m2.copy(), largest_widths_m(counted)
    net_m2[less] = area_lonlat_m2(counted[less])
    joint_m = largest_widths_m(np.array(list(adjoining.values()), dtype=object))
    together_m = dict(zip(adjoining, joint_m.tolist(), strict=True))
    parts = [
        OverlapPart(
            feature_id=feature_id,
            area_m2=net,
            shared_area_m2=max(all_of_it - net, 0.0),
            max_width_m=width,
            geometry=geometry,
        )
        for feature_id, geometry, net, all_of_it, width in zip(
            ids, counted, net_m2.tolist(), gross_m2.tolist(), width_m.tolist(), strict=True
        )
    ]
    return [
        _gather(tuple(parts[bounds[at] : bounds[at + 1]]), together_m.get(at, 0.0))
        for at in range(count)
    ]


def _gather(parts: tuple[OverlapPart, ...], together_m: float) -> Overlap:
    if not parts:
        return NOTHING
    return Overlap(
        area_m2=float(np.sum([part.area_m2 for part in parts])),
        max_width_m=max(together_m, *(part.max_width_m for part in parts)),
        parts=parts,
    )


def _disjoint(taken: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], bool]:
    """Give doubly taken ground to the first part; say whether any two parts adjoin."""
    right, left = shapely.STRtree(taken).query(taken, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    meet = shapely.relate_pattern(taken[left], taken[right], _INTERIORS_MEET)
    if not meet.any():
        return taken, bool(len(left))
    counted = taken.copy()
    for later in np.unique(right[meet]):
        earlier = taken[left[meet & (right == later)]]
        counted[later] = shapely.difference(taken[later], shapely.union_all(earlier))
    return polygonal(counted), True
