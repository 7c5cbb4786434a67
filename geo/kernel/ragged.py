"""Polygons as flat arrays: all vertices in one, and where rings and features start."""

from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import NotPolygonalError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_POLYGONAL = (3, 6)


class Ragged(NamedTuple):
    """Polygons and multipolygons, all alike: a feature is a run of oriented rings.

    ``xy`` holds closed rings, shape (vertices, 2); ring ``r`` is
    ``xy[rings[r]:rings[r + 1]]`` and feature ``f`` has the rings
    ``features[f]:features[f + 1]``. Ground lies to the left of every ring: shells run
    counterclockwise, holes clockwise, and a shell precedes its holes. Rings must be valid
    (no self-intersection). The arrays are read-only, so that they may be shared between
    threads, and mapped from a file. A named tuple, because compiled code can read one: how
    many features there are is ``size``, not ``len``.
    """

    xy: Floats
    rings: Ints
    features: Ints

    @classmethod
    def of(cls, *, xy: Floats, rings: Ints, features: Ints) -> Self:
        """Return polygons over arrays that nobody will change any more."""
        return cls(
            xy=read_only(xy, np.float64),
            rings=read_only(rings, np.int64),
            features=read_only(features, np.int64),
        )

    @property
    def size(self) -> int:
        """Number of features."""
        return len(self.features) - 1

    def geometries(self, chosen: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
        """Return some of the features as shapely geometries, MultiPolygon where of parts."""
        made = np.empty(len(chosen), dtype=object)
        made[:] = [self._geometry(int(at)) for at in chosen]
        return made

    def _geometry(self, at: int) -> shapely.Geometry:
        runs = range(self.features[at], self.features[at + 1])
        rings = [self.xy[self.rings[run] : self.rings[run + 1]] for run in runs]
        shells: list[tuple[Floats, list[Floats]]] = []
        for ring in rings:
            if signed_area(ring) > 0.0 or not shells:
                shells.append((ring, []))
            else:
                shells[-1][1].append(ring)
        parts = [shapely.Polygon(shell, holes) for shell, holes in shells]
        return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def from_shapely(geometries: npt.NDArray[Any]) -> Ragged:
    """Return polygons as flat arrays, rings oriented.

    Parameters
    ----------
    geometries : array of valid Polygon or MultiPolygon, shape (n,)
        Empty ones become features without rings.

    Raises
    ------
    NotPolygonalError
        A geometry is missing, a point, a line or a collection.
    """
    geometries = np.asarray(geometries, dtype=object)
    kinds = shapely.get_type_id(geometries)
    bad = np.flatnonzero(~np.isin(kinds, _POLYGONAL))
    if len(bad):
        found = getattr(geometries[bad[0]], "geom_type", "None")
        raise NotPolygonalError(feature=int(bad[0]) + 1, found=str(found))
    parts, owner = shapely.get_parts(shapely.orient_polygons(geometries), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    return Ragged.of(
        xy=xy,
        rings=_offsets(ring, len(rings)),
        features=_offsets(owner[part], len(geometries)),
    )


def signed_area(ring: Floats) -> float:
    """Return the planar area of a closed ring, positive if it runs counterclockwise."""
    x, y = (ring - ring[0]).T
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2.0


def read_only(values: npt.NDArray[Any], kind: type[np.generic]) -> npt.NDArray[Any]:
    """Return a C-ordered array that cannot be written to; the given one stays as it is."""
    # Not a memmap: numba knows plain arrays only, and would compile anew for writable ones.
    plain = np.ascontiguousarray(values, dtype=kind).view(np.ndarray)
    plain.flags.writeable = False
    return plain


def _offsets(owner: npt.NDArray[Any], count: int) -> Ints:
    offsets = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=count), out=offsets[1:])
    return offsets
