"""How layers and their versions are called from outside: ``layer``, ``layer@number``.

An address without a number means the version in use; with one it means that version for good,
so pages of one reading never mix two versions.
"""

import re
from dataclasses import dataclass
from typing import Final

from api.workspace.needs import LayerSource
from layers.errors import UnknownLayerError
from layers.model import LayerVersion

_ID: Final = re.compile(r"([a-z][a-z0-9_]{0,62})(?:@([1-9]\d{0,8}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A version with the name under which it was asked for."""

    version: LayerVersion
    pinned: bool

    @property
    def id(self) -> str:
        """The name, with a number if it was asked for by one."""
        return self.fixed_id if self.pinned else self.version.layer_id

    @property
    def fixed_id(self) -> str:
        """The name that will always mean this version."""
        return f"{self.version.layer_id}@{self.version.number}"

    @property
    def path(self) -> str:
        """Its address under the root."""
        return f"/collections/{self.id}"

    @property
    def fixed_path(self) -> str:
        """Its address for good."""
        return f"/collections/{self.fixed_id}"


def named(workspace: LayerSource, collection_id: str) -> Named:
    """Return the version that a name means.

    Raises
    ------
    UnknownLayerError, UnknownVersionError
        There is no such layer or version.
    LostVersionError, AllWithdrawnError, DamagedWithdrawalError
        See :meth:`layers.store.layer_store.LayerStore.get`.
    """
    match = _ID.fullmatch(collection_id)
    if match is None:
        raise UnknownLayerError(layer_id=collection_id[:80])
    number = int(match[2]) if match[2] else None
    version = workspace.store.get(match[1], number)
    return Named(version=version, pinned=number is not None)


def all_named(workspace: LayerSource) -> list[Named]:
    """Return the version in use of every layer, by id."""
    return [Named(version=version, pinned=False) for version in workspace.store.current()]
