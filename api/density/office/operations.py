"""Operations of the office's quarter: statement, resource use, final evaluation."""

from api.density.questions import ResourceQuestion, StatementQuestion
from api.operation import Call, Nothing, operation
from maps.density.statement_answers import FinalEvaluation, ResourceUse, Statement


@operation(
    "statement",
    "GET /api/v1/statement",
    text="maps.density.statement_document:statement_document",
    files="api.density.files:STATEMENT_FILES",
)
def statement(call: Call, asked: StatementQuestion) -> Statement:
    """State targets and progress of a quarter, for the assessment."""
    from api.density.office.statement import StatementRequest, quarter_statement

    return quarter_statement(call.workspace, StatementRequest(**asked.model_dump()))


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
    """Evaluate the plan's indicators at its end, and what 2026 to 2030 starts from."""
    from api.density.office.final_evaluation import final_evaluation

    return final_evaluation(call.workspace)


OFFICE_OPERATIONS = (statement, resource_use, plan_final)
