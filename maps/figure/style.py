"""How layers and furniture of a printed map look: data of ``maps/styles``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from maps.style import styles


@cache
def figure_styles() -> Mapping[str, Any]:
    """Return ``roles`` (sites and results) and ``frame`` (ink, grid, mark)."""
    text = files("maps").joinpath("styles/figure.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def look_of(name: str) -> Mapping[str, Any]:
    """Return the look of a role or of a kind of layer; a kind without one has the fallback's."""
    looks: Mapping[str, Any] = {**styles()["kinds"], **figure_styles()["roles"]}
    look: Mapping[str, Any] = looks.get(name, styles()["fallback"])
    return look
