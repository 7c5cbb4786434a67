"""The certificate of sensitive areas: of every member of the register what is known, by name."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from pydantic import Field

from geo.model import Reason, Verdict, worst_verdict
from layers.check.register import Member, load_register
from maps.answers import Answer, Title
from maps.check.finding import Finding


class Examined(StrEnum):
    """What is known of a member of the register, the gravest first."""

    TOUCHED = "touched"
    UNDETERMINED = "undetermined"
    NOT_EXAMINED = "not_examined"
    CLEAR = "clear"
    CANNOT_OCCUR = "cannot_occur"


STATES: Final = tuple(Examined)
_UNOFFICIAL: Final = frozenset({"demonstration", "indicative"})
_BY_VERDICT: Final[Mapping[Verdict, Examined]] = {
    Verdict.CONFLICT: Examined.TOUCHED,
    Verdict.CONDITIONAL: Examined.TOUCHED,
    Verdict.CONTACT: Examined.TOUCHED,
    Verdict.UNDETERMINED: Examined.UNDETERMINED,
    Verdict.CLEAR: Examined.CLEAR,
}


class _Told(NamedTuple):
    """What of a finding decides the state of a member."""

    kind: str
    rule_id: str
    verdict: Verdict
    reasons: tuple[str, ...]
    layer_status: str | None


def _told(finding: Finding) -> _Told:
    verdict, reasons = Verdict(finding.final_verdict), tuple(finding.reasons)
    return _Told(finding.kind, finding.rule_id, verdict, reasons, finding.layer_status)


class UnexaminedKind(Answer):
    """A kind of control line that has rules, that nobody requires, and of which no layer stands."""

    kind: str = Field(examples=["river_lake_management"])
    title: Title


class MemberState(Answer):
    """What is known of one member of the register for a unit, a site or several sites."""

    id: str = Field(examples=["scenic_historic_area"])
    group: int | None = Field(
        description="1 to 3, of the catalogue; null for kinds examined beside the register."
    )
    title: Title
    kind: str | None = Field(description="Kind of layer that shows it; null if it cannot occur.")
    state: str = Field(
        examples=["touched", "undetermined", "not_examined", "clear", "cannot_occur"]
    )
    verdict: str | None = Field(description="Gravest of the findings; null where there are none.")
    reasons: list[str]
    statuses: list[str] = Field(
        default=[], description="Of the layers behind it that are not official."
    )
    why: Title | None = Field(default=None, description="Why it cannot occur here.")
    sites: list[str] = Field(default=[], description="Of several sites, those in this state.")


def member_states(findings: Sequence[Finding], not_here: Mapping[str, Title]) -> list[MemberState]:
    """Return what findings of one place say of every member of the register.

    ``not_here`` are the members that cannot occur in the region, each with the reason.

    A member of which no layer of its kind is in the store was not examined: that is no finding,
    and never the same as clear.
    """
    here = tuple((name, why.zh, why.en) for name, why in not_here.items())
    return list(_states(tuple(map(_told, findings)), here))


def states_beside(findings: Sequence[Finding], kinds: Iterable[str]) -> list[MemberState]:
    """Return the same for kinds that no member of the register is shown by."""
    by_kind: dict[str, list[Finding]] = {kind: [] for kind in kinds}
    for one in findings:
        if one.kind in by_kind:
            by_kind[one.kind].append(one)
    return [
        _with_findings(MemberState(
            id=kind, group=None, title=own[0].kind_title, kind=kind,
            state=Examined.NOT_EXAMINED, verdict=None, reasons=[],
        ), list(map(_told, own)))
        for kind, own in by_kind.items()
        if own
    ]  # fmt: skip


def not_examined_titles(states: Iterable[MemberState]) -> list[Title]:
    """Return what nobody examined for want of a layer, by name, each once."""
    found = {one.id: one.title for one in states if one.state == Examined.NOT_EXAMINED}
    return list(found.values())


def states_not_examined(kinds: Iterable[UnexaminedKind], sites: Iterable[str]) -> list[MemberState]:
    """Return kinds beside the register that nobody examined: no finding, and not clear."""
    at = list(sites)
    return [
        MemberState(
            id=one.kind, group=None, title=one.title, kind=one.kind,
            state=Examined.NOT_EXAMINED, verdict=None, reasons=[], sites=at,
        )
        for one in kinds
    ]  # fmt: skip


def states_unknown(reason: str, not_here: Mapping[str, Title]) -> list[MemberState]:
    """Return that of a place nothing can be told, for one reason: its limits are not known."""
    open_ = {"state": Examined.UNDETERMINED, "reasons": [reason]}
    return [
        one if one.state == Examined.CANNOT_OCCUR else one.model_copy(update=open_)
        for one in member_states((), not_here)
    ]


def states_over_sites(sites: Mapping[str, Sequence[MemberState]]) -> list[MemberState]:
    """Return of each member the gravest state over sites, by their ids, and which are in it."""
    found = []
    for states in zip(*sites.values(), strict=True):
        gravest = min(states, key=lambda one: STATES.index(Examined(one.state)))
        at = [name for name, one in zip(sites, states, strict=True) if one.state == gravest.state]
        found.append(gravest.model_copy(update={"sites": at}))
    return found


def certified(states: Iterable[MemberState]) -> Verdict:
    """Return what a certificate comes to: clear only if all that can occur was examined.

    A member that is touched by more than a contact is a conflict with the claim that none is.
    """
    return worst_verdict(_weight(one) for one in states if one.state != Examined.CANNOT_OCCUR)


def _weight(one: MemberState) -> Verdict:
    if one.state == Examined.CLEAR:
        return Verdict.CLEAR
    if one.state != Examined.TOUCHED:
        return Verdict.UNDETERMINED
    return Verdict.CONTACT if one.verdict == Verdict.CONTACT else Verdict.CONFLICT


# Of thousands of sites most say the same: their states are made, and checked, once.
@lru_cache(maxsize=512)
def _states(
    findings: tuple[_Told, ...], not_here: tuple[tuple[str, str, str], ...]
) -> tuple[MemberState, ...]:
    why = {name: Title(zh=zh, en=en) for name, zh, en in not_here}
    return tuple(
        _state_of(name, one, why.get(name), findings)
        for name, one in load_register().members.items()
    )


def _state_of(
    name: str, member: Member, why: Title | None, findings: Sequence[_Told]
) -> MemberState:
    plain = MemberState(
        id=name,
        group=member.group,
        title=Title(zh=member.zh, en=member.en),
        kind=member.kind,
        state=Examined.CANNOT_OCCUR if why else Examined.NOT_EXAMINED,
        verdict=None,
        reasons=[],
        why=why,
    )
    return _with_findings(
        plain, [one for one in findings if member.includes_rule(one.kind, one.rule_id)]
    )


def _with_findings(plain: MemberState, own: Sequence[_Told]) -> MemberState:
    if all(Reason.LAYER_MISSING in one.reasons for one in own):
        return plain
    verdict = worst_verdict(one.verdict for one in own)
    reasons = [code for one in own if one.verdict == verdict for code in one.reasons]
    return plain.model_copy(
        update={
            "state": _BY_VERDICT[verdict],
            "verdict": verdict,
            "reasons": list(dict.fromkeys(reasons)),
            "statuses": sorted({one.layer_status for one in own} & _UNOFFICIAL),
        }
    )
