"""Evaluate the land use of development zones from a table or a layer of them."""

from collections.abc import Iterable, Sequence
from typing import Final

from api.density.qualifiers import (
    combine_qualifiers,
    lines_left_out,
    qualifiers_of_all,
    qualifiers_of_terms,
)
from api.workspace.answers import ledger_out
from api.workspace.needs import ZoneNeeds
from geo.density.errors import IntensityError
from geo.density.intensity import (
    intensity_potential_ha,
    ratio_value,
    realisation_pct,
    structure_potential_ha,
    weighted_score,
)
from layers.density.intensity import (
    Evaluation,
    ZoneIndicator,
    ZoneRecord,
    profile_of,
)
from layers.density.intensity_schemes import IdealScheme, ideal_scheme, load_ideal_schemes
from layers.density.refusals import question_of
from layers.density.row_terms import Declared
from layers.density.statistics.checks import check_limits
from layers.density.zone_records import ZoneTable, read_zone_records
from layers.model import ReadOptions
from layers.readers import Source
from maps.answers import Citation, Title
from maps.density.answers import Qualifiers
from maps.density.intensity_answers import (
    GoalOut,
    IdealsOut,
    IntensityReport,
    PotentialOut,
    RateOut,
    ZoneIntensity,
)

_INTENSITY_BY: Final = (
    "investment_intensity",
    "industrial_tax_per_ha",
    "industrial_floor_area_ratio",
)
"""By the first of these that is known the land that a higher intensity frees is told."""

NATIONAL_SAMPLE: Final = "national_sample"
"""The ideal values that hold where nobody names others."""

_TOLD: Final = frozenset({"code", "name", "approval", "stated_type"})
"""Texts of a record that an answer holds by name."""


def evaluate_zones(
    workspace: ZoneNeeds,
    source: Source,
    options: ReadOptions,
    *,
    accept: bool = False,
    nature: str | None = None,
    scheme: str = NATIONAL_SAMPLE,
) -> IntensityReport:
    """Evaluate every zone of a table (CSV, XLSX) or of a layer with the official fields.

    Raises
    ------
    NoKnownFieldError
        The file has no field that the evaluation knows.
    StatisticsTableError
        Rows that do not fit; nothing is evaluated.
    StatisticsQuestionError
        Something must be confirmed (``accept``) and was not.
    UnknownSchemeError, SchemeToFillError, SchemeFileError
        There are no such ideal values, they are not filled, or a file of them is wrong.
    PlanningError
        The file cannot be read.
    """
    ideals = ideal_scheme(load_ideal_schemes(workspace.settings.data_dir / "intensity"), scheme)
    evaluation = ideals.evaluation
    table = read_zone_table(workspace, source, options, nature)
    if table.questions and not accept:
        raise question_of(source.name, table.questions)
    zones = [_zone(record, drawn_ha, evaluation) for record, drawn_ha in table.zones]
    return IntensityReport(
        source_name=source.name,
        source_sha256=source.sha256,
        qualifiers=combine_qualifiers([zone.qualifiers for zone in zones]),
        citation=Citation.model_validate(evaluation.citation),
        scheme=ideals_out(ideals),
        zones=zones,
        unread=list(table.unread),
        left_out=lines_left_out(table.left_out),
        ledger=ledger_out(table.ledger),
    )


def read_zone_table(
    workspace: ZoneNeeds, source: Source, options: ReadOptions, nature: str | None
) -> ZoneTable:
    """Return the zones of a file; its preview shows what the evaluation computes with.

    Raises
    ------
    NoKnownFieldError, StatisticsTableError, PlanningError
        As :func:`layers.density.zone_records.read_zone_records`.
    """
    declared = Declared(today=workspace.now().date(), nature=nature)
    return workspace.read_apart(
        source.name,
        read_zone_records,
        source,
        options,
        workspace.limits,
        workspace.zone.region,
        declared,
    )


def ideals_out(scheme: IdealScheme) -> IdealsOut:
    """Return what a scheme of ideal values is, as an answer."""
    return IdealsOut(
        id=scheme.id,
        name=Title(zh=scheme.name_zh, en=scheme.name_en),
        source=scheme.source,
        note=Title(zh=scheme.note_zh, en=scheme.note_en),
        to_fill=list(scheme.to_fill),
    )


def _area_warned(stated_ha: float | None, drawn_ha: float | None) -> bool | None:
    if not stated_ha or drawn_ha is None:
        return None
    return abs(drawn_ha - stated_ha) / stated_ha * 100.0 > check_limits().area_warning_pct


def _zone(record: ZoneRecord, drawn_ha: float | None, evaluation: Evaluation) -> ZoneIntensity:
    profile = profile_of(record.texts.get("approval"), evaluation)
    rates = [_rate(item, record, profile) for item in evaluation.indicators]
    found = _zone_type(record, evaluation)
    stated = record.texts.get("stated_type")
    goals = [_goal(name, rates, evaluation) for name in evaluation.goals]
    score, judged = _total(goals)
    return ZoneIntensity(
        code=record.texts.get("code"),
        name=record.texts.get("name"),
        qualifiers=_combined(record, record.quantities),
        profile=profile,
        zone_type=found,
        stated_type=stated,
        type_agrees=_agrees(found, stated),
        rates=rates,
        goals=goals,
        score=score,
        judged_pct=judged,
        potential=_potential(record, rates),
        evaluated_ha=record.quantities.get("evaluated_ha"),
        drawn_ha=drawn_ha,
        area_warned=_area_warned(record.quantities.get("evaluated_ha"), drawn_ha),
        texts={name: text for name, text in record.texts.items() if name not in _TOLD},
        quantities=dict(record.quantities),
        of_quantities={
            name: qualifiers_of_terms(terms) for name, terms in record.of_quantities.items()
        },
        unread=[list(pair) for pair in record.unread],
    )


def _rate(item: ZoneIndicator, record: ZoneRecord, profile: str | None) -> RateOut:
    value, reason = None, None
    names = [name.removeprefix("-") for name in (*item.ratio.numerator, *item.ratio.denominator)]
    missing = [name for name in names if record.quantities.get(name) is None]
    try:
        value = ratio_value(item.ratio, record.quantities)
        reason = "missing" if value is None else None
    except IntensityError as exc:
        reason = exc.code.rpartition(".")[2]
    stated = record.quantities.get(item.stated) if item.stated else None
    if value is None and stated is not None:
        value, reason = stated, "stated"
    ideal = item.ideal.get(profile) if profile else None
    realised = None
    if value is not None and ideal is not None:
        realised = realisation_pct(value, ideal, item.better)
    return RateOut(
        id=item.id,
        name=Title(zh=item.name_zh, en=item.name_en),
        goal=item.goal,
        formula=_formula(item),
        value=value,
        unit=item.unit,
        ideal=ideal,
        realisation_pct=realised,
        missing=missing,
        reason=reason,
        stated=stated,
        qualifiers=None
        if value is None
        else _combined(record, names if reason is None else [item.stated or ""]),
    )


def _combined(record: ZoneRecord, names: Iterable[str]) -> Qualifiers:
    """Return what qualifies a figure that follows from some quantities of a zone."""
    terms = frozenset(record.of_quantities.get(name, record.terms) for name in names)
    return qualifiers_of_all(terms or frozenset([record.terms]))


def _formula(item: ZoneIndicator) -> str:
    parts = [
        " + ".join(names).replace("+ -", "− ")
        for names in (item.ratio.numerator, item.ratio.denominator)
    ]
    return f"{item.ratio.factor:g} × ({parts[0]}) / ({parts[1]})"


def _goal(name: str, rates: Sequence[RateOut], evaluation: Evaluation) -> GoalOut:
    own = [item for item in evaluation.indicators if item.goal == name and item.ideal]
    weights = {item.id: item.weight for item in own}
    known = {rate.id: rate.realisation_pct for rate in rates if rate.id in weights}
    score, judged = weighted_score(known, weights) if weights else (None, 0.0)
    goal = evaluation.goals[name]
    return GoalOut(
        id=name,
        name=Title(zh=goal.name_zh, en=goal.name_en),
        weight=goal.weight,
        score=score,
        judged_pct=100.0 * judged,
    )


def _total(goals: Sequence[GoalOut]) -> tuple[float | None, float]:
    scores = {goal.id: goal.score for goal in goals}
    score, _ = weighted_score(scores, {goal.id: goal.weight for goal in goals})
    whole = sum(goal.weight for goal in goals)
    return score, sum(goal.weight * goal.judged_pct for goal in goals) / whole


def _zone_type(record: ZoneRecord, evaluation: Evaluation) -> str:
    """Return industrial, mixed (of city and industry), other, or unknown.

    By the shares of industrial and residential land in the built land, as the national
    evaluation types its zones; bonded and processing zones are always industrial.
    """
    rule, approval = evaluation.types, record.texts.get("approval", "")
    if any(
        approval == known or (len(known) > 1 and known in approval)
        for known in rule.industrial_approvals
    ):
        return "industrial"
    built, industrial, residential = (
        record.quantities.get(name) for name in ("built_ha", "industrial_ha", "residential_ha")
    )
    if not built or industrial is None or residential is None:
        return "unknown"
    much_industry = 100.0 * industrial / built > rule.industrial_share_above_pct
    much_housing = 100.0 * residential / built >= rule.residential_share_from_pct
    if much_industry and not much_housing:
        return "industrial"
    return "mixed" if much_housing and not much_industry else "other"


def _agrees(found: str, stated: str | None) -> bool | None:
    if found == "unknown" or not stated:
        return None
    marks = {"industrial": "工业", "mixed": "产城"}
    return (
        marks[found] in stated if found in marks else not any(m in stated for m in marks.values())
    )


def _potential(record: ZoneRecord, rates: Sequence[RateOut]) -> PotentialOut:
    known, by_id = record.quantities, {rate.id: rate for rate in rates}
    idle, expired = known.get("idle_ha"), known.get("expired_ha")
    share = by_id["industrial_share"]
    built, industrial = known.get("built_ha"), known.get("industrial_ha")
    structure = None
    if built is not None and share.value is not None and share.ideal is not None:
        structure = structure_potential_ha(built, share.value, share.ideal)
    by = next(
        (by_id[name] for name in _INTENSITY_BY if by_id[name].realisation_pct is not None), None
    )
    freed = None
    if by and industrial is not None and by.value is not None and by.ideal:
        freed = intensity_potential_ha(industrial, by.value, by.ideal)
    return PotentialOut(
        expand_ha=known.get("supply_ready_ha"),
        structure_ha=structure,
        intensity_ha=freed,
        intensity_by=by.id if by else None,
        management_ha=None if idle is None or expired is None else idle + expired,
    )
