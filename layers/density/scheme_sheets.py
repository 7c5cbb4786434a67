"""Schemes of firms and zones as files that a person fills in or changes."""

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import yaml

from layers.density.intensity_schemes import load_ideal_schemes
from layers.density.permu import load_schemes
from layers.errors import UnknownSchemeError
from layers.yaml_text import load_yaml

_ROOMS: Final = ("permu", "intensity")
"""Folders of own schemes below the data folder; what ships lies in folders of like names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeText:
    """A scheme as YAML, and the folder below the data folder that takes it."""

    room: str
    text: str


def scheme_text(wanted: str, data_folder: Path) -> SchemeText:
    """Return a scheme as it stands in its file, an own one before one that ships.

    Raises
    ------
    UnknownSchemeError
        No file holds it.
    SchemeFileError
        An own file is not as it must be.
    """
    # Own files are held against their form first, so that what is copied is sound.
    load_schemes(data_folder / "permu")
    load_ideal_schemes(data_folder / "intensity")
    known: dict[str, SchemeText] = {}
    for room in _ROOMS:
        for file in _files(room, data_folder):
            content = load_yaml(file.read_text(encoding="utf-8")) or {}
            for name, entry in (content.get("schemes") or {}).items():
                known[name] = SchemeText(room=room, text=_dumped(name, entry))
    if wanted not in known:
        raise UnknownSchemeError(scheme=wanted[:80], known=sorted(known))
    return known[wanted]


def _files(room: str, data_folder: Path) -> list[Traversable | Path]:
    own = data_folder / room
    shipped = files("layers.density").joinpath(f"{room}_data/schemes.yaml")
    return [shipped, *(sorted(own.glob("*.yaml")) if own.is_dir() else [])]


def _dumped(name: str, entry: object) -> str:
    text: str = yaml.safe_dump(
        {"schemes": {name: entry}}, allow_unicode=True, sort_keys=False, width=10_000
    )
    return text
