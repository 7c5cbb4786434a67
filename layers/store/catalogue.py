"""Kinds of layers: what the catalogue knows before any layer is imported."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from layers.errors import RuleFileError, UnknownKindError
from layers.model import Sensitivity

KINDS_FILE: Final = "kinds.yaml"
"""Name of the file of kinds in a folder of rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of layer; ``geometry`` is ``polygon``, ``line`` or ``point``."""

    id: str
    title_zh: str
    title_en: str
    geometry: str
    sensitivity: Sensitivity
    control: bool


Kinds = Mapping[str, Kind]

_Words = Annotated[str, Field(min_length=1, max_length=200)]


class _TitleFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: _Words
    en: _Words


class _KindFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: _TitleFile
    geometry: Literal["polygon", "line", "point"]
    sensitivity: Sensitivity
    control: bool


_FILE: Final = TypeAdapter(
    dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")], _KindFile]
)


@cache
def load_kinds() -> Kinds:
    """Return the built-in kinds by id, in drawing order from the bottom up."""
    return MappingProxyType(_read(files("layers.store").joinpath("catalogue_data", KINDS_FILE)))


def kinds_with(folder: Path | None) -> Kinds:
    """Return the built-in kinds and those that a folder's ``kinds.yaml`` adds.

    Raises
    ------
    RuleFileError
        The file is not YAML, lacks a field, has one too many, or speaks of a kind that is
        built in: to call another thing by its name would change past checks.
    """
    builtin = load_kinds()
    path = folder / KINDS_FILE if folder else None
    if path is None or not path.is_file():
        return builtin
    own = _read(path)
    for name in own.keys() & builtin.keys():
        raise RuleFileError(file=KINDS_FILE, field=name, problem="repeated")
    return MappingProxyType({**builtin, **own})


def kinds_from_json(data: bytes) -> Kinds:
    """Return kinds from the canonical JSON of their fields, as evidence keeps them."""
    found = [
        Kind(**{**row, "sensitivity": Sensitivity(row["sensitivity"])}) for row in json.loads(data)
    ]
    return MappingProxyType({kind.id: kind for kind in found})


def kind_of(name: str, kinds: Kinds) -> Kind:
    """Return a kind.

    Raises
    ------
    UnknownKindError
        There is none with this id.
    """
    if name not in kinds:
        raise UnknownKindError(kind=name[:80], known=sorted(kinds))
    return kinds[name]


def _read(path: Traversable | Path) -> dict[str, Kind]:
    try:
        content = _FILE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise RuleFileError(file=path.name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise RuleFileError(file=path.name, field=where, problem=first["type"]) from exc
    return {
        name: Kind(
            id=name,
            title_zh=entry.title.zh,
            title_en=entry.title.en,
            geometry=entry.geometry,
            sensitivity=entry.sensitivity,
            control=entry.control,
        )
        for name, entry in content.items()
    }
