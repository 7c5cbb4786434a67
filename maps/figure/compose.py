"""A printed map put together and drawn by matplotlib."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from maps.figure.draw import Box, draw_layer, draw_names
from maps.figure.extent import Extent, extent_of
from maps.figure.furniture import SideColumn, draw_mark
from maps.figure.grid import draw_grid
from maps.figure.insets import draw_insets
from maps.figure.layout import FOOT_LINE_MM, TITLE_MM, Layout, layout_of
from maps.figure.lettering import write
from maps.figure.model import MapSheet
from maps.figure.panel import MM_PER_INCH, Panel, Place
from maps.figure.style import figure_styles
from maps.i18n import tr

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
# Settings of matplotlib are those of the process: one drawing at a time.
_ONE_AT_A_TIME: Final = Lock()


def draw_sheet(sheet: MapSheet, form: str, dpi: float) -> bytes:
    """Return a sheet as ``svg`` or ``png``; only the latter asks how fine."""
    undated: dict[str, None] = {
        "svg": {"Date": None, "Creator": None},
        "png": {"Software": None},
    }[form]
    written = io.BytesIO()
    with _ONE_AT_A_TIME, mpl.rc_context(_FIXED):
        _composed(sheet).savefig(written, format=form, dpi=dpi, metadata=undated)
    return written.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Which layers have anything in the frame, and how many names found no room."""

    layers: frozenset[int]
    unnamed: int


def _composed(sheet: MapSheet) -> Figure:
    layout = layout_of(sheet)
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


def _write_around(figure: Figure, sheet: MapSheet, layout: Layout) -> None:
    """Write the title above the map and the lines below it."""
    page = Panel(figure, (0.0, 0.0, *layout.size))
    frame = figure_styles()["frame"]
    if sheet.title:
        at = (layout.size[0] / 2.0, layout.size[1] - TITLE_MM * sheet.letter / 2.0)
        write(
            page, at, sheet.title, 14.0 * sheet.letter, ha="center", va="center", color=frame["ink"]
        )
    line_mm = FOOT_LINE_MM * sheet.letter
    for place, line in enumerate(reversed(sheet.foot)):
        at = (layout.frame[0], line_mm * (place + 0.5))
        write(page, at, line, _NOTE_PT * sheet.letter, va="center", color=frame["quiet"])
