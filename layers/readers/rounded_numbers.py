"""Coordinates that a spreadsheet rounded when it wrote them with an exponent (``2.76E+06``)."""

import re
from typing import Final

_WITH_EXPONENT: Final = re.compile(r"[+-]?(\d+)(?:\.(\d*))?[eE]([+-]?\d{1,2})")
_LARGEST_DEGREES: Final = 400.0
_COARSEST_M: Final = 1.0
_COARSEST_DEG: Final = 1e-5


def is_rounded(text: str) -> bool:
    """Tell whether a number has an exponent, and digits for no more than metres.

    CSV files hold what the cells of a workbook show: in a narrow column 2757446.125 becomes
    2.76E+06, four kilometres off, and reads as a number like any other.

    Examples
    --------
    >>> [is_rounded(text) for text in ("2.757E+06", "1.027E+02", "2757446.1", "2.757446125E+06")]
    [True, True, False, False]
    """
    if not (found := _WITH_EXPONENT.fullmatch(text.strip())):
        return False
    step = 10.0 ** (int(found[3]) - len(found[2] or ""))
    coarsest = _COARSEST_DEG if abs(float(text)) < _LARGEST_DEGREES else _COARSEST_M
    return step > coarsest
