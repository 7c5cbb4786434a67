"""Layers, rasters, conversions and the state of the installation as documents."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from maps.answers import JsonObject
from maps.data.answers import LayerList, LayerOut
from maps.data.health_answers import Health, RuleEnd
from maps.data.import_document import change_blocks, concern_blocks, replaced_blocks
from maps.data.intake_answers import Converted
from maps.data.raster_answers import (
    RasterImport,
    RasterList,
    RasterOut,
    RasterPreview,
    RecipeList,
)
from maps.data.withdrawal_document import withdrawn_text
from maps.document.cells import Cell, Column, Marked
from maps.document.faults import lost_blocks
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.document.reading import read_blocks, written_blocks
from maps.document.withdrawals import steps_blocks
from maps.i18n import tr
from maps.numbers import number

_NUMBERS: Final = ("version", "count", "pixel")


def layers_document(answer: LayerList, lang: str) -> Document:
    """Return layers or versions as a table."""
    rows = (
        (
            one.id,
            one.title.text(lang),
            _status(one, lang),
            one.version,
            one.feature_count,
        )
        for one in answer.layers
    )
    names = ("id", "title", "status", "version", "count")
    more = (*lost_blocks(answer.lost, lang), *_withdrawal_blocks(answer.layers, lang))
    return _list_of(names, rows, lang, more)


def rasters_document(answer: RasterList, lang: str) -> Document:
    """Return rasters or versions of one as a table."""
    rows = (
        (
            one.id,
            one.title.text(lang),
            one.kind_title.text(lang),
            _status(one, lang),
            one.version,
            number(one.pixel_m, 1),
            one.crs,
        )
        for one in answer.rasters
    )
    names = ("id", "title", "raster_kind", "status", "version", "pixel", "crs")
    more = (*lost_blocks(answer.lost, lang), *_withdrawal_blocks(answer.rasters, lang))
    return _list_of(names, rows, lang, more)


def recipes_document(answer: RecipeList, lang: str) -> Document:
    """Return the open rasters that can be fetched, with their licences."""
    rows = (
        (one.id, one.title.text(lang), tr(f"raster_kinds.{one.kind}", lang))
        for one in answer.recipes
    )
    sources = (
        Paragraph(text=f"{one.id}: {one.source}. {one.licence}", role="citation")
        for one in answer.recipes
    )
    return _list_of(("id", "title", "raster_kind"), rows, lang, sources)


def raster_import_document(answer: RasterImport, lang: str) -> Document:
    """Return what an import of a raster stored and what it replaces."""
    key = "cli.raster_imported" if answer.created else "cli.raster_unchanged"
    issues = (
        Paragraph(text=tr(f"issues.{issue['code']}", lang, **issue["params"]))
        for issue in answer.read_report["issues"]
    )
    concerns = concern_blocks(answer.concerns, lang)
    stored = Paragraph(text=_raster_text(key, answer.raster, lang))
    replaced = replaced_blocks(answer.replaces, lang)
    return sheet_of("", (stored, *replaced, *concerns, *issues), lang=lang)


def raster_preview_document(answer: RasterPreview, lang: str) -> Document:
    """Return what of a raster would come in, and what it would change."""
    said = {
        "id": answer.id,
        "kind": answer.kind_title.text(lang),
        "crs": answer.crs,
        **_raster_numbers(answer, lang),
    }
    blocks = (
        Paragraph(text=tr("layer_import.raster_would_come", lang, **said)),
        *change_blocks(answer.change, lang),
        *concern_blocks(answer.concerns, lang),
    )
    return sheet_of("", blocks, lang=lang)


def converted_document(answer: Converted, lang: str) -> Document:
    """Return which file was written, in which CRS, and how the input was understood."""
    blocks = (
        *written_blocks([answer], lang),
        Paragraph(text=tr("cli.written_crs", lang, crs=answer.crs)),
        *read_blocks(answer.read_report, lang),
    )
    return sheet_of("", blocks, lang=lang)


def health_document(answer: Health, lang: str) -> Document:
    """Return the health of the installation and of everything that is stored."""
    texts = [f"{name} {version}" for name, version in answer.software.items()]
    texts.append(tr("cli.data_dir", lang, path=answer.data_dir))
    if answer.rebuilt:
        texts.append(tr("cli.rebuilt", lang, count=answer.rebuilt))
    texts += [tr(f"ailments.{one.what}", lang, name=one.name) for one in answer.findings]
    texts += [tr(f"ailments.{one.what}", lang, name=one.name) for one in answer.incomplete]
    texts += [withdrawn_text(one, lang) for one in answer.withdrawn]
    texts += [_law_text(one, lang) for one in answer.laws]
    if answer.audit_head is not None:
        texts.append(tr("people.audit_head", lang, head=answer.audit_head))
    texts.append(tr("cli.sound" if answer.sound else "cli.unsound", lang))
    return sheet_of("", tuple(Paragraph(text=text) for text in texts), lang=lang)


def features_document(answer: JsonObject, lang: str) -> Document:
    """Return the features of a layer, given as GeoJSON, with their names."""
    rows = (
        (str(feature["id"]), str(feature["properties"].get(f"name_{lang}") or ""))
        for feature in answer["features"]
    )
    count = answer["layer"]
    cut = [Paragraph(text=tr("cli.features_cut", lang, **count))]
    return _list_of(
        ("id", "title"), rows, lang, cut if count["matched"] > count["returned"] else ()
    )


def _list_of(
    names: Sequence[str],
    rows: Iterable[tuple[Cell, ...]],
    lang: str,
    more: Iterable[Block] = (),
) -> Document:
    columns = tuple(
        Column(title=tr(f"cli.col_{name}", lang), align="right" if name in _NUMBERS else None)
        for name in names
    )
    table = Table(id=tr("cli.col_id", lang), caption=None, columns=columns, rows=tuple(rows))
    return sheet_of("", (table, *more), lang=lang)


def _status(one: LayerOut | RasterOut, lang: str) -> Cell:
    replaced = None if one.in_use else tr("cli.replaced", lang)
    mark = tr("withdrawals.badge", lang) if one.withdrawn else replaced
    return Marked(value=tr(f"statuses.{one.status}", lang), mark=mark)


def _withdrawal_blocks(versions: Iterable[LayerOut | RasterOut], lang: str) -> Iterator[Block]:
    told = [(f"{one.id} v{one.version}", one.withdrawals) for one in versions]
    return steps_blocks(told, lang)


def _raster_text(key: str, raster: RasterOut, lang: str) -> str:
    return tr(
        key,
        lang,
        id=raster.id,
        version=raster.version,
        **_raster_numbers(raster, lang),
    )


def _raster_numbers(raster: RasterOut | RasterPreview, lang: str) -> dict[str, object]:
    return {
        "columns": raster.columns,
        "rows": raster.rows,
        "pixel_m": number(raster.pixel_m, 1),
        "least": number(raster.least, 2),
        "most": number(raster.most, 2),
        "unit": tr(f"raster_units.{raster.unit}", lang),
    }


def _law_text(one: RuleEnd, lang: str) -> str:
    said = tr(f"rule_ends.{one.state}", lang, rule=one.name.text(lang), day=one.day or "")
    if one.successor_name is None:
        return said
    return said + tr("rule_ends.successor", lang, edition=one.successor_name.text(lang))
