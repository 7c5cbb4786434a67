"""Names of reference systems in GML, and the order of axes that comes with their form."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyproj import CRS
from pyproj.exceptions import CRSError

_URN: Final = re.compile(r"urn:(?:x-)?ogc:def:crs:(\w+):[^:]*:(\w+)$", re.I)
_DEFINITION: Final = re.compile(r"https?://www\.opengis\.net/def/crs/(\w+)/[^/]+/(\w+)$", re.I)
_FRAGMENT: Final = re.compile(r"https?://www\.opengis\.net/gml/srs/(\w+)\.xml#(\w+)$", re.I)
_NORTHINGS: Final = ("north", "south")


@dataclass(frozen=True, slots=True, kw_only=True)
class Srs:
    """``crs`` as text for PROJ; ``north_first``: the first number of a position is north."""

    crs: str
    north_first: bool


@lru_cache(maxsize=64)
def srs_of(name: str) -> Srs:
    """Read a name of a reference system; nothing is looked up anywhere.

    URNs and definition URLs mean the order of axes of the authority (for EPSG:4490 and
    the Gauss-Krueger planes of China, north first); the older ``EPSG:n`` and the URL with
    a fragment mean east first, as the programs that write them do.

    Examples
    --------
    >>> srs_of("urn:ogc:def:crs:EPSG::4490")
    Srs(crs='EPSG:4490', north_first=True)
    >>> srs_of("http://www.opengis.net/gml/srs/epsg.xml#4543")
    Srs(crs='EPSG:4543', north_first=False)
    """
    text = name.strip()
    for pattern, by_authority in ((_URN, True), (_DEFINITION, True), (_FRAGMENT, False)):
        if found := pattern.match(text):
            crs = f"{found.group(1).upper()}:{found.group(2)}"
            return Srs(crs=crs, north_first=by_authority and _north_first(crs))
    return Srs(crs=text, north_first=False)


def _north_first(crs: str) -> bool:
    try:
        axes = CRS.from_user_input(crs).axis_info
    except CRSError:
        return False
    return bool(axes) and axes[0].direction in _NORTHINGS
