"""How layers and furniture of a printed map look: data of ``maps/styles``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from maps.style.styles import raster_styles, styles

_RASTER: Final = "raster/"
_CLASS: Final = "class/"
_PALE: Final = 0.72
"""Pale enough for what is written over it, by which a map is known as a demonstration."""


@cache
def figure_styles() -> Mapping[str, Any]:
    """Return ``roles`` (sites and results) and ``frame`` (ink, grid, mark)."""
    text = files("maps").joinpath("styles/figure.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def raster_look(style: str, key: str) -> str:
    """Return the name of the look of a class of pixels, as rasters.toml has its colour."""
    return f"{_RASTER}{style}/{key}"


def choropleth_look(at: int, classes: int) -> str:
    """Return the name of the look of a class of a choropleth, 0 the lowest of so many."""
    return f"{_CLASS}{at}/{classes}"


def class_colours(classes: int) -> list[str]:
    """Return as many colours, spread over the whole ramp, as the page spreads them."""
    ramp = styles()["choropleth"]["classes"]
    if classes == 1:
        return [ramp[len(ramp) // 2]]
    return [ramp[int(at * (len(ramp) - 1) / (classes - 1) + 0.5)] for at in range(classes)]


def look_of(name: str) -> Mapping[str, Any]:
    """Return the look of a role, of a class of pixels or of a kind of layer.

    A kind without one has the fallback's.
    """
    if name.startswith(_CLASS):
        at, classes = map(int, name.removeprefix(_CLASS).split("/"))
        ramp = styles()["choropleth"]
        flat = {"pattern": "none", "fill_opacity": 0.9, "weight": 1.4}
        return {**flat, "fill": class_colours(classes)[at], "stroke": ramp["stroke"]}
    if name.startswith(_RASTER):
        style, key = name.removeprefix(_RASTER).split("/")
        colour = raster_styles()[style][key]
        flat = {"pattern": "none", "fill_opacity": _PALE, "weight": 0.0}
        return {**flat, "fill": colour, "stroke": colour}
    looks: Mapping[str, Any] = {**styles()["kinds"], **figure_styles()["roles"]}
    look: Mapping[str, Any] = looks.get(name, styles()["fallback"])
    return look
