"""The largest circles inside polygons of many vertices, by triangles and bounds.

GEOS's own search lays square cells over a polygon; where that is long and narrow, the
cells must be as small as it is narrow, and eroding it instead may take the square of its
vertices. Triangles between the vertices have the shape of the polygon.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

_BATCH: Final = 512
_MOST_CUTS: Final = 16_384
_STRAIGHT: Final = 0.1
_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.intp]


class _Cells(NamedTuple):
    """Triangles of a polygon, each with some edges of the boundary.

    ``corners`` (n, 3, 2), ``edges`` (n, 6); ``bound`` (n,): no point of the triangle is
    farther from the boundary. ``pair`` (n, 2): the edges that say so.
    """

    corners: _Floats
    edges: _Ints
    bound: _Floats
    pair: _Ints


class _Boundary:
    """The edges of a polygon.

    Beside each edge stands the chord over the vertex where it starts, ``count`` places
    on: no point of a chord is farther from the boundary than its ``slack``.
    """

    def __init__(self, xy: _Floats, ring: _Ints) -> None:
        joined = ring[1:] == ring[:-1]
        start, end, ring = xy[:-1][joined], xy[1:][joined], ring[:-1][joined]
        first = np.searchsorted(ring, ring)
        last = np.searchsorted(ring, ring, side="right") - 1
        self.count, number = len(start), np.arange(len(start))
        self._before = np.where(number == first, last, number - 1)
        self._start = np.concatenate([start, start[self._before]])
        self._along = np.concatenate([end, end]) - self._start
        self._length2 = np.maximum((self._along**2).sum(axis=1), np.finfo(float).tiny)
        self._slack = np.zeros(2 * self.count)
        chords = self.distances(start[:, None], (self.count + number)[:, None])
        self._slack[self.count :] = chords[:, 0, 0]
        self._tree = shapely.STRtree(shapely.linestrings(np.stack([start, end], axis=1)))

    def distances(self, points: _Floats, edges: _Ints) -> _Floats:
        """Return how far points are from edges at most: (n, p, 2), (n, k) -> (n, p, k)."""
        start, along = self._start[edges][:, None], self._along[edges][:, None]
        from_start = points[:, :, None] - start
        at = (from_start * along).sum(axis=-1) / self._length2[edges][:, None]
        away = from_start - np.clip(at, 0.0, 1.0)[..., None] * along
        far: _Floats = np.hypot(away[..., 0], away[..., 1]) + self._slack[edges][:, None]
        return far

    def nearest(self, points: _Floats) -> tuple[_Ints, _Floats]:
        """Return the nearest edge of each point, and how far it is: (n, 2) -> (n,), (n,)."""
        (_, edge), distance = self._tree.query_nearest(
            shapely.points(points), all_matches=False, return_distance=True
        )
        return edge, distance

    def at_vertices(self, points: _Floats, straight: float) -> _Ints:
        """Return for each vertex the two edges that meet there: (n, 2) -> (n, 2).

        Where they are as good as one, with a slack of at most ``straight``, their chord
        stands for both.
        """
        keys = _as_keys(self._start[: self.count])
        order = np.argsort(keys)
        after = order[np.minimum(np.searchsorted(keys[order], _as_keys(points)), len(order) - 1)]
        edges = np.stack([self._before[after], after], axis=1)
        chord = self.count + after
        one = self._slack[chord] <= straight
        edges[one] = chord[one][:, None]
        return edges


def inscribed_diameters(
    polygons: npt.NDArray[Any], least: _Floats, accuracy: float
) -> tuple[_Floats, npt.NDArray[np.bool_]]:
    """Return the diameter of the largest circle inside each polygon of a plane.

    Parameters
    ----------
    polygons : array of Polygon, shape (n,)
        Valid, not empty; coordinates near zero.
    least : array of float, shape (n,)
        Diameters that are known to fit.
    accuracy : float
        Relative; no circle that is larger by more than this fits.

    Returns
    -------
    diameters : array of float, shape (n,)
        Of circles that fit.
    settled : array of bool, shape (n,)
        False where the search was given up: the polygon is not quite valid and cannot be
        cut into triangles, or very many places are as wide as the widest.

    Notes
    -----
    Branch and bound. The distance to an edge is a convex function of the place, and so
    is the mean of two of them: within a triangle it is largest at a corner. No point of
    the triangle is farther from the boundary than that, whichever two edges are taken.
    Between the two banks of a corridor their mean is half its width everywhere, so that
    the triangles of a corridor need not be cut, however long and narrow it is.
    """
    found, settled = least.copy(), np.zeros(len(polygons), dtype=bool)
    for at, polygon in enumerate(polygons):
        # One by one: a width must not depend on what else is asked for.
        found[at], settled[at] = _search(polygon, float(least[at]), accuracy)
    return found, settled


def _search(polygon: shapely.Geometry, least: float, accuracy: float) -> tuple[float, bool]:
    try:
        cut = shapely.get_parts(shapely.constrained_delaunay_triangles(polygon))
    except shapely.errors.GEOSException:
        return least, False
    boundary = _Boundary(*shapely.get_coordinates(shapely.get_rings(polygon), return_index=True))
    corners = shapely.get_coordinates(cut).reshape(-1, 4, 2)[:, :3]
    edges = boundary.at_vertices(corners.reshape(-1, 2), _STRAIGHT * accuracy * least)
    cells = _bounded(boundary, corners, edges.reshape(len(corners), 6))
    low, done, most = least / 2.0, 0, _MOST_CUTS + len(cells.bound)
    cells = _chosen(cells, np.flatnonzero(cells.bound > low * (1.0 + accuracy)))
    while len(cells.bound) and done < most:
        order, count = np.argsort(-cells.bound), max(_BATCH, done)
        halves, inside = _halve(boundary, _chosen(cells, order[:count]))
        low, done = max(low, inside), done + len(halves.bound) // 2
        cells = _together(_chosen(cells, order[count:]), halves)
        cells = _chosen(cells, np.flatnonzero(cells.bound > low * (1.0 + accuracy)))
    return 2.0 * low, not len(cells.bound)


def _bounded(boundary: _Boundary, corners: _Floats, edges: _Ints) -> _Cells:
    away = boundary.distances(corners, edges)
    left, right = np.triu_indices(edges.shape[1])
    means = (away[:, :, left] + away[:, :, right]).max(axis=1) / 2.0
    best, row = np.argmin(means, axis=1), np.arange(len(corners))
    pair = np.stack([edges[row, left[best]], edges[row, right[best]]], axis=1)
    return _Cells(corners, edges, means[row, best], pair)


def _halve(boundary: _Boundary, cells: _Cells) -> tuple[_Cells, float]:
    """Cut triangles at the middle of the longest side; tell how far in any middle lies."""
    corners, row = cells.corners, np.arange(len(cells.bound))
    following = np.roll(corners, -1, axis=1)
    side = np.argmax(((following - corners) ** 2).sum(axis=2), axis=1)
    middle = (corners[row, side] + following[row, side]) / 2.0
    edge, distance = boundary.nearest(middle)
    edges = np.concatenate([cells.pair, cells.edges[:, -3:], edge[:, None]], axis=1)
    left, right = corners.copy(), corners.copy()
    left[row, (side + 1) % 3] = middle
    right[row, side] = middle
    both = np.concatenate([left, right])
    return _bounded(boundary, both, np.concatenate([edges, edges])), float(distance.max())


def _chosen(cells: _Cells, rows: _Ints) -> _Cells:
    return _Cells(
        cells.corners[rows],
        cells.edges[rows],
        cells.bound[rows],
        cells.pair[rows],
    )


def _together(one: _Cells, other: _Cells) -> _Cells:
    return _Cells(
        np.concatenate([one.corners, other.corners]),
        np.concatenate([one.edges, other.edges]),
        np.concatenate([one.bound, other.bound]),
        np.concatenate([one.pair, other.pair]),
    )


def _as_keys(points: _Floats) -> npt.NDArray[np.complex128]:
    return np.asarray(points[:, 0] + 1j * points[:, 1], dtype=np.complex128)
