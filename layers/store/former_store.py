"""The layer store as it would be if some versions had not come in."""

from typing_extensions import override

from layers.errors import UnknownLayerError
from layers.model import LayerStatus, LayerVersion, MissingLayer
from layers.store.layer_store import LayerStore

UNOFFICIAL = frozenset({LayerStatus.INDICATIVE, LayerStatus.DEMONSTRATION})
"""Of layers that stand in until an official one comes."""


class FormerStore(LayerStore):
    """A store in which some versions are hidden; files, locks and memory are those of the other.

    It is for reading: what a result was before a layer came in is computed with it.
    """

    def __init__(self, store: LayerStore, hidden: frozenset[tuple[str, int]]) -> None:
        # All of a store's state but what it hides is the other's: nothing is opened again.
        self.__dict__.update(store.__dict__)
        self._whole, self._hidden = store, hidden

    @override
    def versions(self, layer_id: str) -> tuple[LayerVersion, ...]:
        """Return all versions of a layer that are not hidden, newest first.

        Raises
        ------
        UnknownLayerError, LostVersionError
            There is no such layer, or none of it is left.
        """
        kept = tuple(v for v in self._whole.versions(layer_id) if not self._hides(v))
        if not kept:
            raise UnknownLayerError(layer_id=layer_id[:80])
        return kept

    @override
    def current(self) -> tuple[LayerVersion, ...]:
        """Return the newest version of every layer that is not hidden, ordered by id."""
        found = []
        for newest in self._whole.current():
            hidden = self._hides(newest)
            left = self._whole.standing_versions(newest.layer_id) if hidden else (newest,)
            found += [v for v in left if not self._hides(v)][:1]
        return tuple(found)

    @override
    def controls(self, kind: str) -> tuple[LayerVersion, ...] | MissingLayer:
        """Return the layers of a kind that would count."""
        counted = self._whole.controls(kind)
        if isinstance(counted, MissingLayer):
            return counted
        found = tuple(version for version in self.current() if version.spec.kind == kind)
        real = tuple(v for v in found if v.spec.status is not LayerStatus.DEMONSTRATION)
        return real or found or MissingLayer(kind=kind)

    def _hides(self, version: LayerVersion) -> bool:
        return (version.layer_id, version.number) in self._hidden
