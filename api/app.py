"""The web application: one factory, no state at import."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import cache
from operator import attrgetter
from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.cors import CORSMiddleware

from api._dist import require_own_packages

require_own_packages()  # Before they are imported: another one's would fail in its own words.

from api.check import operations as check
from api.data import operations as data
from api.data import routes as tiles
from api.density import operations as density
from api.expansion import operations as expansion
from api.ogc import map_routes as ogc_maps
from api.ogc import process_routes as ogc_processes
from api.ogc import routes as ogc
from api.ogc import tile_routes as ogc_tiles
from api.ogc.catalogue import routes as ogc_catalogue
from api.operation import resolve
from api.people import operations as people
from api.people import provider_routes
from api.people import routes as own_account
from api.people.provider_sign_in import ProviderSignIn
from api.projects import operations as projects
from api.publish import draft_routes
from api.publish import operations as publish
from api.publish import routes as public
from api.publish.on_time import releasing_on_time
from api.settings import Settings
from api.web import health, tasks
from api.web.access.notes import NotesDeeds
from api.web.access.require import require_access
from api.web.access.who_asks import WhoAsks
from api.web.body_limit import BodyLimit
from api.web.conditional import HeadAsGet, NotModified
from api.web.contract import describe_problems
from api.web.deps import refuse_unknown
from api.web.door import routes_of
from api.web.errors import install_handlers
from api.web.gate import gates
from api.web.hosts import KnownHosts
from api.web.origin import OwnOriginOnly
from api.web.packing import Packing
from api.web.proxies import TrustedProxies
from api.web.rate_limit import RateLimit
from api.web.request_log import Meters, RequestLog
from api.web.security import SecurityHeaders
from api.workbench import operations as workbench
from api.workbench import routes as page
from api.workspace.sandbox import Sandbox, sandbox_of
from api.workspace.workspace import Workspace

MULTIPART_OVERHEAD: Final = 64 * 1024


def create_app(settings: Settings, workspace: Workspace | None = None) -> FastAPI:
    """Return the application over a store.

    Parameters
    ----------
    settings : Settings
        All of them; nothing is read from the environment here.
    workspace : Workspace, optional
        An open one to share, with a reader of uploads of its own; else one is opened, and
        uploads are read in other processes.
    """
    sandbox = sandbox_of(settings)
    opened = workspace or Workspace(settings, reader=sandbox)
    app = FastAPI(
        title="ftzgis",
        summary="Boundaries, land economic density and red-line checks of a free-trade zone",
        version="1",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(require_access)],
        # Clients are generated from it: a function there is called as it is here.
        generate_unique_id_function=attrgetter("name"),
        lifespan=_lifespan(opened, sandbox),
    )
    app.state.workspace = opened
    app.state.settings = settings
    app.state.publications = opened.publications
    app.state.views = {}
    app.state.begun = {}
    app.state.accounts = accounts = requires_accounts(opened)
    app.state.gates = gates()
    app.state.provider_sign_in = _provider_sign_in(settings)
    install_handlers(app)
    app.add_middleware(NotesDeeds, workspace=opened)
    app.add_middleware(WhoAsks, workspace=opened, accounts=accounts)
    app.add_middleware(
        BodyLimit,
        most_bytes=settings.max_upload_bytes + MULTIPART_OVERHEAD,
        room_bytes=settings.uploads_in_memory_bytes,
    )
    if settings.requests_per_minute:
        app.add_middleware(RateLimit, per_minute=settings.requests_per_minute)
    app.add_middleware(OwnOriginOnly)
    app.add_middleware(KnownHosts, hosts=settings.allowed_hosts)
    app.add_middleware(NotModified)
    app.add_middleware(Packing)
    app.add_middleware(HeadAsGet)
    if settings.open_to_sites:
        app.add_middleware(CORSMiddleware, allow_origins=list(settings.open_to_sites))
    app.add_middleware(SecurityHeaders, open_to_sites=bool(settings.open_to_sites))
    app.state.meters = _meters(opened)
    app.add_middleware(RequestLog, settings=settings, meters=app.state.meters)
    app.add_middleware(TrustedProxies, proxies=settings.trusted_proxies)
    # Routes are looked through in turn, and maps ask for many tiles.
    for routes in (ogc_tiles, ogc_maps, ogc):
        app.include_router(routes.router)
    for router in _declared_routes():
        app.include_router(router)
    for routes in (health, own_account, tasks, tiles, draft_routes, page):
        app.include_router(routes.router, dependencies=[Depends(refuse_unknown)])
    app.include_router(health.metrics_router)
    for routes in (provider_routes, ogc_processes, ogc_catalogue):
        app.include_router(routes.router)
    # With accounts the inside and the outside are apart unless somebody says otherwise.
    if settings.serve_public if settings.serve_public is not None else not accounts:
        app.include_router(public.router, dependencies=[Depends(refuse_unknown)])
        app.include_router(public.map_router)
    describe_problems(app)
    app.mount("/static", page.static_files(), name="static")
    app.mount("/docs", page.guide_files(), name="docs")
    return app


def _provider_sign_in(settings: Settings) -> ProviderSignIn | None:
    if settings.oidc_issuer is None and settings.oidc_client_id is None:
        return None
    # Imported where it is set: it brings a library of cryptography.
    provider = resolve("api.people.identity_provider:IdentityProvider")
    return ProviderSignIn(provider(settings))


@cache
def _declared_routes() -> tuple[APIRouter, ...]:
    """Return the routes of all rooms, which hold nothing of an application."""
    rooms = (check, data, density, expansion, people, projects, publish, workbench)
    return tuple(routes_of(room.OPERATIONS, room.__name__.split(".")[1]) for room in rooms)


def _meters(workspace: Workspace) -> Meters:
    meters = Meters()
    folder = workspace.settings.data_dir
    meters.watch("ftzgis_disk_free_bytes", "Free room of the data folder.",
                 lambda: float(shutil.disk_usage(folder).free))  # fmt: skip
    meters.watch("ftzgis_tasks_not_ended", "Tasks that wait or run.",
                 lambda: float(workspace.tasks.not_ended()))  # fmt: skip
    return meters


def requires_accounts(workspace: Workspace) -> bool:
    """Whether people must sign in: as it is set, else where somebody was ever let in."""
    access = workspace.settings.access
    return workspace.people.exists if access is None else access == "accounts"


def _lifespan(
    workspace: Workspace, sandbox: Sandbox
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[None]:
        workspace.ensure_builtin()
        workspace.tasks.recover()
        with sandbox if workspace.reads_by(sandbox) else nullcontext():
            app.state.ready = True
            with releasing_on_time(workspace):
                yield
            app.state.ready = False
            workspace.tasks.close()

    return run
