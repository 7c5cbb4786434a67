"""Which layer takes the place of which, and what rests on the former one.

What rests on a layer is read from what each kept thing records: a check its layer versions, a
search, ranking or avoidance the versions that it read, a report its check, a publication its
layers and those of its densities. What is not kept, the claim and densities, rests on what it
is made from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from api.density.land import DensityQuery, lands_read, list_indicators
from api.density.lands import BOUNDARY
from api.operation import Call
from api.publish.operations import ReplacementQuestion
from api.workspace.needs import CHINA_TIME
from api.workspace.runs import Run
from api.workspace.workspace import Workspace
from geo.errors import InputError
from layers.model import LayerStatus, LayerVersion
from layers.publish.publications import DamagedBundleError, UnknownPublicationError
from layers.store.former_store import UNOFFICIAL
from maps.check.batch_answers import PastCheck
from maps.publish.replacement_answers import NotRestated, What

ASKED_AGAIN: Final[Mapping[str, What]] = MappingProxyType(
    {"search": "search", "rank": "rank", "avoid": "avoid"}
)
"""Operations whose answers are kept with what they read, and what the list calls them."""


class NotOfficialError(InputError):
    """The layer itself only stands in. Params: ``layer_id``, ``status``."""

    code = "api.replacement.not_official"


class ReplacesNothingError(InputError):
    """No indicative or demonstration layer gave way to this one. Params: ``layer_id``."""

    code = "api.replacement.nothing"


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """A layer that came in, and the versions that had stood in for it.

    ``came`` are all official versions of the layer: without them the former ones would count.
    """

    layer: LayerVersion
    former: tuple[LayerVersion, ...]
    came: tuple[LayerVersion, ...]

    @cached_property
    def labels(self) -> frozenset[str]:
        """The former versions as records name them."""
        return frozenset(f"{one.layer_id}@{one.number}" for one in self.former)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of the former layers."""
        return frozenset(one.layer_id for one in self.former)


def replacement_by(workspace: Workspace, layer_id: str, number: int | None = None) -> Replacement:
    """Return what a layer replaces: its own versions that stood in, and demonstrations.

    Raises
    ------
    UnknownLayerError, UnknownVersionError
        There is no such layer or version.
    NotOfficialError, ReplacesNothingError
        It stands in itself, or nothing stood in for it.
    """
    store = workspace.store
    layer = store.get(layer_id, number)
    if layer.spec.status in UNOFFICIAL:
        raise NotOfficialError(layer_id=layer_id, status=layer.spec.status.value)
    own = store.versions(layer_id)
    former = [one for one in own if one.number < layer.number and one.spec.status in UNOFFICIAL]
    former += [
        version
        for other in store.current()
        if other.layer_id != layer_id and other.spec.kind == layer.spec.kind
        for version in store.versions(other.layer_id)
        if version.spec.status is LayerStatus.DEMONSTRATION
    ]
    if not former:
        raise ReplacesNothingError(layer_id=layer_id)
    came = tuple(one for one in own if one.spec.status not in UNOFFICIAL)
    return Replacement(layer=layer, former=tuple(former), came=came)


def require_replacement(call: Call, asked: ReplacementQuestion) -> None:
    """Refuse a layer that takes no place, before the work begins."""
    replacement_by(call.workspace, asked.layer_id)


class Dependants:
    """What rests on the former layer; every list in the order in which it was kept."""

    def __init__(self, workspace: Workspace, replacement: Replacement) -> None:
        self._workspace, self._replacement = workspace, replacement
        self.before = workspace.without(replacement.came)
        """The workspace as it would be if the layer had not come in."""

    @cached_property
    def checks(self) -> list[PastCheck]:
        """Checks whose record names a former version."""
        labels = self._replacement.labels
        past, _ = self._sound_checks
        return [one for one in reversed(past) if labels & one.record["layers"].keys()]

    @cached_property
    def runs(self) -> list[Run]:
        """Searches, rankings and avoidances that read one; and reports of such checks."""
        labels = self._replacement.labels
        checks = {one.id for one in self.checks}
        return [
            run
            for run in self._sound_runs[0]
            if (run.operation in ASKED_AGAIN and labels & run.layers.keys())
            or (run.operation == "report" and run.asked["check_id"] in checks)
        ]

    @cached_property
    def _sound_checks(self) -> tuple[list[PastCheck], list[str]]:
        return self._workspace.archive.sound()

    @cached_property
    def _sound_runs(self) -> tuple[list[Run], list[str]]:
        return self._workspace.runs.sound()

    @cached_property
    def claim(self) -> bool:
        """Whether the plan's claim is judged by it, or of its units."""
        kind = self._workspace.kind(self._replacement.layer.spec.kind)
        return kind.environmentally_sensitive or kind.id in self._workspace.zone.claim.unit_kinds

    @cached_property
    def densities(self) -> list[DensityQuery]:
        """Densities that divide by ground that is drawn on it, before or now.

        Raises
        ------
        PlanningError
            A layer of units is not there: no density can be computed at all.
        """
        drawn = {unit.layer for unit in self._workspace.statistics.units.values()}
        if not drawn & {self._replacement.layer.layer_id, *self._replacement.ids}:
            return []
        now = f"{self._replacement.layer.layer_id}@{self._replacement.layer.number}"
        found = {
            (query.indicator, query.year): query
            for view, labels in (
                (self.before, self._replacement.labels),
                (self._workspace, frozenset({now})),
            )
            for query in _over_boundaries(view)
            if labels & lands_read(view, query)
        }
        return [query for _, query in sorted(found.items())]

    @cached_property
    def publications(self) -> list[tuple[str, str]]:
        """Bundles that the public sees now: publication and digest."""
        states, _ = self._workspace.publications.sound_states()
        shown = [(state.id, state.current) for state in states if state.current]
        return [(name, sha256) for name, sha256 in shown if sha256 and self._is_shown(name, sha256)]

    def _is_shown(self, publication_id: str, sha256: str) -> bool:
        """Tell the same of a bundle that may be damaged: nobody can tell what that one shows."""
        try:
            return self.shows(publication_id, sha256)
        except (DamagedBundleError, UnknownPublicationError):
            return False

    def left_out(self) -> Iterator[NotRestated]:
        """Return what rests on it and is not made again."""
        for run_id in self._sound_runs[1]:
            yield NotRestated(what="answer", id=run_id, reason="damaged")
        for check_id in self._sound_checks[1]:
            yield NotRestated(what="check", id=check_id, reason="damaged")
        yield from self._publications_left_out()
        rasters = self._workspace.rasters
        for raster in rasters.current():
            for version in rasters.versions(raster.raster_id):
                if self._replacement.labels & set(version.made_from):
                    name = f"{version.raster_id}@{version.number}"
                    yield NotRestated(what="raster", id=name, reason="by_hand")

    def _publications_left_out(self) -> Iterator[NotRestated]:
        shown = set(self.publications)
        states, damaged = self._workspace.publications.sound_states()
        for name in damaged:
            yield NotRestated(what="publication", id=name, reason="damaged")
        for state in states:
            for release in state.releases:
                key = state.id, release.sha256
                reason = "withdrawn" if state.is_withdrawn(release.sha256) else "superseded"
                try:
                    if key in shown or not self.shows(*key):
                        continue
                except (DamagedBundleError, UnknownPublicationError):
                    reason = "damaged"
                yield NotRestated(what="publication", id="/".join(key), reason=reason)

    def shows(self, publication_id: str, sha256: str) -> bool:
        """Tell whether a bundle shows a former version, or divides by its ground.

        Raises
        ------
        UnknownPublicationError, DamagedBundleError
            There is no such bundle, or it is not what was published.
        """
        manifest = self._workspace.publications.manifest(publication_id, sha256)
        labels = {f"{one['id']}@{one['version']}" for one in manifest["layers"]}
        if "density_layers" in manifest:
            return bool(self._replacement.labels & (labels | set(manifest["density_layers"])))
        return bool(self._replacement.labels & labels) or self._may_divide(manifest)

    def _may_divide(self, manifest: dict[str, Any]) -> bool:
        """Tell whether a bundle of an older release may divide by the former boundary."""
        asked = {(one["indicator"], one["year"]) for one in manifest["plan"]["densities"]
                 if one["denominator"] == BOUNDARY}  # fmt: skip
        came = self._replacement.layer.created_at.astimezone(CHINA_TIME).date().isoformat()
        return manifest["made_on"] <= came and any(
            (query.indicator, query.year) in asked for query in self.densities
        )


def _over_boundaries(workspace: Workspace) -> Iterator[DensityQuery]:
    for option in list_indicators(workspace).indicators:
        for year in option.years:
            if BOUNDARY in year.denominators:
                yield DensityQuery(indicator=option.id, year=year.year, denominator=BOUNDARY)
