"""A chart that is drawn as SVG, set on a page of its own."""

from typing import Any, Final

import typst

from maps.document.pdf import FONTS

CHART_FONT: Final = "Noto Sans SC"
_PAGE: Final = (
    b"#set document(date: none)\n#set page(width: auto, height: auto, margin: 2pt)\n"
    b'#image("chart.svg")\n'
)
# Its types know no files by name, though it takes them.
_set: Final[Any] = typst.compile
_PRINT_PPI: Final = 220.0


def png_of(svg: bytes) -> bytes:
    """Return a chart as PNG, with the fonts that ship."""
    given = {"main.typ": _PAGE, "chart.svg": svg}
    return bytes(
        _set(given, format="png", ppi=_PRINT_PPI, font_paths=[str(FONTS)], ignore_system_fonts=True)
    )
