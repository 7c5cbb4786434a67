"""Text on a map: our own font, wrapped by the width of its characters, never as a formula."""

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any, Final

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.patheffects import withStroke

from maps.figure.panel import Panel
from maps.numbers import columns_of

_FONT: Final = str(files("maps").joinpath("fonts/NotoSansSC-Regular.otf"))
_UNKNOWN: Final = "\u25a1"


def write(
    panel: Panel,
    at: tuple[float, float],
    text: str,
    size_pt: float,
    **options: Any,  # noqa: ANN401 - matplotlib is untyped
) -> None:
    """Put a text on a panel; ``halo`` names the colour of a rim that keeps it legible.

    ``$`` is a dollar sign: matplotlib would read a name with two of them as a formula.
    """
    halo = options.pop("halo", None)
    if halo:
        options["path_effects"] = [withStroke(linewidth=size_pt / 4.0, foreground=halo)]
    font = FontProperties(fname=_FONT, size=size_pt)
    panel.text(at, legible(text), fontproperties=font, parse_math=False, **options)


def legible(text: str) -> str:
    """Return a text with a box for every character that the font does not hold."""
    known = _characters()
    return "".join(c if ord(c) in known or c == "\n" else _UNKNOWN for c in text)


def wrap_text(text: str, most_columns: int) -> list[str]:
    """Return a text in lines of at most so many columns; a Chinese character is two wide.

    Examples
    --------
    >>> wrap_text("CGCS2000 高斯-克吕格", 10)
    ['CGCS2000', '高斯-克吕', '格']
    >>> wrap_text("红线（图内无）", 6)
    ['红线', '（图内', '无）']
    """
    lines, line = [], ""
    for word in _words(text):
        if line and columns_of(line + word.rstrip()) > most_columns:
            lines.append(line.rstrip())
            line = ""
        line += word.lstrip() if not line else word
        while columns_of(line) > most_columns:
            cut = _fitting(line, most_columns)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def wrap_within(text: str, most_columns: int, most_lines: int) -> list[str]:
    """Return a text in at most so many lines; dots say that it goes on.

    Examples
    --------
    >>> wrap_within("one two three", 5, 2), wrap_within("one two", 5, 2)
    (['one', 'two…'], ['one', 'two'])
    """
    lines = wrap_text(text, most_columns)
    if len(lines) <= most_lines:
        return lines
    last = lines[most_lines - 1]
    while columns_of(last) >= most_columns:
        last = last[:-1]
    return [*lines[: most_lines - 1], f"{last}…"]


def _words(text: str) -> list[str]:
    """Return pieces between which a line may break: words, and single wide characters.

    Closing marks stay with what they close, opening ones with what follows.
    """
    pieces: list[str] = []
    joined = False
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF"
        category = unicodedata.category(char)
        before = pieces[-1][-1] if pieces else " "
        after_wide = unicodedata.east_asian_width(before) in "WF"
        closes = wide and category in ("Pe", "Po", "Pf")
        if pieces and (joined or closes or not (wide or after_wide or before == " ")):
            pieces[-1] += char
        else:
            pieces.append(char)
        joined = category in ("Ps", "Pi")
    return pieces


def _fitting(line: str, most_columns: int) -> int:
    at = 1
    while columns_of(line[: at + 1]) <= most_columns:
        at += 1
    return at


@cache
def _characters() -> frozenset[int]:
    return frozenset(FT2Font(_FONT).get_charmap())
