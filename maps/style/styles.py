"""Colours and patterns: data from ``maps/styles`` and ``layers/kinds``, never in code."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypedDict, cast

from layers.provenance import digest
from layers.store.catalogue import Group, Kind, load_kinds
from layers.store.shown_kinds import ShownKind, builtin_shown_kinds, own_shown_kinds


class Look(TypedDict, total=False):
    """How a kind of layer is drawn; see the head of ``styles/layers.toml``."""

    stroke: str
    weight: float
    fill: str
    fill_opacity: float
    pattern: str
    dash: str
    order: int
    precedence: int
    group: Group
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


class Pattern(TypedDict):
    """Lines or dots on a ground, by which control lines are told apart without colour."""

    ground: str
    ground_opacity: float
    ink: str
    ink_opacity: float
    step_px: float
    size_px: float


class Styles(TypedDict):
    """All of ``styles/layers.toml``; ``dark`` lies over ``kinds``."""

    kinds: Mapping[str, Look]
    dark: Mapping[str, Look]
    fallback: Look
    choropleth: Choropleth
    grades: Mapping[str, str]
    result: Mapping[str, str]
    changes: Mapping[str, str]
    patterns: Mapping[str, Pattern]


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


def styles() -> Styles:
    """Return all styles.

    ``kinds`` by layer kind, ``dark`` over them, ``fallback``, ``choropleth``, ``result``. How
    a kind of control line is drawn stands in its folder (:mod:`layers.kinds`), and where in
    the order of drawing with the kind itself.
    """
    return _styles(own_shown_kinds())


@cache
def _styles(own: tuple[ShownKind, ...]) -> Styles:
    text = files("maps").joinpath("styles/layers.toml").read_text(encoding="utf-8")
    whole = tomllib.loads(text)
    for kind in (*builtin_shown_kinds(), *own):
        look = {name: value for name, value in kind.look.items() if name != "dark"}
        # Without a fill of its own a kind is drawn as a line.
        plain = {**whole["fallback"], "fill_opacity": 0.0}
        del plain["fill"]
        base = plain if look else whole["fallback"]
        whole["kinds"].setdefault(kind.id, {**base, **look, **_place_of(kind)})
        if "dark" in kind.look:
            whole["dark"].setdefault(kind.id, kind.look["dark"])
    for name, look in whole["kinds"].items():
        if "order" not in look:
            look.update(_place_of(load_kinds()[name]))
    return cast("Styles", MappingProxyType(whole))


@cache
def looks_digest() -> str:
    """Return a short digest of the looks that ship: part of what a drawn tile is known by."""
    text = files("maps").joinpath("styles/layers.toml").read_bytes()
    looks = json.dumps([dict(kind.look) for kind in builtin_shown_kinds()], sort_keys=True)
    return digest(text + looks.encode())[:10]


def drawing_place(kind: str) -> tuple[int, int]:
    """Return the place of a kind in drawing, from the bottom up; the graver lies above."""
    look = styles()["kinds"].get(kind, styles()["fallback"])
    return look["order"], -look["precedence"]


def _place_of(kind: Kind | ShownKind) -> Look:
    return {"order": kind.order, "precedence": kind.precedence, "group": kind.group}


@cache
def raster_styles() -> RasterStyles:
    """Return the colours of rasters, by style."""
    text = files("maps").joinpath("styles/rasters.toml").read_text(encoding="utf-8")
    return cast("RasterStyles", MappingProxyType(tomllib.loads(text)))


def raster_colours(style: str) -> Mapping[str, str]:
    """Return the colours of a style of classes, by the id of the class."""
    return cast("Mapping[str, Mapping[str, str]]", raster_styles())[style]
