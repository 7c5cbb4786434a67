"""Score firms by the mu, grade them, and find low-yield land."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from api.density.evaluation.schemes import known_schemes, scheme_out
from api.density.firm_land import (
    FirmLand,
    area_differences,
    land_qualifiers,
    parcel_features,
    with_land,
)
from api.density.low_land import low_lands, rule_counts, rules_of, whole_of
from api.density.qualifiers import combine_qualifiers, lines_left_out
from api.workspace.answers import basis_of, ledger_out
from api.workspace.needs import Clock, DensityNeeds, FirmNeeds, LayerSource
from geo.density.permu import Score, grades_by_rank, permu_scores
from geo.errors import InputError
from layers.density.firm_records import FIRM_TABLE, FirmTable, firms_of
from layers.density.permu import Scheme, SchemeGroup, SchemeIndicator, scheme_of
from layers.density.records import read_records, table_of_layer
from layers.density.refusals import question_of
from layers.density.row_terms import Declared
from layers.model import LayerVersion, ReadOptions
from layers.readers import Source
from maps.answers import Title
from maps.density.evaluation_answers import (
    FirmGroupOut,
    FirmOut,
    GradeOut,
    ParcelLayer,
    PermuReport,
    ScoredOut,
)
from maps.density.qualified import time_title


class NoFirmsError(InputError):
    """Neither a table of firms nor a layer that holds them was given."""

    code = "api.permu.no_firms"


Values = Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PermuRequest:
    """How firms are to be scored; ``parcel_layer`` holds the parcels that they name.

    ``accept``: units of measure that the table does not state have been confirmed.
    """

    scheme: str
    parcel_layer: str | None
    with_features: bool
    accept: bool = False
    nature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Graded:
    """One firm with everything that was found of it."""

    land: FirmLand
    values: Values
    score: Score
    grade: str | None


def evaluate_firms(
    workspace: DensityNeeds, source: Source, options: ReadOptions, request: PermuRequest
) -> PermuReport:
    """Evaluate the firms of a table (CSV, XLSX), or of a layer of their parcels.

    Raises
    ------
    UnknownSchemeError, SchemeFileError
        There is no such scheme, or an own one is not as it must be.
    StatisticsTableError
        Rows that do not fit; nothing is evaluated.
    StatisticsQuestionError
        A unit of measure is not stated, and was not confirmed.
    PlanningError
        The file cannot be read, or there is no such layer.
    """
    scheme = scheme_of(known_schemes(workspace), request.scheme)
    table = read_firm_table(workspace, source, options, scheme, request)
    version = None
    if request.parcel_layer:
        version = workspace.store.get(request.parcel_layer)
    return _report(workspace, scheme, table, (source.name, source.sha256, version), request)


def evaluate_layer(workspace: FirmNeeds, layer_id: str, request: PermuRequest) -> PermuReport:
    """Evaluate the firms that a stored layer of parcels holds in its attributes.

    Raises
    ------
    UnknownLayerError, NoKnownFieldError
        There is no such layer, or it holds no firms.
    StatisticsTableError
        Features that do not fit; nothing is evaluated.
    """
    scheme = scheme_of(known_schemes(workspace), request.scheme)
    version = workspace.store.get(layer_id)
    rows = table_of_layer(layer_id, workspace.load(version).features, FIRM_TABLE)
    rows = replace(rows, quality=version.spec.status.value)
    table = firms_of(rows, frozenset(scheme.groups), _declared(workspace, request))
    return _report(workspace, scheme, table, (layer_id, None, version), request)


def read_firm_table(
    workspace: DensityNeeds,
    source: Source,
    options: ReadOptions,
    scheme: Scheme,
    request: PermuRequest,
) -> FirmTable:
    """Return the firms of a file; its preview shows what the scoring computes with.

    Raises
    ------
    NoKnownFieldError, StatisticsTableError, PlanningError
        The file cannot be read, or holds no firms.
    """
    rows = workspace.read_apart(
        source.name,
        read_records,
        source,
        options,
        workspace.limits,
        workspace.zone.region,
        FIRM_TABLE,
    )
    return firms_of(rows, frozenset(scheme.groups), _declared(workspace, request))


def _declared(workspace: Clock, request: PermuRequest) -> Declared:
    return Declared(today=workspace.now().date(), nature=request.nature)


def _report(
    workspace: LayerSource,
    scheme: Scheme,
    table: FirmTable,
    origin: tuple[str, str | None, LayerVersion | None],
    request: PermuRequest,
) -> PermuReport:
    name, sha256, version = origin
    lands = with_land(workspace, name, table.firms, version)
    if table.questions and not request.accept:
        raise question_of(name, table.questions)
    graded: dict[int, _Graded] = {}
    groups = []
    for group in scheme.groups.values():
        own = [land for land in lands if land.firm.group == group.id]
        found = _graded(own, group, scheme)
        graded |= {one.land.firm.line: one for one in found}
        groups.append(_group_out(group, scheme, found))
    means = {group.id: {item.id: item.mean for item in group.indicators} for group in groups}
    firms = [_firm_out(graded[land.firm.line], scheme, means) for land in lands]
    low = low_lands(lands, firms)
    return PermuReport(
        scheme=scheme_out(scheme),
        source_name=name,
        source_sha256=sha256,
        qualifiers=combine_qualifiers(
            [firm.qualifiers for firm in firms], "; ".join(_confirmed_headers(table))
        ),
        times=_times(firms),
        parcel_layer=_layer_out(version) if version else None,
        basis=basis_of([version] if version else []),
        groups=groups,
        land_rules=rule_counts(scheme.land_rules, firms),
        low=low,
        low_whole=whole_of(low),
        firms=firms,
        area_differences=area_differences(lands),
        unread=list(table.unread),
        left_out=lines_left_out((*table.left_out, *table.unseen)),
        ledger=ledger_out(table.ledger),
        missing_columns=_missing(scheme, table),
        features=parcel_features(lands, firms) if request.with_features else None,
    )


def _times(firms: Sequence[FirmOut]) -> list[Title]:
    found = {
        (one.year, one.period, one.months): time_title(one)
        for one in (firm.qualifiers for firm in firms)
    }
    return list(found.values())


def _confirmed_headers(table: FirmTable) -> list[str]:
    """Return the headers whose unit of measure a person confirmed."""
    return [
        f"{one.column} = {one.text}" for one in table.questions if one.code == "measure_assumed"
    ]


def _graded(lands: Sequence[FirmLand], group: SchemeGroup, scheme: Scheme) -> list[_Graded]:
    """Score the firms of one group; those on the ungraded list are not ranked."""
    values = [_values(land, group.indicators) for land in lands]
    scores = permu_scores(values, [item.scored for item in group.indicators])
    ranked = [
        None if land.firm.ungraded else score.total
        for land, score in zip(lands, scores, strict=True)
    ]
    grades = grades_by_rank(ranked, scheme.grades, scheme.least_scored)
    return [
        _Graded(
            land=land,
            values=value,
            score=score,
            grade=scheme.ungraded_as if land.firm.ungraded else grade,
        )
        for land, value, score, grade in zip(lands, values, scores, grades, strict=True)
    ]


def _values(land: FirmLand, indicators: Iterable[SchemeIndicator]) -> Values:
    """Return a firm's indicators; None where a quantity is not reported."""
    known = {**land.firm.quantities, "land_mu": land.land_mu}
    return {item.scored.id: _value(item, known) for item in indicators}


def _value(item: SchemeIndicator, known: Mapping[str, float]) -> float | None:
    if any(name not in known for name in (*item.ratio.numerator, *item.ratio.denominator)):
        return None
    above = sum(known[name] for name in item.ratio.numerator)
    below = sum(known[name] for name in item.ratio.denominator)
    if below > 0.0:
        return above / below
    # Nothing out of nothing is an idle firm; something out of nothing cannot be.
    return 0.0 if above == 0.0 else None


def _group_out(group: SchemeGroup, scheme: Scheme, found: Sequence[_Graded]) -> FirmGroupOut:
    return FirmGroupOut(
        id=group.id,
        name=Title(zh=group.name_zh, en=group.name_en),
        firms=len(found),
        scored=sum(one.score.total is not None for one in found),
        ranked=sum(one.score.total is not None and not one.land.firm.ungraded for one in found),
        least_ranked=scheme.least_scored,
        indicators=[_scored_out(item, found) for item in group.indicators],
        grades=[_grade_out(grade, quota, found) for grade, quota in (*scheme.grades, (None, None))],
    )


def _scored_out(item: SchemeIndicator, found: Sequence[_Graded]) -> ScoredOut:
    known = [value for one in found if (value := one.values[item.scored.id]) is not None]
    scored = item.scored
    return ScoredOut(
        id=scored.id,
        name=Title(zh=item.name_zh, en=item.name_en),
        unit=item.unit,
        formula=f"{' + '.join(item.ratio.numerator)} / {' + '.join(item.ratio.denominator)}",
        weight=scored.weight,
        baseline=scored.baseline,
        cap=scored.cap,
        floor=scored.floor,
        missing_rule=scored.missing,
        mean=sum(known) / len(known) if known else None,
        mean_qualifiers=combine_qualifiers(
            [
                land_qualifiers(one.land, (*item.ratio.numerator, *item.ratio.denominator))
                for one in found
                if one.values[scored.id] is not None
            ]
        )
        if known
        else None,
        missing=len(found) - len(known),
    )


def _grade_out(grade: str | None, quota: float | None, found: Sequence[_Graded]) -> GradeOut:
    own = [one for one in found if one.grade == grade]
    return GradeOut(
        grade=grade,
        quota_pct=quota,
        firms=len(own),
        land_mu=sum(one.land.land_mu for one in own),
    )


def _firm_out(
    one: _Graded, scheme: Scheme, means: Mapping[str, Mapping[str, float | None]]
) -> FirmOut:
    firm, score = one.land.firm, one.score
    by = _graded_by(one)
    # Where nobody is graded, a rule that asks for the grade does not apply.
    rules = [rule for rule in scheme.land_rules if not (rule.grades and by == "small_group")]
    low, untold = rules_of(one.land, one.values, one.grade, rules, means[firm.group])
    asked = [
        name
        for item in scheme.groups[firm.group].indicators
        for name in (*item.ratio.numerator, *item.ratio.denominator)
    ]
    return FirmOut(
        line=firm.line,
        name=firm.name,
        group=firm.group,
        district=firm.district,
        parcels=list(firm.parcels),
        land_mu=one.land.land_mu,
        land_method=one.land.method,
        drawn_mu=one.land.drawn_mu,
        quantities=dict(firm.quantities),
        values=dict(one.values),
        points=dict(score.points),
        filled=list(score.filled),
        total=score.total,
        grade=one.grade,
        grade_by=by,
        qualifiers=land_qualifiers(one.land, asked),
        low=low,
        untold=untold,
    )


def _graded_by(one: _Graded) -> str:
    if one.land.firm.ungraded:
        return "ungraded_list"
    if one.score.total is None:
        return "not_scored"
    return "small_group" if one.grade is None else "rank"


def _missing(scheme: Scheme, table: FirmTable) -> list[str]:
    """Return the quantities that the scheme asks of the groups at hand and that nobody reports."""
    present = {firm.group for firm in table.firms}
    reported = {name for firm in table.firms for name in firm.quantities} | {"land_mu"}
    asked = {
        name
        for group in present & set(scheme.groups)
        for item in scheme.groups[group].indicators
        for name in (*item.ratio.numerator, *item.ratio.denominator)
    }
    return sorted(asked - reported)


def _layer_out(version: LayerVersion) -> ParcelLayer:
    return ParcelLayer(id=version.layer_id, version=version.number, status=version.spec.status)
