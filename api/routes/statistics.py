"""Statistics over HTTP: imported data sets, and the plan's indicators."""

from fastapi import APIRouter

from api.answers_statistics import PlanMonitor, TableList
from api.deps import WorkspaceDep
from api.jobs.import_statistics import list_tables, table_history
from api.jobs.plan_monitor import plan_monitor

router = APIRouter(prefix="/api/v1", tags=["statistics"])


@router.get("/plan")
def get_plan(workspace: WorkspaceDep) -> PlanMonitor:
    """Return the plan's indicators recomputed, with paths to the targets and courses."""
    return plan_monitor(workspace)


@router.get("/statistics")
def get_tables(workspace: WorkspaceDep) -> TableList:
    """Return the newest version of every imported data set."""
    return list_tables(workspace)


@router.get("/statistics/{dataset}/versions")
def get_versions(workspace: WorkspaceDep, dataset: str) -> TableList:
    """Return all versions of a data set, oldest first."""
    return table_history(workspace, dataset)
