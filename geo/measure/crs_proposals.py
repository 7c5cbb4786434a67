"""Proposals of reference systems for coordinates that have lost theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import (
    GEOGRAPHIC,
    ZONES_3,
    ZONES_6,
    gauss_krueger_code,
    gauss_krueger_code_6,
    parse_crs,
    transform,
)

_LEAST_PLANE_M: Final = 3.0e5
"""No easting and no northing of a Gauss-Krueger plane in China is smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrsProposal:
    """A reference system that coordinates without one may be in, with the evidence.

    ``evidence`` holds codes: ``zone_number``, ``longitude_range``, ``county_hit``,
    ``axes_swapped``, ``easting_range``, ``unit_mm``. ``place`` is the county that was hit.
    ``unit`` is what the coordinates would count in: drawings are made in millimetres, too.
    """

    crs: str
    evidence: tuple[str, ...]
    swap_axes: bool
    place: str | None
    unit: str = "m"


METRES: Final[Mapping[str, float]] = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001}
"""Units of plane coordinates, in metres."""


def propose_crs(
    xy: npt.NDArray[np.float64], counties: gpd.GeoDataFrame | None
) -> tuple[CrsProposal, ...]:
    """Say which reference systems coordinates could be in, most likely first.

    Parameters
    ----------
    xy : array, shape (n, 2)
        Coordinates as they stand in the file.
    counties : GeoDataFrame or None
        Polygons in EPSG:4490 with a column ``name_zh``. With them only systems that
        put the coordinates inside a county are proposed, as long as there is one.

    Returns
    -------
    tuple of CrsProposal
        Empty when the numbers fit nothing. Never applied by itself: a person chooses.
    """
    finite = xy[np.isfinite(xy).all(axis=1)]
    if not len(finite):
        return ()
    if in_metres := _proposals(finite, counties):
        return in_metres
    smaller = [
        replace(one, unit=unit, evidence=(*one.evidence, f"unit_{unit}"))
        for unit, metres in METRES.items()
        if unit != "m" and _is_of_region(finite, metres)
        for one in _proposals(finite * metres, counties)
    ]
    return tuple([one for one in smaller if one.place] or smaller)


def _is_of_region(xy: npt.NDArray[np.float64], metres: float) -> bool:
    """Tell whether coordinates in a smaller unit are too large to be metres."""
    return bool(np.abs(np.median(xy, axis=0)).min() * metres >= _LEAST_PLANE_M)


def _proposals(
    finite: npt.NDArray[np.float64], counties: gpd.GeoDataFrame | None
) -> tuple[CrsProposal, ...]:
    found: list[CrsProposal] = []
    for swap in (False, True):
        middle = np.median(finite[:, ::-1] if swap else finite, axis=0)
        for code, evidence in _candidates(float(middle[0]), float(middle[1])):
            place = _county_at(middle, code, counties)
            codes = (evidence, *(("axes_swapped",) if swap else ()))
            codes += ("county_hit",) if place else ()
            found.append(
                CrsProposal(crs=f"EPSG:{code}", evidence=codes, swap_axes=swap, place=place)
            )
    hits = [proposal for proposal in found if proposal.place]
    return tuple(hits or found)


def _candidates(east: float, north: float) -> list[tuple[int, str]]:
    if 73.0 <= east <= 136.0 and 3.0 <= north <= 54.0:
        return [(4490, "longitude_range")]
    if not 3.0e5 <= north <= 6.0e6:
        return []
    zone = int(east // 1e6)
    if zone in ZONES_3:
        return [(gauss_krueger_code(zone, prefixed=True), "zone_number")]
    if zone in ZONES_6:
        return [(gauss_krueger_code_6(zone, prefixed=True), "zone_number")]
    # A 3-degree zone is at most 167 km wide to each side of its meridian.
    if 3.2e5 <= east <= 6.8e5:
        return [(gauss_krueger_code(z, prefixed=False), "easting_range") for z in ZONES_3]
    return []


def _county_at(
    xy: npt.NDArray[np.float64], code: int, counties: gpd.GeoDataFrame | None
) -> str | None:
    if counties is None:
        return None
    point = transform(np.array([shapely.Point(xy)]), parse_crs(str(code)), parse_crs(GEOGRAPHIC))[0]
    hit = counties.sindex.query(point, predicate="intersects")
    return str(counties["name_zh"].iloc[hit[0]]) if len(hit) else None
