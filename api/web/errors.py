"""Errors at the doors: which HTTP status and exit code each kind of failure has."""

import logging
from http import HTTPStatus
from typing import Final
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from shapely.errors import GEOSException
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.errors import (
    BusyError,
    DiskFullError,
    InternalError,
    RequestError,
    UnknownPathError,
    UnsupportedRequestError,
    is_disk_full,
    problem_body,
)
from api.web.language import language_of
from api.web.security import HEADERS
from geo.errors import NotComputableError, PlanningError
from layers.errors import TooLargeError

log = logging.getLogger(__name__)

PROBLEM: Final = "application/problem+json"
_METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")


def problem(error: PlanningError, lang: str, status: int | None = None) -> JSONResponse:
    """Return an error as RFC 9457 problem details in the reader's language."""
    body = problem_body(error, lang, status)
    headers = {"retry-after": str(error.retry_s)} if isinstance(error, BusyError) else None
    return JSONResponse(body, status_code=body["status"], media_type=PROBLEM, headers=headers)


def install_handlers(app: FastAPI) -> None:
    """Answer every failure of an app as problem details."""
    app.add_exception_handler(PlanningError, _planning)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _handle_unforeseen)


def _language(request: Request) -> str:
    return language_of(request.scope)


async def _planning(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, PlanningError)  # noqa: S101 - narrows the handler's type
    return problem(exc, _language(request))


async def _validation(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, RequestValidationError)  # noqa: S101 - narrows the handler's type
    first = exc.errors()[0]
    field = ".".join(str(step) for step in first["loc"])
    return problem(RequestError(field=field, problem=first["type"]), _language(request))


async def _http(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, HTTPException)  # noqa: S101 - narrows the handler's type
    lang = _language(request)
    if exc.status_code == 404:
        return problem(UnknownPathError(path=request.url.path), lang)
    if exc.status_code == HTTPStatus.BAD_REQUEST:
        return problem(unreadable_body(), lang)
    if exc.status_code == 413:
        limit = request.app.state.settings.max_upload_bytes
        return problem(TooLargeError(limit_bytes=limit), lang)
    answer = problem(UnsupportedRequestError(status=exc.status_code), lang, exc.status_code)
    if exc.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["allow"] = ", ".join(sorted(_methods_of(request)))
    return answer


def unreadable_body() -> RequestError:
    """Return what the frameworks' refusal means of a body: no text, no JSON or no whole form."""
    return RequestError(field="body", problem="unreadable")


def _methods_of(request: Request) -> set[str]:
    """Return the methods of an address: a route that does not fit knows its own alone."""
    found = {
        method
        for method in _METHODS
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    }
    return found | ({"HEAD"} if "GET" in found else set())


async def _handle_unforeseen(request: Request, exc: Exception) -> JSONResponse:
    incident = uuid4().hex[:12]
    log.error("incident %s on %s", incident, request.url.path, exc_info=exc)
    failed: PlanningError = InternalError(incident=incident)
    if is_disk_full(exc):
        failed = DiskFullError()
    elif isinstance(exc, GEOSException):
        failed = NotComputableError(incident=incident)
    answer = problem(failed, _language(request))
    # It is sent from outside the middleware that adds them to every other answer.
    answer.headers.update(dict(HEADERS))
    return answer
