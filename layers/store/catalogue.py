"""Kinds of layers: what the catalogue knows before any layer is imported."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from layers.errors import RuleFileError, UnknownKindError
from layers.kinds import (
    KIND_FILE,
    DataFile,
    KindFolder,
    builtin_kind_folders,
    own_kind_folders,
)
from layers.model import Sensitivity
from layers.yaml_text import load_yaml
from layers.zones import Region

KINDS_FILE: Final = "kinds.yaml"
"""Several kinds in one file: those that are no control lines, and the old form of own kinds."""
LAST: Final = 1000
"""The place of a kind or a rule whose file does not say where it stands."""
_MIDDLE: Final = 30

Group = Literal["control", "zone", "ground"]
"""The headings under which a map lists its layers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingExclusion:
    """That nothing can be built on a kind's features, or on those with some attributes.

    ``required``: without the layer, or beyond what it covers, nothing can be called free.
    """

    required: bool
    where: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of layer; ``geometry`` is ``polygon``, ``line``, ``point`` or ``point+polygon``.

    ``order`` is the place in drawing, from the bottom up. ``environmentally_sensitive``:
    the plan's claim to touch nothing sensitive speaks of it. ``covers_all_land``: its features
    cover all land by law, so that to lie in one is no news and its conditions decide nothing.
    ``precedence``: its place in every list of kinds, the gravest first, from 1. ``ground``: it
    shows what the land is like, such as counties and waters, and bounds nothing of the zone.
    """

    id: str
    title_zh: str
    title_en: str
    geometry: str
    sensitivity: Sensitivity
    control: bool
    order: int = _MIDDLE
    environmentally_sensitive: bool = False
    excludes_building: BuildingExclusion | None = None
    covers_all_land: bool = False
    precedence: int = LAST
    ground: bool = False

    @property
    def group(self) -> Group:
        """Under which heading its layers are listed."""
        if self.control:
            return "control"
        return "ground" if self.ground else "zone"

    @property
    def drawing_place(self) -> tuple[int, int, str]:
        """Its place in drawing, from the bottom up: of one order, the graver lies above."""
        return self.order, -self.precedence, self.id

    @property
    def geometries(self) -> tuple[str, ...]:
        """What its features may be made of."""
        return tuple(self.geometry.split("+"))

    def identity(self) -> dict[str, str | bool | int]:
        """Return what evidence keeps of a kind: what a check of sites reads.

        What older releases did not know is left out where nothing is said: what they kept
        must have the same digest for ever.
        """
        said = {name: getattr(self, name) for name in _IDENTITY}
        later = {name: getattr(self, name) for name in _LATER}
        return said | {name: one for name, one in later.items() if one != _LATER[name]}


_IDENTITY: Final = ("id", "title_zh", "title_en", "geometry", "sensitivity", "control")
_LATER: Final = MappingProxyType({"covers_all_land": False, "precedence": LAST})


Kinds = Mapping[str, Kind]

_Words = Annotated[str, Field(min_length=1, max_length=200)]


class _TitleFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: _Words
    en: _Words


class _ExclusionFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    required: bool
    where: dict[str, tuple[str, ...]] = {}


class _KindFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: _TitleFile
    geometry: Literal["polygon", "line", "point", "point+polygon"]
    sensitivity: Sensitivity
    control: bool = True
    order: int = _MIDDLE
    environmentally_sensitive: bool | None = None
    excludes_building: _ExclusionFile | None = None
    covers_all_land: bool = False
    precedence: Annotated[int, Field(ge=1, le=LAST)] = LAST
    ground: bool = False
    provinces: tuple[str, ...] = ()


_FILE: Final = TypeAdapter(
    dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")], _KindFile]
)


@cache
def load_kinds() -> Kinds:
    """Return the built-in kinds by id, in drawing order from the bottom up."""
    plain = _read(files("layers.store").joinpath("catalogue_data", KINDS_FILE))
    return _in_order({**plain, **_read_folders(builtin_kind_folders())})


def kinds_elsewhere(region: Region) -> frozenset[str]:
    """Return the built-in kinds whose law is that of provinces in which a region does not lie."""
    return frozenset(
        kind
        for kind, provinces in _provinces().items()
        if not any(code.startswith(provinces) for code in region.county_codes)
    )


@cache
def _provinces() -> Mapping[str, tuple[str, ...]]:
    found = {
        one.kind: _kind_files(one.files[KIND_FILE], one.kind)[one.kind].provinces
        for one in builtin_kind_folders()
        if KIND_FILE in one.files
    }
    return {kind: provinces for kind, provinces in found.items() if provinces}


def kinds_with(folder: Path | None, region: Region) -> Kinds:
    """Return the built-in kinds of a region and those of a planner's folder, in drawing order.

    A kind of one's own is a folder with a ``kind.yaml`` or, as releases before took it, a
    row of ``kinds.yaml``.

    Raises
    ------
    RuleFileError
        A file is not YAML, lacks a field, has one too many, or speaks of a kind that is
        built in: to call another thing by its name would change past checks.
    """
    elsewhere = kinds_elsewhere(region)
    builtin = {name: one for name, one in load_kinds().items() if name not in elsewhere}
    folders = own_kind_folders(folder)
    own = _read_folders(folders)
    for name in own.keys() & builtin.keys():
        raise RuleFileError(file=f"{name}/{KIND_FILE}", field=name, problem="repeated")
    path = folder / KINDS_FILE if folder else None
    rows = _read(path) if path and path.is_file() else {}
    for name in rows.keys() & (builtin.keys() | own.keys()):
        raise RuleFileError(file=KINDS_FILE, field=name, problem="repeated")
    whole = _in_order({**builtin, **own, **rows})
    for one in folders:
        if one.kind not in whole:
            raise RuleFileError(file=f"{one.kind}/{KIND_FILE}", field="*", problem="no_such_kind")
    return whole


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


def _in_order(kinds: Mapping[str, Kind]) -> Kinds:
    by_order = sorted(kinds.values(), key=lambda kind: kind.drawing_place)
    return MappingProxyType({kind.id: kind for kind in by_order})


def _read_folders(folders: Iterable[KindFolder]) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for folder in folders:
        if KIND_FILE in folder.files:
            found |= _read(folder.files[KIND_FILE], folder.kind)
    return found


def _kind_files(path: DataFile, kind: str | None) -> dict[str, _KindFile]:
    try:
        raw = load_yaml(path.read_text(encoding="utf-8"))
        return _FILE.validate_python(raw if kind is None else {kind: raw})
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise RuleFileError(file=path.name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise RuleFileError(file=path.name, field=where, problem=first["type"]) from exc


def _read(path: DataFile, kind: str | None = None) -> dict[str, Kind]:
    """Return the kinds of a file of several, or the one that a folder's file is about."""
    return {
        name: Kind(
            id=name,
            title_zh=entry.title.zh,
            title_en=entry.title.en,
            geometry=entry.geometry,
            sensitivity=entry.sensitivity,
            control=entry.control,
            order=entry.order,
            # A kind that does not say so is examined: silence is no reason to call it untouched.
            environmentally_sensitive=(
                entry.control
                if entry.environmentally_sensitive is None
                else entry.environmentally_sensitive
            ),
            excludes_building=_exclusion(entry.excludes_building),
            covers_all_land=entry.covers_all_land,
            precedence=entry.precedence,
            ground=entry.ground,
        )
        for name, entry in _kind_files(path, kind).items()
    }


def _exclusion(said: _ExclusionFile | None) -> BuildingExclusion | None:
    if said is None:
        return None
    return BuildingExclusion(required=said.required, where=said.where)
