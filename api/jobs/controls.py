"""The control layers of a day, by kind, with what is wrong with each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import geopandas as gpd
import numpy as np

from api.jobs.loaded import LoadedLayer
from geo.crs import GEOGRAPHIC
from geo.errors import PlanningError
from geo.model import Reason
from geo.overlay import ControlIndex, index_controls
from layers.model import LayerVersion, MissingLayer
from layers.rules import ControlRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A layer version on the day of the check.

    ``index`` holds the features that the rule speaks of; it and ``loaded`` are None if
    the version is unreadable.
    """

    version: LayerVersion
    loaded: LoadedLayer | None
    index: ControlIndex | None
    faults: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindControls:
    """All layers of a kind with the rule that they are judged by.

    ``stated`` is the coverage of all sound layers of the kind together, None if none of
    them states any: two cities' layers side by side cover a site on their border.
    """

    rule: ControlRule
    controls: tuple[Control, ...]
    stated: ControlIndex | None


class ControlSource(Protocol):
    """Where control layers come from: a store, or the evidence of a past check."""

    def controls(self, kind: str) -> tuple[LayerVersion, ...] | MissingLayer:
        """Return the layers of a kind that count."""

    def load(self, version: LayerVersion) -> LoadedLayer:
        """Return a version in memory."""

    def index_where(
        self, loaded: LoadedLayer, where: Mapping[str, tuple[str, ...]]
    ) -> ControlIndex:
        """Return the index of the features that a rule speaks of."""


def controls_of(source: ControlSource, rule: ControlRule, on: date) -> KindControls:
    """Return the layers of a rule's kind on a day; none at all is an empty tuple."""
    versions = source.controls(rule.kind)
    if isinstance(versions, MissingLayer):
        return KindControls(rule=rule, controls=(), stated=None)
    controls = tuple(_control(source, version, rule, on) for version in versions)
    return KindControls(rule=rule, controls=controls, stated=_stated(controls))


def _control(source: ControlSource, version: LayerVersion, rule: ControlRule, on: date) -> Control:
    spec, faults = version.spec, list[Reason]()
    if spec.valid_to and on > spec.valid_to:
        faults.append(Reason.LAYER_EXPIRED)
    if spec.valid_from and on < spec.valid_from:
        faults.append(Reason.LAYER_NOT_YET_VALID)
    try:
        loaded = source.load(version)
        index = source.index_where(loaded, rule.where)
    except PlanningError:
        # Whatever is wrong with one layer must not hide what the others say.
        faults.append(Reason.LAYER_UNREADABLE)
        return Control(version=version, loaded=None, index=None, faults=tuple(faults))
    return Control(version=version, loaded=loaded, index=index, faults=tuple(faults))


def _stated(controls: Sequence[Control]) -> ControlIndex | None:
    areas = [
        control.loaded.coverage.geometries
        for control in controls
        if control.loaded and control.loaded.coverage and not control.faults
    ]
    if not areas:
        return None
    together = gpd.GeoSeries(np.concatenate(areas), crs=GEOGRAPHIC)
    return index_controls(together, [str(number) for number in range(len(together))])
