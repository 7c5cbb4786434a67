"""The web application: one factory, no state at import."""

from asyncio import Semaphore
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api._dist import require_own_packages

require_own_packages()  # Before they are imported: another one's would fail in its own words.

from api.check import audit_routes as audit
from api.check import batches_routes as batches
from api.check import reports_routes as reports
from api.check import review_routes as review
from api.check import routes as checks
from api.data import convert_routes as convert
from api.data import rasters_routes as rasters
from api.data import routes as layers
from api.density import evaluation_routes as scenario
from api.density import intensity_routes as intensity
from api.density import permu_routes as permu
from api.density import routes as density
from api.density import statistics_routes as statistics
from api.expansion import routes as sites
from api.expansion import suitability_routes as suitability
from api.expansion import terrain_routes as terrain
from api.publish import public_routes as public
from api.publish import routes as publish
from api.settings import Settings
from api.web import health, tasks
from api.web.body_limit import BodyLimit
from api.web.errors import install_handlers
from api.web.rate_limit import RateLimit
from api.web.security import SecurityHeaders
from api.workbench import basemaps_routes as basemaps
from api.workbench import figures_routes as figures
from api.workbench import page_routes as page
from api.workbench import raster_tiles_routes as raster_tiles
from api.workbench import routes as look
from api.workbench import tiles_routes as tiles
from api.workspace.sandbox import sandbox_of
from api.workspace.workspace import Workspace

MULTIPART_OVERHEAD: Final = 64 * 1024


def create_app(settings: Settings, workspace: Workspace | None = None) -> FastAPI:
    """Return the application over a store.

    Parameters
    ----------
    settings : Settings
        All of them; nothing is read from the environment here.
    workspace : Workspace, optional
        An open one to share; else one is opened, with the data that ships built on start.
    """
    opened = workspace or Workspace(settings)
    app = FastAPI(
        title="ftzgis",
        summary="Boundaries, land economic density and red-line checks of a free-trade zone",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(opened),
    )
    app.state.workspace = opened
    app.state.checking = Semaphore(checks.AT_ONCE)
    install_handlers(app)
    app.add_middleware(BodyLimit, most_bytes=settings.max_upload_bytes + MULTIPART_OVERHEAD)
    if settings.requests_per_minute:
        app.add_middleware(RateLimit, per_minute=settings.requests_per_minute)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.allowed_hosts))
    app.add_middleware(SecurityHeaders)
    for routes in (
        health,
        layers,
        look,
        tiles,
        basemaps,
        rasters,
        raster_tiles,
        terrain,
        suitability,
        density,
        statistics,
        intensity,
        checks,
        reports,
        figures,
        batches,
        audit,
        convert,
        review,
        tasks,
        publish,
        public,
        permu,
        scenario,
        sites,
        page,
    ):
        app.include_router(routes.router)
    app.mount("/static", page.static_files(), name="static")
    return app


def _lifespan(workspace: Workspace) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[None]:
        workspace.ensure_builtin()
        workspace.tasks.recover()
        with sandbox_of(workspace) as sandbox:
            workspace.reader, workspace.apart = sandbox.read_sites, sandbox.call
            app.state.ready = True
            yield
            app.state.ready = False
            workspace.tasks.close()
            workspace.reader = workspace.apart = None

    return run
