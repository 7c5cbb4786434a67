"""Make maps public: plan, build, preview, release, withdraw. Not for the public itself."""

from typing import Any

from fastapi import APIRouter, Response

from api.publish.bundle import list_publications, publish, release_bundle, withdraw
from api.publish.public_routes import bundle_file
from api.publish.publication_plan import parse_plan, propose_plan
from api.web.deps import WorkspaceDep
from layers.publish.policy import publish_policy
from maps.answers import JsonObject, Title
from maps.publish.answers import PublicationList, PublicationOut, ThemeList, ThemeOut
from maps.workbench.tasks_answers import Task

router = APIRouter(tags=["publications"])


@router.get("/api/v1/publications")
def get_publications(workspace: WorkspaceDep) -> PublicationList:
    """Return all publications with their past versions."""
    return list_publications(workspace)


@router.get("/api/v1/publications/themes")
def get_themes() -> ThemeList:
    """Return the themes that a plan can be proposed for, and what the gate asks of layers."""
    policy = publish_policy()
    return ThemeList(
        themes=[
            ThemeOut(id=theme.id, title=Title(zh=theme.title_zh, en=theme.title_en))
            for theme in policy.themes.values()
        ],
        least_displacement_m={
            name.value: allowed.least_displacement_m if allowed.publishable else None
            for name, allowed in policy.allowances.items()
        },
    )


@router.get("/api/v1/publications/themes/{theme}")
def get_proposal(workspace: WorkspaceDep, theme: str) -> JsonObject:
    """Return a plan over the layers in use, to be filled in."""
    return propose_plan(workspace, theme)


@router.post("/api/v1/publications", status_code=202)
def post_publication(workspace: WorkspaceDep, plan: dict[str, Any]) -> Task:
    """Build a bundle for a preview; the task's result is the bundle, its problem the faults."""
    parsed = parse_plan(plan)
    return workspace.tasks.start(
        "publish", lambda progress: publish(workspace, parsed, release=False, progress=progress)
    )


@router.post("/api/v1/publications/{publication_id}/{sha256}/release")
def post_release(workspace: WorkspaceDep, publication_id: str, sha256: str) -> PublicationOut:
    """Show a bundle: one that was previewed, or an earlier one again."""
    return release_bundle(workspace, publication_id, sha256)


@router.post("/api/v1/publications/{publication_id}/withdraw")
def post_withdraw(workspace: WorkspaceDep, publication_id: str) -> PublicationOut:
    """Show nothing of a publication from now on."""
    return withdraw(workspace, publication_id)


@router.get("/drafts/{publication_id}/{sha256}/{name}")
def get_draft(workspace: WorkspaceDep, publication_id: str, sha256: str, name: str) -> Response:
    """Return a file of a bundle that need not be released: the preview."""
    return bundle_file(workspace.publications, publication_id, sha256, name, lasting=False)
