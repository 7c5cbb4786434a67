"""What the header of a boundary-point TXT states: the reference system, units, conversions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from layers.model import Issue, Severity
from layers.readers.parsed import ZoneConflict

_CODES: Final[Mapping[str, Mapping[int, tuple[int, int]]]] = MappingProxyType(
    {
        "2000": MappingProxyType({3: (4513, 4534), 6: (4491, 4502)}),
        "80": MappingProxyType({3: (2349, 2370), 6: (2327, 2338)}),
        "54": MappingProxyType({3: (2401, 2422), 6: (21413, 21453)}),
    }
)
"""EPSG codes of the first zone, by datum and width: with and without zone in the eastings."""

_LONLAT_CODES: Final = MappingProxyType({"2000": 4490, "80": 4610, "54": 4214})
_FIRST_ZONES: Final = MappingProxyType({3: range(25, 46), 6: range(13, 24)})
_DATUMS: Final = (
    ("2000", re.compile(r"2000|CGCS", re.I)),
    ("80", re.compile(r"80|西安")),
    ("54", re.compile(r"54|北京")),
)
_NUMBER: Final = re.compile(r"\d+")
UNIT: Final = "计量单位"
_CONVERSION: Final = "转换参数"
_METRES: Final = frozenset({"米", "m", "meter", "meters", "metre", "metres", "公尺", "米(m)"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderReference:
    """An EPSG text, or None, and the conflict that keeps it from being told."""

    crs: str | None
    conflict: ZoneConflict | None


def header_values(lines: Sequence[str]) -> dict[str, str]:
    """Return ``key=value`` lines as a mapping; full-width signs count too.

    Examples
    --------
    >>> header_values(["坐标系=2000国家大地坐标系", "几度分带：3", "备注"])
    {'坐标系': '2000国家大地坐标系', '几度分带': '3'}
    """
    pairs = (re.split(r"[=＝:：]", line, maxsplit=1) for line in lines)
    return {pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) == 2}


def header_reference(
    values: Mapping[str, str], *, lonlat: bool, carried_zone: int | None
) -> HeaderReference:
    """Return what the header and the eastings together say.

    A zone number may be in the header, in the eastings (``carried_zone``), or in both,
    and then it must be one. Some write the central meridian for the zone number.

    Examples
    --------
    >>> header = {"坐标系": "2000国家大地坐标系", "几度分带": "3", "带号": "34"}
    >>> header_reference(header, lonlat=False, carried_zone=34).crs
    'EPSG:4522'
    >>> header_reference(header, lonlat=False, carried_zone=None).crs
    'EPSG:4543'
    """
    nothing = HeaderReference(crs=None, conflict=None)
    datum = next((name for name, known in _DATUMS if known.search(values.get("坐标系", ""))), None)
    if datum is None:
        return nothing
    if lonlat:
        return HeaderReference(crs=f"EPSG:{_LONLAT_CODES[datum]}", conflict=None)
    width, stated = _width_and_zone(values, carried_zone)
    if width is None or (stated is None and carried_zone is None):
        return nothing
    if stated is not None and carried_zone is not None and stated != carried_zone:
        conflict = ZoneConflict(stated=stated, found=carried_zone)
        return HeaderReference(crs=None, conflict=conflict)
    zone = int(stated or carried_zone or 0)
    zones = _FIRST_ZONES[width]
    if zone not in zones:
        return nothing
    first = _CODES[datum][width][0 if carried_zone is not None else 1]
    return HeaderReference(crs=f"EPSG:{first + zone - zones.start}", conflict=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """A Gauss-Krueger plane of CGCS2000; ``carried``: eastings carry the zone number."""

    width_deg: int
    zone: int
    carried: bool


def plane_of(code: int | None) -> Plane | None:
    """Return which plane of CGCS2000 an EPSG code is, None for any other CRS.

    Examples
    --------
    >>> plane_of(4522)
    Plane(width_deg=3, zone=34, carried=True)
    """
    for width, firsts in _CODES["2000"].items():
        zones = _FIRST_ZONES[width]
        for first, carried in zip(firsts, (True, False), strict=True):
            if code is not None and first <= code < first + len(zones):
                return Plane(width_deg=width, zone=zones.start + code - first, carried=carried)
    return None


def _width_and_zone(
    values: Mapping[str, str], carried_zone: int | None
) -> tuple[int | None, int | None]:
    """Return the width of zones in degrees and the stated number, either may be None."""
    number = _integer(values.get("带号") or values.get("中央子午线"))
    # The key too says it in some dialects: 分带=3度带, 3度带=34.
    width = _integer(values.get("几度分带") or values.get("分带"))
    if width not in _FIRST_ZONES:
        told = carried_zone if carried_zone is not None else number
        width = next((w for w, zones in _FIRST_ZONES.items() if told in zones), None)
    if width is not None and number is not None and number not in _FIRST_ZONES[width]:
        meridians = {_meridian(zone, width): zone for zone in _FIRST_ZONES[width]}
        number = meridians.get(number, number)
    return width, number


def _meridian(zone: int, width: int) -> int:
    return zone * 3 if width == 3 else zone * 6 - 3


def _integer(text: str | None) -> int | None:
    found = _NUMBER.search(text or "")
    return int(found.group()) if found else None


def header_issues(header: Mapping[str, str], unit: str | None) -> Iterator[Issue]:
    """Say what a header states of the coordinates that they are not read by."""
    stated = header.get(UNIT, "").strip()
    if stated and unit is None and stated.casefold() not in _METRES:
        params = {"unit": stated[:20]}
        yield Issue(code="unit_not_metres", severity=Severity.WARNING, params=params)
    conversion = header.get(_CONVERSION, "")
    if any(float(number) for number in re.findall(r"\d+(?:\.\d+)?", conversion)):
        params = {"conversion": conversion[:60]}
        yield Issue(code="conversion_not_applied", severity=Severity.WARNING, params=params)
