"""The catalogue as pages for people."""

import json
from collections.abc import Sequence
from typing import Any

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
    rows = [(name, _cell(value)) for name, value in said.items() if name != "title"]
    ways = [(Ref(text=one.title, href=one.href), one.type) for one in answer.assets.values()]
    sections = [
        Section(heading=visit.word("facts"), rows=rows),
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


def _cell(value: Any) -> Cell:  # noqa: ANN401 - JSON
    plain = value is None or isinstance(value, (str, int, float, bool))
    return value if plain else json.dumps(value, ensure_ascii=False)
