"""Whether the server is alive and ready."""

import shutil

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

router = APIRouter(tags=["health"])


# On the event loop itself: whoever asks must not wait until a thread is free.
@router.get("/livez")
async def livez() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: {"description": "Not yet, or the disk is full."}})
async def readyz(request: Request) -> JSONResponse:
    """Say whether the data is built and checks can be answered and kept."""
    status = "ready" if getattr(request.app.state, "ready", False) else "starting"
    settings = request.app.state.workspace.settings
    if status == "ready" and shutil.disk_usage(settings.data_dir).free < settings.least_free_bytes:
        status = "disk_full"
    return JSONResponse({"status": status}, status_code=200 if status == "ready" else 503)
