"""The look of a kind of layer as a style of MapLibre (style specification 8)."""

import math
from typing import Any

from maps.answers import JsonObject
from maps.style.symbols import Dots, Fill, Hatch, Line, Mark, Paint, symbol_of

_CLEAR = Paint(colour="#000000", opacity=0.0)


def style_layers(kind: str, layer_id: str, source: str) -> list[JsonObject]:
    """Return the layers of a style that draw a layer as the page does, without its patterns.

    A style has no pictures of its own to make patterns from: where one lies, the ground has as
    much ink as it, and still shows what lies below.
    """
    common: dict[str, Any] = {"source": source, "source-layer": layer_id}
    fill = _fill_of(kind)
    (line,) = (one for one in symbol_of(kind, 1) if isinstance(one, Line))
    (mark,) = (one for one in symbol_of(kind, 0) if isinstance(one, Mark))
    return [
        {
            "id": f"{layer_id}-fill",
            "type": "fill",
            "filter": ["==", ["geometry-type"], "Polygon"],
            "paint": {"fill-color": fill.colour, "fill-opacity": fill.opacity},
            **common,
        },
        {
            "id": f"{layer_id}-line",
            "type": "line",
            "filter": ["!=", ["geometry-type"], "Point"],
            "paint": _line(line),
            **common,
        },
        {
            "id": f"{layer_id}-point",
            "type": "circle",
            "filter": ["==", ["geometry-type"], "Point"],
            "paint": {
                "circle-color": mark.fill.colour,
                "circle-stroke-color": mark.stroke.colour,
                "circle-stroke-width": mark.stroke_px,
                "circle-radius": mark.radius_px,
            },
            **common,
        },
    ]


def _fill_of(kind: str) -> Paint:
    """Return the ground of areas, with the ink of a pattern spread over it."""
    ground, ink = _CLEAR, 0.0
    for step in symbol_of(kind, 2):
        if isinstance(step, Fill):
            ground = step.paint
        elif isinstance(step, Hatch):
            # Lines so far apart along the horizontal are nearer across.
            ink = step.paint.opacity * step.width_px * math.sqrt(2.0) / step.step_px
        elif isinstance(step, Dots):
            two_dots = 2.0 * math.pi * (step.diameter_px / 2.0) ** 2
            ink = step.paint.opacity * two_dots / step.step_px**2
    return Paint(colour=ground.colour, opacity=round(ground.opacity + ink, 3))


def _line(line: Line) -> JsonObject:
    drawn: dict[str, Any] = {"line-color": line.paint.colour, "line-width": line.width_px}
    if line.dash_px:
        # Lengths are counted in widths of the line.
        drawn["line-dasharray"] = [round(one / line.width_px, 3) for one in line.dash_px]
    return drawn
