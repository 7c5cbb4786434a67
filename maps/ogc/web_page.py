"""Pages of the OGC interfaces for people: plain, of our own files alone, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

import jinja2

from maps.i18n import LANGUAGES, tables

STYLESHEET: Final = "/static/ogc/ogc.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A text that leads somewhere."""

    text: str
    href: str


Cell = str | int | float | bool | None | Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page: a table with a heading; ``head`` empty where rows name themselves."""

    heading: str
    rows: Sequence[Sequence[Cell]] = ()
    head: Sequence[str] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """A page: where it stands, what it says, and the same for programs.

    ``path`` leads from the root to the page above; ``other`` are the addresses of the page in
    the other languages, ``alternates`` those of its other forms.
    """

    title: str
    lang: str
    base: str
    path: Sequence[Ref] = ()
    notices: Sequence[str] = ()
    sections: Sequence[Section] = ()
    alternates: Sequence[Ref] = ()
    other: Sequence[Ref] = field(default_factory=tuple)


def render_page(page: WebPage) -> str:
    """Return a page as HTML. Every value is escaped: layers hold what anybody wrote."""
    words = tables(page.lang)["ogc"]
    return _template().render(
        page=page, words=words, stylesheet=page.base + STYLESHEET, is_ref=_is_ref, shown=_shown
    )


def language_names() -> dict[str, str]:
    """Return what each language calls itself."""
    return {lang: tables(lang)["ogc"]["language"] for lang in LANGUAGES}


def _is_ref(cell: Cell) -> bool:
    return isinstance(cell, Ref)


def _shown(cell: Cell) -> str:
    if cell is None:
        return "—"
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


@cache
def _template() -> jinja2.Template:
    text = files("maps").joinpath("templates", "ogc", "page.html").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        text
    )
