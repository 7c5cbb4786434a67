"""A published map: one document in two languages that asks nobody for anything."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from branca.element import MacroElement
from folium.template import Template

from layers.builtin.gazetteer import Place
from maps.answers import JsonObject
from maps.i18n import LANGUAGES, tables
from maps.page.modules import list_text_tables
from maps.page.page import Texts, take_apart, template
from maps.page.single_file import inline
from maps.publish.packing import pack
from maps.publish.plain import render_picture, render_plain
from maps.publish.publication import Publication
from maps.style.styles import styles

_ENTRY: Final = "public/public.js"
_STYLESHEETS: Final = ("public/public.css",)
_OF_DATA: Final = frozenset({"qualities", "sources"})
"""Tables of words of data: of these a map carries those that it shows, not those of all zones."""


class PublicPage(MacroElement):
    """Our behaviour on a folium map, without a way to draw or to ask."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            start({{ this._parent.get_name() }}, {{ this.config | tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, config: JsonObject) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PublicPage"
        self.config = config


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicMap:
    """The document of a published map, and the policy under which it may run."""

    html: str
    policy: str


def render_public_map(
    publication: Publication,
    lang: str,
    places: Sequence[Place],
    *,
    picture: str | None = None,
    files_beside: Sequence[str] = (),
) -> PublicMap:
    """Return the document; the same publication gives the same bytes.

    Parameters
    ----------
    publication : Publication
        All that the map shows and says.
    lang : str
        Of the first view; the reader can switch.
    places : sequence of Place
        What can be found by name.
    picture : str, optional
        Name of a file beside the document, for those who show a link with its picture.
    files_beside : sequence of str
        Names of files beside the document that can be taken along.
    """
    said = json.dumps(publication.model_dump(mode="json"), ensure_ascii=False)
    config = {
        "lang": lang,
        "texts": {name: _texts(name, said) for name in LANGUAGES},
        "styles": json.loads(json.dumps(dict(styles()))),
        "embedded": True,
        "places": [_place(one) for one in places],
        "publication": _packed(publication),
    }
    parts = take_apart(PublicPage(config), None, _STYLESHEETS)
    inlined = inline(parts, _ENTRY)
    html = template("public.html").render(
        lang=lang,
        title=publication.title.text(lang),
        words=Texts(tables(lang)["public"]),
        styles_text=inlined.styles,
        scripts_text=inlined.scripts,
        policy=inlined.policy,
        body=parts.body,
        first_picture=render_picture(publication),
        plain=render_plain(publication),
        description=publication.disclaimer.text(lang),
        picture=picture,
        files_beside=files_beside,
    )
    return PublicMap(html=html, policy=inlined.policy)


def _packed(publication: Publication) -> JsonObject:
    said = publication.model_dump(mode="json")
    layers = [{**layer, "features": pack(layer["features"])} for layer in said["layers"]]
    return {**said, "layers": layers}


def _place(one: Place) -> list[str | float]:
    extent = [round(value, 3) for value in one.bounds_lonlat]
    return [one.kind, one.name_zh, one.name_en, one.pinyin, *extent, one.county]


def _texts(lang: str, said: str) -> dict[str, dict[str, str]]:
    known = tables(lang)
    words = {name: dict(known[name]) for name in list_text_tables(_ENTRY, frozenset(known))}
    for name in _OF_DATA & words.keys():
        words[name] = {
            key: text
            for key, text in words[name].items()
            if json.dumps(key, ensure_ascii=False)[1:-1] in said
        }
    return {**words, "ui": dict(known["public"])}
