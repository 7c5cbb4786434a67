"""A printed map put together, as SVG, PNG or PDF: equal sheets give equal bytes."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import matplotlib as mpl
import typst
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from maps.figure.draw import Box, draw_layer, draw_names
from maps.figure.extent import Extent, bounds_lonlat, extent_of
from maps.figure.furniture import SideColumn, draw_mark
from maps.figure.grid import draw_grid
from maps.figure.insets import draw_insets
from maps.figure.lettering import write
from maps.figure.model import MapSheet
from maps.figure.panel import MM_PER_INCH, Panel, Place
from maps.figure.style import figure_styles
from maps.i18n import tr

PRINT_DPI: Final = 220.0

_SIDE_MM: Final = 43.0
_LEFT_MM: Final = 6.0
_BOTTOM_MM: Final = 5.0
_EDGE_MM: Final = 1.0
_GAP_MM: Final = 3.0
_TITLE_MM: Final = 13.0
_FOOT_LINE_MM: Final = 4.2
_PAGE: Final = (
    "#set document(date: none)\n"
    "#set page(width: {width_mm}mm, height: {height_mm}mm, margin: 0mm)\n"
    '#image("map.svg", width: 100%)\n'
)
_INSETS_SHARE: Final = 0.42
"""Of the height of a map, where it has insets."""
_NAME_PT: Final = 6.5
_GRID_PT: Final = 5.5
_NOTE_PT: Final = 6.0
_TRIES: Final = 6
_SMALLER: Final = 0.9
_FIXED: Final[dict[Any, Any]] = {
    "svg.hashsalt": "ftzgis",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}
# Its types know no files by name, though it takes them.
_set: Final[Any] = typst.compile
# Settings of matplotlib are those of the process: one drawing at a time.
_ONE_AT_A_TIME: Final = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPicture:
    """A map sheet as a drawing of a report (see :class:`maps.document.model.Picture`)."""

    sheet: MapSheet

    def svg(self) -> bytes:
        """Return the map as SVG; its letters are outlines, so that no font is needed."""
        return _drawn(self.sheet, "svg", PRINT_DPI)

    def png(self, dpi: float = PRINT_DPI) -> bytes:
        """Return the map as PNG."""
        return _drawn(self.sheet, "png", dpi)

    def pdf(self) -> bytes:
        """Return the map as a PDF page of its own size.

        Through SVG: matplotlib declares our font as of another type than it is, and some
        readers then refuse to show the text.
        """
        width_mm, height_mm = self.sheet.size_mm
        page = _PAGE.format(width_mm=width_mm, height_mm=height_mm).encode("ascii")
        given = {"main.typ": page, "map.svg": self.svg()}
        return bytes(_set(given, ignore_system_fonts=True))


def visible_box_lonlat(sheet: MapSheet) -> tuple[float, float, float, float]:
    """Return the lon/lat box of all that a sheet shows, so that only that need be drawn."""
    return bounds_lonlat(extent_of(sheet, _layout(sheet).frame[2:]))


def _drawn(sheet: MapSheet, form: str, dpi: float) -> bytes:
    undated: dict[str, None] = {
        "svg": {"Date": None, "Creator": None},
        "png": {"Software": None},
    }[form]
    written = io.BytesIO()
    with _ONE_AT_A_TIME, mpl.rc_context(_FIXED):
        _composed(sheet).savefig(written, format=form, dpi=dpi, metadata=undated)
    return written.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where things stand on a sheet, in millimetres from its lower left corner."""

    size: tuple[float, float]
    frame: tuple[float, float, float, float]
    side: tuple[float, float, float, float]
    strip: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Which layers have anything in the frame, and how many names found no room."""

    layers: frozenset[int]
    unnamed: int


def _layout(sheet: MapSheet) -> _Layout:
    width, height = sheet.size_mm
    side = _SIDE_MM * sheet.letter
    left, bottom = _LEFT_MM * sheet.letter, _BOTTOM_MM * sheet.letter
    bottom += _FOOT_LINE_MM * sheet.letter * len(sheet.foot)
    top = height - (_TITLE_MM * sheet.letter if sheet.title else _EDGE_MM)
    right = width - side - _EDGE_MM
    strip = _INSETS_SHARE * (top - bottom) if sheet.insets else 0.0
    return _Layout(
        size=sheet.size_mm,
        frame=(left, bottom + strip, right - left, top - bottom - strip),
        strip=(left, bottom, right - left, strip),
        side=(right + _GAP_MM, bottom, side - _GAP_MM, top - bottom),
    )


def _composed(sheet: MapSheet) -> Figure:
    layout = _layout(sheet)
    figure = Figure(figsize=(sheet.size_mm[0] / MM_PER_INCH, sheet.size_mm[1] / MM_PER_INCH))
    FigureCanvasAgg(figure)
    extent = extent_of(sheet, layout.frame[2:])
    drawn = _draw_map(Panel(figure, layout.frame, extent.bounds_m), sheet, extent)
    _draw_side(figure, layout.side, sheet, (extent, drawn))
    if sheet.insets:
        draw_insets(figure, layout.strip, sheet)
    _write_around(figure, sheet, layout)
    return figure


def _draw_map(panel: Panel, sheet: MapSheet, extent: Extent) -> _Drawn:
    panel.fill(figure_styles()["frame"]["ground"])
    seen = [draw_layer(panel, layer, extent) for layer in sheet.layers]
    unnamed, taken = 0, list[Box]()
    # What lies on top is what the map is about: its names come first.
    for layer, one in reversed(list(zip(sheet.layers, seen, strict=True))):
        if one is not None and layer.names:
            unnamed += draw_names(panel, layer, one, extent, (_NAME_PT * sheet.letter, taken))
    draw_grid(panel, extent, _GRID_PT * sheet.letter)
    if sheet.mark:
        draw_mark(panel, sheet.mark)
    shown = frozenset(at for at, one in enumerate(seen) if one is not None)
    return _Drawn(layers=shown, unnamed=unnamed)


def _draw_side(
    figure: Figure, place_mm: Place, sheet: MapSheet, seen: tuple[Extent, _Drawn]
) -> None:
    """Fill the column beside the map; where it is too full, in smaller letters."""
    (extent, drawn), letter = seen, sheet.letter
    for tried in range(1, _TRIES + 1):
        side = SideColumn(figure, place_mm, letter, sheet.lang)
        side.arrow()
        side.legend(sheet.layers, drawn.layers)
        side.scale(extent)
        side.notes((*_left_out_notes(sheet, drawn), *_crs_notes(sheet.lang, extent), *sheet.notes))
        if side.left_mm >= 0.0 or tried == _TRIES:
            break
        side.clear()
        letter *= _SMALLER


def _left_out_notes(sheet: MapSheet, drawn: _Drawn) -> Iterator[str]:
    """Yield how many layers have nothing in the frame, and how many names found no room."""
    absent = sum(layer.missed and at not in drawn.layers for at, layer in enumerate(sheet.layers))
    if absent:
        yield tr("figure.absent_layers", sheet.lang, count=absent)
    if drawn.unnamed:
        yield tr("figure.names_left_out", sheet.lang, count=drawn.unnamed)


def _crs_notes(lang: str, extent: Extent) -> tuple[str, ...]:
    projection = extent.plane.coordinate_operation
    parameters = {one.name: one.value for one in projection.params} if projection else {}
    meridian = f"{parameters['Longitude of natural origin']:g}"
    plane = tr("figure.crs", lang, meridian=meridian, code=str(extent.plane.to_epsg()))
    grid = "figure.grid_degrees" if extent.geographic_grid else "figure.grid_metres"
    return plane, tr(grid, lang)


def _write_around(figure: Figure, sheet: MapSheet, layout: _Layout) -> None:
    """Write the title above the map and the lines below it."""
    page = Panel(figure, (0.0, 0.0, *layout.size))
    frame = figure_styles()["frame"]
    if sheet.title:
        at = (layout.size[0] / 2.0, layout.size[1] - _TITLE_MM * sheet.letter / 2.0)
        write(
            page, at, sheet.title, 14.0 * sheet.letter, ha="center", va="center", color=frame["ink"]
        )
    line_mm = _FOOT_LINE_MM * sheet.letter
    for place, line in enumerate(reversed(sheet.foot)):
        at = (layout.frame[0], line_mm * (place + 0.5))
        write(page, at, line, _NOTE_PT * sheet.letter, va="center", color=frame["quiet"])
