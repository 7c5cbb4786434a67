"""The look of a kind of layer as a style of MapLibre (style specification 8)."""

from typing import Any

from maps.answers import JsonObject
from maps.style.styles import Look, styles


def style_layers(kind: str, layer_id: str, source: str) -> list[JsonObject]:
    """Return the layers of a style that draw a layer as the page does, without its patterns."""
    look: Look = styles()["kinds"].get(kind, styles()["fallback"])
    common: dict[str, Any] = {"source": source, "source-layer": layer_id}
    stroke = look.get("stroke", "#000000")
    fill = look.get("fill", stroke)
    dash = [float(one) for one in look.get("dash", "").replace(",", " ").split()]
    line: dict[str, Any] = {"line-color": stroke, "line-width": look.get("weight", 1.0)}
    if dash:
        line["line-dasharray"] = dash
    return [
        {
            "id": f"{layer_id}-fill",
            "type": "fill",
            "filter": ["==", ["geometry-type"], "Polygon"],
            "paint": {"fill-color": fill, "fill-opacity": look.get("fill_opacity", 0.5)},
            **common,
        },
        {
            "id": f"{layer_id}-line",
            "type": "line",
            "filter": ["!=", ["geometry-type"], "Point"],
            "paint": line,
            **common,
        },
        {
            "id": f"{layer_id}-point",
            "type": "circle",
            "filter": ["==", ["geometry-type"], "Point"],
            "paint": {"circle-color": fill, "circle-stroke-color": stroke, "circle-radius": 4},
            **common,
        },
    ]
