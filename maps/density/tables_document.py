"""Imported statistics as documents: what was stored, what there is, what was refused."""

from collections.abc import Mapping

from maps.density.qualified import quality_text, relation_text
from maps.density.statistics_answers import (
    PreviewRow,
    ReplacedFigure,
    TableFinding,
    TableImport,
    TableList,
    TableOut,
    TablePreview,
    TableRefusal,
)
from maps.document.cells import Cell, Column, Marked, columns
from maps.document.faults import damaged_blocks
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.document.withdrawals import steps_blocks
from maps.i18n import tr
from maps.numbers import numbers_apart, unit_text


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
    blocks += [Paragraph(text=line, role="item") for line in replaced_lines(answer, lang)]
    return sheet_of("", tuple(blocks), lang=lang)


def replaced_lines(answer: TableImport | TablePreview, lang: str) -> list[str]:
    """Return both values and sources of every figure that another takes the place of."""
    return [_replaced_line(one, lang) for one in answer.replacements]


def _replaced_line(one: ReplacedFigure, lang: str) -> str:
    before, after = numbers_apart(one.before.value, one.after.value, 2)
    return tr(
        "cli.figure_replaced",
        lang,
        what=" ".join(_what(one.after, lang)),
        before=_sourced(one.before, before, lang),
        after=_sourced(one.after, after, lang),
        dataset=one.dataset or tr("cli.shipped_figures", lang),
    )


def _sourced(row: PreviewRow, value: str, lang: str) -> str:
    """Return a value with what qualifies it and where it is from."""
    relation = relation_text(row.relation, lang) if row.relation != "=" else ""
    return tr(
        "cli.figure_sourced",
        lang,
        value=f"{relation} {value} {unit_text(row.unit, lang)}".strip(),
        source=row.source,
        quality=quality_text(row.quality, lang) or "—",
    )


def _what(row: PreviewRow, lang: str) -> tuple[str, str, str]:
    """Return the unit, the quantity and the time of a figure."""
    land = tr(f"denominators.{row.role.removeprefix('land:')}", lang) if row.name is None else ""
    kind = tr(f"periods.{row.period}", lang)
    return (
        row.unit_name.text(lang),
        row.name.text(lang) if row.name else land,
        f"{row.year} ({', '.join(filter(None, (row.months, kind)))})",
    )


def tables_document(answer: TableList, lang: str) -> Document:
    """Return data sets, or the versions of one."""
    names = ("id", "version", "count", "years", "file")
    table = Table(
        id="tables",
        caption=None,
        columns=columns("cli", lang, *(Column(title=f"col_{name}") for name in names)),
        rows=tuple(
            (Marked(value=one.dataset, mark=_mark(one, lang)), one.version,
             one.values + one.areas, ", ".join(map(str, one.years)), one.source_name)
            for one in answer.tables
        ),
    )  # fmt: skip
    none = Paragraph(text=tr("cli.no_tables", lang))
    told = [(f"{one.dataset} v{one.version}", one.withdrawals) for one in answer.tables]
    blocks: tuple[Block, ...] = (table,) if answer.tables else (none,)
    damaged = damaged_blocks(answer.damaged, lang)
    return sheet_of("", (*blocks, *damaged, *steps_blocks(told, lang)), lang=lang)


def _mark(one: TableOut, lang: str) -> str | None:
    if one.withdrawn:
        return tr("withdrawals.badge", lang)
    return None if one.in_use else tr("cli.replaced", lang)


def preview_document(answer: TablePreview, lang: str) -> Document:
    """Return what a table was understood to say, value by value, and what is asked about."""
    more = answer.values + answer.areas - len(answer.rows)
    table = Table(
        id=tr("table.value", lang),
        caption=tr("cli.table_understood", lang, name=answer.source_name),
        columns=columns("table", lang, Column(title="unit_name", share=1.4),
                        Column(title="indicator", share=1.4), Column(title="period"),
                        Column(title="relation"), Column(title="value", align="right"),
                        Column(title="value_unit"), Column(title="quality"),
                        Column(title="note"), Column(title="replaces", decimals=2),
                        Column(title="source", share=2.0)),
        rows=tuple(_understood(row, lang) for row in answer.rows),
        note=tr("cli.table_more_values", lang, count=more) if more > 0 else None,
    )  # fmt: skip
    blocks: list[Block] = [table]
    blocks += [Paragraph(text=tr("cli.table_note", lang, note=note)) for note in answer.notes]
    if replaced := replaced_lines(answer, lang):
        blocks.append(Paragraph(text=tr("cli.figures_replaced", lang), role="notice"))
        blocks += [Paragraph(text=line, role="item") for line in replaced]
    for title, found in (("remarks", answer.remarks), ("questions", answer.questions)):
        if found:
            blocks.append(Paragraph(text=tr(f"cli.table_{title}", lang), role="notice"))
            blocks += [Paragraph(text=finding_text(one, lang), role="item") for one in found]
    return sheet_of("", tuple(blocks), lang=lang)


def problem_lines(params: Mapping[str, object], lang: str) -> list[str]:
    """Return every row of a refused table that does not fit, in words."""
    refusal = TableRefusal.model_validate(params)
    lines = [f"- {finding_text(item, lang)}" for item in refusal.problems]
    if refusal.count > len(refusal.problems):
        lines.append(tr("cli.table_more", lang, count=refusal.count - len(refusal.problems)))
    return lines


def _understood(row: PreviewRow, lang: str) -> tuple[Cell, ...]:
    held = row.replaces_dataset or tr("cli.shipped_figures", lang)
    replaces = None
    if row.replaces is not None:
        replaces = Marked(value=row.replaces, mark=f"{held}: {row.replaces_source}")
    return (
        *_what(row, lang),
        relation_text(row.relation, lang),
        row.value,
        unit_text(row.unit, lang),
        quality_text(row.quality, lang),
        row.note,
        replaces,
        row.source,
    )


def finding_text(item: TableFinding, lang: str) -> str:
    """Return a place of a table with what is to be said of it."""
    text = tr(f"table_problems.{item.code}", lang, text=item.text or "—")
    where = tr("cli.table_line", lang, line=item.line) if item.line else ""
    where = tr("cli.table_cell", lang, line=item.line, cell=item.cell) if item.cell else where
    column = f"“{item.column}”" if item.column else ""
    return f"{where}{column} {text}".replace("  ", " ").strip()
