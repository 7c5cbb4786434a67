"""What stands beside a map: arrow, legend, scale bar, notes, and the mark across it."""

from typing import Any, Final

import numpy as np
from matplotlib.patches import Polygon, Rectangle
from matplotlib.path import Path

from maps.figure.draw import draw_area, draw_points, line_of
from maps.figure.extent import Extent, round_length_m
from maps.figure.lettering import wrap_text, write
from maps.figure.model import FigureLayer
from maps.figure.panel import Panel, Place
from maps.figure.pattern import POINTS_PER_MM, Paper
from maps.figure.style import figure_styles, look_of
from maps.i18n import tr
from maps.numbers import columns_of
from maps.style.styles import Look

_TEXT_PT: Final = 6.5
_SMALL_PT: Final = 5.8
_LINE_MM: Final = 3.1
_SWATCH_MM: Final = (7.0, 3.8)
_COLUMN_MM: Final = 1.22
"""Width of a column of text (half a Chinese character) at the legend's size."""
_BAR_PIECES: Final = 4


class SideColumn:
    """The column right of a map, filled from the top down; its panel counts millimetres."""

    def __init__(self, figure: Any, place_mm: Place, letter: float, lang: str) -> None:  # noqa: ANN401 - matplotlib is untyped
        self._letter = letter
        self._lang = lang
        self._frame = figure_styles()["frame"]
        # Lengths are those at the size of a report; larger letters leave less of them.
        self._width_mm, self._top_mm = place_mm[2] / letter, place_mm[3] / letter
        self._panel = Panel(figure, place_mm, (0.0, 0.0, self._width_mm, self._top_mm))

    def clear(self) -> None:
        """Take all off again."""
        self._panel.clear()

    @property
    def left_mm(self) -> float:
        """What is still free; below zero if something ran out of the column."""
        return self._top_mm

    def arrow(self) -> None:
        """Draw a north arrow: black to the west, open to the east."""
        x, top, base = self._width_mm / 2.0, self._top_mm - 3.6, self._top_mm - 13.0
        ink = self._frame["ink"]
        self._write((x, self._top_mm), "N", 8.0, ha="center", va="top", color=ink)
        for side, fill in ((-1, ink), (1, "white")):
            corners = [(x, top), (x + side * 2.6, base), (x, base + 2.4)]
            self._panel.add(
                Polygon(corners, closed=True, facecolor=fill, edgecolor=ink, linewidth=0.6)
            )
        self._top_mm = base - 4.0

    def legend(self, layers: tuple[FigureLayer, ...], drawn: frozenset[int]) -> None:
        """List the layers that are drawn, the topmost first."""
        self._heading(tr("figure.legend", self._lang))
        for at in reversed(range(len(layers))):
            if at in drawn:
                self._entry(layers[at])

    def scale(self, extent: Extent) -> None:
        """Draw a scale bar and write the scale that holds at the size of print."""
        self._top_mm -= 1.5
        self._heading(tr("figure.scale", self._lang, denominator=f"{extent.denominator:,.0f}"))
        mm_per_m = 1000.0 / extent.denominator / self._letter
        piece_m = round_length_m(self._width_mm * 0.5 / mm_per_m / _BAR_PIECES)
        most_m = (self._width_mm - 6.0) / mm_per_m
        pieces = min(_BAR_PIECES, int(most_m // piece_m))
        y, ink = self._top_mm - 4.6, self._frame["ink"]
        for at in range(pieces):
            self._panel.add(
                Rectangle(
                    (at * piece_m * mm_per_m, y),
                    piece_m * mm_per_m,
                    1.1,
                    facecolor=ink if at % 2 == 0 else "white",
                    edgecolor=ink,
                    linewidth=0.5,
                )
            )
        for at in (0, pieces):
            unit = "" if at == 0 else " m" if pieces * piece_m < 2000 else " km"
            value = at * piece_m / (1000.0 if unit == " km" else 1.0)
            x = at * piece_m * mm_per_m
            align = "left" if at == 0 else "center"
            self._write((x, y + 1.6), f"{value:g}{unit}", _SMALL_PT, ha=align, color=ink)
        self._top_mm = y - 2.6

    def notes(self, notes: tuple[str, ...]) -> None:
        """Write what must be known to read the map."""
        for note in notes:
            for line in wrap_text(note, self._columns(_SMALL_PT)):
                self._line(0.0, line, _SMALL_PT, self._frame["quiet"])
                self._top_mm -= _LINE_MM * 0.92
            self._top_mm -= 0.7

    def _entry(self, layer: FigureLayer) -> None:
        look = look_of(layer.look)
        lines = wrap_text(layer.title, self._columns(_TEXT_PT, left_mm=_SWATCH_MM[0] + 1.8))
        self._swatch(layer, look)
        for line in lines:
            self._line(_SWATCH_MM[0] + 1.8, line, _TEXT_PT, self._frame["ink"])
            self._top_mm -= _LINE_MM
        self._top_mm -= max(0.0, _SWATCH_MM[1] - _LINE_MM * len(lines)) + 1.0

    def _swatch(self, layer: FigureLayer, look: Look) -> None:
        width, height = _SWATCH_MM
        bottom = self._top_mm - height
        middle = bottom + height / 2.0
        if layer.dimension == 2:
            corners = [(0, bottom), (width, bottom), (width, bottom + height), (0, bottom + height)]
            light: Look = {**look, "weight": min(look["weight"], 1.1)}
            if "dash" in look:
                # At full length, a long dash would leave half of the small box open.
                light["dash"] = " ".join(str(float(step) / 2.0) for step in look["dash"].split())
            paper = Paper(box=(0.0, bottom, width, bottom + height), mm=1.0)
            draw_area(self._panel, Path([*corners, corners[0]], closed=True), light, paper)
        elif layer.dimension == 1:
            self._panel.line([(0.0, middle), (width, middle)], **line_of(look))
        else:
            draw_points(self._panel, np.array([(width / 2.0, middle)]), look)

    def _heading(self, text: str) -> None:
        self._line(0.0, text, _TEXT_PT + 1.0, self._frame["ink"])
        self._top_mm -= 5.0

    def _line(self, x_mm: float, text: str, size_pt: float, colour: str) -> None:
        self._write((x_mm, self._top_mm), text, size_pt, va="top", color=colour)

    def _write(self, at: tuple[float, float], text: str, size_pt: float, **options: str) -> None:
        write(self._panel, at, text, size_pt * self._letter, **options)

    def _columns(self, size_pt: float, left_mm: float = 0.0) -> int:
        return int((self._width_mm - left_mm) / (_COLUMN_MM * size_pt / _TEXT_PT))


def draw_mark(panel: Panel, text: str) -> None:
    """Write a mark across a map, so that no copy of the map goes without it."""
    west, south, east, north = panel.bounds
    write(
        panel,
        ((west + east) / 2.0, (south + north) / 2.0),
        text,
        POINTS_PER_MM * 1.6 * panel.width_mm / max(columns_of(text), 12),
        ha="center",
        va="center",
        rotation=24,
        color=figure_styles()["frame"]["mark"],
        alpha=0.28,
        zorder=40,
    )
