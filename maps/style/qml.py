"""Looks as QML, the style that QGIS (3.10 and later) keeps of a layer."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Final

from maps.style.symbols import (
    Dimension,
    Dots,
    Fill,
    Hatch,
    Line,
    Mark,
    Paint,
    Step,
    look_of_kind,
    symbol_of,
)

VERSION: Final = "3.22.16"
MEDIA_TYPE: Final = "application/x-qgis-style"
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_SYMBOLS: Final[Mapping[Dimension, str]] = {0: "marker", 1: "line", 2: "fill"}
_NO_PEN: Final = {"outline_style": "no"}
_SCALE_OF_LEVEL_0: Final = 591_658_710.9
"""Denominator at a pixel of 1/96 inch, as QGIS reckons, of the outermost level of the page."""


def qml(kind: str, dimension: Dimension, label: str | None = None) -> str:
    """Return the style of points (0), lines (1) or areas (2) of a kind, as the page draws them.

    ``label`` is the field whose text stands at each feature, if any.
    """
    said = {"version": VERSION, "styleCategories": "Symbology|Labeling|Rendering"}
    root = ET.Element("qgis", said)
    add_style(root, kind, dimension, label)
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def add_style(
    parent: ET.Element, kind: str, dimension: Dimension, label: str | None = None
) -> None:
    """Put a style into an element: that of a style, or of a layer in a project."""
    parent.attrib.update(_visibility(look_of_kind(kind).get("min_zoom")))
    parent.set("labelsEnabled", str(int(label is not None)))
    renderer = ET.SubElement(
        parent, "renderer-v2", {"type": "singleSymbol", "symbollevels": "0", "enableorderby": "0"}
    )
    symbols = ET.SubElement(renderer, "symbols")
    symbol = _add_symbol(symbols, _SYMBOLS[dimension], "0")
    for step in symbol_of(kind, dimension) or (Fill(paint=Paint(colour="#000000", opacity=0.0)),):
        _add_step(symbol, step)
    if label is not None:
        _add_label(parent, label)
    for name, value in (("blendMode", "0"), ("layerOpacity", "1")):
        ET.SubElement(parent, name).text = value


def scale_of_level(level: float) -> float:
    """Return the denominator of the scale at which QGIS shows a level of the page."""
    return float(_SCALE_OF_LEVEL_0 / 2.0**level)


def _visibility(min_zoom: int | None) -> dict[str, str]:
    if min_zoom is None:
        return {"hasScaleBasedVisibilityFlag": "0"}
    # Half a level further out, since scales of QGIS are no levels.
    most = scale_of_level(min_zoom - 0.5)
    return {"hasScaleBasedVisibilityFlag": "1", "minScale": f"{most:.0f}", "maxScale": "0"}


def _add_symbol(parent: ET.Element, kind: str, name: str) -> ET.Element:
    return ET.SubElement(
        parent,
        "symbol",
        {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"},
    )


def _add_step(symbol: ET.Element, step: Step) -> None:
    if isinstance(step, Fill):
        _add_layer(symbol, "SimpleFill", {"color": _rgba(step.paint), "style": "solid", **_NO_PEN})
    elif isinstance(step, Line):
        _add_layer(symbol, "SimpleLine", _line(step))
    elif isinstance(step, Mark):
        _add_layer(symbol, "SimpleMarker", _mark(step))
    elif isinstance(step, Hatch):
        # Lines are so far apart along the horizontal; QGIS measures across them.
        across_px = step.step_px / math.sqrt(2.0)
        said = {"angle": "45", "distance": f"{across_px:.3f}", "distance_unit": "Pixel"}
        layer = _add_layer(symbol, "LinePatternFill", said)
        line = Line(paint=step.paint, width_px=step.width_px)
        _add_layer(_add_symbol(layer, "line", f"@0@{len(symbol) - 1}"), "SimpleLine", _line(line))
    else:
        layer = _add_layer(symbol, "PointPatternFill", _dots(step))
        nothing = Paint(colour="#000000", opacity=0.0)
        mark = Mark(
            fill=step.paint, stroke=nothing, radius_px=step.diameter_px / 2.0, stroke_px=0.0
        )
        inner = _add_symbol(layer, "marker", f"@0@{len(symbol) - 1}")
        _add_layer(inner, "SimpleMarker", {**_mark(mark), **_NO_PEN})


def _add_layer(symbol: ET.Element, name: str, said: Mapping[str, str]) -> ET.Element:
    drawn = {"class": name, "enabled": "1", "locked": "0", "pass": "0"}
    layer = ET.SubElement(symbol, "layer", drawn)
    options = ET.SubElement(layer, "Option", {"type": "Map"})
    for key, value in said.items():
        ET.SubElement(options, "Option", {"name": key, "type": "QString", "value": value})
        # What releases before 3.20 read.
        ET.SubElement(layer, "prop", {"k": key, "v": value})
    return layer


def _line(step: Line) -> dict[str, str]:
    said = {
        "line_color": _rgba(step.paint),
        "line_style": "solid",
        "line_width": f"{step.width_px:g}",
        "line_width_unit": "Pixel",
        "capstyle": "flat",
        "joinstyle": "round",
        "use_custom_dash": str(int(bool(step.dash_px))),
    }
    if step.dash_px:
        lengths = ";".join(f"{one:g}" for one in step.dash_px)
        said |= {"customdash": lengths, "customdash_unit": "Pixel"}
    return said


def _mark(step: Mark) -> dict[str, str]:
    return {
        "name": "circle",
        "color": _rgba(step.fill),
        "outline_color": _rgba(step.stroke),
        "outline_style": "solid",
        "outline_width": f"{step.stroke_px:g}",
        "outline_width_unit": "Pixel",
        "size": f"{2.0 * step.radius_px:g}",
        "size_unit": "Pixel",
    }


def _dots(step: Dots) -> dict[str, str]:
    half = f"{step.step_px / 2.0:g}"
    said = {"distance_x": f"{step.step_px:g}", "distance_y": half, "displacement_x": half}
    units = {f"{name}_unit": "Pixel" for name in (*said, "displacement_y", "offset_x", "offset_y")}
    return {**said, "displacement_y": "0", "offset_x": "0", "offset_y": "0", **units}


def _add_label(parent: ET.Element, field: str) -> None:
    settings = ET.SubElement(ET.SubElement(parent, "labeling", {"type": "simple"}), "settings")
    style = ET.SubElement(
        settings,
        "text-style",
        {
            "fieldName": field,
            "isExpression": "0",
            "fontFamily": "Noto Sans CJK SC",
            "fontSize": "9",
            "fontSizeUnit": "Point",
            "textColor": "31,41,55,255",
            "textOpacity": "1",
        },
    )
    ET.SubElement(
        style,
        "text-buffer",
        {
            "bufferDraw": "1",
            "bufferSize": "1",
            "bufferSizeUnits": "MM",
            "bufferColor": "255,255,255,255",
            "bufferOpacity": "1",
        },
    )


def _rgba(paint: Paint) -> str:
    return ",".join(map(str, paint.rgba))
