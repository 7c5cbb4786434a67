"""Scores of sites as bars of their contributions, drawn as SVG."""

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from maps.document.chart import CHART_FONT, png_of

COLOURS: Final = (
    "#0b6070", "#2fa4b0", "#f2b544", "#8a5a00", "#1d4e89", "#7aa6d6", "#1b6e3c", "#8cc79a",
    "#7b4b94", "#c49bd6", "#52606d", "#b3bcc6",
)  # fmt: skip
"""One for each criterion, in turn; neighbours differ in lightness, for print in grey."""

_LEFT: Final = 120
_ROW: Final = 26
_SCALE: Final = 5.2
_KEY: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Contributions of one site that are known, up to where its score may reach, and its text."""

    site: str
    values: tuple[float, ...]
    most: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionChart:
    """Bars out of 100; ``names`` of criteria. What is not known is an outline without ground."""

    names: tuple[str, ...]
    rows: tuple[Bar, ...]

    def svg(self) -> bytes:
        """Return the chart as SVG."""
        top = _KEY * ((len(self.names) + 1) // 2) + 10
        height = top + _ROW * len(self.rows) + 10
        width = _LEFT + 100 * _SCALE + 90
        parts = [self._key(at, name) for at, name in enumerate(self.names)]
        for at, bar in enumerate(self.rows):
            parts += _bar(top + _ROW * at, bar)
        body = "".join(parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" '
            f'width="{width:g}" height="{height}" font-family="{CHART_FONT}" font-size="12">'
            f"{body}</svg>"
        ).encode()

    def png(self) -> bytes:
        """Return the chart as PNG."""
        return png_of(self.svg())

    @staticmethod
    def _key(at: int, name: str) -> str:
        x, y = 10 + (at % 2) * 340, 4 + _KEY * (at // 2)
        colour = COLOURS[at % len(COLOURS)]
        return (
            f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>'
            f'<text x="{x + 18}" y="{y + 11}">{escape(name)}</text>'
        )


def _bar(y: int, bar: Bar) -> list[str]:
    x = float(_LEFT)
    parts = [f'<text x="{_LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(bar.site[:16])}</text>']
    for at, value in enumerate(bar.values):
        width = value * _SCALE
        colour = COLOURS[at % len(COLOURS)]
        parts.append(f'<rect x="{x:.2f}" y="{y}" width="{width:.2f}" height="18" fill="{colour}"/>')
        x += width
    open_ = (bar.most - sum(bar.values)) * _SCALE
    if open_ > 1.0:
        parts.append(
            f'<rect x="{x:.2f}" y="{y + 0.5}" width="{open_:.2f}" height="17" fill="none" '
            f'stroke="#52606d" stroke-dasharray="4 3"/>'
        )
        x += open_
    parts.append(f'<text x="{x + 6:.2f}" y="{y + 14}">{escape(bar.said)}</text>')
    return parts
