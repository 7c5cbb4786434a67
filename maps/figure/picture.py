"""A printed map as SVG, PNG or PDF: equal sheets give equal bytes.

Matplotlib takes a quarter of a second to import: it comes with the first drawing, so that other
work can go on beside it.
"""

from dataclasses import dataclass
from typing import Any, Final

import typst

from maps.figure.extent import bounds_lonlat, extent_of
from maps.figure.layout import layout_of
from maps.figure.model import MapSheet

PRINT_DPI: Final = 220.0

_PAGE: Final = (
    "#set document(date: none)\n"
    "#set page(width: {width_mm}mm, height: {height_mm}mm, margin: 0mm)\n"
    '#image("map.svg", width: 100%)\n'
)
_BLANK: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width:f}pt" height="{height:f}pt" '
    'viewBox="0 0 {width:f} {height:f}"></svg>'
)
_PT_PER_MM: Final = 72.0 / 25.4
# Its types know no files by name, though it takes them.
_set: Final[Any] = typst.compile


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPicture:
    """A map sheet as a drawing of a report (see :class:`maps.document.model.SlowPicture`)."""

    sheet: MapSheet

    def svg(self) -> bytes:
        """Return the map as SVG; its letters are outlines, so that no font is needed."""
        return _draw(self.sheet, "svg", PRINT_DPI)

    def png(self, dpi: float = PRINT_DPI) -> bytes:
        """Return the map as PNG."""
        return _draw(self.sheet, "png", dpi)

    def pdf(self) -> bytes:
        """Return the map as a PDF page of its own size.

        Through SVG: matplotlib declares our font as of another type than it is, and some
        readers then refuse to show the text.
        """
        width_mm, height_mm = self.sheet.size_mm
        page = _PAGE.format(width_mm=width_mm, height_mm=height_mm).encode("ascii")
        given = {"main.typ": page, "map.svg": self.svg()}
        return bytes(_set(given, ignore_system_fonts=True))

    def blank(self) -> bytes:
        """Return an SVG of the map's size with nothing on it, in no time."""
        width, height = (side * _PT_PER_MM for side in self.sheet.size_mm)
        return _BLANK.format(width=width, height=height).encode("ascii")


def visible_box_lonlat(sheet: MapSheet) -> tuple[float, float, float, float]:
    """Return the lon/lat box of all that a sheet shows, so that only that need be drawn."""
    return bounds_lonlat(extent_of(sheet, layout_of(sheet).frame[2:]))


def _draw(sheet: MapSheet, form: str, dpi: float) -> bytes:
    from maps.figure.compose import draw_sheet  # noqa: PLC0415 - heavy: matplotlib

    return draw_sheet(sheet, form, dpi)
