"""Read a position that a person writes, and write one the ways that planners read it."""

import re
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.measure.crs import (
    gauss_krueger_code,
    parse_crs,
    transform,
    zone_of_longitude,
)
from geo.measure.crs_proposals import propose_crs

_EAST: Final = "东经|经度|[EeWw]"
_NORTH: Final = "北纬|纬度|[NnSs]"
_ANGLE: Final = re.compile(
    rf"(?P<before>{_EAST}|{_NORTH})?[:：\s]*"
    r"(?P<deg>-?\d+(?:\.\d+)?)\s*[°度º]\s*"
    r"(?:(?P<min>\d+(?:\.\d+)?)\s*['′’分]\s*)?"
    r"(?:(?P<sec>\d+(?:\.\d+)?)\s*(?:\"|″|”|''|秒)?\s*)?"
    rf"(?P<after>[EeWwNnSs](?![a-z]))?"
)
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_LABELLED: Final = re.compile(rf"({_EAST}|{_NORTH})\s*[:：]?\s*(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place that written coordinates can mean.

    ``crs`` is what they were read in and ``evidence`` why (see
    :class:`geo.measure.crs.CrsProposal`); ``place`` is the county that the position lies in.
    """

    lon_deg: float
    lat_deg: float
    crs: str
    evidence: tuple[str, ...]
    place: str | None


def read_positions(text: str, counties: gpd.GeoDataFrame | None) -> tuple[Position, ...]:
    """Return every place that a written pair of coordinates can mean, most likely first.

    Decimal degrees, degrees-minutes-seconds in Chinese or Latin marks, and
    Gauss-Krueger metres with or without a zone number, in either order of axes. Metres
    without a zone number fit many zones: all that put them into a county are returned,
    for a person to choose.

    Parameters
    ----------
    text : str
        What a person typed.
    counties : GeoDataFrame or None
        Polygons in EPSG:4490 with ``name_zh``; see :func:`geo.measure.crs.propose_crs`.

    Returns
    -------
    tuple of Position
        Empty if the text is no pair of coordinates.

    Examples
    --------
    >>> [(p.lon_deg, p.lat_deg) for p in read_positions("102°30′E 25°15′36″N", None)]
    [(102.5, 25.26)]
    >>> [p.crs for p in read_positions("34500000, 2765000", None)]
    ['EPSG:4522']
    """
    pair = _pair(text)
    if pair is None:
        return ()
    xy = np.array([pair], dtype=float)
    return tuple(
        _position(pair, proposal.crs, proposal.swap_axes, proposal.evidence, proposal.place)
        for proposal in propose_crs(xy, counties)
    )


def written_dms(value_deg: float) -> str:
    """Return an angle as degrees, minutes and seconds to a hundredth (0.3 m).

    Examples
    --------
    >>> written_dms(25.26), written_dms(102.99999999)
    ('25°15′36.00″', '103°00′00.00″')
    """
    hundredths = round(abs(value_deg) * 360_000)
    minutes, rest = divmod(hundredths, 6_000)
    degrees, minutes = divmod(minutes, 60)
    sign = "-" if value_deg < 0 else ""
    return f"{sign}{degrees}°{minutes:02d}′{rest / 100:05.2f}″"


def gauss_krueger_metres(lon_deg: float, lat_deg: float) -> tuple[str, float, float]:
    """Return a position in its own 3-degree zone: CRS with zone number, easting, northing.

    Raises
    ------
    UnknownCrsError
        The longitude lies in none of the zones of China.

    Examples
    --------
    On the central meridian of zone 34 the easting is the false one:

    >>> crs, east, north = gauss_krueger_metres(102.0, 25.0)
    >>> crs, round(east, 3)
    ('EPSG:4522', 34500000.0)
    """
    crs = f"EPSG:{gauss_krueger_code(zone_of_longitude(lon_deg), prefixed=True)}"
    point: Any = transform(
        np.array([shapely.Point(lon_deg, lat_deg)]), parse_crs("EPSG:4490"), parse_crs(crs)
    )[0]
    return crs, float(point.x), float(point.y)


def _pair(text: str) -> tuple[float, float] | None:
    angles = [_degrees(found) for found in _ANGLE.finditer(text)]
    if len(angles) == 2:
        return _ordered(angles)
    labelled = [(_axis(name), _signed(name, float(value))) for name, value in _labels(text)]
    if len(labelled) == 2:
        return _ordered(labelled)
    numbers = [float(number) for number in _NUMBER.findall(text)]
    only = re.fullmatch(r"[\s\d.,;，；、/|()（）\-]*", text)
    return (numbers[0], numbers[1]) if only and len(numbers) == 2 else None


def _labels(text: str) -> list[tuple[str, str]]:
    before = _LABELLED.findall(text)
    if len(before) == 2:
        return before
    after = re.findall(r"(-?\d+(?:\.\d+)?)\s*([EeWwNnSs])(?![a-z])", text)
    return [(name, value) for value, name in after]


def _degrees(found: re.Match[str]) -> tuple[str, float]:
    minutes = float(found["min"] or 0) + float(found["sec"] or 0) / 60
    size = abs(float(found["deg"])) + minutes / 60
    name = found["before"] or found["after"] or ""
    return _axis(name), _signed(name, -size if found["deg"].startswith("-") else size)


def _axis(name: str) -> str:
    if not name:
        return ""
    return "lat" if re.fullmatch(_NORTH, name) else "lon"


def _signed(name: str, value: float) -> float:
    return -value if name.upper() in {"W", "S"} else value


def _ordered(angles: list[tuple[str, float]]) -> tuple[float, float] | None:
    (first, a), (second, b) = angles
    if first and first == second:
        return None
    return (b, a) if first == "lat" or second == "lon" else (a, b)


def _position(
    pair: tuple[float, float],
    crs: str,
    swap: bool,  # noqa: FBT001 - as the proposal has it
    evidence: tuple[str, ...],
    place: str | None,
) -> Position:
    east_north = pair[::-1] if swap else pair
    point: Any = transform(
        np.array([shapely.Point(east_north)]), parse_crs(crs), parse_crs("EPSG:4490")
    )[0]
    return Position(
        lon_deg=float(point.x), lat_deg=float(point.y), crs=crs, evidence=evidence, place=place
    )
