"""What a list cannot show, in words: versions that a catalogue lost, and what is damaged."""

from collections.abc import Iterator, Sequence

from maps.document.model import Block, Paragraph
from maps.i18n import tr


def lost_blocks(names: Sequence[str], lang: str) -> Iterator[Block]:
    """Return which versions have a file that the catalogue does not know; nothing where none."""
    if names:
        yield Paragraph(text=tr("ui.versions_lost", lang, names=list(names)), tone="warning")


def damaged_blocks(names: Sequence[str], lang: str) -> Iterator[Block]:
    """Return which things could not be read and are left out; nothing where none."""
    if names:
        yield Paragraph(text=tr("ui.things_damaged", lang, names=list(names)), tone="warning")
