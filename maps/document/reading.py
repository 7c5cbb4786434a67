"""Blocks for what rooms share: how an input was read, and which files were written."""

from collections.abc import Iterable

from maps.answers import Note, ReadReportOut, Written
from maps.document.model import Block, Document, Paragraph, sheet_of
from maps.i18n import tr
from maps.numbers import number


def read_blocks(report: ReadReportOut, lang: str) -> tuple[Block, ...]:
    """Return how the input was understood, with every note of its reader."""
    how = tr(f"evidence.{report.crs_how}", lang)
    read = tr("cli.read_as", lang, format=report.format, crs=report.crs, how=how)
    return (Paragraph(text=read), *(note_block(note, lang) for note in report.issues))


def note_block(note: Note, lang: str) -> Paragraph:
    """Return what a reader noticed, with the feature concerned."""
    where = f"[{note.feature_id}] " if note.feature_id else ""
    return Paragraph(text=f"{where}{tr(f'issues.{note.code}', lang, **note.params)}", role="item")


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
