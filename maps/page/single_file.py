"""One self-contained HTML file: the same map from a USB stick, without any request."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import folium

from maps.document.web import hash_source
from maps.page.assets import inlined_css, read_text
from maps.page.modules import join_modules
from maps.page.page import (
    ENTRY,
    SINGLE_PANELS,
    THEME_SCRIPT,
    Parts,
    Texts,
    build_parts,
    take_figure_apart,
    template,
    ui_texts,
)
from maps.page.page_config import PageConfig

_FIGURE_STYLESHEETS: Final = ("figure/figure.css",)
_CLOSING: Final = re.compile(r"</(script|style)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inlined:
    """Scripts and style sheets as texts, and the policy under which only these run."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    policy: str


def render_single_file(config: PageConfig) -> str:
    """Return a document with scripts, styles, images and data inside.

    Parameters
    ----------
    config : PageConfig
        ``embedded`` holds the data.
    """
    parts = build_parts(config)
    inlined = inline(parts, ENTRY, THEME_SCRIPT)
    return template("page.html").render(
        lang=config.lang,
        ui=Texts(ui_texts(config.lang, config.zone)),
        styles_text=inlined.styles,
        scripts_text=inlined.scripts,
        policy=inlined.policy,
        body=parts.body,
        panels=SINGLE_PANELS,
        single=True,
        accounts=False,
    )


def inline(parts: Parts, entry: str, *first: str) -> Inlined:
    """Return the texts that a document carries in the stead of files.

    ``entry`` is the module that begins the page, ``first`` are paths of scripts that run
    before all others.
    """
    paths = (*first, *parts.assets.scripts)
    joined = join_modules(entry, parts.script)
    scripts = tuple(escape_end_tag(text) for text in (*map(read_text, paths), joined))
    styles = tuple(escape_end_tag(inlined_css(path)) for path in parts.assets.stylesheets)
    return Inlined(scripts=scripts, styles=styles, policy=_policy(scripts, styles))


def inline_figure(plan: folium.Map) -> str:
    """Return a plain folium map as a document that asks nobody for anything.

    Raises
    ------
    UnknownAssetError
        folium asks for a file that is not vendored.
    """
    parts = take_figure_apart(plan, _FIGURE_STYLESHEETS)
    texts = (*map(read_text, parts.assets.scripts), parts.script)
    scripts = tuple(escape_end_tag(text) for text in texts)
    styles = tuple(escape_end_tag(inlined_css(path)) for path in parts.assets.stylesheets)
    return template("figure.html").render(
        styles_text=styles,
        scripts_text=scripts,
        policy=_policy(scripts, styles),
        body=parts.body,
    )


def escape_end_tag(text: str) -> str:
    """Keep a text from ending the element that holds it, and its line ends as parsers see them."""
    return _CLOSING.sub(r"<\\/\1", text).replace("\r\n", "\n")


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return a policy under which only these texts run and nothing is ever asked for."""
    return (
        f"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {' '.join(map(hash_source, scripts))}; "
        f"style-src {' '.join(map(hash_source, styles))}"
    )
