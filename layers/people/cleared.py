"""The stores as somebody may see them: what is too sensitive stands there as if it did not.

Only the judgement knows of it: where a layer of a kind is kept back, nobody can tell by the
others what it would have said, and the kind is missing with that reason, never clear.
"""

from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from layers.errors import UnknownLayerError
from layers.model import LayerVersion, MissingLayer, Sensitivity
from layers.people.model import may_see
from layers.rasters.errors import UnknownRasterError
from layers.rasters.model import RasterVersion
from layers.rasters.store import RasterStore
from layers.store.layer_store import LayerStore


class ClearedLayers(LayerStore):
    """A layer store as far as a clearance reaches; files, locks and memory are the store's own."""

    def __init__(self, store: LayerStore, clearance: Sensitivity) -> None:
        # All of a store's state is the other's: nothing is opened again.
        self.__dict__.update(store.__dict__)
        self._whole, self._clearance = store, clearance

    @override
    def current(self) -> tuple[LayerVersion, ...]:
        """Return the versions in use that may be seen."""
        return tuple(one for one in self._whole.current() if self._shows(one))

    @override
    def everything(self) -> tuple[LayerVersion, ...]:
        """Return all versions that may be seen."""
        return tuple(one for one in self._whole.everything() if self._shows(one))

    @override
    def versions(self, layer_id: str) -> tuple[LayerVersion, ...]:
        """Return all versions of a layer that may be seen, newest first.

        Raises
        ------
        UnknownLayerError, LostVersionError
            There is no such layer, or not for these eyes.
        """
        found = tuple(one for one in self._whole.versions(layer_id) if self._shows(one))
        if not found:
            raise UnknownLayerError(layer_id=layer_id[:80])
        return found

    @override
    def controls(self, kind: str) -> tuple[LayerVersion, ...] | MissingLayer:
        """Return the layers of a kind that count; none where one of them is kept back."""
        found = self._whole.controls(kind)
        if isinstance(found, MissingLayer) or all(self._shows(one) for one in found):
            return found
        return MissingLayer(kind=kind, withheld=(kind,))

    def shows_all(self, record: Mapping[str, Any]) -> bool:
        """Whether all layer versions may be seen that the record of a result names.

        Where nothing is kept back everything may; else what the catalogue does not know may not.
        """
        every = {f"{one.layer_id}@{one.number}" for one in self._whole.everything()}
        seen = {f"{one.layer_id}@{one.number}" for one in self.everything()}
        standing = self._whole.memory.standing()
        # Of what vanished nobody knows how sensitive it was.
        if every == seen and not standing.vanished and all(map(self._shows, standing.lost)):
            return True
        return set(record["layers"]) <= seen

    def _shows(self, version: LayerVersion) -> bool:
        kind = self._whole.kinds.get(version.spec.kind)
        # A kind that was made secret since is so for what came in before, too.
        known = {version.spec.sensitivity, *([kind.sensitivity] if kind else [])}
        return all(may_see(self._clearance, one) for one in known)


class ClearedRasters(RasterStore):
    """A raster store as far as a clearance reaches."""

    def __init__(self, store: RasterStore, clearance: Sensitivity) -> None:
        self.__dict__.update(store.__dict__)
        self._whole, self._clearance = store, clearance

    @override
    def current(self) -> tuple[RasterVersion, ...]:
        """Return the versions in use that may be seen."""
        return tuple(one for one in self._whole.current() if self._shows(one))

    @override
    def everything(self) -> tuple[RasterVersion, ...]:
        """Return all versions that may be seen."""
        return tuple(one for one in self._whole.everything() if self._shows(one))

    @override
    def versions(self, raster_id: str) -> tuple[RasterVersion, ...]:
        """Return all versions of a raster that may be seen, newest first.

        Raises
        ------
        UnknownRasterError
            There is no such raster, or not for these eyes.
        """
        found = tuple(one for one in self._whole.versions(raster_id) if self._shows(one))
        if not found:
            raise UnknownRasterError(raster_id=raster_id[:80], version=None)
        return found

    @override
    def in_use(self, kind: str) -> tuple[RasterVersion, ...]:
        """Return the rasters of a kind that count; none where one of them is kept back."""
        found = self._whole.in_use(kind)
        return found if all(self._shows(one) for one in found) else ()

    @override
    def missing(self, kind: str) -> MissingLayer | None:
        """Return that rasters of a kind cannot be told from, and why."""
        if all(self._shows(one) for one in self._whole.in_use(kind)):
            return self._whole.missing(kind)
        return MissingLayer(kind=kind, withheld=(kind,))

    def _shows(self, version: RasterVersion) -> bool:
        return may_see(self._clearance, version.spec.sensitivity)
