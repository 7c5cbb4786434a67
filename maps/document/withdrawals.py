"""What was said of versions, in words: by whom, when and why they were withdrawn or restored."""

from collections.abc import Iterable, Iterator, Sequence

from maps.answers import VersionStep
from maps.document.model import Block, Paragraph
from maps.i18n import tr
from maps.numbers import day_and_time


def step_text(step: VersionStep, lang: str) -> str:
    """Return by whom, when and why a version was withdrawn or restored."""
    key = "withdrawals.withdrawn" if step.withdrawn else "withdrawals.restored"
    return tr(key, lang, name=step.name, reason=step.reason, at=day_and_time(step.at))


def steps_blocks(
    versions: Iterable[tuple[str, Sequence[VersionStep]]], lang: str
) -> Iterator[Block]:
    """Return what was said of versions, given by their names; nothing where nothing was."""
    for name, steps in versions:
        for step in steps:
            yield Paragraph(text=f"{name}  {step_text(step, lang)}", role="quote")
