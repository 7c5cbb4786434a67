"""Operations of the office's quarter: statement, resource use, final evaluation."""

from api.density.questions import (
    LedgerQuestion,
    LowLandQuestion,
    ResourceQuestion,
    StatementQuestion,
)
from api.operation import Call, Nothing, operation
from maps.density.route_answers import LandLedger, LowLandPlan
from maps.density.statement_answers import FinalEvaluation, ResourceUse, Statement


@operation(
    "statement",
    "GET /api/v1/statement",
    text="maps.density.statement_document:statement_document",
    files="api.density.files:statement_files",
)
def statement(call: Call, asked: StatementQuestion) -> Statement:
    """State targets and progress of a quarter, for the assessment."""
    from api.density.office.statement import StatementRequest, quarter_statement

    return quarter_statement(
        call.workspace, StatementRequest(**asked.model_dump(exclude={"maker"}))
    )


@operation(
    "resource-use",
    "GET /api/v1/resource-use",
    arguments=("unit_id",),
    text="maps.density.statement_document:resource_document",
    files="api.density.files:RESOURCE_FILES",
)
def resource_use(call: Call, asked: ResourceQuestion) -> ResourceUse:
    """Return energy, water, building land and carbon per gross product."""
    from api.density.office.resource_use import CarbonFactor, FactorSourceError
    from api.density.office.resource_use import resource_use as use

    factor = None
    if asked.carbon_t_per_tce is not None and asked.factor_source:
        factor = CarbonFactor(t_per_tce=asked.carbon_t_per_tce, source=asked.factor_source)
    elif asked.carbon_t_per_tce is not None or asked.factor_source:
        raise FactorSourceError
    return use(call.workspace, asked.unit_id, asked.year, factor)


@operation(
    "plan-final",
    "GET /api/v1/plan/final",
    text="maps.density.statement_document:final_document",
    files="api.density.files:FINAL_FILES",
)
def plan_final(call: Call, _: Nothing) -> FinalEvaluation:
    """Evaluate the plan's indicators at its end, and what the next plan starts from."""
    from api.density.office.final_evaluation import final_evaluation

    return final_evaluation(call.workspace)


@operation(
    "low-land",
    "POST /api/v1/low-land",
    "GET /api/v1/low-land",
    arguments=("file",),
    text="maps.density.route_document:low_land_document",
    files="api.density.files:LOW_LAND_FILES",
)
def low_land(call: Call, asked: LowLandQuestion) -> LowLandPlan:
    """Find the route of each low-yield parcel, and what a budget frees."""
    from api.density.office.low_land_plan import PlanRequest, low_land_plan
    from api.density.permu import NoFirmsError, PermuRequest, evaluate_firms, evaluate_layer

    request = PermuRequest(
        scheme=asked.scheme,
        parcel_layer=asked.parcels if asked.file is not None else None,
        with_features=asked.geometry,
        accept=asked.accept,
        nature=asked.nature,
    )
    if asked.file is not None:
        source = asked.file.source(call.workspace.limits)
        report = evaluate_firms(call.workspace, source, asked.options, request)
    elif asked.parcels is not None:
        report = evaluate_layer(call.workspace, asked.parcels, request)
    else:
        raise NoFirmsError
    wanted = PlanRequest(budget=asked.budget_wan, prices=asked.prices, aim=asked.aim)
    return low_land_plan(call.workspace, report, wanted)


@operation(
    "standard-land",
    "POST /api/v1/standard-land",
    arguments=("file", "figures"),
    text="maps.density.route_document:ledger_document",
    files="api.density.files:LEDGER_FILES",
)
def standard_land(call: Call, asked: LedgerQuestion) -> LandLedger:
    """Hold promises of standard land against yearly figures, and list when terms end."""
    from api.density.office.land_ledger import LedgerRequest, land_ledger

    limits = call.workspace.limits
    request = LedgerRequest(
        options=asked.options,
        warn_months=asked.warn_months,
        accept=asked.accept,
        nature=asked.nature,
    )
    promises, figures = asked.file.source(limits), asked.figures.source(limits)
    return land_ledger(call.workspace, promises, figures, request)


OFFICE_OPERATIONS = (statement, resource_use, plan_final, low_land, standard_land)
