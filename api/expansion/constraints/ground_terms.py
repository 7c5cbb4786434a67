"""The constraints on ground of a question: laid over a place, and measured under sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from api.expansion.constraints.constrained_ground import (
    GroundShare,
    LaidGround,
    lay_source,
    shares_of,
)
from api.expansion.constraints.own_file import read_own_text
from api.expansion.ground import Plot
from api.expansion.questions import GroundTermsQuery
from api.workspace.needs import GroundNeeds, UploadSource
from geo.errors import InputError
from geo.model import Relation
from geo.units import M2_PER_HA, round_as_printed
from layers.expansion.errors import ConstraintsFileError
from layers.expansion.ground_constraints import (
    ConstraintSet,
    GroundConstraint,
    Words,
    constraint_set,
    parse_constraints,
)
from layers.model import LayerVersion
from layers.rasters.model import RasterVersion
from maps.answers import Title
from maps.expansion.constraint_answers import (
    SHARE_DECIMALS,
    GroundConstraintOut,
    GroundShareOut,
    GroundTerms,
    SiteGround,
)

OWN: Final = "own"
DEFAULT: Final = "ordinary"


class SoftenedLineError(InputError):
    """A line that forbids stays hard. Params: ``constraint``, ``kind``."""

    code = "api.constraints.softened"


class GroundTermsNeeds(GroundNeeds, UploadSource, Protocol):
    """What constraints are read with and laid over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidConstraint:
    """A constraint with the ground that it speaks of."""

    id: str
    said: GroundConstraint
    laid: LaidGround


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidTerms:
    """All constraints of a question, laid; none where nobody asked for any.

    ``replaced`` are constraints of a set that one of the same id in a file takes the place of.
    """

    set_id: str
    said: ConstraintSet | None
    constraints: tuple[LaidConstraint, ...] = ()
    replaced: tuple[Title, ...] = ()

    @property
    def bounding(self) -> list[LaidConstraint]:
        """Those by which ground is taken away: hard ones, and those with a largest share."""
        soft = [one for one in self.constraints if one.said.at_most_pct is not None]
        return [*self.hard, *soft]

    @property
    def hard(self) -> list[LaidConstraint]:
        """Those that a site may not lie on at all."""
        return [one for one in self.constraints if one.said.treatment == "hard"]

    @property
    def versions(self) -> list[LayerVersion | RasterVersion]:
        """All layers that were laid."""
        return [version for one in self.constraints for version in one.laid.versions]

    @property
    def opened(self) -> frozenset[str]:
        """Kinds of lines that a site must lie inside, and here need not: they are listed."""
        return frozenset(
            one.said.ground.kind
            for one in self.constraints
            if one.said.ground.kind and one.said.ground.outside and one.said.treatment != "hard"
        )


def terms_of_ground(workspace: GroundTermsNeeds, query: GroundTermsQuery) -> LaidTerms:
    """Return the constraints of a question, laid: of a set that ships, a file, or both.

    Of both all constraints hold; one in the file takes the place of that with the same id.

    Raises
    ------
    UnknownConstraintsError, ConstraintsFileError
        No set has this id, or the file has a fault.
    SoftenedLineError, UnknownKindError
        A constraint would soften a line that forbids, or names a kind that is none.
    """
    set_id, said, replaced = _chosen(workspace, query)
    if said is None:
        return LaidTerms(set_id=set_id, said=None)
    for name, one in said.constraints.items():
        _refuse_softening(workspace, name, one)
    laid = (
        LaidConstraint(id=name, said=one, laid=lay_source(workspace, one.ground))
        for name, one in said.constraints.items()
    )
    return LaidTerms(set_id=set_id, said=said, constraints=tuple(laid), replaced=replaced)


def ground_of_sites(
    workspace: GroundNeeds, terms: LaidTerms, plots: Sequence[Plot]
) -> list[SiteGround]:
    """Return what each site takes of the ground of each constraint."""
    by_constraint = [shares_of(workspace, one.laid, plots) for one in terms.constraints]
    return [
        _site_ground([(one, shares[at]) for one, shares in zip(
            terms.constraints, by_constraint, strict=True)])
        for at in range(len(plots))
    ]  # fmt: skip


def describe_terms(terms: LaidTerms) -> GroundTerms | None:
    """Return the constraints as they were understood; None where nobody asked for any."""
    if terms.said is None:
        return None
    return GroundTerms(
        set_id=terms.set_id,
        name=_title(terms.said.name),
        note=_title(terms.said.note),
        constraints=[_describe(one) for one in terms.constraints],
        replaced=list(terms.replaced),
    )


def title_of(one: LaidConstraint) -> Title:
    """Return the name of a constraint."""
    return _title(one.said.name)


def _chosen(
    workspace: UploadSource, query: GroundTermsQuery
) -> tuple[str, ConstraintSet | None, tuple[Title, ...]]:
    if query.constraints is None:
        name = query.constraint_set or DEFAULT
        return name, constraint_set(name), ()
    text = read_own_text(query.constraints, workspace.limits, ConstraintsFileError)
    own = parse_constraints(*text)
    shipped = constraint_set(query.constraint_set) if query.constraint_set else None
    if shipped is None:
        return OWN, own, ()
    same = [name for name in shipped.constraints if name in own.constraints]
    replaced = tuple(_title(shipped.constraints[name].name) for name in same)
    return f"{query.constraint_set}+{OWN}", shipped.joined_with(own), replaced


def _refuse_softening(workspace: GroundNeeds, name: str, one: GroundConstraint) -> None:
    if one.treatment == "hard":
        return
    for kind in _kinds_of(workspace, one):
        relations = {rule.relation for rule in workspace.rules_in_force(kind)}
        inside = Relation.MUST_BE_INSIDE in relations
        if Relation.MUST_NOT_OVERLAP in relations or (inside and not one.ground.outside):
            raise SoftenedLineError(constraint=name[:60], kind=kind)


def _kinds_of(workspace: GroundNeeds, one: GroundConstraint) -> list[str]:
    if one.ground.kind is not None:
        return [one.ground.kind]
    layers = [v for v in workspace.store.current() if v.layer_id == one.ground.layer]
    return [version.spec.kind for version in layers]


def _site_ground(found: Sequence[tuple[LaidConstraint, GroundShare]]) -> SiteGround:
    shares = [_share_out(*each) for each in found]
    priced = [one for one in shares if one.least_yuan is not None and one.most_yuan is not None]
    return SiteGround(
        shares=shares,
        least_points=max(100.0 - sum(one.most_points_lost or 0.0 for one in shares), 0.0),
        most_points=max(100.0 - sum(one.least_points_lost or 0.0 for one in shares), 0.0),
        least_yuan=sum(one.least_yuan or 0.0 for one in priced) if priced else None,
        most_yuan=sum(one.most_yuan or 0.0 for one in priced) if priced else None,
    )


def _share_out(one: LaidConstraint, share: GroundShare) -> GroundShareOut:
    points, price = one.said.points_per_pct, one.said.price
    per_m2 = None if price is None else price.yuan_per_ha / M2_PER_HA
    most_m2 = share.taken_m2 + share.unknown_m2
    return GroundShareOut(
        constraint=one.id,
        taken_m2=share.taken_m2,
        unknown_m2=share.unknown_m2,
        least_pct=share.least_pct,
        most_pct=share.most_pct,
        verdict=_verdict(one.said, share),
        least_points_lost=None if points is None else points * share.least_pct,
        most_points_lost=None if points is None else points * share.most_pct,
        least_yuan=None if per_m2 is None else per_m2 * share.taken_m2,
        most_yuan=None if per_m2 is None else per_m2 * most_m2,
        reason=share.reason,
    )


def _verdict(said: GroundConstraint, share: GroundShare) -> str | None:
    """Return whether a limit is kept; None where there is none. Shares are compared as printed."""
    limit = 0.0 if said.treatment == "hard" else said.at_most_pct
    if limit is None:
        return None
    if round_as_printed(share.least_pct, SHARE_DECIMALS) > limit:
        return "broken"
    return "kept" if round_as_printed(share.most_pct, SHARE_DECIMALS) <= limit else "cannot_tell"


def _describe(one: LaidConstraint) -> GroundConstraintOut:
    said, price = one.said, one.said.price
    return GroundConstraintOut(
        id=one.id,
        name=title_of(one),
        treatment=said.treatment,
        at_most_pct=said.at_most_pct,
        points_per_pct=said.points_per_pct,
        yuan_per_ha=price.yuan_per_ha if price else None,
        price_year=price.year if price else None,
        price_source=price.source if price else None,
        asks=_title(said.asks) if said.asks else None,
        quality=said.quality,
        source=said.source,
        layers=sorted({f"{version.spec.id}@{version.number}" for version in one.laid.versions}),
    )


def _title(words: Words) -> Title:
    return Title(zh=words.zh, en=words.en)
