"""The plan's claim that the zone touches nothing sensitive, held against the layers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from api.check.controls import KindControls, kinds_of
from api.check.judgement import Project, judge_sites
from api.workspace.answers import basis_of
from api.workspace.workspace import Workspace
from geo.measure.sites import make_sites
from geo.model import Relation, Verdict, worst
from layers.check.law import Law
from layers.check.rules import ControlRule
from layers.check.site_limits import unjudgeable
from layers.model import LayerVersion
from layers.readers.field_names import read_names
from maps.answers import Title
from maps.check.answers import ClaimCheck, ClaimUnit

_POLYGONAL = frozenset({"Polygon", "MultiPolygon"})
NO_LIMITS = "no_limits"


def check_claim(workspace: Workspace) -> ClaimCheck:
    """Judge every district and linkage zone against the kinds that the claim speaks of.

    A kind without a layer cannot be told, whether or not an ordinary check requires it;
    nor can a unit of which only a point is known. ``holds`` is True only if all is clear,
    False as soon as one conflicts, else None.
    """
    said = _data()
    on = workspace.today()
    sensitive = [kind.id for kind in workspace.kinds.values() if kind.environmentally_sensitive]
    law = _required(workspace.law(on), sensitive)
    # All rules of a kind are handed over: what none of them knows is not classed.
    kinds = tuple(kind for kind in kinds_of(workspace, law, on) if _forbids(kind.rule))
    layers = [workspace.store.get(name) for name in said["unit_layers"]]
    units = [unit for version in layers for unit in _units(workspace, version, kinds)]
    verdict = worst(Verdict(unit.verdict) for unit in units)
    used = [control.version for kind in kinds for control in kind.controls]
    return ClaimCheck(
        claim=Title(zh=said["claim"]["zh"], en=said["claim"]["en"]),
        source=said["source"],
        holds={Verdict.CLEAR: True, Verdict.CONFLICT: False}.get(verdict),
        verdict=verdict,
        checked_on=on.isoformat(),
        basis=basis_of([*used, *layers]),
        units=units,
    )


def unit_layers() -> tuple[str, ...]:
    """Return the ids of the layers whose features the claim is about."""
    return tuple(_data()["unit_layers"])


def _required(law: Law, kinds: Sequence[str]) -> Law:
    """Return the law of some kinds; the first rule of each says so if its layer is missing.

    A rule that has ended is always told: without it nothing can be called untouched.
    """
    first = {rule.kind: rule.id for rule in reversed(law.rules) if _forbids(rule)}
    rules = tuple(
        replace(rule, required=rule.id == first.get(rule.kind))
        for rule in law.rules
        if rule.kind in kinds
    )
    ended = tuple(
        replace(one, rule=replace(one.rule, required=True))
        for one in law.ended
        if one.rule.kind in kinds
    )
    return replace(law, rules=rules, ended=ended)


def _forbids(rule: ControlRule) -> bool:
    """Tell whether a rule makes its ground sensitive: conditions alone do not."""
    return rule.relation is not Relation.IMPOSES_CONDITIONS


def _units(
    workspace: Workspace, version: LayerVersion, kinds: tuple[KindControls, ...]
) -> Iterator[ClaimUnit]:
    features = workspace.load(version).features
    areal = features[features.geom_type.isin(_POLYGONAL)]
    sites = make_sites(
        areal.geometry.to_numpy(),
        areal["feature_id"].tolist(),
        [None] * len(areal),
        version.spec.precision_m,
    )
    untold = {sites.ids[at]: reason for at, (reason, _) in unjudgeable(sites).items()}
    fit = sites.take(np.flatnonzero([one not in untold for one in sites.ids]))
    project = Project(nature=None, decisions=workspace.decisions)
    results = {site.site_id: site for site in judge_sites(fit, kinds, project)}
    # A layer that came in holds names in fields of its own; a unit without one has its id.
    named = read_names(features)
    for unit_id, name in zip(features["feature_id"], named, strict=True):
        site, (zh, en) = results.get(unit_id), name or (unit_id, unit_id)
        yield ClaimUnit(
            unit_id=unit_id,
            name=Title(zh=zh, en=en),
            verdict=site.verdict if site else Verdict.UNDETERMINED,
            reason=None if site else untold.get(unit_id, NO_LIMITS),
            findings=site.findings if site else [],
        )


def _data() -> dict[str, Any]:
    text = files("layers.builtin").joinpath("data", "plan_claim.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content
