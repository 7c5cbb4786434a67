"""Withdraw a version, or restore it: by whom and why is kept, and nothing is removed."""

from dataclasses import dataclass

from api.workspace.answers import steps_out
from api.workspace.needs import Clock
from api.workspace.people.actor import AT_TERMINAL, Actor
from api.workspace.resting import resting_on, resting_on_table
from api.workspace.workspace import Workspace
from layers.model import MissingLayer
from layers.store.withdrawals import Step
from maps.answers import Title
from maps.data.withdrawal_answers import VersionStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whether a version is withdrawn or restored, who says so, and why; ``actor`` is who asks."""

    withdrawn: bool
    name: str
    reason: str
    actor: Actor = AT_TERMINAL

    def step(self, workspace: Clock) -> Step:
        """Return the same as of now."""
        return Step(
            withdrawn=self.withdrawn, name=self.name, reason=self.reason, at=workspace.now()
        )


def change_layer(workspace: Workspace, layer_id: str, number: int, wish: Wish) -> VersionStanding:
    """Withdraw or restore a version of a layer, and return what rests on it.

    Raises
    ------
    UnknownLayerError, UnknownVersionError
        There is no such version.
    AlreadyWithdrawnError, NotWithdrawnError
        It is so already.
    """
    store = workspace.store
    version = store.say(layer_id, number, wish.step(workspace))
    kind = version.spec.kind
    counted = store.controls(kind)
    in_use = {one.layer_id: one.number for one in store.current()}.get(layer_id)
    gone = isinstance(counted, MissingLayer) and bool(counted.gone)
    known = workspace.kinds.get(kind)
    return VersionStanding(
        what="layer",
        id=layer_id,
        version=str(number),
        steps=steps_out(store.memory.steps_of(version)),
        in_use=None if in_use is None else str(in_use),
        cannot_tell=kind if gone else None,
        kind_title=Title(zh=known.title_zh, en=known.title_en) if gone and known else None,
        resting=resting_on(workspace, layer_id, number),
    )


def change_raster(workspace: Workspace, raster_id: str, number: int, wish: Wish) -> VersionStanding:
    """Withdraw or restore a version of a raster, and return what rests on it.

    Raises
    ------
    UnknownRasterError
        There is no such version.
    AlreadyWithdrawnError, NotWithdrawnError
        It is so already.
    """
    store = workspace.rasters
    version = store.say(raster_id, number, wish.step(workspace))
    kind = version.spec.kind
    current = {one.raster_id: one for one in store.current()}
    in_use = current[raster_id].number if raster_id in current else None
    found = [one for one in current.values() if one.spec.kind == kind]
    return VersionStanding(
        what="raster",
        id=raster_id,
        version=str(number),
        steps=steps_out(store.memory.steps_of(version)),
        in_use=None if in_use is None else str(in_use),
        cannot_tell=kind if store.memory.missing(kind, found) else None,
        resting=resting_on(workspace, raster_id, number),
    )


def change_table(workspace: Workspace, dataset: str, number: int, wish: Wish) -> VersionStanding:
    """Withdraw or restore a version of a data set, and return what rests on it.

    Without any version left, what ships answers again: published figures with their sources.

    Raises
    ------
    UnknownLayerError, UnknownVersionError
        There is no such version.
    AlreadyWithdrawnError, NotWithdrawnError, DamagedWithdrawalError
        It is so already, or that cannot be read.
    """
    version = workspace.tables.say(dataset, number, wish.step(workspace))
    in_use = workspace.tables.in_use(dataset)
    return VersionStanding(
        what="dataset",
        id=dataset,
        version=str(number),
        steps=steps_out(workspace.tables.steps_of(version)),
        in_use=None if in_use is None else str(in_use.number),
        cannot_tell=None,
        resting=resting_on_table(workspace, version),
    )
