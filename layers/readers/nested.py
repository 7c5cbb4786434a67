"""Sites that are drawn twice, one inside another, or partly over another."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from layers.model import Issue, Severity

_CHUNK: Final = 64
_MOST_VERTICES: Final = 5_000_000
"""How many vertices are compared, over all pairs, before the rest stays unlooked at."""
_LEAST_SHARE: Final = 1e-4
"""Of the smaller site: neighbours along an edge of 100 m that overlap by 1 cm share so much."""


def nested_issues(polygons: gpd.GeoSeries, ids: Sequence[str]) -> tuple[Issue, ...]:
    """Say which sites repeat another, lie inside one or overlap it: sums count that ground twice.

    What lies inside may be meant as a hole.

    Parameters
    ----------
    polygons : GeoSeries
        Valid polygons in any one CRS.
    ids : sequence of str
        Of the same length; an issue names both of a pair.
    """
    values = polygons.to_numpy()
    first = _first_of_same(values)
    repeated = [
        _warning("site_repeated", ids[at], other=ids[of]) for at, of in enumerate(first) if of != at
    ]
    distinct = np.unique(first)
    shapes = values[distinct]
    left = _MOST_VERTICES
    sizes = shapely.get_num_coordinates(shapes)
    for one, other in _boxes_meeting(shapes):
        left -= int(sizes[one] + sizes[other])
        if left < 0:
            more = Issue(code="sites_not_all_compared", severity=Severity.INFO)
            return (*repeated, more)
        found = _compare(shapes[one], shapes[other])
        if found is not None:
            code, is_turned, params = found
            who, of = (other, one) if is_turned else (one, other)
            params["other"] = ids[distinct[of]]
            repeated.append(_warning(code, ids[distinct[who]], **params))
    return tuple(repeated)


def _first_of_same(values: npt.NDArray[Any]) -> list[int]:
    """Return for each polygon the position of the first with the same ground."""
    seen: dict[bytes, int] = {}
    texts = shapely.to_wkb(shapely.normalize(values))
    return [seen.setdefault(text, at) for at, text in enumerate(texts)]


def _compare(
    one: shapely.Geometry, other: shapely.Geometry
) -> tuple[str, bool, dict[str, object]] | None:
    """Return what is to be said of two polygons, and whether it is said of the second."""
    for is_turned, (inner, outer) in enumerate(((one, other), (other, one))):
        if shapely.covered_by(inner, outer):
            return "site_inside_site", bool(is_turned), {}
    share = shapely.intersection(one, other).area / min(one.area, other.area)
    if share < _LEAST_SHARE:
        return None
    return "sites_overlap", False, {"share_pct": round(100.0 * share, 2)}


def _boxes_meeting(shapes: npt.NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Return each pair of positions once of which the boxes meet."""
    tree = shapely.STRtree(shapes)
    for start in range(0, len(shapes), _CHUNK):
        one, other = tree.query(shapes[start : start + _CHUNK])
        one = one + start
        once = one < other
        yield from zip(one[once].tolist(), other[once].tolist(), strict=True)


def _warning(code: str, feature_id: str, **params: object) -> Issue:
    return Issue(code=code, severity=Severity.WARNING, feature_id=feature_id, params=params)
