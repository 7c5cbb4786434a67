"""How much of a site a layer speaks about."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.area import area_lonlat_m2
from geo.model import Overlap
from geo.overlay import ControlIndex, outside


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
    return Coverage(share_pct=max(100.0 * (1.0 - gap.area_m2 / site_m2), 0.0), gap=gap)
