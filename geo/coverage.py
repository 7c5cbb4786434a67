"""How much of a site a layer speaks about."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geo.area import area_lonlat_m2
from geo.model import Overlap
from geo.overlay import NOISE_M2, ControlIndex, outside

ROUNDING: Final = 1e-12
"""Relative error to which the areas of the same ground, cut differently, agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Share of a site inside the area that layers speak about, and what is left out."""

    share_pct: float
    gap: Overlap


def coverage_of(site: shapely.Geometry, stated: ControlIndex) -> Coverage:
    """Return which share of a site lies in the stated coverage of one or more layers.

    Parameters
    ----------
    site : Polygon or MultiPolygon
        Valid, EPSG:4490.
    stated : ControlIndex
        The areas that the layers say they speak about.

    Returns
    -------
    Coverage
        ``share_pct`` from 0 to 100 by ellipsoidal area; ``gap`` as parts with widths,
        so that a hairline between coverage and site is told from a real gap.
    """
    gap = outside(site, stated)
    site_m2 = float(area_lonlat_m2(np.array([site], dtype=object))[0])
    covered_m2 = site_m2 - gap.area_m2
    # A difference of two sums: what is left of it below this is rounding, not ground.
    if covered_m2 < max(NOISE_M2, ROUNDING * site_m2):
        covered_m2 = 0.0
    return Coverage(share_pct=100.0 * covered_m2 / site_m2, gap=gap)
