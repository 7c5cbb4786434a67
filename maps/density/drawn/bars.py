"""Bars of values by name, each with its number, and a hatched one where a value is unknown."""

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from maps.document.chart import CHART_FONT, png_of
from maps.figure.lettering import wrap_within

_KNOWN: Final = "#0b6070"
_RANGE: Final = "#9ccbd3"
_LEFT: Final = 230
_ROW: Final = 28
_WIDEST: Final = 300
_SAID: Final = 190
_COLUMNS: Final = 34
_COLUMNS_SAID: Final = 30
_HATCH: Final = (
    '<defs><pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
    '<path d="M0 0V6" stroke="#8a94a0" stroke-width="2"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar: ``text`` is its number with what qualifies it, or why there is none.

    ``most`` is the upper end where a value is known only between bounds.
    """

    name: str
    value: float | None
    text: str
    most: float | None = None
    colour: str = _KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """All bars in one scale, in the order given; none is left out."""

    bars: tuple[Bar, ...]

    def svg(self) -> bytes:
        """Return the chart as SVG."""
        ends = [abs(one) for bar in self.bars for one in (bar.value, bar.most) if one is not None]
        scale = _WIDEST / max([*ends, 1e-12])
        width, height = _LEFT + _WIDEST + _SAID, _ROW * len(self.bars) + 6
        body = "".join(
            part for at, bar in enumerate(self.bars) for part in _drawn(bar, 3 + _ROW * at, scale)
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="{CHART_FONT}" font-size="12">'
            f"{_HATCH}{body}</svg>"
        ).encode()

    def png(self) -> bytes:
        """Return the chart as PNG."""
        return png_of(self.svg())


def _drawn(bar: Bar, y: int, scale: float) -> list[str]:
    long = 0.0 if bar.value is None else max(bar.value, 0.0) * scale
    most = long if bar.most is None else max(bar.most, 0.0) * scale
    parts = _lines(bar.name, _COLUMNS, _LEFT - 8, y, "end")
    if bar.value is None:
        parts.append(_rectangle(_LEFT, y, 24.0, "url(#unknown)"))
        most = 24.0
    else:
        # A bar that comes from a value is seen, however small it is.
        parts.append(_rectangle(_LEFT, y, max(long, 1.0), bar.colour))
        if most > long:
            parts.append(_rectangle(_LEFT + long, y, most - long, _RANGE))
    return [*parts, *_lines(bar.text, _COLUMNS_SAID, _LEFT + most + 6, y, "start")]


def _rectangle(x: float, y: int, width: float, fill: str) -> str:
    return f'<rect x="{x:.2f}" y="{y}" width="{width:.2f}" height="20" fill="{fill}"/>'


def _lines(text: str, columns: int, x: float, y: int, anchor: str) -> list[str]:
    lines = wrap_within(text, columns, 2)
    first = y + (15 if len(lines) == 1 else 9)
    return [
        f'<text x="{x:.1f}" y="{first + 12 * at}" text-anchor="{anchor}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    ]
