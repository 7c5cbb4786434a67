"""Operations of land economic density, declared once for both doors."""

from contextlib import nullcontext
from typing import TYPE_CHECKING

from api.density.evaluation.operations import EVALUATION_OPERATIONS
from api.density.office.operations import OFFICE_OPERATIONS
from api.density.questions import (
    CompareQuestion,
    DatasetQuestion,
    DensityQuestion,
    DensitySheetQuestion,
    DownscaleQuestion,
    MissingQuestion,
    PlanQuestion,
    ScenarioQuestion,
    TableQuestion,
    TableVersionQuestion,
    TemplateQuestion,
    UnitQuestion,
    YearsQuestion,
)
from api.operation import Call, FileAnswer, Nothing, operation
from api.workspace.withdraw_operations import withdrawal_operations
from maps.density.answers import DensityTable, IndicatorList
from maps.density.density_answers import DensityYears, UnitSheet
from maps.density.linkage_answers import Comparison, LinkageList, MissingFigures
from maps.density.scenario_answers import DownscaleReport, ScenarioReport
from maps.density.statistics_answers import PlanMonitor, TableImport, TableList, TablePreview

if TYPE_CHECKING:
    from api.density.land import DensityQuery


@operation(
    "indicators", "GET /api/v1/indicators", text="maps.density.density_document:indicators_document"
)
def indicators(call: Call, _: Nothing) -> IndicatorList:
    """List indicators with the years and denominators that a density exists for."""
    from api.density.land import list_indicators

    return list_indicators(call.workspace)


@operation(
    "density",
    "GET /api/v1/density",
    arguments=("indicator",),
    text="maps.density.density_document:density_document",
    files="api.density.files:density_files",
)
def density(call: Call, asked: DensitySheetQuestion) -> DensityTable:
    """Return value over area for every comparable planning unit."""
    from api.density.land import density_table

    return density_table(call.workspace, density_query(asked))


@operation(
    "density-years",
    "GET /api/v1/density/years",
    arguments=("indicator",),
    text="maps.density.density_document:years_document",
)
def density_years(call: Call, asked: YearsQuestion) -> DensityYears:
    """Return the densities of all years, in classes that the years share."""
    from api.density.land import density_years as years

    return years(call.workspace, asked.indicator, asked.denominator)


@operation(
    "unit",
    "GET /api/v1/units/{unit_id}",
    arguments=("unit_id",),
    text="maps.density.density_document:unit_document",
    files="api.density.files:unit_files",
)
def unit(call: Call, asked: UnitQuestion) -> UnitSheet:
    """Return all that is known of a unit's land and densities; as PDF it is one page."""
    from api.density.unit_sheet import unit_sheet

    return unit_sheet(call.workspace, asked.unit_id)


@operation(
    "density-compare",
    "GET /api/v1/density/compare",
    arguments=("indicator",),
    text="maps.density.linkage_document:comparison_document",
    files="api.density.files:comparison_files",
)
def density_compare(call: Call, asked: CompareQuestion) -> Comparison:
    """Compare districts, linkage zones, batches or hosts, with bounds where land is uncertain."""
    from api.density.compare import compare_units

    return compare_units(call.workspace, density_query(asked), asked.by)


@operation(
    "linkage",
    "GET /api/v1/linkage",
    text="maps.density.linkage_document:linkage_document",
    files="api.density.files:LINKAGE_FILES",
)
def linkage(call: Call, _: Nothing) -> LinkageList:
    """List linkage zones, expansion areas and blocks, which no total counts."""
    from api.density.linkage import list_linkage

    return list_linkage(call.workspace)


@operation(
    "stats missing",
    "GET /api/v1/missing-figures",
    text="maps.density.linkage_document:missing_document",
    files="api.density.files:MISSING_FILES",
)
def stats_missing(call: Call, asked: MissingQuestion) -> MissingFigures:
    """List which figures are missing, and who has them."""
    from api.density.missing import missing_figures

    return missing_figures(call.workspace, asked.year, asked.unit_ids)


@operation(
    "plan",
    "GET /api/v1/plan",
    text="maps.density.plan_document:plan_document",
    files="api.density.files:plan_files",
)
def plan(call: Call, _: PlanQuestion) -> PlanMonitor:
    """Return the plan's indicators recomputed, with paths to the targets and courses."""
    from api.density.plan_monitor import plan_monitor

    return plan_monitor(call.workspace)


@operation(
    "stats template",
    "GET /api/v1/templates/{name}.csv",
    arguments=("name",),
    forms={"csv": "text/csv; charset=utf-8"},
)
def template(call: Call, asked: TemplateQuestion) -> FileAnswer:
    """Return an empty table of the columns that are understood."""
    from api.density.missing import figures_template, missing_figures
    from api.density.table_templates import FIGURES, table_template

    if asked.name == FIGURES:
        found = missing_figures(call.workspace, asked.year, asked.unit_ids)
        data = figures_template(found, call.lang)
    else:
        data = table_template(asked.name, call.lang)
    return FileAnswer(name=f"{asked.name}.csv", data=data, media_type="text/csv; charset=utf-8")


@operation(
    "stats list", "GET /api/v1/statistics", text="maps.density.tables_document:tables_document"
)
def list_tables(call: Call, _: Nothing) -> TableList:
    """Return the newest version of every imported data set."""
    from api.density.import_statistics import list_tables as listed

    return listed(call.workspace)


@operation(
    "stats history",
    "GET /api/v1/statistics/{dataset}/versions",
    arguments=("dataset",),
    text="maps.density.tables_document:tables_document",
)
def table_history(call: Call, asked: DatasetQuestion) -> TableList:
    """Return all versions of a data set, oldest first."""
    from api.density.import_statistics import table_history as history

    return history(call.workspace, asked.dataset)


@operation(
    "stats preview",
    "POST /api/v1/statistics/preview",
    arguments=("file",),
    text="maps.density.tables_document:preview_document",
)
def preview(call: Call, asked: TableQuestion) -> TablePreview:
    """Return what an import would take in, or every row that does not fit; store nothing."""
    from api.density.import_statistics import preview_statistics, table_request

    source = asked.file.source(call.workspace.limits)
    return preview_statistics(call.workspace, source, table_request(asked))


@operation(
    "stats import",
    "POST /api/v1/statistics",
    arguments=("file",),
    status=201,
    text="maps.density.tables_document:import_document",
)
def import_table(call: Call, asked: TableQuestion) -> TableImport:
    """Store a table as the newest version of its data set, whole or not at all."""
    from api.density.import_statistics import (
        preview_of,
        read_statistics,
        store_statistics,
        table_request,
    )
    from maps.density.tables_document import preview_document
    from maps.document.terminal import text_of

    source = asked.file.source(call.workspace.limits)
    table = read_statistics(call.workspace, source, table_request(asked))
    # A person sees what was understood, value by value, before anything is stored.
    call.say(text_of(preview_document(preview_of(call.workspace, table), call.lang)))
    return store_statistics(call.workspace, table)


@operation(
    "scenario",
    "POST /api/v1/scenarios",
    arguments=("indicator",),
    text="maps.density.scenario_document:scenario_document",
    files="api.density.files:SCENARIO_FILES",
)
def scenario(call: Call, asked: ScenarioQuestion) -> ScenarioReport:
    """Return what expansions must yield and what land a density saves, side by side."""
    from api.density.scenario import Case, ScenarioRequest, run_scenarios

    cases = tuple(Case(**case.model_dump()) for case in asked.cases)
    request = ScenarioRequest(query=density_query(asked), unit_id=asked.unit_id, cases=cases)
    return run_scenarios(call.workspace, request)


@operation(
    "downscale",
    "POST /api/v1/downscale",
    arguments=("indicator",),
    text="maps.density.scenario_document:downscale_document",
    files="api.density.files:DOWNSCALE_FILES",
)
def downscale(call: Call, asked: DownscaleQuestion) -> DownscaleReport:
    """Bring totals onto a grid or parcels: estimates that keep the totals."""
    from api.density.downscale import DownscaleRequest, downscale_totals

    said = asked.model_dump(exclude={"raster", "geometry"})
    with asked.raster.on_disk() if asked.raster else nullcontext(None) as raster:
        request = DownscaleRequest(**said, raster=raster, with_features=asked.geometry)
        return downscale_totals(call.workspace, request)


def density_query(asked: DensityQuestion) -> "DensityQuery":
    """Return which density is meant."""
    from api.density.land import DensityQuery

    return DensityQuery(indicator=asked.indicator, year=asked.year, denominator=asked.denominator)


OPERATIONS = (
    indicators,
    density,
    density_years,
    unit,
    density_compare,
    linkage,
    stats_missing,
    plan,
    *OFFICE_OPERATIONS,
    template,
    list_tables,
    table_history,
    preview,
    import_table,
    *withdrawal_operations(
        "stats",
        "/api/v1/statistics/{dataset}/versions/{version}",
        question=TableVersionQuestion,
        change="api.workspace.withdraw:change_table",
    ),
    *EVALUATION_OPERATIONS,
    scenario,
    downscale,
)
