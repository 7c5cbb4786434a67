"""Answers about sites: what avoids the hard lines, where free ground is, which site is best."""

from typing import Final

from pydantic import Field

from maps.answers import Answer, Basis, JsonObject, ReadReportOut, Title
from maps.check.finding import UntoldLine
from maps.density.answers import Qualifiers
from maps.expansion.constraint_answers import GroundTerms, SiteGround

SCORE_DECIMALS: Final = 2
"""Decimals of a score in print; sites whose scores read the same share a rank."""


class BriefFinding(Answer):
    """What one control layer says of a site, in short."""

    rule_id: str
    layer_id: str | None
    title: Title
    verdict: str = Field(examples=["conflict"])
    reasons: list[str]
    overlap_area_m2: float | None


class BriefCheck(Answer):
    """What the check says of one site; the whole of it is under its id."""

    check_id: str
    verdict: str = Field(examples=["clear"])
    hard_overlap_m2: float | None = Field(
        description="Ground on hard lines; where lines lie on each other it counts once. "
        "A lower bound where `untold` is not empty; null where nothing was found and "
        "something could not be told."
    )
    untold: list[Title] = Field(
        description="Hard lines of which the check cannot tell whether they lie on this ground."
    )
    findings: list[BriefFinding] = Field(description="All but the clear ones.")


class LostGround(Answer):
    """Ground of a site that goes to one line, each square metre once."""

    rule_id: str
    layer_id: str
    layer_version: int
    title: Title
    area_m2: float
    area_mu: float


class TrimOut(Answer):
    """The largest part of a site that keeps clear of the lines."""

    possible: bool
    why: str | None = Field(
        description="nothing_left, too_narrow, too_small, not_computable, not_judged; or null."
    )
    area_m2: float = Field(description="What stays, or would stay.")
    area_mu: float
    kept_pct: float
    width_m: float = Field(description="Diameter of the largest circle inside.")
    lost: list[LostGround]
    cut_off_m2: float = Field(description="Free ground that is too narrow, or lies apart.")
    check: BriefCheck | None
    geometry: JsonObject | None


class ShiftOut(Answer):
    """The smallest move of a whole site that clears the lines."""

    possible: bool
    why: str | None = Field(
        description="none_within_reach, too_small, not_computable, not_judged; or null."
    )
    area_m2: float
    distance_m: float | None
    bearing_deg: float | None = Field(description="From grid north, clockwise.")
    accuracy_m: float = Field(description="Outlines were simplified by this much for the search.")
    check: BriefCheck | None
    geometry: JsonObject | None


class AvoidedSite(Answer):
    """One site before and after."""

    site_id: str
    name: str | None
    area_m2: float
    area_mu: float
    margin_m: float
    before: BriefCheck
    trim: TrimOut
    shift: ShiftOut
    geometry: JsonObject


class AvoidanceReport(Answer):
    """Sites that keep clear of the hard lines of the day."""

    target_m2: float
    width_m: float
    reach_m: float
    terms_quality: str = Field(examples=["proposal"])
    terms_note: Title
    untold: list[UntoldLine] = Field(
        description="Kinds of hard lines of which nothing, or not all, can be told."
    )
    not_examined: list[Title] = Field(
        default=[], description="Kinds of control lines that nobody examined, for want of a layer."
    )
    sites: list[AvoidedSite]
    basis: list[Basis]
    read_report: ReadReportOut


class FunnelStep(Answer):
    """What one constraint of a search takes away."""

    reason: str = Field(examples=["slope", "ecological_red_line"])
    title: Title | None = Field(description="Of the layer, for a hard line.")
    removed_km2: float = Field(description="Of what the constraints before left.")
    alone_km2: float | None = Field(description="Of the whole area, were it the only one.")
    left_km2: float


class CandidateOut(Answer):
    """Free ground that keeps all constraints."""

    site_id: str
    ground: int = Field(
        description="Number of the piece of free ground that it lies on, 1 is the largest; "
        "candidates of one number are parts of one piece."
    )
    area_m2: float
    area_mu: float
    width_m: float = Field(description="Diameter of the largest circle inside.")
    compactness: float
    cut_by: list[str] = Field(
        description="Along what it was cut out of larger ground: road, contour, straight; empty "
        "where it was not cut."
    )
    district_km: float | None
    point_km: float | None
    slope_mean_deg: float | None
    takes: SiteGround
    check: BriefCheck
    geometry: JsonObject


class RelaxedConstraint(Answer):
    """A constraint that would have to be given up, and what that takes."""

    reason: str = Field(examples=["slope"])
    title: Title | None = Field(description="Of the layer, for a hard line.")
    needs: str = Field(
        description="choice: the searcher's own; data: layers or heights that are missing; "
        "procedure: a line of the law, which only its own procedure can move."
    )


class RelaxationOut(Answer):
    """A smallest set of constraints without which there are sites, and what it would give."""

    constraints: list[RelaxedConstraint]
    sites: int
    largest_ha: float
    area_ha: float


class SearchReport(Answer):
    """Candidates for expansion, or after which constraint no site fits."""

    area_name: str | None
    area_km2: float
    cell_m: float | None = Field(
        description="Side of the cells of slope and grade; null if no heights were read."
    )
    constraints: JsonObject = Field(description="The query, as it was understood.")
    ground_terms: GroundTerms | None = Field(
        description="What of ground is hard, soft, listed or priced; null if nobody asked."
    )
    margin_m: float
    terms_quality: str
    terms_note: Title
    missing_factors: list[str] = Field(
        description="Kinds of rasters that say nothing here: factors of a grade that is asked "
        "for, and heights where official ones are lost or withdrawn."
    )
    funnel: list[FunnelStep]
    untold: list[UntoldLine] = Field(
        description="Kinds of hard lines of which nothing, or not all, can be told."
    )
    not_examined: list[Title] = Field(
        default=[], description="Kinds of control lines that nobody examined, for want of a layer."
    )
    nothing_because: str | None = Field(
        description="The constraint after which no site fits; null if there are candidates."
    )
    relaxations: list[RelaxationOut] = Field(
        description="Without candidates: the smallest sets of constraints to give up, of up to "
        "three, each with what it would give; empty if none of these is enough."
    )
    largest_ha: float = Field(description="Largest ground that keeps all but the size and shape.")
    cut_along: list[str] = Field(
        description="Lines at hand along which large ground may be cut: road, contour. Empty "
        "where there are none, or no largest size was asked for."
    )
    cut_compactness: float = Field(
        description="Of what is cut out of larger ground at least: its area over that of the "
        "smallest circle around it."
    )
    candidates: list[CandidateOut]
    left_out: int = Field(description="Candidates beyond the most that are told.")
    layers: list[str] = Field(examples=[["dem@1"]])
    basis: list[Basis]


class CriterionOut(Answer):
    """A criterion of the comparison."""

    id: str
    name: Title
    unit: str
    share_pct: float = Field(description="Of all weights that count here.")
    points: list[tuple[float, float]] | None = Field(description="(fact, utility from 0 to 1).")
    span: str | None = Field(description="more, less: from the worst to the best site at hand.")
    quality: str
    source: str


class FactOut(Answer):
    """What is known of a site for one criterion."""

    value: float | None
    reason: str | None = Field(description="Why it is not known.", examples=["no_terrain"])
    bounds: tuple[float, float] | None = Field(
        default=None, description="Between what it lies, where that is known."
    )


class Unfit(Answer):
    """Why a site cannot be used: a hard line, or a limit that it does not keep."""

    reason: str = Field(examples=["hard_line", "least_ha", "ground"])
    value: float | None
    limit: float | None
    source: str | None
    name: Title | None = Field(
        default=None, description="Of the ground or the criterion whose limit is not kept."
    )


class Neighbour(Answer):
    """A planning unit near a site, with its density."""

    unit_id: str
    name: Title
    distance_km: float | None
    density: float | None
    density_unit: str
    reason: str | None = Field(description="Why there is no density; null if there is.")
    source: str | None = Field(description="Of the value.")
    qualifiers: Qualifiers | None = Field(description="Of its value; null where there is none.")


class SiteEconomics(Answer):
    """What a site would have to yield, and what its neighbours do."""

    indicator: str
    name: Title
    year: int
    denominator: str
    unit: str = Field(examples=["亿元"])
    available_ha: float = Field(description="Clear of all hard lines.")
    density_now: float | None = Field(description="Of the zone.")
    density_then: float | None = Field(description="To be reached: the plan's target, or as now.")
    target_year: int | None
    value_note: str | None = Field(
        description="What the zone's value is.", examples=["full_year", "target"]
    )
    value_of_new_land: float | None = Field(description="That the site must yield for it.")
    neighbours: list[Neighbour]
    source: str | None
    qualifiers: Qualifiers | None = Field(description="Of the zone's value.")
    wanted_qualifiers: Qualifiers | None = Field(
        description="Of the value that is to be reached: of the plan's target, or of the zone's."
    )
    reason: str | None


class LeftOut(Answer):
    """A criterion that cannot be used here; the others share its weight."""

    criterion: str
    name: Title
    reason: str


class RankedSite(Answer):
    """One site in the comparison."""

    site_id: str
    name: str | None
    area_ha: float
    area_mu: float
    taken_m2: float = Field(
        description="Ground on hard lines that an avoidance gives up; area and share are of the "
        "rest."
    )
    facts: dict[str, FactOut]
    feasible: bool
    unfit: list[Unfit]
    untold_limits: list[LeftOut] = Field(
        description="Limits of which nobody can tell whether the site keeps them."
    )
    contributions: dict[str, float | None] = Field(description="Points of 100; they sum up.")
    score: float | None = Field(description="Null if a fact is missing, or the site is unfit.")
    score_least: float | None
    score_most: float | None
    missing: list[str]
    rank_best: int | None
    rank_worst: int | None
    dominated_by: list[str]
    first_share_pct: float | None = Field(description="Of all possible weights: it comes first.")
    rank_shares_pct: list[float] | None
    economics: SiteEconomics | None
    takes: SiteGround | None
    check: BriefCheck
    geometry: JsonObject | None


class FlipOut(Answer):
    """A change of one weight that turns the order of two sites that follow each other."""

    first: str
    second: str
    criterion: str
    share_now_pct: float
    share_at_flip_pct: float


class RankingReport(Answer):
    """Sites compared, and how firm the order is."""

    criteria_id: str
    name: Title
    criteria: list[CriterionOut]
    replaced: list[Title] = Field(
        description="Criteria of the set that those of the file with the same id replace."
    )
    left_out: list[LeftOut]
    not_examined: list[Title] = Field(
        default=[], description="Kinds of control lines that nobody examined, for want of a layer."
    )
    weights_quality: str
    weights_note: Title
    ground_terms: GroundTerms | None = Field(
        description="What of ground is hard, soft, listed or priced; null if nobody asked."
    )
    sites: list[RankedSite] = Field(description="Best first; unfit ones last.")
    flips: list[FlipOut]
    stability: str | None = Field(description="exact, drawn; null if it cannot be told.")
    stability_sites: int = Field(description="Sites with all facts, of which it is told.")
    draws: int | None
    seed: int | None
    error_pct: float | None = Field(description="Greatest standard error of a drawn share.")
    layers: list[str]
    basis: list[Basis]
    read_report: ReadReportOut
