"""Whether the server is alive and ready."""

import shutil

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.web.request_log import Meters

router = APIRouter(tags=["health"])
metrics_router = APIRouter(tags=["health"])
"""What is counted is nothing for the public."""


# On the event loop itself: whoever asks must not wait until a thread is free.
@router.get("/livez")
async def livez() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: {"description": "Not yet, or the disk is full."}})
async def readyz(request: Request) -> JSONResponse:
    """Say whether the data is built and checks can be answered and kept."""
    status = "ready" if getattr(request.app.state, "ready", False) else "starting"
    settings = request.app.state.settings
    if status == "ready" and shutil.disk_usage(settings.data_dir).free < settings.least_free_bytes:
        status = "disk_full"
    return JSONResponse({"status": status}, status_code=200 if status == "ready" else 503)


@metrics_router.get("/metrics", include_in_schema=False)
def get_metrics(request: Request) -> Response:
    """Return what is counted, as Prometheus reads it; with accounts it needs a key."""
    meters: Meters = request.app.state.meters
    return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)
