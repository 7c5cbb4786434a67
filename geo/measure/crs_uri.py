"""Reference systems by the addresses that OGC interfaces call them, and their order of axes.

References
----------
OGC 18-058r1, OGC API - Features - Part 2; OGC Name Type Specification 09-048r5.
"""

import re
from typing import Any, Final

import geopandas as gpd
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.errors import UnknownCrsError
from geo.measure.crs import (
    ZONES_3,
    crs_name,
    gauss_krueger_code,
    move_vertices,
    parse_crs,
    to_lonlat,
)

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""WGS 84 longitude, latitude: what is meant where nothing is said."""

_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
_ADDRESS: Final = re.compile(r"(?:https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/|"
                             r"urn:ogc:def:crs:EPSG:[\d.]*:|\[?EPSG:)(\d{4,6})\]?")  # fmt: skip


def epsg_uri(code: int) -> str:
    """Return the address of an EPSG code.

    Examples
    --------
    >>> epsg_uri(4490)
    'http://www.opengis.net/def/crs/EPSG/0/4490'
    """
    return f"{_EPSG}{code}"


OFFERED_CODES: Final = (
    4490,
    4326,
    3857,
    *(gauss_krueger_code(zone, prefixed=False) for zone in ZONES_3),
    *(gauss_krueger_code(zone, prefixed=True) for zone in ZONES_3),
)
"""CGCS2000 and WGS 84 degrees, Web Mercator, and the 3-degree zones with and without number."""


def uri_of(crs: CRS) -> str | None:
    """Return the address of a CRS, None where EPSG has no code for it."""
    code = crs.to_epsg(min_confidence=70)
    return epsg_uri(code) if code else None


def crs_of_uri(uri: str) -> CRS:
    """Return the CRS that an address names.

    Raises
    ------
    UnknownCrsError
        It names none.

    Examples
    --------
    >>> [crs_of_uri(text).to_epsg() for text in ("EPSG:4543", epsg_uri(4490))]
    [4543, 4490]
    """
    if uri in {CRS84, CRS84.replace("http:", "https:"), "OGC:CRS84", "[OGC:CRS84]"}:
        return CRS("OGC:CRS84")
    match = _ADDRESS.fullmatch(uri)
    if match is None:
        raise UnknownCrsError(crs=uri[:80])
    return parse_crs(f"EPSG:{match[1]}")


def is_northing_first(crs: CRS) -> bool:
    """Whether a CRS names north (or latitude) before east; then coordinates stand in that order.

    Examples
    --------
    >>> [is_northing_first(crs_of_uri(one)) for one in (CRS84, "EPSG:4490", "EPSG:4543")]
    [False, True, True]
    """
    return bool(crs.axis_info) and crs.axis_info[0].direction == "north"


def in_axis_order(geometries: npt.NDArray[Any], crs: CRS) -> npt.NDArray[Any]:
    """Return geometries of east and north in the order of the axes of their CRS, or back."""
    if not is_northing_first(crs):
        return geometries
    swapped: npt.NDArray[Any] = shapely.transform(geometries, lambda xy: xy[:, ::-1])
    return swapped


def to_lonlat_from_axes(geometries: npt.NDArray[Any], crs: CRS) -> npt.NDArray[Any]:
    """Return geometries in the order of the axes of their CRS as lon/lat (EPSG:4490).

    Edges stay where they were drawn; see :func:`geo.measure.crs.to_lonlat` for what is raised.
    """
    series = gpd.GeoSeries(in_axis_order(geometries, crs), crs=crs)
    moved: npt.NDArray[Any] = to_lonlat(series).to_numpy()
    return moved


def from_lonlat_to_axes(geometries: npt.NDArray[Any], crs: CRS) -> npt.NDArray[Any]:
    """Return lon/lat geometries in a CRS, in the order of its axes; vertices alone are moved.

    Raises
    ------
    NoTransformationError, OutsideCrsError
        See :func:`geo.measure.crs.move_vertices`.
    """
    moved = move_vertices(geometries, parse_crs("EPSG:4490"), crs)
    return in_axis_order(moved, crs)


def is_offered(crs: CRS) -> bool:
    """Whether every layer is answered in a CRS, whatever its own is."""
    return crs_name(crs) in {f"EPSG:{code}" for code in OFFERED_CODES} or crs.srs == "OGC:CRS84"
