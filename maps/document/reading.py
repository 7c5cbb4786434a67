"""Blocks for what rooms share: how an input was read, and which files were written."""

from collections.abc import Iterable, Iterator
from typing import Final

from maps.answers import LedgerOut, LeftOutOut, Note, ReadReportOut, Written
from maps.document.model import Block, Document, Paragraph, sheet_of
from maps.i18n import tr
from maps.numbers import number

_BESIDE: Final = frozenset(
    {"layer_beside", "lies_beside", "kml_beside", "table_not_listed", "sheet_without_coordinates"}
)
"""Reasons of whole layers, sheets and files; all other parts are of what was read."""

MOST_LEFT_OUT: Final = 200
"""How many entries of a ledger a terminal shows; JSON and workbooks have all."""


def read_blocks(report: ReadReportOut, lang: str) -> tuple[Block, ...]:
    """Return how the input was understood, with every note of its reader."""
    how = tr(f"evidence.{report.crs_how}", lang)
    read = tr("cli.read_as", lang, format=report.format, crs=report.crs, how=how)
    notes = (note_block(note, lang) for note in report.issues)
    return (Paragraph(text=read), *notes, *ledger_blocks(report.ledger, lang))


def note_block(note: Note, lang: str) -> Paragraph:
    """Return what a reader noticed, with the feature concerned."""
    return Paragraph(text=note_text(note, lang), role="item")


def note_text(note: Note, lang: str) -> str:
    """Return what a reader noticed in words."""
    where = f"[{note.feature_id}] " if note.feature_id else ""
    return f"{where}{tr(f'issues.{note.code}', lang, **note.params)}"


def ledger_blocks(ledger: LedgerOut | None, lang: str) -> Iterator[Block]:
    """Return what of the input was left out, and why; nothing where all of it was used."""
    if ledger is None or not ledger.left_out:
        return
    yield Paragraph(text=ledger_sum(ledger, lang))
    for entry in ledger.left_out[:MOST_LEFT_OUT]:
        yield Paragraph(text=left_out_text(entry, lang), role="item")
    if (more := len(ledger.left_out) - MOST_LEFT_OUT) > 0:
        yield Paragraph(text=tr("ledger.more", lang, count=more), role="item")


def ledger_sum(ledger: LedgerOut, lang: str) -> str:
    """Return how many elements were found, used and left out, and how many parts and files."""
    beside = sum(entry.count for entry in ledger.left_out if entry.reason in _BESIDE)
    parts = sum(entry.count for entry in ledger.left_out if entry.part) - beside
    return tr(
        f"ledger.sum{'_parts' if parts else ''}{'_beside' if beside else ''}",
        lang,
        unit=tr(f"ledger.unit_{ledger.unit}", lang),
        found=ledger.found,
        used=ledger.used,
        left=ledger.found - ledger.used,
        parts=parts,
        beside=beside,
    )


def left_out_text(entry: LeftOutOut, lang: str) -> str:
    """Return which element was left out and why."""
    what = tr(f"ledger.what_{entry.what}", lang, label=entry.label)
    reason = tr(f"left_out.{entry.reason}", lang, **entry.params)
    count = tr("ledger.times", lang, count=entry.count) if entry.count > 1 else ""
    return tr("ledger.entry", lang, what=f"{what}{count}", reason=reason)


def written_blocks(files: Iterable[Written], lang: str) -> tuple[Block, ...]:
    """Return which files were written, and how large they are."""
    return tuple(
        Paragraph(
            text=tr("cli.written", lang, path=one.path, megabytes=number(one.size_bytes / 1e6, 2))
        )
        for one in files
    )


def written_document(answer: Written, lang: str) -> Document:
    """Return which file was written."""
    return sheet_of("", written_blocks([answer], lang), lang=lang)
