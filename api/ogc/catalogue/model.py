"""What is said of a version in the catalogue, whatever it is a version of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from layers.model import LayerStatus, Sensitivity
from maps.answers import Title

_UNSAID: Final = Title(zh="", en="")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAsset:
    """A way to the data of an entry: a path of this server, and what ``word`` calls it."""

    key: str
    path: str
    media_type: str
    word: str
    roles: tuple[str, ...] = ("data",)
    query: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A version of something, with what everybody asks first.

    ``status`` is None where nobody has stated one, ``bounds_lonlat`` where it lies nowhere.
    ``holds`` are the first and last day that it speaks of; ``facts`` is what its sort has
    besides, by names of ours.
    """

    collection: str
    name: str
    number: str
    title: Title
    created_at: datetime | None
    status: LayerStatus | None = None
    kind: str | None = None
    sensitivity: Sensitivity | None = None
    source: Title = _UNSAID
    licence: str = ""
    data_date: date | None = None
    precision_m: float | None = None
    holds: tuple[date | None, date | None] = (None, None)
    bounds_lonlat: tuple[float, float, float, float] | None = None
    withdrawn: bool = False
    history: str | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    assets: tuple[EntryAsset, ...] = ()

    @property
    def id(self) -> str:
        """The name that will always mean this version."""
        return f"{self.name}@{self.number}"

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it: what nobody has called public is not."""
        return self.sensitivity is Sensitivity.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All of one sort at the version in use, and the names of what stood here and is lost."""

    entries: tuple[Entry, ...]
    lost: tuple[str, ...]
