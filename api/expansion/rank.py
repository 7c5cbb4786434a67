"""Compare sites by weighted criteria, and say how firm the order is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from api.check.sites import Asked, check_and_keep
from api.density.land import DensityQuery
from api.expansion.avoid import brief_check
from api.expansion.constraints.criteria import criteria_of, measured_facts
from api.expansion.constraints.ground_terms import (
    describe_terms,
    ground_of_sites,
    terms_of_ground,
)
from api.expansion.constraints.ranked_ground import broken_limits, ground_facts
from api.expansion.fitness import list_unfit, list_unknown_limits, refuse_unknown_limits, taken_m2
from api.expansion.questions import RankQuery, own_weights
from api.expansion.site_economics import economics_of
from api.expansion.site_facts import SiteFacts, facts_of_sites, plots_of_sites
from api.workspace.answers import basis_of
from api.workspace.needs import SiteNeeds, StatisticsSource
from geo.errors import InputError
from geo.expansion.ranking import (
    Alternative,
    PointScale,
    Ranked,
    SpanScale,
    dominates,
    flips,
    rank,
    rank_shares,
    weight_shares,
)
from geo.units import M2_PER_HA, m2_to_mu, round_as_printed
from layers.check.site_limits import leave_out_unjudgeable
from layers.expansion.ranking_sets import CriteriaSet, NamedCriterion
from layers.model import ReadOptions
from layers.readers import Source
from maps.answers import Basis, Title
from maps.check.answers import CheckResult, SiteResult
from maps.check.sensitive import not_examined_titles
from maps.expansion.answers import (
    SCORE_DECIMALS,
    CriterionOut,
    FactOut,
    FlipOut,
    LeftOut,
    RankedSite,
    RankingReport,
    SiteEconomics,
    Unfit,
)

MOST_SITES: Final = 200


class IncompleteDensityError(InputError):
    """A density is named by indicator, year and land together."""

    code = "api.rank.density"


class TooManySitesError(InputError):
    """More sites than a comparison is for. Params: ``sites``, ``most``."""

    code = "api.rank.too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Firmness:
    """How often each site comes where, over all weights; ``names`` in the order of rows."""

    names: tuple[str, ...]
    shares: npt.NDArray[np.float64] | None
    method: str | None
    draws: int | None


def rank_sites(
    workspace: SiteNeeds, source: Source, options: ReadOptions, query: RankQuery
) -> RankingReport:
    """Read sites, check them, and put those that can be used in an order.

    Raises
    ------
    TooManySitesError
        More than :data:`MOST_SITES`.
    UnknownCriteriaError, RankingError
        The criteria or weights cannot be used.
    PlanningError
        The input cannot be used.
    """
    chosen = criteria_of(workspace, query)
    density, weights = _density(query), own_weights(query.weights)
    if weights is not None:
        chosen = chosen.weighted(weights)
    frame = leave_out_unjudgeable(workspace.read_sites(source, options), workspace.site_limits)
    if len(frame.sites) > MOST_SITES:
        raise TooManySitesError(sites=len(frame.sites), most=MOST_SITES)
    asked = Asked(options=options, nature=query.nature)
    checked = check_and_keep(workspace, source, frame, asked)
    places = np.array([(one.lon, one.lat) for one in query.places]).reshape(-1, 2)
    plots = plots_of_sites(frame.sites)
    terms = terms_of_ground(workspace, query)
    taken = ground_of_sites(workspace, terms, plots)
    found = [
        replace(one, facts={**one.facts, **ground_facts(own, plot.area_m2), **measured})
        for one, plot, own, measured in zip(
            facts_of_sites(workspace, plots, checked.sites, places),
            plots,
            taken,
            measured_facts(workspace, chosen, plots),
            strict=True,
        )
    ]
    refuse_unknown_limits(chosen, found)
    grounds = {one.site.site_id: own for one, own in zip(found, taken, strict=True)}
    criteria, left_out = _usable(chosen, found)
    unfit = {
        one.site.site_id: [
            *list_unfit(one, chosen, query),
            *broken_limits(grounds[one.site.site_id], terms),
        ]
        for one in found
    }
    untold = {one.site.site_id: list_unknown_limits(one, chosen) for one in found}
    fit = [one for one in found if not unfit[one.site.site_id]]
    ranked = rank(
        [_alternative(one) for one in fit],
        [named.criterion for named in criteria.values()],
        lambda score: round_as_printed(score, SCORE_DECIMALS),
    )
    economics = _economics(workspace, density, found)
    firm = _firmness(ranked, chosen)
    sites = _in_order(ranked, found, checked, unfit)
    return RankingReport(
        criteria_id=chosen.id,
        name=Title(zh=chosen.name_zh, en=chosen.name_en),
        criteria=_criteria_out(criteria),
        replaced=[Title(zh=one.name_zh, en=one.name_en) for one in chosen.replaced],
        left_out=left_out,
        not_examined=not_examined_titles(checked.sensitive),
        weights_quality=chosen.weights_quality,
        weights_note=Title(zh=chosen.weights_zh, en=chosen.weights_en),
        sites=[
            _with_firmness(one, ranked, firm, economics.get(one.site_id)).model_copy(
                update={"takes": grounds[one.site_id], "untold_limits": untold[one.site_id]}
                | ({} if query.geometry else {"geometry": None})
            )
            for one in sites
        ],
        flips=_flips(ranked, criteria),
        stability=firm.method,
        stability_sites=len(firm.names),
        draws=firm.draws,
        seed=chosen.seed if firm.draws else None,
        error_pct=_error_pct(firm),
        ground_terms=describe_terms(terms),
        layers=sorted(
            {version.label for one in found for version in one.elevations}
            | {f"{version.spec.id}@{version.number}" for version in terms.versions}
        ),
        basis=_basis(checked, found),
        read_report=checked.read_report,
    )


def _usable(
    chosen: CriteriaSet, found: Sequence[SiteFacts]
) -> tuple[dict[str, NamedCriterion], list[LeftOut]]:
    """Leave out what no site can be told by for one and the same reason."""
    criteria, left_out = {}, []
    for name, named in chosen.criteria.items():
        facts = [one.facts[name] for one in found if name in one.facts]
        reasons = {fact.reason for fact in facts if fact.value is None}
        if not facts:
            reasons = {"unknown_fact"}
        if reasons and not any(fact.value is not None for fact in facts):
            title = Title(zh=named.name_zh, en=named.name_en)
            left_out.append(LeftOut(criterion=name, name=title, reason=str(min(map(str, reasons)))))
        else:
            criteria[name] = named
    return criteria, left_out


def _alternative(one: SiteFacts) -> Alternative:
    facts = {name: fact.value for name, fact in one.facts.items()}
    bounds = {name: fact.bounds for name, fact in one.facts.items() if fact.bounds}
    return Alternative(id=one.site.site_id, facts=facts, bounds=bounds)


def _density(query: RankQuery) -> DensityQuery | None:
    """Return which density is joined, if any.

    Raises
    ------
    IncompleteDensityError
        Not all of indicator, year and land are named.
    """
    said = (query.indicator, query.year, query.denominator)
    if query.indicator is None or query.year is None or query.denominator is None:
        if any(one is not None for one in said):
            raise IncompleteDensityError
        return None
    return DensityQuery(indicator=query.indicator, year=query.year, denominator=query.denominator)


def _economics(
    workspace: StatisticsSource, density: DensityQuery | None, found: Sequence[SiteFacts]
) -> dict[str, SiteEconomics]:
    if density is None:
        return {}
    asked = [(one.geometry, one.clear_m2) for one in found]
    told = economics_of(workspace, density, asked)
    return {one.site.site_id: economics for one, economics in zip(found, told, strict=True)}


def _in_order(
    ranked: Sequence[Ranked],
    found: Sequence[SiteFacts],
    checked: CheckResult,
    unfit: Mapping[str, list[Unfit]],
) -> list[RankedSite]:
    by_id = {one.site.site_id: one for one in found}
    placed = [_site_out(by_id[one.id], checked.id, [], one) for one in ranked]
    rest = [
        _site_out(one, checked.id, unfit[one.site.site_id], None)
        for one in found
        if unfit[one.site.site_id]
    ]
    return placed + rest


def _site_out(
    one: SiteFacts, check_id: str, unfit: list[Unfit], ranked: Ranked | None
) -> RankedSite:
    site: SiteResult = one.site
    return RankedSite(
        site_id=site.site_id,
        name=site.name,
        area_ha=site.area_m2 / M2_PER_HA,
        area_mu=m2_to_mu(site.area_m2),
        facts={
            name: FactOut(value=fact.value, reason=fact.reason, bounds=fact.bounds)
            for name, fact in one.facts.items()
        },
        taken_m2=taken_m2(one),
        feasible=not unfit,
        unfit=unfit,
        contributions=dict(ranked.contributions) if ranked else {},
        score=ranked.score if ranked else None,
        score_least=ranked.score_least if ranked else None,
        score_most=ranked.score_most if ranked else None,
        missing=list(ranked.missing) if ranked else [],
        rank_best=ranked.rank_best if ranked else None,
        rank_worst=ranked.rank_worst if ranked else None,
        dominated_by=[],
        first_share_pct=None,
        rank_shares_pct=None,
        economics=None,
        takes=None,
        untold_limits=[],
        check=brief_check(check_id, site),
        geometry=site.geometry,
    )


def _firmness(ranked: Sequence[Ranked], chosen: CriteriaSet) -> _Firmness:
    whole = [one for one in ranked if not one.missing]
    if len(whole) < 2:
        return _Firmness(names=(), shares=None, method=None, draws=None)
    utilities = np.array([list(one.utilities.values()) for one in whole], dtype=float)
    drawn = utilities.shape[1] > 2
    shares = rank_shares(utilities, np.random.default_rng(chosen.seed), chosen.draws)
    return _Firmness(
        names=tuple(one.id for one in whole),
        shares=shares,
        method="drawn" if drawn else "exact",
        draws=chosen.draws if drawn else None,
    )


def _with_firmness(
    site: RankedSite, ranked: Sequence[Ranked], firm: _Firmness, economics: SiteEconomics | None
) -> RankedSite:
    own = next((one for one in ranked if one.id == site.site_id), None)
    better = [
        one.id
        for one in ranked
        if own is not None and one is not own and dominates(one.utilities, own.utilities)
    ]
    shares = None
    if firm.shares is not None and site.site_id in firm.names:
        shares = [100.0 * float(s) for s in firm.shares[firm.names.index(site.site_id)]]
    return site.model_copy(
        update={
            "dominated_by": better,
            "first_share_pct": shares[0] if shares else None,
            "rank_shares_pct": shares,
            "economics": economics,
        }
    )


def _flips(ranked: Sequence[Ranked], criteria: Mapping[str, NamedCriterion]) -> list[FlipOut]:
    shares = weight_shares([named.criterion for named in criteria.values()]) if criteria else {}
    return [
        FlipOut(
            first=first.id,
            second=second.id,
            criterion=flip.criterion,
            share_now_pct=100.0 * flip.share_now,
            share_at_flip_pct=100.0 * flip.share_at_flip,
        )
        for first, second in pairwise(ranked)
        for flip in flips(first.utilities, second.utilities, shares)
    ]


def _criteria_out(criteria: Mapping[str, NamedCriterion]) -> list[CriterionOut]:
    shares = weight_shares([named.criterion for named in criteria.values()])
    return [
        CriterionOut(
            id=name,
            name=Title(zh=named.name_zh, en=named.name_en),
            unit=named.unit,
            share_pct=100.0 * shares[name],
            points=list(scale.points)
            if isinstance(scale := named.criterion.scale, PointScale)
            else None,
            span=scale.better.value if isinstance(scale, SpanScale) else None,
            quality=named.quality,
            source=named.source,
        )
        for name, named in criteria.items()
    ]


def _error_pct(firm: _Firmness) -> float | None:
    if firm.shares is None or firm.draws is None:
        return None
    return 100.0 * float(np.sqrt(firm.shares * (1.0 - firm.shares) / firm.draws).max())


def _basis(checked: CheckResult, found: Sequence[SiteFacts]) -> list[Basis]:
    rasters = basis_of(version for one in found for version in one.elevations)
    merged: dict[str, list[Basis]] = {}
    for one in (*checked.basis, *rasters):
        merged.setdefault(one.status, []).append(one)
    return [
        Basis(
            status=status,
            layer_ids=sorted({name for one in merged[status] for name in one.layer_ids}),
            titles=list({said.zh: said for one in merged[status] for said in one.titles}.values()),
        )
        for status in sorted(merged)
    ]
