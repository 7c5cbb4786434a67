"""Empty tables to fill in: the columns that the readers understand, in the reader's words."""

from typing import Final

from layers.density.intensity import zone_headers
from layers.density.permu import firm_headers
from layers.density.statistics.builtin import load_indicators
from layers.errors import NotFoundError
from maps.document.workbook import csv_bytes
from maps.i18n import tr

FIGURES: Final = "figures"
"""The table of what is missing, which depends on what is known."""
_NAMES: Final = ("statistics", FIGURES, "zones", "firms")


class UnknownTemplateError(NotFoundError):
    """There is no such table. Params: ``name``, ``known``."""

    code = "api.templates.unknown"


def table_template(name: str, lang: str) -> bytes:
    """Return a table of headers as CSV for Excel.

    Raises
    ------
    UnknownTemplateError
        There is none of this name.
    """
    if name == "statistics":
        headers = _statistics(lang)
    elif name == "zones":
        headers = zone_headers()
    elif name == "firms":
        headers = firm_headers(lang)
    else:
        raise UnknownTemplateError(name=name[:40], known=list(_NAMES))
    return csv_bytes([headers])


def _statistics(lang: str) -> list[str]:
    """Return headers of a wide table: unit, year, and each indicator with its unit of measure."""
    items = load_indicators().values()
    names = [item.name_zh if lang == "zh" else item.name_en for item in items]
    measured = [f"{name}({item.unit})" for name, item in zip(names, items, strict=True)]
    return [tr("table.unit_header", lang), tr("table.year_header", lang), *measured]
