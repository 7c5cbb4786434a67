"""What a past check was judged by: its law, and the layer versions of its record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Final

from api.check.sites import missing_then
from api.workspace.loaded import LoadedLayer, RuleIndex
from api.workspace.needs import CheckSource, ControlLayers
from geo.check.control_index import ControlIndex
from geo.model import Reason
from layers.check.law import Law, law_from
from layers.check.rules import ControlRule
from layers.errors import DamagedVersionError, RulesChangedError
from layers.model import LayerVersion, MissingLayer
from layers.store.catalogue import Kind
from layers.store.content import old_content_sha256
from maps.check.batch_answers import PastCheck

_LAW_FILES: Final = frozenset({"rules.json", "kinds.json", "decisions.json"})


def law_then(workspace: CheckSource, past: PastCheck) -> Law:
    """Return the law that a past check was made under.

    Raises
    ------
    InputNotKeptError, RulesChangedError
        It was not kept with the check, and that of this installation is another.
    """
    day = date.fromisoformat(past.checked_on)
    recorded = past.record["rules_sha256"], past.record["parameters"]["decisions_sha256"]
    law = workspace.law(day)
    if recorded == (law.rules_sha256, law.decisions_sha256):
        return law
    files = workspace.archive.input_files(past.id)
    if not files.keys() >= _LAW_FILES:
        raise RulesChangedError(check_id=past.id)
    return law_from(files, day)


def law_of_kinds(law: Law, kinds: Sequence[str] | frozenset[str]) -> Law:
    """Return the part of a law that speaks of some kinds."""
    return replace(
        law,
        rules=tuple(rule for rule in law.rules if rule.kind in kinds),
        ended=tuple(one for one in law.ended if one.rule.kind in kinds),
        kinds=tuple(kind for kind in law.kinds if kind.id in kinds),
    )


def numbers_of(layers: Mapping[str, str]) -> dict[str, int]:
    """Return the version of each layer from the keys ``id@number`` of a record."""
    pairs = (name.rpartition("@") for name in layers)
    return {layer_id: int(number) for layer_id, _, number in pairs}


class LayersThen:
    """The control layers of a past check (a :class:`api.check.controls.ControlSource`)."""

    def __init__(self, workspace: ControlLayers, past: PastCheck) -> None:
        self._workspace = workspace
        self._recorded: Mapping[str, str] = past.record["layers"]
        self._missing = {one.kind: one for one in missing_then(past.record)}

    @cached_property
    def _versions(self) -> tuple[LayerVersion, ...]:
        numbers = sorted(numbers_of(self._recorded).items())
        return tuple(self._sound(self._workspace.store.get(*one)) for one in numbers)

    def _sound(self, version: LayerVersion) -> LayerVersion:
        recorded = self._recorded[f"{version.layer_id}@{version.number}"]
        if recorded not in (version.content_sha256, Reason.LAYER_UNREADABLE):
            # Releases before the proof of features recorded another digest of the same content.
            found = old_content_sha256(self._workspace.store.read(version))
            if recorded != found:
                raise DamagedVersionError(layer_id=version.layer_id, version=version.number)
        return version

    def kind(self, name: str) -> Kind:
        """Return what is said of a kind."""
        return self._workspace.kind(name)

    def controls(self, kind: str) -> tuple[LayerVersion, ...] | MissingLayer:
        """Return the layers of a kind that counted.

        Raises
        ------
        UnknownLayerError, UnknownVersionError, LostVersionError, DamagedVersionError
            A version of the record is not in the store any more.
        """
        if kind in self._missing:
            return self._missing[kind]
        found = tuple(version for version in self._versions if version.spec.kind == kind)
        return found or MissingLayer(kind=kind)

    def load(self, version: LayerVersion) -> LoadedLayer:
        """Return a version in memory.

        Raises
        ------
        DamagedVersionError
            It could not be read when the check was made, or cannot be now.
        """
        recorded = self._recorded[f"{version.layer_id}@{version.number}"]
        if recorded == Reason.LAYER_UNREADABLE:
            raise DamagedVersionError(layer_id=version.layer_id, version=version.number)
        return self._workspace.load(version)

    def index_for(self, loaded: LoadedLayer, rule: ControlRule) -> RuleIndex:
        """Return the features that a rule speaks of."""
        return self._workspace.index_for(loaded, rule)

    def index_unclassified(
        self, loaded: LoadedLayer, rules: Sequence[ControlRule]
    ) -> ControlIndex | None:
        """Return the index of the features that no rule of their kind speaks of."""
        return self._workspace.index_unclassified(loaded, rules)
