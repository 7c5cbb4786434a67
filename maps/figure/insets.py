"""Panels below a map: places of it that are specks at its scale, each at one of its own."""

from dataclasses import replace
from typing import Any, Final

from maps.figure.draw import draw_layer
from maps.figure.extent import Extent, extent_of, round_length_m
from maps.figure.furniture import draw_mark
from maps.figure.lettering import wrap_within, write
from maps.figure.model import Inset, MapSheet
from maps.figure.panel import Panel, Place
from maps.figure.style import figure_styles
from maps.i18n import tr

_GAP_MM: Final = 2.0
_TITLE_MM: Final = 7.0
_TITLE_PT: Final = 6.5
_BAR_PT: Final = 5.5
_BAR_SHARE: Final = 0.35
_MM_PER_COLUMN: Final = 1.2
_MARGIN: Final = 0.25


def draw_insets(figure: Any, place_mm: Place, sheet: MapSheet) -> None:  # noqa: ANN401 - matplotlib is untyped
    """Draw the insets of a sheet side by side in a strip; all layers of the map are in each."""
    left, bottom, width, height = place_mm
    count = len(sheet.insets)
    gap, title = _GAP_MM * sheet.letter, _TITLE_MM * sheet.letter
    own_mm = (width - gap * (count - 1)) / count
    for at, inset in enumerate(sheet.insets):
        place = (left + at * (own_mm + gap), bottom, own_mm, height - title)
        _draw_inset(figure, place, sheet, inset)


def _draw_inset(figure: Any, place_mm: Place, sheet: MapSheet, inset: Inset) -> None:  # noqa: ANN401
    own = replace(sheet, focus=inset.focus, least_width_m=0.0, margin=_MARGIN, insets=())
    extent = extent_of(own, place_mm[2:])
    frame = figure_styles()["frame"]
    panel = Panel(figure, place_mm, extent.bounds_m)
    panel.fill(frame["ground"])
    for layer in sheet.layers:
        # What shows a place from afar would lie over it here.
        draw_layer(panel, layer.without_points(), extent)
    if sheet.mark:
        draw_mark(panel, sheet.mark)
    _write_title(figure, place_mm, sheet, inset)
    _draw_bar(figure, place_mm, extent, sheet)


def _write_title(figure: Any, place_mm: Place, sheet: MapSheet, inset: Inset) -> None:  # noqa: ANN401
    left, bottom, width, height = place_mm
    head = Panel(figure, (left, bottom + height, width, _TITLE_MM * sheet.letter))
    most = int(width / (_MM_PER_COLUMN * sheet.letter))
    lines = wrap_within(inset.title, most, 2)
    ink = figure_styles()["frame"]["ink"]
    for at, line in enumerate(reversed(lines)):
        write(head, (0.0, (0.8 + 2.9 * at) * sheet.letter), line, _TITLE_PT * sheet.letter,
              va="bottom", color=ink)  # fmt: skip


def _draw_bar(figure: Any, place_mm: Place, extent: Extent, sheet: MapSheet) -> None:  # noqa: ANN401
    """Draw a scale bar in the lower left corner, with the scale that holds at the size of print."""
    left, bottom, width, _ = place_mm
    foot = Panel(figure, (left, bottom, width, 6.0 * sheet.letter))
    mm_per_m = 1000.0 / extent.denominator
    length_m = round_length_m(width * _BAR_SHARE / mm_per_m)
    frame = figure_styles()["frame"]
    y, x = 1.6 * sheet.letter, 1.6 * sheet.letter
    foot.line([(x, y), (x + length_m * mm_per_m, y)], color=frame["ink"], linewidth=1.4)
    text = f"{length_m / 1000.0:g} km" if length_m >= 1000.0 else f"{length_m:g} m"
    scale = tr("figure.scale", sheet.lang, denominator=f"{extent.denominator:,.0f}")
    write(foot, (x, y + 0.8 * sheet.letter), f"{text} · {scale}", _BAR_PT * sheet.letter,
          va="bottom", color=frame["ink"], halo=frame["ground"])  # fmt: skip
