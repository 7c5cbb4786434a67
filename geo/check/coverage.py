"""How much of a site a layer speaks about."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.check.control_index import ControlIndex
from geo.check.overlay import outsides
from geo.measure.area import NOISE_M2, area_lonlat_m2
from geo.model import Overlap

ROUNDING: Final = 1e-12
"""Relative error to which the areas of the same ground, cut differently, agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Share of a site inside the area that layers speak about, and what is left out."""

    share_pct: float
    gap: Overlap


def coverages_of(
    sites: npt.NDArray[Any], sites_m2: npt.NDArray[np.float64], stated: ControlIndex
) -> list[Coverage]:
    """Return which share of each site lies in the stated coverage of one or more layers.

    Parameters
    ----------
    sites : array of Polygon or MultiPolygon, shape (n,)
        Valid, EPSG:4490.
    sites_m2 : array of float, shape (n,)
        Their ellipsoidal areas.
    stated : ControlIndex
        The areas that the layers say they speak about.

    Returns
    -------
    list of Coverage, of length n
        ``share_pct`` from 0 to 100 by ellipsoidal area; ``gap`` as parts with widths,
        so that a hairline between coverage and site is told from a real gap.
    """
    return [
        Coverage(share_pct=_share_pct(gap.area_m2, float(site_m2)), gap=gap)
        for gap, site_m2 in zip(outsides(sites, stated), sites_m2, strict=True)
    ]


def coverage_of(site: shapely.Geometry, stated: ControlIndex) -> Coverage:
    """Return the coverage of one site; see :func:`coverages_of`."""
    sites = np.array([site], dtype=object)
    return coverages_of(sites, area_lonlat_m2(sites), stated)[0]


def _share_pct(gap_m2: float, site_m2: float) -> float:
    covered_m2 = site_m2 - gap_m2
    # A difference of two sums: what is left of it below this is rounding, not ground.
    if covered_m2 < max(NOISE_M2, ROUNDING * site_m2):
        covered_m2 = 0.0
    return 100.0 * covered_m2 / site_m2
