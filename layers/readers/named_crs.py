"""Reference systems as strangers write them: by a code, or as WKT or PROJJSON that was looked at.

PROJ's own language can name files of the machine (grids, ``+init=``) and whole pipelines, and hides
in extensions of WKT as well.
"""

import re
from typing import Final

from pyproj import CRS

from geo.errors import UnknownCrsError
from geo.measure.crs import parse_crs

_LONGEST: Final = 20_000
_HARMLESS: Final = re.compile(r"\+?(nadgrids|geoidgrids)=@null", re.IGNORECASE)
_UNSAFE: Final = re.compile(
    r"nadgrids|geoidgrids|\bgrids\s*=|\+\s*init|\binit\s*=|proj\s*=\s*pipeline|\+step|"
    r"parameterfile|file\s*[:=]|@",
    re.IGNORECASE,
)
_IN_PROJ: Final = re.compile(r"\s*(\+|(proj|init|ellps|datum)\s*=)", re.IGNORECASE)


def parse_named_crs(text: str) -> CRS:
    """Return the CRS that a stranger names; no PROJ string is one.

    Parameters
    ----------
    text : str
        ``EPSG:4543``, ``4543``, a URN, WKT or PROJJSON of at most 20,000 characters.

    Raises
    ------
    UnknownCrsError
        The text names nothing, is a PROJ string, or names a file.

    Examples
    --------
    >>> parse_named_crs("EPSG:4490").to_epsg()
    4490
    """
    left = _HARMLESS.sub("", text)
    if len(text) > _LONGEST or _IN_PROJ.match(text) or _UNSAFE.search(left):
        raise UnknownCrsError(crs=text[:80])
    return parse_crs(text)
