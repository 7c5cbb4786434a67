"""How layers and furniture of a printed map look: data of ``maps/styles``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, TypedDict, cast

from maps.style.styles import Look, raster_colours, styles

_RASTER: Final = "raster/"
_CLASS: Final = "class/"
_PALE: Final = 0.72
"""Pale enough for what is written over it, by which a map is known as a demonstration."""


class FigureStyles(TypedDict):
    """All of ``styles/figure.toml``."""

    roles: Mapping[str, Look]
    frame: Mapping[str, str]


@cache
def figure_styles() -> FigureStyles:
    """Return ``roles`` (sites and results) and ``frame`` (ink, grid, mark)."""
    text = files("maps").joinpath("styles/figure.toml").read_text(encoding="utf-8")
    return cast("FigureStyles", MappingProxyType(tomllib.loads(text)))


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


def look_of(name: str) -> Look:
    """Return the look of a role, of a class of pixels or of a kind of layer.

    A kind without one has the fallback's.
    """
    if name.startswith(_CLASS):
        at, classes = map(int, name.removeprefix(_CLASS).split("/"))
        colour, stroke = class_colours(classes)[at], styles()["choropleth"]["stroke"]
        return _flat(colour, stroke, fill_opacity=0.9, weight=1.4)
    if name.startswith(_RASTER):
        style, key = name.removeprefix(_RASTER).split("/")
        colour = raster_colours(style)[key]
        return _flat(colour, colour, fill_opacity=_PALE, weight=0.0)
    looks = {**styles()["kinds"], **figure_styles()["roles"]}
    return looks.get(name, styles()["fallback"])


def _flat(fill: str, stroke: str, *, fill_opacity: float, weight: float) -> Look:
    return {
        "pattern": "none",
        "fill": fill,
        "stroke": stroke,
        "fill_opacity": fill_opacity,
        "weight": weight,
    }
