"""Layers that come in as documents: what was understood, and what was stored."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from maps.answers import Title
from maps.data.answers import ImportConcern, ImportPreview, ImportResult
from maps.data.import_answers import (
    Choice,
    ClassMatchOut,
    CountyShareOut,
    FieldMatchOut,
    ImportChange,
    ImportChoices,
    ImportKind,
)
from maps.document.cells import Cell, Column
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.document.reading import read_blocks
from maps.i18n import tables, tr
from maps.numbers import number
from maps.refusals import concern_text

_MOST_COUNTIES: Final = 5
_MOST_VALUES: Final = 50


def preview_document(answer: ImportPreview, lang: str) -> Document:
    """Return how a layer was understood, value by value, before anything is stored."""
    said = {"id": answer.id, "count": answer.feature_count, "kind": answer.kind_title.text(lang)}
    blocks: list[Block] = [Paragraph(text=tr("layer_import.would_come", lang, **said))]
    blocks += counties_blocks(answer.counties, lang)
    if not answer.covered:
        blocks.append(Paragraph(text=tr("cli.uncovered", lang), tone="warning"))
    blocks += [*match_blocks(answer.matched, lang), *read_blocks(answer.read_report, lang)]
    blocks += [*change_blocks(answer.change, lang), *concern_blocks(answer.concerns, lang)]
    return sheet_of("", tuple(blocks), lang=lang)


def choices_document(answer: ImportChoices, lang: str) -> Document:
    """Return kinds of layers and rasters, dictionaries and areas, each with its id."""
    lists: dict[str, Sequence[ImportKind | Choice]] = {
        "layer_kinds": answer.layer_kinds,
        "raster_kinds": answer.raster_kinds,
        "dictionaries": answer.class_dictionaries,
        "prefectures": answer.prefectures,
        "counties": answer.counties,
    }
    columns = tuple(Column(title=tr(f"layer_import.{name}", lang)) for name in ("id", "title"))
    tables_of_choices = (
        Table(
            id=tr(f"layer_import.{name}", lang),
            caption=tr(f"layer_import.{name}", lang),
            columns=columns,
            rows=tuple((one.id, one.title.text(lang)) for one in choices),
        )
        for name, choices in lists.items()
    )
    return sheet_of("", tuple(tables_of_choices), lang=lang)


def change_blocks(change: ImportChange, lang: str) -> Iterator[Block]:
    """Return what an import takes the place of, and how many results rest on that."""
    if one := change.stands:
        said = {"id": one.id, "version": one.version, "title": one.title.text(lang)}
        yield Paragraph(text=tr("layer_import.would_store_nothing", lang, **said))
    for one in change.replaces:
        said = {"id": one.id, "version": one.version, "title": one.title.text(lang)}
        key = "would_replace_partly" if one.partly else "would_replace"
        yield Paragraph(text=tr(f"layer_import.{key}", lang, **said), role="notice")
    if change.resting:
        text = tr("layer_import.rest_on_these", lang, count=len(change.resting))
        yield Paragraph(text=text, role="notice")


def import_document(answer: ImportResult, lang: str) -> Document:
    """Return what an import stored and what it replaces; what was understood is said before."""
    layer = answer.layer
    key = "cli.imported" if answer.created else "cli.unchanged"
    stored = tr(key, lang, id=layer.id, version=layer.version, count=layer.feature_count)
    blocks: list[Block] = [Paragraph(text=stored), *replaced_blocks(answer.replaces, lang)]
    if answer.stood_in:
        text = tr("replacement.make_again", lang, id=layer.id)
        blocks.append(Paragraph(text=text, role="notice"))
    if answer.compiled is False:
        blocks.append(Paragraph(text=tr("cli.not_compiled", lang), tone="warning"))
    return sheet_of("", tuple(blocks), lang=lang)


def counties_blocks(counties: Sequence[CountyShareOut], lang: str) -> Iterator[Block]:
    """Return in which counties a layer lies."""
    outside = tr("layer_import.no_county", lang)
    shown = [
        f"{one.title.text(lang) if one.title else outside} {number(one.share_pct, 1)} %"
        for one in counties[:_MOST_COUNTIES]
    ]
    shown = shown or [outside]
    if len(counties) > _MOST_COUNTIES:
        shown.append(tr("layer_import.more", lang, count=len(counties) - _MOST_COUNTIES))
    yield Paragraph(text=tr("layer_import.lies_in", lang, counties=shown))


def match_blocks(matched: Sequence[FieldMatchOut], lang: str) -> Iterator[Block]:
    """Return in which fields the attributes of the kind were found, value by value."""
    names = ("attribute", "field", "value", "count", "meaning")
    columns = tuple(
        Column(title=tr(f"layer_import.{name}", lang), align="right" if name == "count" else None)
        for name in names
    )
    if matched:
        rows = tuple(row for one in matched for row in _rows(one, lang))
        title = tr("layer_import.matched", lang)
        yield Table(id=title, caption=title, columns=columns, rows=rows)
    for one in matched:
        if one.others:
            said = {"attribute": attribute_word(one.attribute, lang), "fields": one.others}
            yield Paragraph(text=tr("layer_import.others", lang, **said), role="item")


def concern_blocks(concerns: Iterable[ImportConcern], lang: str) -> Iterator[Block]:
    """Return what is asked about before a layer is stored."""
    for one in concerns:
        yield Paragraph(text=concern_text(one.code, one.params, lang), tone="warning")


def replaced_blocks(layer_ids: Iterable[str], lang: str) -> Iterator[Block]:
    """Return which demonstrations are no longer used."""
    for layer_id in layer_ids:
        yield Paragraph(text=tr("cli.replaces", lang, id=layer_id))


def attribute_word(name: str, lang: str) -> str:
    """Return an attribute in words and by its name; kinds of one's own may have no words."""
    word = tables(lang)["attributes"].get(name)
    return f"{word} ({name})" if word else name


def _rows(match: FieldMatchOut, lang: str) -> Iterator[tuple[Cell, ...]]:
    name = attribute_word(match.attribute, lang)
    if match.field is None:
        found = "not_found_asked" if match.asked else "not_found"
        yield name, "—", "", "", tr(f"layer_import.{found}", lang)
    elif not match.asked:
        yield name, match.field, "", "", tr("layer_import.told", lang)
    else:
        for one in match.values[:_MOST_VALUES]:
            yield name, match.field, one.said or "—", one.count, _meaning(one, lang)
        if (more := len(match.values) - _MOST_VALUES) > 0:
            yield name, match.field, tr("layer_import.more", lang, count=more), "", ""


def _meaning(one: ClassMatchOut, lang: str) -> str:
    if one.rules:
        return tr("layer_import.separator", lang).join(_names(one.rules, lang))
    return tr("layer_import.unknown" if one.meant is None else "layer_import.ended", lang)


def _names(rules: Iterable[Title], lang: str) -> list[str]:
    return list(dict.fromkeys(rule.text(lang) for rule in rules))
