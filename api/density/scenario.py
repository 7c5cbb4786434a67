"""What an expansion must yield, and how much land a higher density saves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.density.errors import (
    AddedLandError,
    CaseDensityError,
    CaseGrowthError,
    CaseValueError,
    CaseYearError,
    NoPlanTargetError,
    ScenarioCountError,
    ScenarioFormError,
)
from api.density.land import DensityQuery, density_table
from api.workspace.needs import StatisticsSource
from geo.density.growth import annual_growth_pct
from geo.density.scenario import expansion, land_saved_km2
from geo.errors import InputError
from geo.model import Nature
from maps.density.answers import DensityRow
from maps.density.scenario_answers import ScenarioOut, ScenarioReport

MOST_CASES: Final = 50
MOST_GROWTH_PCT: Final = 1000.0
MOST_SHRINKING_PCT: Final = -99.0


class ScenarioUnitError(InputError):
    """The unit has no such density. Params: ``unit``, ``known``."""

    code = "api.scenario.unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A scenario: land that is added, and the density to reach on all of it.

    ``density`` None keeps the present one, unless ``plan_target``: then it is the plan's
    target value over the unit's present land. ``by_year`` adds the yearly rate;
    ``present_growth_pct`` lets the present land yield more, which else is frozen.
    """

    name: str
    added_km2: float
    density: float | None
    plan_target: bool
    by_year: int | None
    present_growth_pct: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRequest:
    """The known density that scenarios start from, and the scenarios."""

    query: DensityQuery
    unit_id: str
    cases: tuple[Case, ...]


def run_scenarios(workspace: StatisticsSource, request: ScenarioRequest) -> ScenarioReport:
    """Return scenarios side by side.

    Raises
    ------
    PlanningError
        The density that they start from is not known (see
        :func:`api.density.land.density_table`).
    ScenarioUnitError
        The unit has no such density.
    ScenarioCaseError
        There is no scenario or too many, a number is out of range, or the plan has no
        target for the indicator.
    """
    table = density_table(workspace, request.query)
    rows = {row.unit_id: row for row in table.rows if row.density is not None}
    row = rows.get(request.unit_id)
    if table.nature != Nature.FACT:
        # What is planned for a year is not what its land yields.
        raise ScenarioUnitError(unit=request.unit_id[:80], known=[])
    qualifiers = row.qualifiers if row else None
    if (
        row is None or qualifiers is None
        or row.value is None or row.area_km2 is None or row.density is None
    ):  # fmt: skip
        raise ScenarioUnitError(unit=request.unit_id[:80], known=sorted(rows))
    if not 1 <= len(request.cases) <= MOST_CASES:
        raise ScenarioCountError(name=str(len(request.cases)))
    target = _plan_target(workspace, request)
    target_density = None if target is None else target / row.area_km2
    return ScenarioReport(
        indicator=table.indicator,
        name=table.name,
        unit_id=row.unit_id,
        unit_name=row.name,
        year=table.year,
        denominator=table.denominator,
        value=row.value,
        value_unit=row.value_unit,
        area_km2=row.area_km2,
        density=row.density,
        density_unit=row.density_unit,
        source=row.source or "",
        qualifiers=qualifiers,
        area_source=row.area_source or "",
        plan_target=target,
        plan_target_density=target_density,
        basis=table.basis,
        scenarios=[_scenario(case, row, table.year, target_density) for case in request.cases],
    )


def parse_case(text: str) -> Case:
    """Return a scenario from ``name:added_km2[:density|plan[:year[:growth_pct]]]``.

    Raises
    ------
    ScenarioCaseError
        The text has another form.

    Examples
    --------
    >>> case = parse_case("扩区:10:22.3:2025")
    >>> case.added_km2, case.density, case.by_year
    (10.0, 22.3, 2025)
    """
    parts = text.rsplit(":") if text.count(":") else []
    if not 2 <= len(parts) <= 5:
        raise ScenarioFormError(name=text[:80])
    name, added, density, year, growth = (*parts, *[""] * (5 - len(parts)))
    try:
        return Case(
            name=name,
            added_km2=float(added),
            density=float(density) if density and density != "plan" else None,
            plan_target=density == "plan",
            by_year=int(year) if year else None,
            present_growth_pct=float(growth) if growth else 0.0,
        )
    except ValueError as exc:
        raise ScenarioFormError(name=text[:80]) from exc


def _plan_target(workspace: StatisticsSource, request: ScenarioRequest) -> float | None:
    found = [
        value.value
        for value in workspace.statistics.observations
        if (value.unit_id, value.indicator) == (request.unit_id, request.query.indicator)
        and (value.year, value.period) == (workspace.zone.plan.target_year, "target")
    ]
    return found[0] if found else None


def _scenario(case: Case, row: DensityRow, year: int, target_density: float | None) -> ScenarioOut:
    value, area, now = row.value or 0.0, row.area_km2 or 0.0, row.density or 0.0
    then = target_density if case.plan_target else case.density
    _require_possible(case, year, then, value)
    found = expansion(value, area, case.added_km2, then, case.present_growth_pct)
    rate = None
    if case.by_year is not None:
        rate = annual_growth_pct(value, found.value_needed, case.by_year - year)
    saved = land_saved_km2(found.value_needed, now, found.density_then)
    return ScenarioOut(
        name=case.name,
        added_km2=case.added_km2,
        density_by="plan_target" if case.plan_target else "kept" if then is None else "stated",
        density_then=found.density_then,
        area_km2=found.area_km2,
        value_needed=found.value_needed,
        present_growth_pct=case.present_growth_pct,
        value_of_present_land=found.value_of_present_land,
        value_of_new_land=found.value_of_new_land if case.added_km2 else None,
        density_of_new_land=found.value_of_new_land / case.added_km2 if case.added_km2 else None,
        growth_pct=found.growth_pct,
        by_year=case.by_year,
        annual_growth_pct=rate,
        land_at_present_km2=found.value_needed / now,
        land_saved_km2=saved,
        land_spared_km2=found.land_spared_km2,
    )


def _require_possible(case: Case, year: int, then: float | None, value: float) -> None:
    name = case.name[:80]
    if case.plan_target and then is None:
        raise NoPlanTargetError(name=name)
    if not 0.0 <= case.added_km2 < 1e7:
        raise AddedLandError(name=name)
    if then is not None and not 0.0 < then < 1e12:
        raise CaseDensityError(name=name)
    if not MOST_SHRINKING_PCT <= case.present_growth_pct <= MOST_GROWTH_PCT:
        raise CaseGrowthError(name=name)
    if case.by_year is not None and not year < case.by_year <= year + 200:
        raise CaseYearError(name=name)
    if not value > 0.0:
        raise CaseValueError(name=name)


def cases_of(texts: Sequence[str]) -> tuple[Case, ...]:
    """Return scenarios from texts (see :func:`parse_case`)."""
    return tuple(parse_case(text) for text in texts)
