"""Looks as steps of drawing, as QML and as SLD. Oracles: the data of the styles, by hand."""

import re
import tomllib
import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest

from maps.style.qml import qml, scale_of_level
from maps.style.sld import sld
from maps.style.styles import styles
from maps.style.symbols import Dots, Fill, Hatch, Line, Mark, Paint, symbol_of

SE = "{http://www.opengis.net/se}"


def parse(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


def test_steps_are_those_of_the_style() -> None:
    ground, lines, edge = symbol_of("ecological_red_line", 2)
    assert ground == Fill(paint=Paint(colour="#d6493f", opacity=0.10))
    assert lines == Hatch(paint=Paint(colour="#c2352b", opacity=0.62), step_px=8.0, width_px=1.8)
    assert edge == Line(paint=Paint(colour="#b3261e"), width_px=1.0)
    assert isinstance(symbol_of("permanent_basic_farmland", 2)[1], Dots)
    assert symbol_of("candidate_site", 2)[-1] == Line(
        paint=Paint(colour="#8a3b00"), width_px=2.0, dash_px=(5.0, 3.0)
    )
    # A river has no fill, neither has a line; a point is drawn full.
    assert symbol_of("river", 1) == (Line(paint=Paint(colour="#8fbfe0"), width_px=1.3),)
    (mark,) = symbol_of("linkage_zone", 0)
    assert isinstance(mark, Mark)
    assert mark.fill == Paint(colour="#0f3d5c")


def test_the_patterns_of_the_page_are_those_of_the_data() -> None:
    css = files("maps").joinpath("static/app/planmap.css").read_text("utf-8")
    for name, ink in (("hatch", "line"), ("dots", "dot")):
        pattern = styles()["patterns"][name]
        for part, key in (("ground", "ground"), (ink, "ink")):
            said = re.search(rf"\.{name}-{part} {{ fill: (#\w+); fill-opacity: ([\d.]+); }}", css)
            assert said is not None
            assert (said[1], float(said[2])) == (pattern[key], pattern[f"{key}_opacity"])


@pytest.mark.parametrize("dimension", [0, 1, 2])
@pytest.mark.parametrize("kind", sorted(styles()["kinds"]))
def test_every_kind_has_a_style_for_both(kind: str, dimension: int) -> None:
    steps = symbol_of(kind, dimension)
    root = parse(qml(kind, dimension).partition("\n")[2])
    layers = root.findall("renderer-v2/symbols/symbol/layer")
    assert len(layers) == len(steps)
    symbolizers = [
        one for one in parse(sld("a", kind, (dimension,))).iter()
        if one.tag.endswith("Symbolizer")
    ]  # fmt: skip
    assert len(symbolizers) == len(steps)


def test_qml_says_colours_widths_and_scales() -> None:
    root = parse(qml("ecological_red_line", 2, "name_zh").partition("\n")[2])
    said = {
        (layer.get("class"), one.get("name")): one.get("value")
        for layer in root.iter("layer")
        for one in layer.findall("Option/Option")
    }
    assert said["SimpleFill", "color"] == "214,73,63,26"
    # 8 pixels along the horizontal are 8 / sqrt 2 across lines of 45 degrees.
    assert said["LinePatternFill", "distance"] == "5.657"
    assert said["SimpleLine", "line_color"] == "179,38,30,255"
    assert root.find("labeling/settings/text-style").get("fieldName") == "name_zh"
    # The page draws it from level 9 on; half a level further out is 1 : 1.6 million.
    assert root.get("hasScaleBasedVisibilityFlag") == "1"
    assert float(root.get("minScale")) == pytest.approx(591_658_710.9 / 2**8.5, rel=1e-6)
    assert scale_of_level(0) == pytest.approx(96 / 0.0254 * 2 * 3.141592653589793 * 6378137 / 256)


def test_sld_has_a_rule_for_each_dimension() -> None:
    root = parse(sld("层 <1>", "district", (2, 1, 0)))
    assert len(root.findall(f".//{SE}Rule")) == 3
    assert root.find(f".//{SE}Name").text == "层 <1>"
    fill = root.find(f".//{SE}PolygonSymbolizer/{SE}Fill")
    look = tomllib.loads(files("maps").joinpath("styles/layers.toml").read_text("utf-8"))
    district = look["kinds"]["district"]
    assert [one.text for one in fill] == [district["fill"], f"{district['fill_opacity']:g}"]
