"""Looks as SLD 1.1 with Symbology Encoding, for servers and desktops that are no QGIS."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Final

from maps.style.qml import scale_of_level
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

MEDIA_TYPE: Final = "application/vnd.ogc.sld+xml;version=1.1"
_SLD: Final = "http://www.opengis.net/sld"
_SE: Final = "http://www.opengis.net/se"
_OGC: Final = "http://www.opengis.net/ogc"


def sld(name: str, kind: str, dimensions: Sequence[Dimension]) -> str:
    """Return the style of a layer of a kind, as the page draws it, for its dimensions."""
    ET.register_namespace("", _SLD)
    ET.register_namespace("se", _SE)
    ET.register_namespace("ogc", _OGC)
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", {"version": "1.1.0"})
    layer = ET.SubElement(root, f"{{{_SLD}}}NamedLayer")
    _add(layer, "Name").text = name
    style = ET.SubElement(layer, f"{{{_SLD}}}UserStyle")
    _add(style, "Name").text = kind
    rules = _add(style, "FeatureTypeStyle")
    for dimension in dimensions:
        _add_rule(rules, kind, dimension)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _add_rule(rules: ET.Element, kind: str, dimension: Dimension) -> None:
    rule = _add(rules, "Rule")
    _add(rule, "Name").text = f"{kind} {dimension}"
    closest = look_of_kind(kind).get("min_zoom")
    if closest is not None:
        _add(rule, "MaxScaleDenominator").text = f"{scale_of_level(closest - 0.5):.0f}"
    for step in symbol_of(kind, dimension):
        _add_step(rule, step, dimension)


def _add_step(rule: ET.Element, step: Step, dimension: Dimension) -> None:
    if isinstance(step, Mark):
        graphic = _add(_add(rule, "PointSymbolizer"), "Graphic")
        _add_mark(graphic, "circle", step.fill, (step.stroke, step.stroke_px))
        _add(graphic, "Size").text = f"{2.0 * step.radius_px:g}"
        return
    symbolizer = _add(rule, "PolygonSymbolizer" if dimension == 2 else "LineSymbolizer")
    if isinstance(step, Line):
        _add_stroke(symbolizer, step)
    elif isinstance(step, Fill):
        _add_fill(symbolizer, step.paint)
    else:
        _add_pattern(symbolizer, step)


def _add_pattern(symbolizer: ET.Element, step: Hatch | Dots) -> None:
    graphic = _add(_add(_add(symbolizer, "Fill"), "GraphicFill"), "Graphic")
    if isinstance(step, Hatch):
        _add_mark(graphic, "horline", None, (step.paint, step.width_px))
        _add(graphic, "Size").text = f"{step.step_px / 2**0.5:.3f}"
        literal = ET.SubElement(_add(graphic, "Rotation"), f"{{{_OGC}}}Literal")
        # Clockwise, where QML counts the other way round.
        literal.text = "45"
        return
    _add_mark(graphic, "circle", step.paint, None)
    _add(graphic, "Size").text = f"{step.diameter_px:g}"
    distance = _add(symbolizer, "VendorOption")
    distance.set("name", "distance")
    distance.text = f"{step.step_px:g},{step.step_px / 2.0:g}"


def _add_mark(
    graphic: ET.Element, name: str, fill: Paint | None, stroke: tuple[Paint, float] | None
) -> None:
    mark = _add(graphic, "Mark")
    _add(mark, "WellKnownName").text = name
    if fill is not None:
        _add_fill(mark, fill)
    if stroke is not None:
        _add_stroke(mark, Line(paint=stroke[0], width_px=stroke[1]))


def _add_fill(parent: ET.Element, paint: Paint) -> None:
    fill = _add(parent, "Fill")
    _add_parameter(fill, "fill", paint.colour)
    _add_parameter(fill, "fill-opacity", f"{paint.opacity:g}")


def _add_stroke(parent: ET.Element, line: Line) -> None:
    stroke = _add(parent, "Stroke")
    _add_parameter(stroke, "stroke", line.paint.colour)
    _add_parameter(stroke, "stroke-opacity", f"{line.paint.opacity:g}")
    _add_parameter(stroke, "stroke-width", f"{line.width_px:g}")
    _add_parameter(stroke, "stroke-linejoin", "round")
    if line.dash_px:
        _add_parameter(stroke, "stroke-dasharray", " ".join(f"{one:g}" for one in line.dash_px))


def _add_parameter(parent: ET.Element, name: str, value: str) -> None:
    parameter = _add(parent, "SvgParameter")
    parameter.set("name", name)
    parameter.text = value


def _add(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_SE}}}{name}")
