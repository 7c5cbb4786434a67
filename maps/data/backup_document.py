"""A backup as a document."""

from maps.data.backup_answers import BackupOut
from maps.document.model import Document, Paragraph, sheet_of
from maps.i18n import tr


def backup_document(answer: BackupOut, lang: str) -> Document:
    """Return what was backed up or restored, and the digest to compare."""
    text = tr(
        "backup.restored" if answer.restored else "backup.made",
        lang,
        path=answer.path,
        files=answer.files,
        size_mb=round(answer.size_bytes / 1e6, 1),
        at=answer.made_at,
        sha256=answer.sha256,
    )
    return sheet_of("", (Paragraph(text=text),), lang=lang)
