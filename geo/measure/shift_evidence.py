"""Whether coordinates look as if they were on GCJ-02 although nobody says so.

Nothing in a coordinate tells its datum. What can tell is company: sites are drawn along
boundaries that are known, and no site lies abroad. If they fit those only once the shift
is taken back, and not as well when it is added a second time, a shift is to be suspected.
It stays a suspicion: a survey may follow no known line at all.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import local_plane, parse_crs, transform
from geo.measure.gcj02 import from_true, to_true

Geometries = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEvidence:
    """How well vertices fit known lines and known ground, in three positions.

    Each is (as they are, with the shift of GCJ-02 taken back, with it added once more).
    ``on_lines`` counts vertices within the tolerance of a known line, ``inside`` those on
    known ground; ``vertices`` is how many were looked at.
    """

    vertices: int
    on_lines: tuple[int, int, int]
    inside: tuple[int, int, int]


def shift_evidence(
    sites: Geometries, lines: Geometries, ground: Geometries, *, tolerance_m: float
) -> ShiftEvidence:
    """Count how vertices of sites fit, as they are and shifted either way.

    Parameters
    ----------
    sites : array of polygons
        In EPSG:4490, as all of these.
    lines : array of lines
        Boundaries that sites are drawn along.
    ground : array of polygons
        Where sites may lie at all.
    tolerance_m : float
        How far from a line a vertex counts as on it.
    """
    xy = np.unique(shapely.get_coordinates(sites), axis=0)
    positions = (
        xy,
        np.column_stack(to_true(xy[:, 0], xy[:, 1], datum="gcj02")),
        np.column_stack(from_true(xy[:, 0], xy[:, 1], datum="gcj02")),
    )
    plane, lonlat = local_plane(float(xy[:, 0].mean())), parse_crs("EPSG:4490")
    land = shapely.STRtree(ground)
    # All three positions at once: most sites have a handful of vertices.
    points = shapely.points(np.concatenate(positions))
    flat = transform(points, lonlat, plane)
    flat_lines = transform(lines, lonlat, plane) if len(lines) else lines
    # Piece by piece: each vertex meets a few pieces, and never a whole border.
    tree = shapely.STRtree(_pieces_near(flat_lines, shapely.total_bounds(flat), tolerance_m))
    on_line = tree.query(flat, predicate="dwithin", distance=tolerance_m)[0]
    return ShiftEvidence(
        vertices=len(xy),
        on_lines=_count_each(on_line, len(xy)),
        inside=_count_each(land.query(points, predicate="intersects")[0], len(xy)),
    )


def _pieces_near(
    lines: Geometries, bounds: npt.NDArray[np.float64], reach: float
) -> npt.NDArray[Any]:
    """Return the straight pieces of lines that come near bounds, in one plane."""
    xy, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    ends, others = xy[:-1], xy[1:]
    far = (np.maximum(ends, others) < bounds[:2] - reach) | (
        np.minimum(ends, others) > bounds[2:] + reach
    )
    near = np.flatnonzero((line[1:] == line[:-1]) & ~far[:, 0] & ~far[:, 1])
    found: npt.NDArray[Any] = shapely.linestrings(np.stack([ends[near], others[near]], axis=1))
    return found


def _count_each(hits: npt.NDArray[np.intp], vertices: int) -> tuple[int, int, int]:
    """Return how many vertices were hit at all in each of the three positions."""
    hit = np.zeros(3 * vertices, dtype=bool)
    hit[hits] = True
    as_is, back, again = hit.reshape(3, vertices).sum(axis=1).tolist()
    return as_is, back, again
