"""Looks of rasters as QGIS keeps them: classes by their codes, heights by a ramp."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from typing import Final

from layers.rasters.kinds import class_dictionary
from layers.rasters.model import RasterVersion
from maps.i18n import tr
from maps.style.raster_style import ramp_legend, styles_of
from maps.style.styles import raster_colours, raster_styles

_EXCLUDED_BAND: Final = 4
_CODES: Final = 255

Entries = Mapping[int, tuple[str, str]]
"""Colour and name by code."""


def raster_style(version: RasterVersion, lang: str) -> Callable[[ET.Element], None]:
    """Return what puts the look of a raster into the element of its layer in a project."""
    # Of several looks the one that stands alone: shades of hills lie over something.
    plain = styles_of(version.spec.kind)[-1]
    if plain == "elevation":
        return lambda parent: _add_ramp(parent, version.facts.least, version.facts.most)
    if plain == "cover":
        return lambda parent: _add_classes(parent, 1, _cover(version, lang))
    return lambda parent: _add_classes(parent, 1, _grades(plain, lang))


def excluded_style(cannot_tell: int, lang: str) -> Callable[[ET.Element], None]:
    """Return the look of what lies over grades: ground that is excluded, or of which nobody knows.

    Without it grades would show where nothing may be built.
    """
    colours = raster_colours("suitability")

    def entry(key: str) -> tuple[str, str]:
        return colours[key], tr(f"grade_names.{key}", lang)

    shut = {code: entry("excluded") for code in range(1, _CODES + 1)}
    entries = {**shut, cannot_tell: entry("cannot_tell")}
    return lambda parent: _add_classes(parent, _EXCLUDED_BAND, entries)


def _cover(version: RasterVersion, lang: str) -> Entries:
    colours = raster_styles()["cover"]
    classes = class_dictionary(version.facts.classes or "").classes
    return {
        code: (colours[one.group], one.title_zh if lang == "zh" else one.title_en)
        for code, one in classes.items()
    }


def _grades(style: str, lang: str) -> Entries:
    colours = raster_colours(style)
    return {
        int(key): (colour, tr(f"grade_names.{key}", lang))
        for key, colour in colours.items()
        if key.isdecimal()
    }


def _add_classes(parent: ET.Element, band: int, entries: Entries) -> None:
    renderer = _add_renderer(parent, "paletted", band)
    palette = ET.SubElement(renderer, "colorPalette")
    for code, (colour, name) in sorted(entries.items()):
        said = {"value": str(code), "color": colour, "alpha": "255", "label": name}
        ET.SubElement(palette, "paletteEntry", said)


def _add_ramp(parent: ET.Element, least: float, most: float) -> None:
    renderer = _add_renderer(parent, "singlebandpseudocolor", 1)
    ends = {"minimumValue": repr(least), "maximumValue": repr(most)}
    shader = ET.SubElement(
        ET.SubElement(renderer, "rastershader"),
        "colorrampshader",
        {"colorRampType": "INTERPOLATED", "classificationMode": "1", "clip": "0", **ends},
    )
    for key in ramp_legend(least, most):
        said = {"value": f"{key.upper}", "color": key.colour, "alpha": "255"}
        ET.SubElement(shader, "item", {**said, "label": f"{key.upper} m"})


def _add_renderer(parent: ET.Element, kind: str, band: int) -> ET.Element:
    pipe = ET.SubElement(parent, "pipe")
    said = {"type": kind, "band": str(band), "opacity": "1", "alphaBand": "-1"}
    renderer = ET.SubElement(pipe, "rasterrenderer", said)
    ET.SubElement(pipe, "rasterresampler", {"maxOversampling": "2"})
    return renderer
