"""Answers of the OGC interfaces as pages for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.ogc.names import Named
from api.ogc.visit import Visit
from maps.ogc.answers import (
    HTML_TYPE,
    Collection,
    Collections,
    Conformance,
    Landing,
    Link,
    Queryables,
)
from maps.ogc.web_page import Cell, Ref, Section, WebPage, language_names, render_page


def landing_page(visit: Visit, answer: Landing) -> str:
    """Return the root as a page."""
    map_page = Ref(text=visit.word("map_page"), href=visit.href("/"))
    return make_page(
        visit,
        answer.title,
        [
            Section(
                heading=visit.word("resources"),
                note=answer.description,
                rows=[(map_page,), *_link_rows(answer.links)],
            )
        ],
        answer.links,
    )


def conformance_page(visit: Visit, answer: Conformance) -> str:
    """Return what is kept of the standards as a page."""
    rows = [(one,) for one in answer.conforms_to]
    section = Section(heading=visit.word("conformance"), rows=rows)
    return make_page(visit, visit.word("conformance"), [section], visit.own_links())


def collections_page(visit: Visit, answer: Collections) -> str:
    """Return all layers as a page."""
    names = ("layer", "id", "status", "version", "features")
    rows = [
        (
            Ref(text=one.title, href=visit.href(f"/collections/{one.id}", [("f", "html")])),
            one.id,
            visit.status(one.status),
            one.version,
            one.feature_count,
        )
        for one in answer.collections
    ]
    title = visit.word("collections")
    head = [visit.word(name) for name in names]
    return make_page(visit, title, [Section(heading=title, head=head, rows=rows)], answer.links)


def collection_page(visit: Visit, answer: Collection) -> str:
    """Return a layer as a page."""
    extent = answer.extent.spatial.bbox[0] if answer.extent else []
    facts: list[tuple[Cell, ...]] = [
        (visit.word("id"), answer.id),
        (visit.word("status"), visit.status(answer.status)),
        (visit.word("version"), answer.version),
        (visit.word("features"), answer.feature_count),
        (visit.word("source"), answer.attribution),
        (visit.word("licence"), answer.license),
        (visit.word("data_date"), answer.data_date),
        (visit.word("bounds"), ", ".join(f"{one:.5f}" for one in extent)),
        (visit.word("storage_crs"), answer.storage_crs),
    ]
    sections = [
        Section(heading=visit.word("facts"), note=answer.description, rows=facts),
        Section(heading=visit.word("resources"), rows=_link_rows(answer.links)),
        Section(heading=visit.word("reference_systems"), note=", ".join(answer.crs)),
    ]
    path = [("collections", "/collections")]
    notices = [visit.word("withdrawn_note")] if answer.withdrawn else []
    return make_page(visit, answer.title, sections, answer.links, path, notices)


def queryables_page(visit: Visit, asked: Named, answer: Queryables) -> str:
    """Return what may be asked as a page."""
    rows = [
        (name, str(entry.get("type", entry.get("format", ""))), ", ".join(entry.get("enum", ())))
        for name, entry in answer.properties.items()
    ]
    head = [visit.word(name) for name in ("property", "type", "values")]
    title = visit.word("queryables")
    section = Section(heading=title, note=answer.description, head=head, rows=rows)
    return make_page(visit, title, [section], visit.own_links(), layer_path(asked))


def api_page(visit: Visit, document: Mapping[str, Any]) -> str:
    """Return the addresses of the interfaces as a page, with what each may be asked."""
    rows = [
        (
            f"{method.upper()} {path}",
            str(one.get("summary", "")),
            ", ".join(p["name"] for p in one.get("parameters", ()) if p["in"] == "query"),
        )
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    ]
    title = visit.word("api_page")
    head = [visit.word(name) for name in ("address", "purpose", "parameters")]
    return make_page(
        visit, title, [Section(heading=title, head=head, rows=rows)], visit.own_links()
    )


def layer_path(asked: Named) -> list[tuple[str, str]]:
    """Return the way from the root to a layer's own page."""
    return [("collections", "/collections"), (f"={asked.id}", asked.path)]


def items_page(
    visit: Visit,
    asked: Named,
    rows: Sequence[Sequence[Cell]],
    head: Sequence[str],
    links: list[Link],
) -> str:
    """Return features as a page."""
    title = visit.word("items")
    ways = [
        (Ref(text=one.title or one.rel, href=one.href),)
        for one in links
        if one.rel in {"next", "prev"}
    ]
    sections = [
        Section(heading=title, head=head, rows=rows),
        Section(heading=visit.word("more_pages"), rows=ways),
    ]
    return make_page(visit, title, sections if ways else sections[:1], links, layer_path(asked))


def feature_page(
    visit: Visit, asked: Named, name: str, rows: Sequence[Sequence[Cell]], links: list[Link]
) -> str:
    """Return a feature as a page."""
    path = [*layer_path(asked), ("items", f"{asked.path}/items")]
    section = Section(heading=visit.word("properties"), rows=rows)
    return make_page(visit, name, [section], links, path)


def _link_rows(links: Sequence[Link]) -> list[tuple[Cell, ...]]:
    return [
        (Ref(text=one.title or one.rel, href=one.href), one.type)
        for one in links
        if one.rel not in {"self", "alternate"}
    ]


def make_page(
    visit: Visit,
    title: str,
    sections: Sequence[Section],
    links: Sequence[Link],
    path: Sequence[tuple[str, str]] = (),
    notices: Sequence[str] = (),
) -> str:
    """Return a page; names of the path are words of ours, or after ``=`` as they stand."""
    html = [("f", "html")]
    way = [("title", "/"), *path]
    return render_page(
        WebPage(
            title=title,
            lang=visit.lang,
            base=visit.base,
            path=[]
            if visit.path == "/"
            else [
                Ref(
                    text=name[1:] if name.startswith("=") else visit.word(name),
                    href=visit.href(address, html),
                )
                for name, address in way
            ],
            notices=notices,
            sections=sections,
            alternates=[
                Ref(text=one.title or one.type, href=one.href)
                for one in links
                if one.rel == "alternate" and one.type != HTML_TYPE
            ],
            other=[
                Ref(text=name, href=visit.in_language(lang))
                for lang, name in language_names().items()
                if lang != visit.lang
            ],
        )
    )
