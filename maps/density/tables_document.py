"""Imported statistics as documents: what was stored, what there is, what was refused."""

from collections.abc import Mapping

from maps.density.density_document import quality_text
from maps.density.statistics_answers import TableImport, TableList, TablePreview, TableRefusal
from maps.document.cells import Column, columns
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.i18n import tr
from maps.numbers import unit_text


def import_document(answer: TableImport, lang: str) -> Document:
    """Return what an import of a table stored, and how its columns were read."""
    stored = answer.table
    key = "cli.table_imported" if answer.created else "cli.table_unchanged"
    lines = [
        tr(key, lang, id=stored.dataset, version=stored.version, values=stored.values,
           areas=stored.areas),
        tr("cli.table_header", lang, line=answer.header_line),
    ]  # fmt: skip
    blocks: list[Block] = [Paragraph(text=line) for line in lines]
    blocks += [
        Paragraph(text=f"{name}: {role}", role="item") for name, role in answer.columns.items()
    ]
    if answer.replaced:
        blocks.append(Paragraph(text=tr("cli.table_replaced", lang, count=answer.replaced)))
    return sheet_of("", tuple(blocks), lang=lang)


def tables_document(answer: TableList, lang: str) -> Document:
    """Return data sets, or the versions of one."""
    names = ("id", "version", "count", "years", "file")
    table = Table(
        id="tables",
        caption=None,
        columns=columns("cli", lang, *(Column(title=f"col_{name}") for name in names)),
        rows=tuple(
            (one.dataset, one.version, one.values + one.areas, ", ".join(map(str, one.years)),
             one.source_name)
            for one in answer.tables
        ),
    )  # fmt: skip
    none = Paragraph(text=tr("cli.no_tables", lang))
    blocks: tuple[Block, ...] = (table,) if answer.tables else (none,)
    return sheet_of("", blocks, lang=lang)


def problem_lines(params: Mapping[str, object], lang: str) -> list[str]:
    """Return every row of a refused table that does not fit, in words."""
    refusal = TableRefusal.model_validate(params)
    lines = []
    for item in refusal.problems:
        text = tr(f"table_problems.{item.code}", lang, text=item.text or "—")
        where = tr("cli.table_line", lang, line=item.line) if item.line else ""
        column = f"“{item.column}”" if item.column else ""
        lines.append(f"- {where}{column} {text}".replace("  ", " "))
    if refusal.count > len(refusal.problems):
        lines.append(tr("cli.table_more", lang, count=refusal.count - len(refusal.problems)))
    return lines


def preview_document(answer: TablePreview, lang: str) -> Document:
    """Return what an import would take in, value by value."""
    said = tr("density_tables.table_preview", lang, name=answer.source_name,
              line=answer.header_line, values=answer.values, areas=answer.areas,
              replaced=answer.replaced)  # fmt: skip
    table = Table(
        id=tr("table.value", lang),
        caption=None,
        columns=columns("table", lang, Column(title="unit", share=1.4), Column(title="indicator"),
                        Column(title="period"), Column(title="value", decimals=4),
                        Column(title="value_unit"), Column(title="quality"),
                        Column(title="source", share=2.0)),
        rows=tuple(
            (one.unit_name.text(lang), one.role.partition(":")[2], one.period, one.value,
             unit_text(one.unit, lang), quality_text(one.quality, lang), one.source)
            for one in answer.rows
        ),
    )  # fmt: skip
    blocks = (Paragraph(text=said), table)
    return sheet_of("", blocks, lang=lang)
