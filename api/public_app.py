"""The server of the public: released bundles and nothing else, in a process that has no store."""

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.publish import routes as public
from api.settings import Settings
from api.web import health
from api.web.body_limit import BodyLimit
from api.web.conditional import HeadAsGet
from api.web.deps import refuse_unknown
from api.web.errors import install_handlers
from api.web.hosts import KnownHosts
from api.web.proxies import TrustedProxies
from api.web.rate_limit import RateLimit
from api.web.request_log import Meters, RequestLog
from api.web.security import SecurityHeaders
from layers.publish.publications import PublicationStore


def create_public_app(settings: Settings) -> FastAPI:
    """Return the application over the folder of publications alone: no layer, no upload, no one."""
    app = FastAPI(title="ftzgis", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.publications = PublicationStore(settings.data_dir / "publications")
    app.state.ready = True
    install_handlers(app)
    # Nothing here takes a body.
    app.add_middleware(BodyLimit, most_bytes=1024, room_bytes=1024)
    if settings.requests_per_minute:
        app.add_middleware(RateLimit, per_minute=settings.requests_per_minute)
    app.add_middleware(KnownHosts, hosts=settings.allowed_hosts)
    app.add_middleware(GZipMiddleware)
    app.add_middleware(HeadAsGet)
    app.add_middleware(SecurityHeaders, open_to_sites=False)
    app.state.meters = Meters()
    app.add_middleware(RequestLog, settings=settings, meters=app.state.meters)
    app.add_middleware(TrustedProxies, proxies=settings.trusted_proxies)
    for routes in (health.router, public.router):
        app.include_router(routes, dependencies=[Depends(refuse_unknown)])
    app.include_router(public.map_router)
    return app
