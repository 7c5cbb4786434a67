"""The catalogue as pages for people."""

import json
from collections.abc import Sequence
from typing import Any, Final

from api.ogc.catalogue.stac import ROOT, collection_path
from api.ogc.pages import make_page
from api.ogc.visit import Visit
from maps.ogc.answers import Link
from maps.ogc.catalogue_answers import (
    StacCatalog,
    StacCollection,
    StacCollections,
    StacConformance,
    StacItem,
    StacItems,
)
from maps.ogc.web_page import Cell, Ref, Section

_HTML = [("f", "html")]
_WAY = [("catalogue", ROOT)]
_TOLD: Final = (
    ("version", "version"),
    ("ftzgis:source", "source"),
    ("rights", "licence"),
    ("ftzgis:data_date", "data_date"),
    ("ftzgis:valid_from", "valid_from"),
    ("ftzgis:valid_to", "valid_to"),
    ("ftzgis:precision_m", "precision_m"),
    ("ftzgis:coverage_stated", "coverage_stated"),
    ("ftzgis:feature_count", "features"),
    ("ftzgis:storage_crs", "storage_crs"),
    ("proj:code", "storage_crs"),
    ("ftzgis:pixel_m", "pixel_m"),
    ("ftzgis:unit", "unit"),
    ("ftzgis:made_from", "made_from"),
    ("ftzgis:values", "values_count"),
    ("ftzgis:indicators", "indicators"),
    ("ftzgis:qualities", "qualities"),
    ("ftzgis:review_number", "review_number"),
    ("ftzgis:layers", "layers"),
)
"""What people ask first, and our word for it; all else is in the forms for programs."""


def catalog_page(visit: Visit, answer: StacCatalog) -> str:
    """Return the root as a page."""
    rows: list[tuple[Cell, ...]] = [
        (Ref(text=one.title or one.rel, href=one.href), one.type)
        for one in answer.links
        if one.rel not in {"self", "alternate", "root"} or one.href.endswith("/dcat")
    ]
    section = Section(heading=visit.word("resources"), note=answer.description, rows=rows)
    return make_page(visit, answer.title, [section], visit.own_links())


def conformance_page(visit: Visit, answer: StacConformance) -> str:
    """Return what is kept of the standards as a page."""
    title = visit.word("conformance")
    section = Section(heading=title, rows=[(one,) for one in answer.conforms_to])
    return make_page(visit, title, [section], visit.own_links(), _WAY)


def collections_page(visit: Visit, answer: StacCollections) -> str:
    """Return all sorts as a page."""
    rows = [
        (
            Ref(text=one.title, href=visit.href(f"{collection_path(one.id)}/items", _HTML)),
            one.item_count,
            one.description,
        )
        for one in answer.collections
    ]
    title = visit.word("catalogue_sorts")
    head = [visit.word(name) for name in ("catalogue_sorts", "count", "about")]
    return make_page(
        visit,
        title,
        [Section(heading=title, head=head, rows=rows)],
        visit.own_links(),
        _WAY,
        _lost(visit, [name for one in answer.collections for name in one.lost]),
    )


def collection_page(visit: Visit, answer: StacCollection) -> str:
    """Return a sort as a page."""
    items = Ref(
        text=visit.word("records"), href=visit.href(f"{collection_path(answer.id)}/items", _HTML)
    )
    rows = [(items, answer.item_count)]
    section = Section(heading=answer.title, note=answer.description, rows=rows)
    notices = _lost(visit, answer.lost)
    return make_page(visit, answer.title, [section], visit.own_links(), _WAY, notices)


def items_page(visit: Visit, answer: StacItems, collection: str | None) -> str:
    """Return entries as a page."""
    rows = [
        (
            Ref(
                text=one.properties["title"],
                href=visit.href(f"{collection_path(one.collection)}/items/{one.id}", _HTML),
            ),
            one.id,
            _status(visit, one),
            one.properties.get("ftzgis:source"),
            one.properties.get("rights"),
            one.properties.get("ftzgis:precision_m"),
        )
        for one in answer.features
    ]
    names = ("record", "id", "status", "source", "licence", "precision_m")
    title = visit.word(collection or "search")
    sections = [Section(heading=title, head=[visit.word(one) for one in names], rows=rows)]
    ways = _next(answer.links)
    if ways:
        sections.append(Section(heading=visit.word("more_pages"), rows=ways))
    return make_page(visit, title, sections, visit.own_links(), _WAY, _lost(visit, answer.lost))


def item_page(visit: Visit, answer: StacItem) -> str:
    """Return an entry as a page."""
    said = answer.properties
    rows: list[tuple[Cell, ...]] = [
        (visit.word("id"), answer.id),
        (visit.word("status"), _status(visit, answer)),
        *(
            (visit.word(word), _cell(visit, said[name]))
            for name, word in _TOLD
            if said.get(name) not in (None, [])
        ),
    ]
    if answer.bbox is not None:
        rows.append((visit.word("bounds"), ", ".join(f"{one:.5f}" for one in answer.bbox)))
    ways = [(Ref(text=one.title, href=one.href), one.type) for one in answer.assets.values()]
    sections = [
        Section(heading=visit.word("about"), note=said["description"], rows=rows),
        Section(heading=visit.word("assets"), rows=ways),
    ]
    path = [*_WAY, (answer.collection, f"{collection_path(answer.collection)}/items")]
    notices = [visit.word("withdrawn_note")] if said["deprecated"] else []
    return make_page(visit, said["title"], sections, visit.own_links(), path, notices)


def _status(visit: Visit, one: StacItem) -> str | None:
    status = one.properties.get("ftzgis:status")
    return visit.status(status) if status else visit.word("no_status")


def _next(links: Sequence[Link]) -> list[tuple[Cell, ...]]:
    return [(Ref(text=one.title or one.rel, href=one.href),) for one in links if one.rel == "next"]


def _lost(visit: Visit, names: Sequence[str]) -> list[str]:
    return [visit.word("lost_note", names=", ".join(names))] if names else []


def _cell(visit: Visit, value: Any) -> Cell:  # noqa: ANN401 - JSON
    if isinstance(value, bool):
        return visit.word("yes" if value else "no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return value if isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False)
