"""Which past checks would come out otherwise today, and by how much.

A check is made again only if something that it rests on has changed near enough to its
sites to matter; that this leaves out no change is a tested property.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from api.check.controls import KindControls, kinds_of, out_of_time
from api.check.sites import Terms, compute_check, layers_used, terms_today
from api.check.stale_changes import changes_between
from api.workspace.answers import shapes_of
from api.workspace.archive import InputNotKeptError, input_from
from api.workspace.loaded import LoadedLayer
from api.workspace.workspace import Workspace
from geo.check.nearest import grown_bounds
from geo.errors import PlanningError
from layers.check.sensitivity import sensitivity_widths_m
from layers.check.site_limits import site_limits
from layers.model import LayerSpec, Progress, ReadOptions
from maps.check.answers import CheckResult, SiteResult
from maps.check.batch_answers import PastCheck, Refusal, StaleCheck, StaleList

_MARGIN_M: Final = 5.0
"""More than sites in answers are rounded by and layers are imprecise."""
_STATES: Final = ("changed", "undetermined", "unaffected", "current")


def find_stale(workspace: Workspace, since: date | None, progress: Progress) -> StaleList:
    """Hold every past check, or those since a day, against what it would say today.

    A result has changed if a verdict, its reasons, its outcome or an overlap has; that a
    feature which is touched by nothing came nearer changes none.
    """
    watch = _Watch(workspace)
    past = [one for one in workspace.archive.past() if not since or one.checked_on >= str(since)]
    found = []
    for at, one in enumerate(past):
        progress(at, len(past), one.name)
        found.append(watch.judged(one))
    found.sort(key=lambda one: _STATES.index(one.state))
    return StaleList(
        today=workspace.today().isoformat(), since=str(since) if since else None, checks=found
    )


class _Watch:
    """What a check of today rests on, and what has changed in its layers since others."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._terms = terms_today(workspace, ReadOptions(), None)
        self._changed: dict[tuple[str, int, int], shapely.STRtree | None] = {}

    @cached_property
    def _kinds(self) -> Sequence[KindControls]:
        return kinds_of(self._workspace, self._terms.law, self._terms.on)

    @cached_property
    def _layers(self) -> Mapping[str, str]:
        return layers_used(self._kinds)

    def judged(self, past: PastCheck) -> StaleCheck:
        causes = self._causes(past)
        if not causes:
            return _stale(past, "current", causes)
        then = self._workspace.archive.get(past.id)
        if causes == ["layer_version"] and not self._touched(then):
            return _stale(past, "unaffected", causes)
        try:
            now = self._again(past)
        except PlanningError as exc:
            lost = "input_not_kept" if isinstance(exc, InputNotKeptError) else "unreadable"
            refusal = Refusal(code=exc.code, params=exc.params)
            return _stale(past, "undetermined", [*causes, lost]).model_copy(
                update={"refusal": refusal}
            )
        changes = list(changes_between(then, now))
        state = "changed" if changes else "unaffected"
        return _stale(past, state, causes).model_copy(
            update={"rerun": True, "verdict_now": now.verdict, "changes": changes}
        )

    def _causes(self, past: PastCheck) -> list[str]:
        """Return what of all that a check rests on is another today."""
        record, parameters = past.record, past.record["parameters"]
        widths_m, software = list(sensitivity_widths_m()), dict(self._terms.software)
        then, now = (_numbers(layers) for layers in (record["layers"], self._layers))
        differs = {
            "rules": record["rules_sha256"] != self._terms.law.rules_sha256,
            "decisions": parameters["decisions_sha256"] != self._terms.law.decisions_sha256,
            "parameters": parameters["sensitivity_widths_m"] != widths_m
            or parameters.get("site_limits") != site_limits().model_dump(mode="json"),
            "software": record["software"] != software,
            "layer_added": bool(now.keys() - then.keys()),
            "layer_removed": bool(then.keys() - now.keys()),
            "layer_version": any(
                record["layers"][f"{name}@{then[name]}"] != self._layers[f"{name}@{now[name]}"]
                or then[name] != now[name]
                for name in then.keys() & now.keys()
            ),
            "validity": self._other_validity(date.fromisoformat(past.checked_on)),
        }
        return [cause for cause, true in differs.items() if true]

    def _other_validity(self, day: date) -> bool:
        versions = [control.version for kind in self._kinds for control in kind.controls]
        return any(out_of_time(one, day) != out_of_time(one, self._terms.on) for one in versions)

    def _touched(self, then: CheckResult) -> bool:
        """Tell whether anything that is new or gone in any layer comes near a site."""
        boxes = _boxes(then.sites, _MARGIN_M + self._reach_m)
        before, now = (_numbers(layers) for layers in (then.record["layers"], self._layers))
        for name in before.keys() & now.keys():
            if before[name] == now[name] and (
                then.record["layers"][f"{name}@{before[name]}"]
                == self._layers[f"{name}@{now[name]}"]
            ):
                continue
            changed = self._changes(name, before[name], now[name])
            if changed is None or len(changed.query(boxes)[0]):
                return True
        return False

    @cached_property
    def _reach_m(self) -> float:
        return max((kind.rule.buffer_m or 0.0 for kind in self._kinds), default=0.0)

    def _changes(self, layer_id: str, before: int, now: int) -> shapely.STRtree | None:
        """Return what one version has and the other has not; None where all may differ."""
        key = (layer_id, before, now)
        if key not in self._changed:
            self._changed[key] = self._compared(layer_id, before, now)
        return self._changed[key]

    def _compared(self, layer_id: str, before: int, now: int) -> shapely.STRtree | None:
        store = self._workspace.store
        try:
            old, new = (self._workspace.load(store.get(layer_id, at)) for at in (before, now))
        except PlanningError:
            return None
        if _facts(old.version.spec) != _facts(new.version.spec):
            return None
        if (old.coverage is None) != (new.coverage is None):
            return None
        return shapely.STRtree(_only_in_one(old, new))

    def _again(self, past: PastCheck) -> CheckResult:
        workspace = self._workspace
        source, declared = input_from(workspace.archive.input_files(past.id))
        sites = workspace.read_sites(source, declared)
        terms: Terms = terms_today(workspace, declared, past.nature)
        return compute_check(workspace, sites, terms)


def _numbers(layers: Mapping[str, str]) -> dict[str, int]:
    """Return the version of each layer from the keys ``id@number`` of a record."""
    pairs = (name.rpartition("@") for name in layers)
    return {layer_id: int(number) for layer_id, _, number in pairs}


def _facts(spec: LayerSpec) -> tuple[object, ...]:
    """Return what is said of a layer and decides; its title and source do not."""
    return spec.kind, spec.status, spec.precision_m, spec.valid_from, spec.valid_to


def _only_in_one(old: LoadedLayer, new: LoadedLayer) -> npt.NDArray[Any]:
    """Return features and areas of coverage that only one of two versions has."""
    before, now = dict(_content(old)), dict(_content(new))
    return np.array([(before | now)[key] for key in before.keys() ^ now.keys()], dtype=object)


def _content(layer: LoadedLayer) -> Iterator[tuple[tuple[object, ...], Any]]:
    attributes = layer.features.drop(columns=["feature_id", layer.features.geometry.name])
    shapes = layer.features.geometry.to_numpy()
    columns = tuple(attributes.columns)
    for row, shape in zip(attributes.astype(str).to_numpy(), shapes, strict=True):
        yield ("feature", shapely.to_wkb(shape), columns, tuple(row)), shape
    for shape in layer.coverage.geometries if layer.coverage else ():
        yield ("coverage", shapely.to_wkb(shape)), shape


def _boxes(sites: Sequence[SiteResult], reach_m: float) -> npt.NDArray[Any]:
    shapes = shapes_of(site.geometry for site in sites)
    boxes: npt.NDArray[Any] = shapely.box(*grown_bounds(shapely.bounds(shapes).T, reach_m))
    return boxes


def _stale(past: PastCheck, state: str, causes: list[str]) -> StaleCheck:
    return StaleCheck(
        check_id=past.id,
        name=past.name,
        checked_on=past.checked_on,
        state=state,
        causes=causes,
        rerun=False,
        verdict_then=past.verdict,
        verdict_now=None,
        changes=[],
    )
