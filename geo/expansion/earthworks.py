"""Cut and fill of platforms with side slopes, from heights in small cells.

A cell has one height, and its ground in the platforms as an exact share. Beyond the platforms
slopes rise or fall at a stated rate from the nearest edge until they meet the ground; what the
slopes' planes meet farther off, behind ground that needs no work, is not counted.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from geo.errors import InputError

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_STEPS: Final = 60
_CLOSE_M: Final = 1e-4


class NoBalanceError(InputError):
    """No elevation balances cut and fill: nothing is known of the ground."""

    code = "geo.earthworks.no_balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """Metres along for each metre of rise: 1.5 is a slope of 1 : 1.5; None for upright walls."""

    cut: float | None
    fill: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Site:
    """The cells of a site and of the ground around it, shape (rows, columns) each.

    ``area_m2`` is all ground of a cell, ``inside_m2`` what of it lies in a platform, shape
    (platforms, rows, columns). ``apart_m`` is the distance from the middle of a cell to the nearest
    platform, 0 inside, and ``nearest`` the number of that platform.
    """

    area_m2: Floats
    inside_m2: Floats
    apart_m: Floats
    nearest: npt.NDArray[np.int64]

    @property
    def beside_m2(self) -> Floats:
        """Ground of each cell that lies in no platform."""
        return np.asarray(np.maximum(self.area_m2 - self.inside_m2.sum(axis=0), 0.0))

    def only(self, number: int) -> "Site":
        """Return the same cells with one of the platforms."""
        own = self.inside_m2[number : number + 1]
        return replace(self, inside_m2=own, nearest=np.zeros_like(self.nearest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """Bank volumes of platforms and of slopes, and the ground that slopes take beside them.

    ``open_slopes``: slopes reach the rim of the cells, or ground that is not known: more is to
    be moved than is counted.
    """

    cut_m3: float
    fill_m3: float
    slope_cut_m3: float
    slope_fill_m3: float
    slope_m2: float
    cut_m2: float
    fill_m2: float
    open_slopes: bool

    @property
    def all_cut_m3(self) -> float:
        """Cut of platforms and slopes."""
        return self.cut_m3 + self.slope_cut_m3

    @property
    def all_fill_m3(self) -> float:
        """Fill of platforms and slopes."""
        return self.fill_m3 + self.slope_fill_m3


def volumes(site: Site, heights_m: Floats, elevations_m: Floats, slopes: Slopes) -> Volumes:
    """Return what is cut and filled.

    Parameters
    ----------
    site : Site
        Where the platforms lie.
    heights_m : array of float, shape (rows, columns)
        Of the ground in each cell; NaN where nothing is known, which must not be in a platform.
    elevations_m : array of float, shape (platforms,)
        Of the platforms.
    slopes : Slopes
        How steep the sides are.
    """
    above = heights_m[None] - elevations_m[:, None, None]
    inside = np.where(site.inside_m2 > 0.0, site.inside_m2, 0.0)
    above = np.where(inside > 0.0, above, 0.0)
    cut_m3 = float((np.maximum(above, 0.0) * inside).sum())
    fill_m3 = float((np.maximum(-above, 0.0) * inside).sum())
    cut_deep, fill_deep, open_slopes = _slopes(site, heights_m, elevations_m, slopes)
    beside = site.beside_m2
    worked = (cut_deep > 0.0) | (fill_deep > 0.0)
    return Volumes(
        cut_m3=cut_m3,
        fill_m3=fill_m3,
        slope_cut_m3=float((cut_deep * beside).sum()),
        slope_fill_m3=float((fill_deep * beside).sum()),
        slope_m2=float(beside[worked].sum()),
        cut_m2=float(inside[above > 0.0].sum() + beside[cut_deep > 0.0].sum()),
        fill_m2=float(inside[above < 0.0].sum() + beside[fill_deep > 0.0].sum()),
        open_slopes=open_slopes,
    )


def _slopes(
    site: Site, heights_m: Floats, elevations_m: Floats, slopes: Slopes
) -> tuple[Floats, Floats, bool]:
    """Return how deep each cell beside the platforms is cut and filled."""
    base = elevations_m[site.nearest]
    none = np.zeros(heights_m.shape)
    cut = fill = none
    if slopes.cut is not None:
        cut = np.maximum(heights_m - base - _rise(site, slopes.cut), 0.0)
    if slopes.fill is not None:
        fill = np.maximum(base - _rise(site, slopes.fill) - heights_m, 0.0)
    has_platform = site.inside_m2.sum(axis=0) > 0.0
    cut, cut_open = _joined(cut, has_platform, site.beside_m2)
    fill, fill_open = _joined(fill, has_platform, site.beside_m2)
    return cut, fill, cut_open or fill_open


def _rise(site: Site, along_per_m: float) -> Floats:
    return site.apart_m / along_per_m


def _joined(depth: Floats, has_platform: Mask, beside_m2: Floats) -> tuple[Floats, bool]:
    """Return depths of what hangs together with a platform, and whether it runs out of sight."""
    unknown = np.isnan(depth)
    worked = np.where(unknown, 0.0, depth) > 0.0
    label, _ = ndimage.label(worked | has_platform, structure=np.ones((3, 3)))
    home = np.unique(label[has_platform])
    kept = worked & np.isin(label, home[home > 0]) & (beside_m2 > 0.0)
    rim = np.zeros(depth.shape, dtype=bool)
    rim[0], rim[-1], rim[:, 0], rim[:, -1] = True, True, True, True
    beyond = rim | ndimage.binary_dilation(unknown, np.ones((3, 3)))
    return np.where(kept, depth, 0.0), bool((kept & beyond).any())


def balance(site: Site, heights_m: Floats, swell: float, slopes: Slopes) -> Floats:
    """Return the elevation of each platform at which its cut makes its fill, without slopes' part.

    With one platform slopes are counted in. With several, each platform is balanced in itself
    first, then all are moved alike until the whole with its slopes is balanced.

    Parameters
    ----------
    site, heights_m, slopes
        See :func:`volumes`.
    swell : float
        Cubic metres of finished fill that one cubic metre of cut, as it lies, makes.

    Raises
    ------
    NoBalanceError
        Nothing is known of the ground.
    """
    starts = np.array([_alone(heights_m, inside, swell) for inside in site.inside_m2])
    if not np.isfinite(starts).all():
        raise NoBalanceError
    return starts + move_to_balance(site, heights_m, starts, swell, slopes)


def _alone(heights_m: Floats, inside_m2: Floats, swell: float) -> float:
    """Return the elevation that balances one platform.

    Between the heights of two cells cut and fill are linear, so that it is exact.
    """
    own = inside_m2 > 0.0
    heights, areas = heights_m[own], inside_m2[own]
    order = np.argsort(heights)
    heights, areas = heights[order], areas[order]
    if not len(heights):
        return float("nan")
    below_m2 = np.cumsum(areas)
    fill = heights * below_m2 - np.cumsum(areas * heights)
    above_m2 = below_m2[-1] - below_m2
    cut = (areas * heights).sum() - np.cumsum(areas * heights) - heights * above_m2
    net = swell * cut - fill
    at = int(np.searchsorted(-net, 0.0))
    if at == 0:
        return float(heights[0])
    slope = swell * above_m2[at - 1] + below_m2[at - 1]
    return float(heights[at - 1] + net[at - 1] / slope)


def move_to_balance(
    site: Site, heights_m: Floats, elevations_m: Floats, swell: float, slopes: Slopes
) -> float:
    """Return by how much all platforms are raised so that the whole is balanced.

    Newton's method, halved where it would run past: cut falls and fill grows with elevation.
    """
    low, high, raised = -np.inf, np.inf, 0.0
    for _ in range(_STEPS):
        found = volumes(site, heights_m, elevations_m + raised, slopes)
        net = swell * found.all_cut_m3 - found.all_fill_m3
        rate = swell * found.cut_m2 + found.fill_m2
        low, high = (raised, high) if net > 0.0 else (low, raised)
        step = net / rate if rate > 0.0 else 0.0
        if abs(step) < _CLOSE_M:
            break
        wished = raised + step
        raised = wished if low < wished < high else (low + high) / 2.0
    return raised


def strips(heights_m: Floats, inside_m2: Floats, place_m: tuple[Floats, Floats], count: int) -> Any:  # noqa: ANN401
    """Return the number of the strip that each cell of a site lies in, -1 outside.

    Strips run across the direction of the steepest fall of the plane that fits the site best,
    and take equal ground; a cell belongs to one strip.

    Parameters
    ----------
    heights_m, inside_m2 : arrays of float, shape (rows, columns)
        Height of each cell, and its ground in the site.
    place_m : two arrays of float, shape (rows, columns)
        East and north of the middle of each cell in metres.
    count : int
        How many strips, from 1.
    """
    own = inside_m2 > 0.0
    east, north = (one[own] for one in place_m)
    weights = np.sqrt(inside_m2[own])
    table = np.column_stack([np.ones(east.size), east - east.mean(), north - north.mean()])
    (_, to_east, to_north), *_ = np.linalg.lstsq(
        table * weights[:, None], heights_m[own] * weights, rcond=None
    )
    along = to_east * table[:, 1] + to_north * table[:, 2]
    order = np.argsort(along, kind="stable")
    ground = np.cumsum(inside_m2[own][order])
    number = np.empty(order.size, dtype=np.int64)
    number[order] = np.minimum(
        (ground - inside_m2[own][order] / 2.0) / ground[-1] * count, count - 1
    )
    found = np.full(heights_m.shape, -1, dtype=np.int64)
    found[own] = number
    return found
