"""Files that were read and written again, as plain text for a terminal."""

from collections.abc import Mapping
from typing import Any

from maps.document.text import report_lines, written_text
from maps.i18n import tr


def converted_text(answer: Mapping[str, Any], lang: str) -> str:
    """Return which file was written, in which CRS, and how the input was understood."""
    lines = [written_text(answer, lang), tr("cli.written_crs", lang, crs=answer["crs"])]
    return "\n".join((*lines, *report_lines(answer["read_report"], lang)))
