"""The plan's indicators at the end of the plan, and the base of the years that follow."""

from collections import Counter

from api.density.office.statement import COUNTED_UNITS
from api.density.plan_monitor import plan_monitor
from api.workspace.needs import DensityNeeds
from geo.density.errors import GrowthError
from geo.density.growth import PathShape, path_value
from geo.units import round_as_printed
from layers.density.statistics.collected import Statistics
from layers.zones import Zone
from maps.density.statement_answers import FinalEvaluation, FinalRow
from maps.density.statistics_answers import VALUE_DECIMALS, PlanRow


def final_evaluation(workspace: DensityNeeds) -> FinalEvaluation:
    """Return how each indicator ended; without a figure of the last year nothing is told.

    What is counted since the beginning of the plan is told by what was added. The path to a target
    of the next plan is drawn only where such a target was imported: none is assumed.
    """
    monitor, zone = plan_monitor(workspace), workspace.zone
    rows = [_row(row, workspace.statistics, zone) for row in monitor.rows]
    return FinalEvaluation(
        base_year=zone.plan.base_year,
        final_year=zone.plan.target_year,
        next_year=zone.plan.next_year,
        source=monitor.source,
        rows=rows,
        counts=dict(Counter(row.outcome for row in rows)),
    )


def _row(row: PlanRow, statistics: Statistics, zone: Zone) -> FinalRow:
    last = next((one for one in row.points if one.year == row.target_year), None)
    final = last.value if last else None
    first, target = row.first_value, row.target_value
    added = final - first if row.cumulative and final is not None and first is not None else None
    wanted = target - first if row.cumulative and target is not None and first is not None else None
    goal = _next_target(row.id, statistics, zone)
    return FinalRow(
        number=row.number,
        name=row.name,
        unit=row.unit,
        decimals=0 if row.unit in COUNTED_UNITS else VALUE_DECIMALS,
        cumulative=row.cumulative,
        target_rule=row.target_rule,
        first_value=first,
        target=target,
        final=final,
        qualifiers=last.qualifiers if last else None,
        added=added,
        added_target=wanted,
        done_pct=_done(final, target, added, wanted),
        outcome=_outcome(row, final, last.qualifiers.relation if last and last.qualifiers else "="),
        next_target=goal,
        path=_path(row, final, goal, zone.plan.next_year),
    )


def _done(
    final: float | None, target: float | None, added: float | None, wanted: float | None
) -> float | None:
    """Return how much of a target was reached; of a cumulative one how much of what was to come."""
    if added is not None and wanted:
        return 100.0 * added / wanted
    if final is None or not target:
        return None
    return 100.0 * final / target


def _outcome(row: PlanRow, final: float | None, relation: str) -> str:
    if final is None:
        return "cannot_tell"
    if row.target_value is not None:
        reached = round_as_printed(final, VALUE_DECIMALS)
        wanted = round_as_printed(row.target_value, VALUE_DECIMALS)
        outcome = "reached" if reached >= wanted else "missed"
        # More than a figure below the target, or less than one above it, tells nothing.
        opposite = {">": "missed", "<": "reached"}.get(relation)
        return "cannot_tell" if outcome == opposite else outcome
    # What shall rise has risen if no year of its course fell; one value tells nothing.
    return {"on_track": "reached", "behind": "missed"}.get(row.course, "cannot_tell")


def _next_target(indicator: str, statistics: Statistics, zone: Zone) -> float | None:
    return next(
        (
            one.value
            for one in statistics.observations
            if (one.unit_id, one.indicator, one.year, one.period, one.months)
            == (zone.whole.id, indicator, zone.plan.next_year, "target", "")
        ),
        None,
    )


def _path(row: PlanRow, final: float | None, goal: float | None, next_year: int) -> list[float]:
    if final is None or goal is None:
        return []
    shape = PathShape.EQUAL_STEPS if row.cumulative else PathShape.EQUAL_RATES
    start, target = (row.target_year, final), (next_year, goal)
    try:
        return [
            path_value(start, target, year, shape)
            for year in range(row.target_year + 1, next_year + 1)
        ]
    except GrowthError:
        return []
