"""Withdrawals as documents: how a version stands, and what rests on it."""

from collections.abc import Iterator

from maps.data.withdrawal_answers import Resting, VersionStanding, WithdrawnVersion
from maps.document.cells import Column, Tag
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.document.withdrawals import step_text
from maps.i18n import tables, tr


def standing_document(answer: VersionStanding, lang: str) -> Document:
    """Return how a version stands after it was withdrawn or restored, and what rests on it."""
    return sheet_of("", tuple(_blocks(answer, lang)), lang=lang)


def withdrawn_text(one: WithdrawnVersion, lang: str) -> str:
    """Return which version was withdrawn, by whom, when and why."""
    return f"{_named(one, lang)}  {step_text(one.step, lang)}"


def _named(one: WithdrawnVersion | VersionStanding, lang: str) -> str:
    return tr(f"withdrawals.{one.what}", lang, id=one.id, version=one.version)


def _blocks(answer: VersionStanding, lang: str) -> Iterator[Block]:
    yield Paragraph(text=f"{_named(answer, lang)}  {step_text(answer.steps[-1], lang)}")
    if answer.in_use is None:
        yield Paragraph(text=tr("withdrawals.none_in_use", lang), tone="warning")
    elif "publication" in answer.what:
        yield Paragraph(text=tr("withdrawals.shown", lang, version=answer.in_use))
    else:
        yield Paragraph(text=tr("withdrawals.in_use", lang, version=answer.in_use))
    if answer.cannot_tell is not None:
        title, named = answer.kind_title, tables(lang)["raster_kinds"]
        kind = title.text(lang) if title else named.get(answer.cannot_tell, answer.cannot_tell)
        yield Paragraph(text=tr("withdrawals.cannot_tell", lang, kind=kind), tone="warning")
    if not answer.resting:
        yield Paragraph(text=tr("withdrawals.nothing_rests", lang))
        return
    yield Paragraph(text=tr("withdrawals.rests", lang, count=len(answer.resting)))
    columns = tuple(
        Column(title=tr(f"withdrawals.col_{name}", lang))
        for name in ("what", "id", "name", "day", "verdict")
    )
    rows = tuple(_row(one, lang) for one in answer.resting)
    yield Table(id=columns[0].title, caption=None, columns=columns, rows=rows)


def _row(one: Resting, lang: str) -> tuple[str | Tag | None, ...]:
    name = tr("withdrawals.unreadable", lang) if one.unreadable else one.name
    verdict = (
        Tag(text=tr(f"verdicts.{one.verdict}", lang), tone=one.verdict) if one.verdict else None
    )
    return tr(f"withdrawals.col_{one.what}", lang), one.id, name, one.day, verdict
