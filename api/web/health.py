"""Whether the server is alive and ready."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

router = APIRouter(tags=["health"])


# On the event loop itself: whoever asks must not wait until a thread is free.
@router.get("/livez")
async def livez() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: {"description": "The data is still being built."}})
async def readyz(request: Request) -> JSONResponse:
    """Say whether the data is built and checks can be answered."""
    ready = bool(getattr(request.app.state, "ready", False))
    return JSONResponse(
        {"status": "ready" if ready else "starting"}, status_code=200 if ready else 503
    )
