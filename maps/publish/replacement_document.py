"""The list of what rests on a layer that was replaced, before and after, as a document."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from maps.document.cells import Cell, Column, Tag
from maps.document.model import Block, Document, Paragraph, Section, Table, sheet_of
from maps.document.reading import written_blocks
from maps.i18n import tables, tr
from maps.numbers import number
from maps.publish.replacement_answers import (
    LayerNamed,
    Line,
    NotRestated,
    ReplacementList,
    ReplacementVerification,
    ReplacementWritten,
    Restated,
    Value,
)
from maps.refusals import refusal_text

MOST_ROWS: Final = 200
"""On paper and at a terminal; a workbook has all."""
_WORDS: Final = {
    "verdict": "verdicts", "outcome": "outcomes", "reason": "reasons", "reasons": "reasons",
    "status": "statuses", "constraint": "siting",
}  # fmt: skip
"""Tables of words for codes, by item."""
_PARTS: Final = {"reasons": "; ", "status": ", "}
"""What parts the codes of an item that has several."""
_DECIMALS: Final = {
    "area_ha": 4, "area_km2": 4, "density": 4, "overlap_m2": 2, "place": 0, "score": 2,
    "sites": 0, "trim_m2": 2,
}  # fmt: skip
_TONES: Final = {"changed": "conflict", "undetermined": "undetermined", "same": "clear"}


def list_document(answer: ReplacementList, lang: str) -> Document:
    """Return which layer came, what stood in for it, and every line before and after."""
    return _document(answer, (), lang)


def replacement_document(answer: ReplacementWritten, lang: str) -> Document:
    """Return the list with its digest and the files that were written."""
    said = Paragraph(text=tr("replacement.digest", lang, sha256=answer.sha256), role="citation")
    return _document(answer.listed, (said, *written_blocks(answer.outputs, lang)), lang)


def verification_document(answer: ReplacementVerification, lang: str) -> Document:
    """Return whether a list is true, or what is otherwise."""
    key = "same" if answer.same else "differs"
    blocks: list[Block] = [
        Paragraph(
            text=tr(f"replacement.{key}", lang, count=answer.items),
            tone="clear" if answer.same else "conflict",
        ),
        Paragraph(text=tr("replacement.digest", lang, sha256=answer.sha256)),
    ]
    blocks += [
        Paragraph(text=tr(f"replacement_unproved.{one}", lang), role="notice")
        for one in answer.unproved
    ]
    blocks += [Paragraph(text=one.text, role="item") for one in answer.differences]
    return sheet_of("", tuple(blocks), lang=lang)


def _document(answer: ReplacementList, more: tuple[Block, ...], lang: str) -> Document:
    former = ", ".join(_named(one, lang) for one in answer.former)
    layer = _named(answer.layer, lang)
    lead = tr("replacement.lead", lang, layer=layer, former=former, day=answer.today)
    states = Counter(one.state for one in answer.items)
    said = [f"{tr(f'replacement_states.{name}', lang)}  {states[name]}" for name in sorted(states)]
    said = said or [tr("replacement.nothing", lang)]
    blocks = [Paragraph(text=lead, role="notice"), *(Paragraph(text=text) for text in said)]
    tables_ = (_items(answer.items, lang), _lines(answer.items, lang), _left(answer.left_out, lang))
    sections = [Section(title=one.id, blocks=(one,), wide=True) for one in tables_ if one.rows]
    return Document(
        lang=lang, title="", sections=(Section(title="", blocks=(*blocks, *more)), *sections)
    )


def _named(layer: LayerNamed, lang: str) -> str:
    status = tr(f"statuses.{layer.status}", lang)
    return f"{layer.title.text(lang)} {layer.id}@{layer.version} ({status})"


def _table(
    name: str, heads: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]], lang: str
) -> Table:
    columns = tuple(
        Column(title=tr(f"replacement.{one.title}", lang), share=one.share, data_only=one.data_only)
        for one in heads
    )
    title = tr(f"replacement.sheet_{name}", lang)
    return Table(id=title, caption=None, columns=columns, rows=tuple(rows), most_rows=MOST_ROWS)


def _items(items: list[Restated], lang: str) -> Table:
    heads = (
        Column(title="what"), Column(title="name", share=2.0), Column(title="state"),
        Column(title="before", share=2.0), Column(title="after", share=2.0),
        Column(title="besides", share=1.6), Column(title="before_id", data_only=True),
        Column(title="after_id", data_only=True), Column(title="before_sha256", data_only=True),
        Column(title="after_sha256", data_only=True),
    )  # fmt: skip
    rows = [
        (
            tr(f"replacement_whats.{one.what}", lang),
            one.name.text(lang) or None,
            Tag(text=tr(f"replacement_states.{one.state}", lang), tone=_TONES[one.state]),
            _first(one, "before", lang),
            _first(one, "after", lang),
            "; ".join(_why(one, lang)) or None,
            one.before_id,
            one.after_id,
            one.before_sha256,
            one.after_sha256,
        )
        for one in items
    ]
    return _table("items", heads, rows, lang)


def _first(item: Restated, side: str, lang: str) -> str | None:
    """Return the main result of one side, with what it is."""
    if not item.lines:
        return None
    line = item.lines[0]
    return f"{_item(line, lang)} {_value(line, getattr(line, side), lang)}"


def _why(item: Restated, lang: str) -> Iterator[str]:
    yield from (tr(f"stale_causes.{cause}", lang) for cause in item.besides)
    if item.refusal:
        yield refusal_text(item.refusal.code, item.refusal.params, lang)


def _lines(items: list[Restated], lang: str) -> Table:
    heads = (
        Column(title="what"), Column(title="name", share=2.0), Column(title="subject", share=2.0),
        Column(title="item"), Column(title="before", share=1.6), Column(title="after", share=1.6),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            tr(f"replacement_whats.{one.what}", lang),
            one.name.text(lang) or None,
            line.subject.text(lang) if line.subject else None,
            _item(line, lang),
            _value(line, line.before, lang),
            _value(line, line.after, lang),
        )
        for one in items
        for line in one.lines
    ]
    return _table("lines", heads, rows, lang)


def _item(line: Line, lang: str) -> str:
    said = tr(f"replacement_items.{line.item}", lang)
    return f"{said} {line.unit}" if line.unit else said


def _value(line: Line, value: Value, lang: str) -> str:
    if value is None:
        return "—"
    if isinstance(value, float):
        return number(value, _DECIMALS.get(line.item, 2))
    if line.item == "problem":
        return refusal_text(value, {}, lang)
    words, mark = tables(lang).get(_WORDS.get(line.item, ""), {}), _PARTS.get(line.item)
    codes = value.split(mark) if mark else [value]
    return (mark or "").join(words.get(code, code) for code in codes)


def _left(left_out: list[NotRestated], lang: str) -> Table:
    heads = (Column(title="what"), Column(title="name", share=2.0), Column(title="why", share=2.0))
    rows: list[tuple[Cell, ...]] = [
        (
            tr(f"replacement_whats.{one.what}", lang),
            one.id,
            tr(f"replacement_reasons.{one.reason}", lang),
        )
        for one in left_out
    ]
    return _table("left_out", heads, rows, lang)
