"""Sites that are drawn twice, or one inside another."""

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


def nested_issues(polygons: gpd.GeoSeries, ids: Sequence[str]) -> tuple[Issue, ...]:
    """Say which sites repeat another, or lie inside one: they may be meant as its holes.

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
    for inner, outer in _boxes_inside(shapes):
        left -= int(sizes[inner] + sizes[outer])
        if left < 0:
            more = Issue(code="sites_not_all_compared", severity=Severity.INFO)
            return (*repeated, more)
        if shapely.covered_by(shapes[inner], shapes[outer]):
            of = ids[distinct[outer]]
            repeated.append(_warning("site_inside_site", ids[distinct[inner]], other=of))
    return tuple(repeated)


def _first_of_same(values: npt.NDArray[Any]) -> list[int]:
    """Return for each polygon the position of the first with the same ground."""
    seen: dict[bytes, int] = {}
    texts = shapely.to_wkb(shapely.normalize(values))
    return [seen.setdefault(text, at) for at, text in enumerate(texts)]


def _boxes_inside(shapes: npt.NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Return pairs of positions of which the first's box lies inside that of the second."""
    west, south, east, north = shapely.bounds(shapes).T
    tree = shapely.STRtree(shapes)
    for start in range(0, len(shapes), _CHUNK):
        inner, outer = tree.query(shapes[start : start + _CHUNK])
        inner = inner + start
        within = (
            (inner != outer)
            & (west[inner] >= west[outer])
            & (south[inner] >= south[outer])
            & (east[inner] <= east[outer])
            & (north[inner] <= north[outer])
        )
        yield from zip(inner[within].tolist(), outer[within].tolist(), strict=True)


def _warning(code: str, feature_id: str, **params: object) -> Issue:
    return Issue(code=code, severity=Severity.WARNING, feature_id=feature_id, params=params)
