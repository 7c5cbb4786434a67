"""What reviewers ask beside a check: natures of projects, and the plan's own claim."""

from fastapi import APIRouter

from api.check.natures import list_natures
from api.check.plan_claim import check_claim
from api.web.deps import WorkspaceDep
from maps.check.answers import ClaimCheck, NatureList

router = APIRouter(prefix="/api/v1", tags=["review"])


@router.get("/claim")
def get_claim(workspace: WorkspaceDep) -> ClaimCheck:
    """Hold the plan's claim that the zone touches nothing sensitive against the layers."""
    return check_claim(workspace)


@router.get("/natures")
def get_natures() -> NatureList:
    """List the natures that a project can have; they decide what follows from a conflict."""
    return list_natures()
