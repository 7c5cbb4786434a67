"""Degrees, minutes and seconds packed into one number: 102.495300 for 102° 49′ 53.00″.

Nothing in such numbers tells them from decimal degrees, and the two lie up to 50 km
apart. A unit that is stated settles it; without one, numbers that could be either are
read as decimal degrees with a warning that says where they would lie otherwise.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from layers.model import Issue, Severity
from layers.readers.axes import is_lonlat

Unit = Literal["packed", "decimal"]

_PACKED: Final = re.compile(r"度\.?分\.?秒|d{1,3}[.°]?mm[.′]?ss|\bdms\b|度\.分秒", re.I)
_DECIMAL: Final = re.compile(
    r"十进制|小数度|decimal|[(（\[](?:度|°|deg\w*)[)）\]]|^\s*(?:度|°)\s*$", re.I
)
_SCALE: Final = 1e10
_FEWEST_DECIMALS: Final = 2
"""Workbooks drop the zeros of 102.4930 and 102.4900; decimal degrees of a plot have more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Whether numbers are read as packed, and what a person should know of it."""

    read: bool
    code: str | None = None
    decimal: tuple[float, float] = (0.0, 0.0)
    unpacked: tuple[float, float] = (0.0, 0.0)

    def issues(self) -> tuple[Issue, ...]:
        """Return the warning, or what was stated, as an issue."""
        if self.code is None:
            return ()
        # In China the longitude is the larger of the two, and is said first.
        params = {
            "decimal": sorted((round(value, 6) for value in self.decimal), reverse=True),
            "packed": sorted((round(value, 6) for value in self.unpacked), reverse=True),
        }
        severity = Severity.INFO if self.read else Severity.WARNING
        return (Issue(code=self.code, severity=severity, params=params),)


def unit_in(*texts: str) -> Unit | None:
    """Return the unit of angles that a statement or the names of columns tell.

    Examples
    --------
    >>> unit_in("度分秒"), unit_in("经度(°)"), unit_in("经度"), unit_in("米")
    ('packed', 'decimal', None, None)
    """
    if any(_PACKED.search(text[:100]) for text in texts):
        return "packed"
    return "decimal" if any(_DECIMAL.search(text[:100]) for text in texts) else None


def detect_packed(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64], unit: Unit | None
) -> Packed:
    """Decide on two columns of numbers; only degrees in China can be packed ones."""
    nothing = Packed(read=False)
    if not len(first) or not (is_lonlat(first, second) or is_lonlat(second, first)):
        return nothing
    if unit == "decimal":
        return nothing
    fits = _can_be_packed(np.concatenate([first, second]))
    example = (float(first[0]), float(second[0]))
    if unit == "packed":
        if not fits:
            return Packed(read=False, code="degrees_not_packed", decimal=example)
        code, read = "degrees_packed", True
    elif fits and _decimals([first, second]) >= _FEWEST_DECIMALS:
        code, read = "degrees_maybe_packed", False
    else:
        return nothing
    there = (unpacked_degrees(example[0]), unpacked_degrees(example[1]))
    return Packed(read=read, code=code, decimal=example, unpacked=there)


def unpacked_degrees(value: float) -> float:
    """Return decimal degrees of a packed number.

    Examples
    --------
    >>> round(unpacked_degrees(102.4953), 6), round(unpacked_degrees(-24.535241), 6)
    (102.831389, -24.897892)
    """
    degrees, minutes, seconds = _split(np.array([value]))
    size = float(degrees[0] + minutes[0] / 60.0 + seconds[0] / 3600.0)
    return -size if value < 0 else size


def _can_be_packed(values: npt.NDArray[np.float64]) -> bool:
    _, minutes, seconds = _split(values)
    return bool((minutes < 60).all() and (seconds < 60.0).all())


def _split(values: npt.NDArray[np.float64]) -> tuple[npt.NDArray[Any], ...]:
    whole = np.round(np.abs(values) * _SCALE).astype(np.int64)
    degrees, rest = np.divmod(whole, int(_SCALE))
    minutes, rest = np.divmod(rest, int(_SCALE / 100))
    return degrees, minutes, rest / (_SCALE / 10_000)


def _decimals(columns: Iterable[npt.NDArray[np.float64]]) -> int:
    texts = (repr(value) for column in columns for value in column[:1000].tolist())
    return max((len(text.partition(".")[2]) for text in texts), default=0)
