"""Sites made of polygons in lon/lat."""

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt

from geo.measure.area import area_lonlat_m2
from geo.model import Boundary, Reason, Sites


def make_sites(
    lonlat: npt.NDArray[Any],
    ids: Sequence[str],
    names: Sequence[str | None],
    precision_m: float | None,
    doubts: Sequence[tuple[Reason, ...]] = (),
    boundaries: Sequence[Boundary] = (),
) -> Sites:
    """Return sites with their ellipsoidal areas.

    Parameters
    ----------
    lonlat : array of Polygon or MultiPolygon, shape (n,)
        Valid, EPSG:4490.
    ids, names : sequences of length n
        Ids are unique.
    precision_m : float or None
        Of the coordinates, in metres.
    doubts : sequence of length n or 0
        Why each may not be the ground that is meant.
    boundaries : sequence of length n or 0
        Of each as it was drawn.

    Raises
    ------
    NotPolygonalError
        A geometry is not polygonal.
    """
    return Sites(
        ids=tuple(ids),
        names=tuple(names),
        geometries=lonlat,
        areas_m2=area_lonlat_m2(lonlat),
        precision_m=precision_m,
        doubts=tuple(doubts),
        boundaries=tuple(boundaries),
    )
