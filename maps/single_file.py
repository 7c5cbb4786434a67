"""One self-contained HTML file: the same map from a USB stick, without any request."""

import re
from typing import Final

from maps.assets import inlined_css, read_text
from maps.i18n import tables
from maps.page import PageConfig, Texts, build_parts, template

_CLOSING: Final = re.compile(r"</(script|style)", re.IGNORECASE)


def render_single_file(config: PageConfig) -> str:
    """Return a document with scripts, styles, images and data inside.

    Parameters
    ----------
    config : PageConfig
        ``embedded`` holds the data.
    """
    parts = build_parts(config)
    scripts = [*map(read_text, parts.assets.scripts), parts.script]
    return template("page.html").render(
        lang=config.lang,
        ui=Texts(tables(config.lang)["ui"]),
        styles_text=[_closed(inlined_css(path)) for path in parts.assets.stylesheets],
        scripts_text=[_closed(text) for text in scripts],
        body=parts.body,
        single=True,
    )


def _closed(text: str) -> str:
    """Keep a text from ending the element that holds it."""
    return _CLOSING.sub(r"<\\/\1", text)
