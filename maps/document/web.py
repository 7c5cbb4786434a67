"""A document as one HTML file: no script, nothing from outside, prints like paper."""

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final

import jinja2

from maps.document.cells import Column, shown, tag_of
from maps.document.model import (
    Document,
    Facts,
    Figure,
    Heading,
    Paragraph,
    number_blocks,
    printable,
)
from maps.document.paper import on_paper
from maps.document.tones import tones
from maps.i18n import tr

_HTML_LANGS: Final = {"zh": "zh-CN", "en": "en"}


def hash_source(text: str) -> str:
    """Return the source expression by which a content security policy knows one text."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def html_of(document: Document) -> bytes:
    """Return a document as HTML in UTF-8; equal reports give equal bytes.

    The file's own policy allows no script and no address, and one style by its digest.
    """
    style = _style()
    page = _template().render(
        report=number_blocks(printable(on_paper(document))),
        style=style,
        style_source=hash_source(style),
        html_lang=_HTML_LANGS[document.lang],
        brand=tr("report.brand", document.lang),
        contents=tr("report.contents", document.lang),
        shown=shown,
        tag_of=tag_of,
        plain=Column(title=""),
        picture=_data_address,
    )
    return page.encode("utf-8")


def _data_address(figure: Figure) -> str:
    data = base64.b64encode(figure.picture.svg()).decode("ascii")
    return f"data:image/svg+xml;base64,{data}"


@cache
def _template() -> jinja2.Template:
    surroundings = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    kinds = {
        "heading": Heading,
        "paragraph": Paragraph,
        "facts": Facts,
        "figure": Figure,
    }
    for name, kind in kinds.items():
        surroundings.tests[name] = _is(kind)
    return surroundings.from_string(_text("report.html"))


def _is(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kind)


def _style() -> str:
    """Return the style sheet with a colour for every tone; it may not end its element."""
    coloured = "".join(
        f".tag.{name},.conclusion.{name}{{color:{colour};border-color:{colour}}}\n"
        for name, colour in tones().items()
    )
    return _text("report.css") + coloured


def _text(name: str) -> str:
    return files("maps.document").joinpath("templates", name).read_text(encoding="utf-8")
