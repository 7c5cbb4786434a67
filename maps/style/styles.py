"""Colours and patterns: data from ``maps/styles``, never in code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@cache
def styles() -> Mapping[str, Any]:
    """Return all styles.

    ``kinds`` by layer kind, ``dark`` over them, ``fallback``, ``choropleth``, ``result``.
    """
    text = files("maps").joinpath("styles/layers.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


@cache
def raster_styles() -> Mapping[str, Any]:
    """Return the colours of rasters, by style."""
    text = files("maps").joinpath("styles/rasters.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))
