"""Kinds of rasters, and dictionaries of classes: data of ``layers/store/catalogue_data``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from layers.model import Sensitivity
from layers.rasters.errors import UnknownClassesError, UnknownRasterKindError
from layers.yaml_text import load_yaml

_DATA: Final = "catalogue_data"
_SUFFIX: Final = ".yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterKind:
    """A kind of raster: what its values are and which are possible.

    ``units`` maps each unit that a file may be in to the factor that makes it ``unit``.
    ``made``: the product calculates such rasters, nobody imports them.
    """

    id: str
    title_zh: str
    title_en: str
    unit: str
    units: Mapping[str, float]
    range: tuple[float, float] | None
    classes: bool
    sensitivity: Sensitivity
    made: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LandClass:
    """One class of a dictionary; ``group`` is the same word in all dictionaries."""

    code: int
    title_zh: str
    title_en: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassDictionary:
    """What the numbers of a raster of classes mean."""

    id: str
    title_zh: str
    title_en: str
    source: str
    classes: Mapping[int, LandClass]


@cache
def raster_kinds() -> Mapping[str, RasterKind]:
    """Return all kinds of rasters by id."""
    text = files("layers.store").joinpath(_DATA, "raster_kinds.yaml").read_text(encoding="utf-8")
    kinds = {
        name: RasterKind(
            id=name,
            title_zh=entry["title"]["zh"],
            title_en=entry["title"]["en"],
            unit=entry["unit"],
            units=MappingProxyType(entry["units"]),
            range=tuple(entry["range"]) if "range" in entry else None,
            classes=entry.get("classes", False),
            sensitivity=Sensitivity(entry["sensitivity"]),
            made=entry.get("made", False),
        )
        for name, entry in load_yaml(text).items()
    }
    return MappingProxyType(kinds)


def raster_kind(name: str) -> RasterKind:
    """Return a kind.

    Raises
    ------
    UnknownRasterKindError
        There is none with this id.
    """
    kinds = raster_kinds()
    if name not in kinds:
        raise UnknownRasterKindError(kind=name[:80], known=sorted(kinds))
    return kinds[name]


@cache
def class_dictionaries() -> Mapping[str, ClassDictionary]:
    """Return all dictionaries of classes by id."""
    found = {}
    for entry in files("layers.store").joinpath(_DATA, "classes").iterdir():
        if not entry.name.endswith(_SUFFIX):
            continue
        said = load_yaml(entry.read_text(encoding="utf-8"))
        name = entry.name.removesuffix(_SUFFIX)
        found[name] = ClassDictionary(
            id=name,
            title_zh=said["title"]["zh"],
            title_en=said["title"]["en"],
            source=said["source"],
            classes=MappingProxyType(
                {
                    code: LandClass(
                        code=code, title_zh=one["zh"], title_en=one["en"], group=one["group"]
                    )
                    for code, one in said["classes"].items()
                }
            ),
        )
    return MappingProxyType(found)


def class_dictionary(name: str) -> ClassDictionary:
    """Return a dictionary of classes.

    Raises
    ------
    UnknownClassesError
        There is none with this id.
    """
    known = class_dictionaries()
    if name not in known:
        raise UnknownClassesError(classes=name[:80], known=sorted(known))
    return known[name]
