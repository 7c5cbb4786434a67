"""A template to begin from: every field with what it is, and every chapter in its place."""

import io
from typing import Any, Final

import docx

from maps.check.report.fields import FIELDS
from maps.check.report.report import CHAPTERS
from maps.document.office import CHAPTER
from maps.document.word_style import CELL_STYLE, ensure_styles, rule_table, set_styles
from maps.document.workbook import without_clock
from maps.i18n import tr

LISTS: Final = frozenset({"notices", "sites"})
"""Fields that hold several texts."""


def sample_template(lang: str) -> bytes:
    """Return a Word template that names every field and every chapter, in a language."""
    document: Any = docx.Document()
    set_styles(document, lang)
    ensure_styles(document)
    document.add_heading("{{ title }}", level=1)
    document.add_paragraph(tr("template.lead", lang))
    table = document.add_table(len(FIELDS), 2)
    rule_table(table)
    for row, field in zip(table.rows, FIELDS, strict=True):
        name, value = row.cells
        name.text, value.text = tr(f"template_fields.{field}", lang), field_text(field)
        for cell in (name, value):
            cell.paragraphs[0]._p.style = CELL_STYLE
    document.add_page_break()
    for name in CHAPTERS:
        document.add_paragraph(field_text(f"{CHAPTER}{name}"))
    written = io.BytesIO()
    document.save(written)
    return without_clock(written.getvalue())


def field_text(field: str) -> str:
    """Return how a template writes a field.

    Examples
    --------
    >>> field_text("project"), field_text("sites")
    ('{{ project }}', '{{ sites | join("; ") }}')
    """
    return f'{{{{ {field} | join("; ") }}}}' if field in LISTS else f"{{{{ {field} }}}}"
