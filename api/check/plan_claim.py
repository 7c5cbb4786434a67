"""The plan's claim that the zone touches nothing sensitive, held against the layers."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Final

import numpy as np

from api.check.controls import KindControls, kinds_of
from api.check.judgement import Project, judge_sites
from api.check.natures import law_of
from api.check.zone_terms import zone_terms
from api.workspace.answers import basis_of
from api.workspace.file_forms import FileForms
from api.workspace.needs import ControlLayers
from geo.measure.sites import make_sites
from geo.model import Relation, Verdict, worst_verdict
from layers.check.law import Law
from layers.check.register import Member, load_register
from layers.check.rules import ControlRule
from layers.check.site_limits import find_unjudgeable
from layers.model import LayerVersion
from layers.readers.field_names import read_names
from maps.answers import Title
from maps.check.answers import ClaimCheck, ClaimUnit, RegisterList, RegisterMember
from maps.check.document import claim_document
from maps.check.finding import DecisionSource
from maps.check.sensitive import certified, member_states, states_beside, states_unknown
from maps.document.forms import writers

_POLYGONAL = frozenset({"Polygon", "MultiPolygon"})
NO_LIMITS = "no_limits"
CLAIM_FILES: Final = FileForms(stem="claim", writers=writers(claim_document))


def check_claim(workspace: ControlLayers) -> ClaimCheck:
    """Judge every district and linkage zone against the register of sensitive areas.

    Each unit has a certificate that names every member: examined and clear, touched, cannot be
    told, or not examined. A member without a layer was not examined, whether or not an ordinary
    check requires it; of a unit of which only a point is known nothing can be told. ``holds`` is
    True only if all that can occur was examined and is clear, False as soon as one is touched by
    more than a contact, else None.
    """
    said = workspace.zone.claim
    on = workspace.today()
    sensitive = [kind.id for kind in workspace.kinds.values() if kind.environmentally_sensitive]
    law = _required(workspace.law(on), sensitive)
    # All rules of a kind are handed over: what none of them knows is not classed.
    kinds = tuple(kind for kind in kinds_of(workspace, law, on) if _examined(kind.rule))
    found = {name: workspace.controls(name) for name in said.unit_kinds}
    layers = [one for versions in found.values() if isinstance(versions, tuple) for one in versions]
    missing = [name for name, versions in found.items() if not isinstance(versions, tuple)]
    for versions in found.values():
        if not isinstance(versions, tuple) and versions.lost:
            workspace.store.get(versions.lost[0])  # Refuses, and names it with the remedy.
    units = [unit for version in layers for unit in _units(workspace, version, kinds)]
    unseen = [Verdict.UNDETERMINED] * len(missing)
    verdict = worst_verdict([*(Verdict(unit.verdict) for unit in units), *unseen])
    used = [control.version for kind in kinds for control in kind.controls]
    return ClaimCheck(
        claim=Title(zh=said.claim.zh, en=said.claim.en),
        source=said.source,
        holds={Verdict.CLEAR: True, Verdict.CONFLICT: False}.get(verdict),
        verdict=verdict,
        checked_on=on.isoformat(),
        basis=basis_of([*used, *layers]),
        units=units,
        missing=[
            Title(zh=workspace.kind(name).title_zh, en=workspace.kind(name).title_en)
            for name in missing
        ],
    )


def _required(law: Law, kinds: Sequence[str]) -> Law:
    """Return the law of some kinds; one rule of each says so if its layer is missing.

    A rule that has ended is always told: without it nothing can be called untouched.
    """
    first = {rule.kind: rule.id for rule in reversed(law.rules) if _examined(rule)}
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


def _examined(rule: ControlRule) -> bool:
    """Tell whether a rule makes its ground sensitive: by the register, or because it forbids.

    Of kinds that the register does not know, conditions alone make no ground sensitive.
    """
    register = load_register()
    if rule.kind in register.kinds:
        return register.names(rule.kind, rule.id)
    return rule.relation is not Relation.IMPOSES_CONDITIONS


def _units(
    workspace: ControlLayers, version: LayerVersion, kinds: tuple[KindControls, ...]
) -> Iterator[ClaimUnit]:
    features = workspace.load(version).features
    areal = features[features.geom_type.isin(_POLYGONAL)]
    sites = make_sites(
        areal.geometry.to_numpy(),
        areal["feature_id"].tolist(),
        [None] * len(areal),
        version.spec.precision_m,
    )
    unjudgeable = find_unjudgeable(sites, workspace.site_limits)
    untold = {sites.ids[at]: reason for at, (reason, _) in unjudgeable.items()}
    fit = sites.take(np.flatnonzero([one not in untold for one in sites.ids]))
    not_here = zone_terms(workspace.zone).not_here
    project = Project(nature=None, decisions=workspace.decisions, not_here=not_here)
    results = {site.site_id: site for site in judge_sites(fit, kinds, project)}
    beside = dict.fromkeys(k.kind.id for k in kinds if k.kind.id not in load_register().kinds)
    # A layer that came in holds names in fields of its own; a unit without one has its id.
    named = read_names(features)
    for unit_id, name in zip(features["feature_id"], named, strict=True):
        site, (zh, en) = results.get(unit_id), name or (unit_id, unit_id)
        reason = None if site else untold.get(unit_id, NO_LIMITS)
        found = site.findings if site else []
        members = states_unknown(reason, not_here) if reason else member_states(found, not_here)
        members += states_beside(found, beside)
        yield ClaimUnit(
            unit_id=unit_id,
            name=Title(zh=zh, en=en),
            verdict=certified(members),
            reason=reason,
            members=members,
            findings=found,
        )


def list_register(workspace: ControlLayers) -> RegisterList:
    """Return every member of the register with its law of today and the layers that show it."""
    known, law = load_register(), workspace.law(workspace.today())
    return RegisterList(
        source=DecisionSource(**asdict(known.source)),
        members=[_member(workspace, name, one, law) for name, one in known.members.items()],
    )


def _member(workspace: ControlLayers, name: str, one: Member, law: Law) -> RegisterMember:
    found = workspace.controls(one.kind) if one.kind else ()
    why = zone_terms(workspace.zone).not_here.get(name)
    return RegisterMember(
        id=name,
        group=one.group,
        title=Title(zh=one.zh, en=one.en),
        kind=one.kind,
        occurs=why is None,
        why=why,
        layers=[version.layer_id for version in found] if isinstance(found, tuple) else [],
        laws=[law_of(rule) for rule in law.rules if one.includes_rule(rule.kind, rule.id)],
    )
