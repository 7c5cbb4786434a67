"""Colours and patterns: data from ``maps/styles``, never in code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypedDict, cast


class Look(TypedDict, total=False):
    """How a kind of layer is drawn; see the head of ``styles/layers.toml``."""

    stroke: str
    weight: float
    fill: str
    fill_opacity: float
    pattern: str
    dash: str
    order: int
    min_zoom: int
    dot: bool
    quiet: bool
    credit: bool
    shown: bool
    names: str
    printed_names: bool


class Choropleth(TypedDict):
    """The ramp of a choropleth, the lowest class first."""

    classes: list[str]
    stroke: str
    no_data: str


class Styles(TypedDict):
    """All of ``styles/layers.toml``; ``dark`` lies over ``kinds``."""

    kinds: Mapping[str, Look]
    dark: Mapping[str, Look]
    fallback: Look
    choropleth: Choropleth
    grades: Mapping[str, str]
    result: Mapping[str, str]
    changes: Mapping[str, str]


class Hillshade(TypedDict):
    """Where the light stands, and what its shadows and lights look like."""

    azimuth_deg: float
    altitude_deg: float
    exaggeration: float
    shadow: str
    light: str
    strength: float


class Elevation(TypedDict):
    """Colours from the lowest to the highest value of a raster."""

    ramp: list[str]


class RasterStyles(TypedDict):
    """All of ``styles/rasters.toml``; the others are colours by class."""

    hillshade: Hillshade
    elevation: Elevation
    slope: Mapping[str, str]
    cover: Mapping[str, str]
    grade: Mapping[str, str]
    suitability: Mapping[str, str]


@cache
def styles() -> Styles:
    """Return all styles.

    ``kinds`` by layer kind, ``dark`` over them, ``fallback``, ``choropleth``, ``result``.
    """
    text = files("maps").joinpath("styles/layers.toml").read_text(encoding="utf-8")
    return cast("Styles", MappingProxyType(tomllib.loads(text)))


@cache
def raster_styles() -> RasterStyles:
    """Return the colours of rasters, by style."""
    text = files("maps").joinpath("styles/rasters.toml").read_text(encoding="utf-8")
    return cast("RasterStyles", MappingProxyType(tomllib.loads(text)))


def raster_colours(style: str) -> Mapping[str, str]:
    """Return the colours of a style of classes, by the id of the class."""
    return cast("Mapping[str, Mapping[str, str]]", raster_styles())[style]
