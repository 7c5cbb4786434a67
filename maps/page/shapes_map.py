"""A small folium map of an answer's shapes, whole in itself: for a notebook without network."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import folium
import shapely
from shapely.geometry import shape

from maps.answers import JsonObject
from maps.page.page import MAX_ZOOM
from maps.page.single_file import inline_figure
from maps.style.styles import styles

_HEIGHT_PX: Final = 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A GeoJSON geometry in lon/lat with what is said of it; ``verdict`` gives its colour."""

    geometry: JsonObject
    verdict: str | None
    text: str


def _escape(text: str) -> str:
    """Escape a text that folium puts as HTML into a template string of JavaScript."""
    return html.escape(text).translate({ord(one): f"&#{ord(one)};" for one in "`$\\"})


def render_shapes_map(shapes: Sequence[Shape]) -> str:
    """Return a frame with a folium map of shapes; all scripts and styles are inside."""
    plan = folium.Map(tiles=None, max_zoom=MAX_ZOOM)
    group = folium.FeatureGroup(control=False)
    for one in shapes:
        colour = styles()["result"].get(one.verdict or "site", styles()["result"]["site"])
        look = {"color": colour, "weight": 2, "fillColor": colour, "fillOpacity": 0.25}
        feature = {"type": "Feature", "properties": {}, "geometry": one.geometry}
        drawn = folium.GeoJson(feature, style_function=lambda _, look=look: look)
        drawn.add_child(folium.Tooltip(_escape(one.text)))
        group.add_child(drawn)
    plan.add_child(group)
    west, south, east, north = shapely.total_bounds([shape(one.geometry) for one in shapes])
    plan.fit_bounds([[south, west], [north, east]])
    page = html.escape(inline_figure(plan), quote=True)
    return (
        f'<iframe srcdoc="{page}" style="width:100%;height:{_HEIGHT_PX}px;border:0" '
        'sandbox="allow-scripts"></iframe>'
    )
