"""The page: a folium map taken apart into a page of our own.

folium builds the map and our element on it; its document, its inline scripts and its
CDN addresses are left behind. What remains goes out as files under a strict
Content-Security-Policy: no inline script, no inline style, nothing from outside.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import folium
import jinja2
from branca.element import CssLink, JavascriptLink, MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from geo.model import GRAVITY
from layers.expansion.ranking_sets import criteria_sets
from layers.provenance import digest
from maps.answers import JsonObject, Title
from maps.i18n import LANGUAGES, tables
from maps.page.assets import Assets, local_paths, sha256
from maps.page.modules import list_text_tables, module_address, module_paths
from maps.page.page_config import PageConfig
from maps.style.styles import raster_styles, styles

ENTRY: Final = "app/main.js"
"""The module that begins the page; it imports all others."""
PANELS: Final = ("layers", "density", "check", "review", "expand", "publish")
"""Tabs of the served page, each a template ``panels/<name>.html`` worded ``ui.tab_<name>``."""
SINGLE_PANELS: Final = ("layers", "density")
"""Tabs of a file that stands alone: those that need no server."""
APP_STYLESHEETS: Final = (
    "app/planmap.css",
    "app/layers.css",
    "app/intake.css",
    "app/publish.css",
    "app/frame.css",
    "app/sheet.css",
    "app/expand.css",
    "app/density.css",
    "app/sites.css",
    "app/review.css",
)
THEME_SCRIPT: Final = "app/theme_first.js"
"""In the head, so that no page is light first and dark a moment later."""
MAX_ZOOM: Final = 19

_HEX_ID: Final = re.compile(r"\b(map|plan_page|public_page)_[0-9a-f]{32}\b")

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page's document and its own script, which goes out as a file of its own."""

    html: str
    script: str
    script_name: str


class PlanPage(JSCSSMixin, MacroElement):
    """Our behaviour on a folium map: one call with one JSON configuration."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            start({{ this._parent.get_name() }}, {{ this.config | tojson }});
        {% endmacro %}
        """
    )
    default_js = [  # noqa: RUF012 - folium's own type
        ("geoman", "geoman/leaflet-geoman.min.js"),
        ("protomaps", "protomaps/protomaps-leaflet.js"),
    ]
    default_css = [("geoman_css", "geoman/leaflet-geoman.css")]  # noqa: RUF012 - folium's own type

    def __init__(self, config: JsonObject) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PlanPage"
        self.config = config


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A folium map taken apart."""

    assets: Assets
    body: str
    script: str


def render_page(config: PageConfig) -> Page:
    """Return the served page; the same configuration gives the same bytes.

    Raises
    ------
    UnknownAssetError
        folium asks for a file that is not vendored.
    """
    parts = build_parts(config)
    script = f'import {{ start }} from "../{module_address(ENTRY)}";\n{parts.script}'
    name = digest(script.encode("utf-8"))[:16]
    html = template("page.html").render(
        lang=config.lang,
        ui=Texts(ui_texts(config.lang, config.zone)),
        stylesheets=[address_asset(path) for path in parts.assets.stylesheets],
        scripts=[address_asset(path) for path in parts.assets.scripts],
        modules=[module_address(path) for path in module_paths(ENTRY)],
        theme_script=address_asset(THEME_SCRIPT),
        map_script=f"m/{name}.js",
        body=parts.body,
        panels=PANELS,
        single=False,
        accounts=config.accounts,
    )
    return Page(html=html, script=script, script_name=name)


def build_parts(config: PageConfig) -> Parts:
    """Build the workbench's map with folium and take its figure apart."""
    return take_apart(PlanPage(script_config(config)), config.bounds_lonlat, APP_STYLESHEETS)


def take_apart(
    element: MacroElement, bounds_lonlat: Bounds | None, stylesheets: tuple[str, ...]
) -> Parts:
    """Put an element on a folium map, and return what a page of our own needs of it.

    ``bounds_lonlat``: what the map shows at first; None where the element sees to that.

    Raises
    ------
    UnknownAssetError
        folium asks for a file that is not vendored.
    """
    plan = folium.Map(tiles=None, max_zoom=MAX_ZOOM, zoom_control=False, control_scale=False)
    plan.options["maxZoom"] = MAX_ZOOM
    if bounds_lonlat is not None:
        west, south, east, north = bounds_lonlat
        plan.fit_bounds([[south, west], [north, east]])
    plan.add_child(element)
    return take_figure_apart(plan, stylesheets)


def take_figure_apart(plan: folium.Map, stylesheets: tuple[str, ...]) -> Parts:
    """Return what a page of our own needs of a folium map.

    Raises
    ------
    UnknownAssetError
        folium asks for a file that is not vendored.
    """
    figure: Any = plan.get_root()
    figure.render()
    return Parts(
        assets=_assets(figure, stylesheets),
        body=_stable(_rendered(figure.html)),
        script=_stable(_rendered(figure.script)).strip() + "\n",
    )


def script_config(config: PageConfig) -> JsonObject:
    """Return what the scripts are told: language, texts, styles, data."""
    languages = LANGUAGES if config.embedded else (config.lang,)
    return {
        "lang": config.lang,
        "texts": {lang: _zone_texts(lang, config.zone) for lang in languages},
        "styles": json.loads(json.dumps({**styles(), "rasters": dict(raster_styles())})),
        "embedded": config.embedded,
        "verdicts": list(GRAVITY),
        "criteria": [] if config.embedded else _criteria(),
    }


def _criteria() -> list[JsonObject]:
    """Return the criteria of sites that ship, for the fields of their weights."""
    return [
        {
            "id": name,
            "name": {"zh": one.name_zh, "en": one.name_en},
            "weight": one.criterion.weight,
        }
        for chosen in criteria_sets().values()
        for name, one in chosen.criteria.items()
    ]


def ui_texts(lang: str, zone: Title) -> dict[str, str]:
    """Return the words of the page, with the titles that name the zone."""
    words = tables(lang)
    titles = {name: text.format(zone=zone.text(lang)) for name, text in words["zone_page"].items()}
    return {**words["ui"], **titles}


def _zone_texts(lang: str, zone: Title) -> dict[str, dict[str, str]]:
    return {**_texts(lang), "ui": ui_texts(lang, zone)}


def _texts(lang: str) -> dict[str, dict[str, str]]:
    known = tables(lang)
    return {name: dict(known[name]) for name in list_text_tables(ENTRY, frozenset(known))}


def address_asset(path: str) -> str:
    """Return the address of a static file, from the page, that changes with its content.

    Without a slash in front: the page may lie below the prefix of a proxy.
    """
    return f"static/{path}?v={sha256(path)[:12]}"


@cache
def template(name: str) -> jinja2.Template:
    """Return a template of ``maps/templates``; everything that it prints is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template_text),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    return environment.get_template(name)


def _template_text(name: str) -> str:
    return files("maps").joinpath("templates", *name.split("/")).read_text(encoding="utf-8")


class Texts:
    """Texts as attributes: in a template, ``ui.clear`` of a dict would be its method."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __getattr__(self, name: str) -> str:
        return self._texts[name]


def _assets(figure: Any, own: tuple[str, ...]) -> Assets:  # noqa: ANN401 - branca is untyped
    links = list(figure.header._children.values())
    scripts = [link.url for link in links if isinstance(link, JavascriptLink)]
    sheets = [link.url for link in links if isinstance(link, CssLink)]
    return Assets(scripts=tuple(local_paths(scripts)), stylesheets=(*local_paths(sheets), *own))


def _rendered(element: Any) -> str:  # noqa: ANN401 - branca is untyped
    return "".join(child.render() for child in element._children.values())


def _stable(text: str) -> str:
    """Name folium's random ids in the order in which they come."""
    names: dict[str, str] = {}
    return _HEX_ID.sub(lambda m: names.setdefault(m.group(0), f"{m.group(1)}_{len(names)}"), text)
