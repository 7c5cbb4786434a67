"""The control layers of a day, by kind, with what is wrong with each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
from shapely.errors import GEOSException

from api.workspace.loaded import LoadedLayer, RuleIndex
from api.workspace.needs import ControlSource
from geo.check.control_index import ControlIndex, index_controls
from geo.errors import PlanningError
from geo.measure.crs import GEOGRAPHIC
from geo.model import Reason
from layers.check.law import EndedRule, Law
from layers.check.rules import ControlRule, place_of
from layers.model import LayerVersion, MissingLayer
from layers.store.catalogue import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A layer version on the day of the check.

    ``index`` holds the features that the rule speaks of, ``unclassified`` those of which
    the layer does not say what any rule of the kind needs to know. ``index`` is None if
    the version cannot be judged, ``loaded`` if it cannot even be read.
    """

    version: LayerVersion
    loaded: LoadedLayer | None
    index: RuleIndex | None
    unclassified: ControlIndex | None
    faults: tuple[Reason, ...]

    @property
    def doubts(self) -> tuple[Reason, ...]:
        """Why nobody may rely on what the version does not have: it lost features once."""
        return (Reason.LAYER_INCOMPLETE,) if self.version.incomplete else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KindControls:
    """All layers of a kind with one rule that they are judged by.

    ``stated`` is the coverage of all sound layers of the kind together, None if none of
    them states any: two cities' layers side by side cover a site on their border. ``missing``
    names layers that stood and are gone: then no other layer of the kind counts. ``ended``:
    no edition of the rule is in force, so that its layers, whatever they hold, say nothing.
    """

    kind: Kind
    rule: ControlRule
    controls: tuple[Control, ...]
    stated: ControlIndex | None
    missing: MissingLayer | None = None
    ended: EndedRule | None = None

    @property
    def required(self) -> bool:
        """Whether nothing can be told without a layer, or without law."""
        gone = self.missing is not None and bool(self.missing.gone)
        return self.rule.required or gone or self.ended is not None

    @property
    def why_nothing(self) -> Reason:
        """Why no layer of the kind says anything, where none does."""
        if self.ended is not None:
            return self.ended.reason
        if self.missing is not None:
            return self.missing.reason
        return Reason.LAYER_UNREADABLE if self.controls else Reason.LAYER_MISSING

    @property
    def law_day(self) -> str | None:
        """The day on which its rule ended, or begins; None for one that is in force."""
        return self.ended.day.isoformat() if self.ended and self.ended.day else None


def kinds_of(source: ControlSource, law: Law, on: date) -> tuple[KindControls, ...]:
    """Return the layers of each rule's kind on a day, the gravest kind and rule first.

    A kind without a layer has an empty tuple of them.

    A rule that has ended is among them where it would have been asked: the kind is
    required, or there is a layer of it.
    """
    held = [_controls_of(source, rule, law.rules, on) for rule in law.rules]
    ended = [_ended_rules(source, one) for one in law.ended if _asked(source, one.rule)]
    return tuple(sorted((*held, *ended), key=lambda one: place_of(one.kind, one.rule)))


def _asked(source: ControlSource, rule: ControlRule) -> bool:
    found = source.controls(rule.kind)
    return rule.required or not isinstance(found, MissingLayer) or bool(found.gone)


def _ended_rules(source: ControlSource, ended: EndedRule) -> KindControls:
    rule, kind = ended.rule, source.kind(ended.rule.kind)
    return KindControls(kind=kind, rule=rule, controls=(), stated=None, ended=ended)


def _controls_of(
    source: ControlSource, rule: ControlRule, rules: Sequence[ControlRule], on: date
) -> KindControls:
    kind, versions = source.kind(rule.kind), source.controls(rule.kind)
    if isinstance(versions, MissingLayer):
        return KindControls(kind=kind, rule=rule, controls=(), stated=None, missing=versions)
    siblings = [other for other in rules if other.kind == rule.kind]
    controls = tuple(
        _control(source, version, (rule, siblings), is_out_of_date(version, on))
        for version in versions
    )
    return KindControls(kind=kind, rule=rule, controls=controls, stated=_stated(controls))


def is_out_of_date(version: LayerVersion, on: date) -> tuple[Reason, ...]:
    """Return whether a version's time is over on a day, or has not come."""
    spec, faults = version.spec, list[Reason]()
    if spec.valid_to and on > spec.valid_to:
        faults.append(Reason.LAYER_EXPIRED)
    if spec.valid_from and on < spec.valid_from:
        faults.append(Reason.LAYER_NOT_YET_VALID)
    return tuple(faults)


def _control(
    source: ControlSource,
    version: LayerVersion,
    rules: tuple[ControlRule, Sequence[ControlRule]],
    faults: tuple[Reason, ...],
) -> Control:
    rule, siblings = rules
    loaded, index, unclassified = None, None, None
    try:
        loaded = source.load(version)
        index = source.index_for(loaded, rule)
        unclassified = source.index_unclassified(loaded, siblings)
    except (PlanningError, GEOSException):
        # Whatever is wrong with one layer must not hide what the others say.
        faults = (*faults, Reason.LAYER_UNREADABLE)
    return Control(
        version=version, loaded=loaded, index=index, unclassified=unclassified, faults=faults
    )


def _stated(controls: Sequence[Control]) -> ControlIndex | None:
    stated = [
        control.loaded.coverage
        for control in controls
        if control.loaded and control.loaded.coverage and not (control.faults or control.doubts)
    ]
    if len(stated) < 2:
        return stated[0] if stated else None
    areas = np.concatenate([coverage.geometries for coverage in stated])
    together = gpd.GeoSeries(areas, crs=GEOGRAPHIC)
    return index_controls(together, [str(number) for number in range(len(together))])
