"""Colours and patterns: data from ``maps/styles`` and ``layers/kinds``, never in code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from layers.store.catalogue import load_kinds
from layers.store.shown_kinds import ShownKind, builtin_shown_kinds, own_shown_kinds


def styles() -> Mapping[str, Any]:
    """Return all styles.

    ``kinds`` by layer kind, ``dark`` over them, ``fallback``, ``choropleth``, ``result``. How
    a kind of control line is drawn stands in its folder (:mod:`layers.kinds`), and where in
    the order of drawing with the kind itself.
    """
    return _styles(own_shown_kinds())


@cache
def _styles(own: tuple[ShownKind, ...]) -> Mapping[str, Any]:
    text = files("maps").joinpath("styles/layers.toml").read_text(encoding="utf-8")
    whole = tomllib.loads(text)
    for kind in (*builtin_shown_kinds(), *own):
        look = {name: value for name, value in kind.look.items() if name != "dark"}
        # Without a fill of its own a kind is drawn as a line.
        plain = {**whole["fallback"], "fill_opacity": 0.0}
        del plain["fill"]
        base = plain if look else whole["fallback"]
        whole["kinds"].setdefault(kind.id, {**base, **look, "order": kind.order})
        if "dark" in kind.look:
            whole["dark"].setdefault(kind.id, kind.look["dark"])
    for name, look in whole["kinds"].items():
        if "order" not in look:
            look["order"] = load_kinds()[name].order
    return MappingProxyType(whole)


@cache
def raster_styles() -> Mapping[str, Any]:
    """Return the colours of rasters, by style."""
    text = files("maps").joinpath("styles/rasters.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))
