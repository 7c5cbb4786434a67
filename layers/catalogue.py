"""Kinds of layers: what the catalogue knows before any layer is imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from layers.errors import UnknownKindError
from layers.model import Sensitivity


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of layer; ``geometry`` is ``polygon``, ``line`` or ``point``."""

    id: str
    title_zh: str
    title_en: str
    geometry: str
    sensitivity: Sensitivity
    control: bool


@cache
def load_kinds() -> Mapping[str, Kind]:
    """Return all kinds by id, in drawing order from the bottom up."""
    text = files("layers").joinpath("catalogue_data/kinds.yaml").read_text(encoding="utf-8")
    kinds = {
        name: Kind(
            id=name,
            title_zh=entry["title"]["zh"],
            title_en=entry["title"]["en"],
            geometry=entry["geometry"],
            sensitivity=Sensitivity(entry["sensitivity"]),
            control=entry["control"],
        )
        for name, entry in yaml.safe_load(text).items()
    }
    return MappingProxyType(kinds)


def kind_of(name: str) -> Kind:
    """Return a kind.

    Raises
    ------
    UnknownKindError
        There is none with this id.
    """
    kinds = load_kinds()
    if name not in kinds:
        raise UnknownKindError(kind=name[:80], known=sorted(kinds))
    return kinds[name]
