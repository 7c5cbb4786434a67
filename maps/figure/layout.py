"""Where the parts of a printed map stand on its sheet."""

from dataclasses import dataclass
from typing import Final

from maps.figure.model import MapSheet

TITLE_MM: Final = 13.0
FOOT_LINE_MM: Final = 4.2

_SIDE_MM: Final = 43.0
_LEFT_MM: Final = 6.0
_BOTTOM_MM: Final = 5.0
_EDGE_MM: Final = 1.0
_GAP_MM: Final = 3.0
_INSETS_SHARE: Final = 0.42
"""Of the height of a map, where it has insets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things stand on a sheet, in millimetres from its lower left corner."""

    size: tuple[float, float]
    frame: tuple[float, float, float, float]
    side: tuple[float, float, float, float]
    strip: tuple[float, float, float, float]


def layout_of(sheet: MapSheet) -> Layout:
    """Return where the map, its side column and its insets stand on a sheet."""
    width, height = sheet.size_mm
    side = _SIDE_MM * sheet.letter
    left, bottom = _LEFT_MM * sheet.letter, _BOTTOM_MM * sheet.letter
    bottom += FOOT_LINE_MM * sheet.letter * len(sheet.foot)
    top = height - (TITLE_MM * sheet.letter if sheet.title else _EDGE_MM)
    right = width - side - _EDGE_MM
    strip = _INSETS_SHARE * (top - bottom) if sheet.insets else 0.0
    return Layout(
        size=sheet.size_mm,
        frame=(left, bottom + strip, right - left, top - bottom - strip),
        strip=(left, bottom, right - left, strip),
        side=(right + _GAP_MM, bottom, side - _GAP_MM, top - bottom),
    )
