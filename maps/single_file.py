"""One self-contained HTML file: the same map from a USB stick, without any request."""

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Final

from maps.assets import inlined_css, read_text
from maps.i18n import tables
from maps.page import SINGLE_PANELS, THEME_SCRIPT, Texts, build_parts, template
from maps.page_config import PageConfig

_CLOSING: Final = re.compile(r"</(script|style)", re.IGNORECASE)


def render_single_file(config: PageConfig) -> str:
    """Return a document with scripts, styles, images and data inside.

    Parameters
    ----------
    config : PageConfig
        ``embedded`` holds the data.
    """
    parts = build_parts(config)
    texts = (read_text(THEME_SCRIPT), *map(read_text, parts.assets.scripts), parts.script)
    scripts = [_closed(text) for text in texts]
    styles = [_closed(inlined_css(path)) for path in parts.assets.stylesheets]
    return template("page.html").render(
        lang=config.lang,
        ui=Texts(tables(config.lang)["ui"]),
        styles_text=styles,
        scripts_text=scripts,
        policy=_policy(scripts, styles),
        body=parts.body,
        panels=SINGLE_PANELS,
        single=True,
    )


def _closed(text: str) -> str:
    """Keep a text from ending the element that holds it, and its line ends as parsers see them."""
    return _CLOSING.sub(r"<\\/\1", text).replace("\r\n", "\n")


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return a policy under which only these texts run and nothing is ever asked for."""
    return (
        f"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {' '.join(map(_hash_source, scripts))}; "
        f"style-src {' '.join(map(_hash_source, styles))}"
    )


def _hash_source(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
