"""What was understood of a table of zones or firms, as a document."""

from maps.density.evaluated_answers import EvaluatedPreview, FigureRead
from maps.density.qualified import time_text
from maps.density.tables_document import finding_text
from maps.density.unread import unread_blocks
from maps.document.cells import Cell, Column, columns
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.document.reading import ledger_blocks
from maps.i18n import tables, tr
from maps.numbers import unit_text

_WORDS = {"zones": "quantities", "firms": "firm_quantities"}


def evaluated_document(answer: EvaluatedPreview, lang: str) -> Document:
    """Return every figure with what it was taken for, and what was not taken or is asked about."""
    more = answer.figures - len(answer.rows)
    blocks: list[Block] = [
        Paragraph(
            text=tr(
                f"table.{answer.what}_read", lang, records=answer.records, figures=answer.figures
            )
        ),
        Table(
            id=tr("table.value", lang),
            caption=tr("cli.table_understood", lang, name=answer.source_name),
            columns=columns("table", lang, Column(title="line", decimals=0),
                            Column(title="record", share=1.4), Column(title="heading", share=1.4),
                            Column(title="taken_for", share=1.4),
                            Column(title="value", align="right"), Column(title="value_unit"),
                            Column(title="period", share=1.2), Column(title="note", share=1.6)),
            rows=tuple(_row(one, answer.what, lang) for one in answer.rows),
            note=tr("cli.table_more_values", lang, count=more) if more > 0 else None,
        ),
        *ledger_blocks(answer.ledger, lang),
        *unread_blocks(answer.unread, [], lang),
    ]  # fmt: skip
    for title, found in (
        ("remarks", [*answer.not_taken, *answer.left_out]),
        ("questions", answer.questions),
    ):
        if found:
            blocks.append(Paragraph(text=tr(f"cli.table_{title}", lang), role="notice"))
            blocks += [Paragraph(text=finding_text(one, lang), role="item") for one in found]
    return sheet_of("", tuple(blocks), lang=lang)


def _row(one: FigureRead, what: str, lang: str) -> tuple[Cell, ...]:
    words = tables(lang)[_WORDS[what]]
    mark = one.qualifiers.mark
    return (
        one.line,
        one.name,
        one.heading,
        words.get(one.quantity, one.quantity),
        one.value,
        unit_text(one.unit, lang),
        time_text(one.qualifiers, lang),
        mark.text(lang) if mark else None,
    )
