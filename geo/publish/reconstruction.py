"""How near an attacker comes to a surveyed boundary from what was published of it.

A generalised line is published with a stated displacement, within which it lies of the surveyed
one. That alone does not tell how well the surveyed line can be guessed: what several releases
show may be averaged, corners may be smoothed back, and a line that follows a public one is known
from that. The attacks here do so, and are held against the survey.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.publish.generalise import Geometries, latitude_of, linework, metres_per_unit, to_plane

NEAR_SHARE: Final = 0.02
"""Of the displacement: a guess this near to a surveyed corner has found it."""
_PUBLIC_M: Final = 1.0
"""A surveyed corner this near to a public line is known from that."""
_TILE_ZOOMS: Final = (10, 12, 14)
_TILE_STEPS: Final = 4096
_EQUATOR_M: Final = 40_075_016.685578488

Corners = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What one attack gets.

    ``corner_m``: median distance of its guesses from the nearest surveyed corner.
    ``line_m``: median distance of surveyed corners from the line through its guesses.
    ``found_share``: of its guesses, those within ``NEAR_SHARE`` of the displacement.
    """

    name: str
    corner_m: float
    line_m: float
    found_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconstruction:
    """All attacks on a layer; ``public_share`` of its corners lies on public lines anyway.

    ``attacks`` is empty where no other corner is left to be guessed; ``corners`` are those that
    were published of the first release, whose stated displacement is ``displacement_m``.
    """

    attacks: tuple[Attack, ...]
    public_share: float
    releases: int
    corners: int
    displacement_m: float


def measure_reconstruction(
    surveyed: Geometries,
    releases: Sequence[Geometries],
    known: Geometries,
    displacement_m: float,
) -> Reconstruction:
    """Attack what was published of a layer, and measure how near that comes to the survey.

    Parameters
    ----------
    surveyed : array of geometries
        The layer as surveyed, lon/lat on CGCS2000 (EPSG:4490).
    releases : sequence of arrays of geometries
        What was published of it, the finest first; EPSG:4490.
    known : array of geometries
        Lines that everybody has; EPSG:4490, may be empty.
    displacement_m : float
        The stated displacement of the first release, above 0.

    Returns
    -------
    Reconstruction
        By attack: ``as_published``, ``smoothed`` (corners cut off by simplification are put
        back on a curve), ``averaged`` (over all releases), ``on_known_lines`` (guesses drawn
        to public lines), ``from_tiles`` (averaged over the grids of tiles).
    """
    corners = _corners(to_plane(surveyed))
    public = _distances(corners, to_plane(known)) * _scale(corners) <= _PUBLIC_M
    share = float(public.mean()) if len(corners) else 1.0
    secret = corners[~public]
    planes = [to_plane(_present(one)) for one in releases]
    finest = _corners(planes[0])
    attacks: tuple[Attack, ...] = ()
    if len(secret) and len(finest):
        guesses = _guesses(planes, to_plane(known), displacement_m)
        attacks = tuple(
            _judge(name, guess, planes[0], secret, displacement_m)
            for name, guess in guesses.items()
        )
    return Reconstruction(
        attacks=attacks,
        public_share=share,
        releases=len(releases),
        corners=len(finest),
        displacement_m=displacement_m,
    )


def _guesses(
    planes: Sequence[Geometries], known: Geometries, displacement_m: float
) -> Mapping[str, Corners]:
    finest = _corners(planes[0])
    averaged = _averaged(planes, displacement_m)
    return MappingProxyType(
        {
            "as_published": finest,
            "smoothed": _smoothed(planes[0]),
            "averaged": averaged,
            "on_known_lines": _drawn_to(averaged, known, displacement_m),
            "from_tiles": _from_tiles(finest),
        }
    )


def _averaged(planes: Sequence[Geometries], displacement_m: float) -> Corners:
    """Return the corners of the finest release, averaged with the nearest of each other one."""
    corners = _corners(planes[0])
    reach = displacement_m / _scale(corners)
    total, count = corners.copy(), np.ones(len(corners))
    for other in planes[1:]:
        points = _corners(other)
        if not len(points):
            continue
        at = shapely.STRtree(shapely.points(points)).query_nearest(
            shapely.points(corners), all_matches=False
        )[1]
        near = np.hypot(*(points[at] - corners).T) <= reach
        total[near] += points[at][near]
        count[near] += 1.0
    found: Corners = total / count[:, None]
    return found


def _smoothed(plane: Geometries) -> Corners:
    """Return corners moved outwards by what a curve through their neighbours has more."""
    moved = []
    for line in shapely.get_parts(linework(plane)):
        xy = shapely.get_coordinates(line)
        if len(xy) > len("abc"):
            bend = xy[1:-1] - (xy[:-2] + xy[2:]) / 2.0
            moved.append(xy[1:-1] + bend / 8.0)
        else:
            moved.append(xy)
    return np.concatenate(moved)


def _drawn_to(corners: Corners, known: Geometries, displacement_m: float) -> Corners:
    """Return corners, those in reach of a public line on it."""
    lines = _single_lines(known)
    if not len(lines):
        return corners
    points = shapely.points(corners)
    at = shapely.STRtree(lines).query_nearest(points, all_matches=False)[1]
    on_line = shapely.line_interpolate_point(
        lines[at], shapely.line_locate_point(lines[at], points)
    )
    near = shapely.distance(points, on_line) * _scale(corners) <= displacement_m
    return np.where(near[:, None], shapely.get_coordinates(on_line), corners)


def _from_tiles(corners: Corners) -> Corners:
    """Return corners as tiles of several zooms show them, averaged."""
    shown = []
    for zoom in _TILE_ZOOMS:
        step = _EQUATOR_M / 2.0**zoom / _TILE_STEPS
        shown.append(np.round(corners / step) * step)
    found: Corners = np.mean(shown, axis=0)
    return found


def _judge(
    name: str, guess: Corners, plane: Geometries, secret: Corners, displacement_m: float
) -> Attack:
    scale = float(np.median(_scale(secret)))
    to_corner = _nearest_m(guess, shapely.points(secret)) * scale
    moved = (
        _moved_lines(plane, guess) if len(guess) == len(_corners(plane)) else shapely.points(guess)
    )
    to_line = _nearest_m(secret, moved) * scale
    return Attack(
        name=name,
        corner_m=float(np.median(to_corner)),
        line_m=float(np.median(to_line)),
        found_share=float((to_corner <= NEAR_SHARE * displacement_m).mean()),
    )


def _moved_lines(plane: Geometries, corners: Corners) -> Any:  # noqa: ANN401 - an array
    moved = shapely.set_coordinates(np.array(plane, dtype=object), corners)
    return _single_lines(np.asarray(moved, dtype=object))


def _nearest_m(points: Corners, shapes: Any) -> Any:  # noqa: ANN401 - an array
    tree = shapely.STRtree(shapes)
    return tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)[1]


def _distances(corners: Corners, known: Geometries) -> Any:  # noqa: ANN401 - an array
    lines = _single_lines(known)
    return _nearest_m(corners, lines) if len(lines) else np.full(len(corners), np.inf)


def _single_lines(plane: Geometries) -> Any:  # noqa: ANN401 - an array
    return shapely.get_parts(linework(_present(plane)))


def _corners(plane: Geometries) -> Corners:
    corners: Corners = shapely.get_coordinates(plane)
    return corners


def _present(geometries: Geometries) -> Geometries:
    present: Geometries = geometries[~shapely.is_missing(geometries)]
    return present


def _scale(corners: Corners) -> npt.NDArray[np.float64]:
    return metres_per_unit(latitude_of(corners))
