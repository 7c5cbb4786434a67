"""How layers and furniture of a printed map look: data of ``maps/styles``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from maps.style import raster_styles, styles

_RASTER: Final = "raster/"
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


def look_of(name: str) -> Mapping[str, Any]:
    """Return the look of a role, of a class of pixels or of a kind of layer.

    A kind without one has the fallback's.
    """
    if name.startswith(_RASTER):
        style, key = name.removeprefix(_RASTER).split("/")
        colour = raster_styles()[style][key]
        flat = {"pattern": "none", "fill_opacity": _PALE, "weight": 0.0}
        return {**flat, "fill": colour, "stroke": colour}
    looks: Mapping[str, Any] = {**styles()["kinds"], **figure_styles()["roles"]}
    look: Mapping[str, Any] = looks.get(name, styles()["fallback"])
    return look
