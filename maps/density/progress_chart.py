"""Bars of progress to targets, with a mark for the time that has passed, drawn as SVG."""

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from maps.document.chart import CHART_FONT, png_of
from maps.figure.lettering import wrap_within

COLOURS: Final = {
    "reached": "#0b6070", "on_time": "#2fa4b0", "slightly_behind": "#f2b544", "behind": "#b3412e",
}  # fmt: skip
_NO_JUDGEMENT: Final = "#b3bcc6"
_LEFT: Final = 260
_ROW: Final = 30
_SCALE: Final = 3.2
_MOST_PCT: Final = 125.0
_COLUMNS: Final = 38


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressChart:
    """All bars of a statement: ``rows`` of name, percent of the target, judgement and what is said.

    Without a percent there is no bar, and what is said beside its name is why.
    """

    rows: tuple[tuple[str, float | None, str, str], ...]
    time_pct: float
    time_text: str

    def svg(self) -> bytes:
        """Return the chart as SVG."""
        top, height = 26, 26 + _ROW * len(self.rows) + 10
        width = _LEFT + _MOST_PCT * _SCALE + 70
        at = _LEFT + self.time_pct * _SCALE
        parts = [
            f'<text x="{at:.1f}" y="14" text-anchor="middle">{escape(self.time_text)}</text>',
            *(
                line
                for place, row in enumerate(self.rows)
                for line in _bar(top + _ROW * place, *row)
            ),
            f'<path d="M{at:.1f} 18V{height - 6}" stroke="#333" stroke-dasharray="4 3"/>',
        ]
        body = "".join(parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" '
            f'width="{width:g}" height="{height}" font-family="{CHART_FONT}" font-size="12">'
            f"{body}</svg>"
        ).encode()

    def png(self) -> bytes:
        """Return the chart as PNG."""
        return png_of(self.svg())


def _bar(y: int, name: str, pct: float | None, judgement: str, said: str) -> list[str]:
    colour = COLOURS.get(judgement, _NO_JUDGEMENT)
    lines = wrap_within(name, _COLUMNS, 2)
    first = y + (15 if len(lines) == 1 else 9)
    named = [
        f'<text x="{_LEFT - 8}" y="{first + 13 * at}" text-anchor="end">{escape(line)}</text>'
        for at, line in enumerate(lines)
    ]
    if pct is None:
        return [*named, f'<text x="{_LEFT + 6}" y="{y + 15}" fill="#52606d">{escape(said)}</text>']
    width = min(max(pct, 0.0), _MOST_PCT) * _SCALE
    # A bar that is longer than the paper is broken, and its number says how long it is.
    broken = ' stroke="#333" stroke-dasharray="2 2"' if pct > _MOST_PCT else ""
    return [
        *named,
        f'<rect x="{_LEFT}" y="{y}" width="{width:.2f}" height="20" fill="{colour}"{broken}/>',
        f'<text x="{_LEFT + _MOST_PCT * _SCALE + 6:g}" y="{y + 15}">{escape(said)}</text>',
    ]
