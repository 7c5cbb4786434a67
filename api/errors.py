"""Errors at the doors: which HTTP status and exit code each kind of failure has."""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.security import HEADERS
from geo.errors import InputError, PlanningError
from layers.errors import NotFoundError, TooLargeError
from layers.publications import WithdrawnError
from maps.i18n import negotiate, tr

log = logging.getLogger(__name__)

PROBLEM: Final = "application/problem+json"

STATUS: Final[Mapping[type[PlanningError], int]] = MappingProxyType(
    {
        TooLargeError: 413,
        WithdrawnError: 410,
        NotFoundError: 404,
        InputError: 422,
        PlanningError: 500,
    }
)
"""The nearest class in an error's MRO decides."""


class RequestError(InputError):
    """A request's parameters do not fit. Params: ``field``, ``problem``."""

    code = "api.request.invalid"


class UnknownPathError(NotFoundError):
    """Nothing is served under this address. Params: ``path``."""

    code = "api.request.unknown_path"


class UnsupportedRequestError(InputError):
    """The server does not do this. Params: ``status``."""

    code = "api.request.unsupported"


class AddressError(InputError):
    """The server cannot listen there. Params: ``host``, ``port``."""

    code = "api.serve.address"


class InternalError(PlanningError):
    """Something unforeseen; its text is in the log only. Params: ``incident``."""

    code = "api.internal"


def status_of(error: PlanningError) -> int:
    """Return the HTTP status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem(error: PlanningError, lang: str, status: int | None = None) -> JSONResponse:
    """Return an error as RFC 9457 problem details in the reader's language."""
    body = problem_body(error, lang, status)
    return JSONResponse(body, status_code=body["status"], media_type=PROBLEM)


def problem_body(error: PlanningError, lang: str, status: int | None = None) -> dict[str, Any]:
    """Return an error as the members of RFC 9457 problem details."""
    return {
        "type": f"urn:ftzgis:{error.code}",
        "title": tr("errors.title", lang),
        "detail": tr(f"errors.{error.code}", lang, **error.params),
        "status": status or status_of(error),
        "code": error.code,
        "params": error.params,
    }


def install_handlers(app: FastAPI) -> None:
    """Answer every failure of an app as problem details."""
    app.add_exception_handler(PlanningError, _planning)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def _language(request: Request) -> str:
    return negotiate(request.headers.get("accept-language"))


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
    if exc.status_code == 413:
        limit = request.app.state.workspace.settings.max_upload_bytes
        return problem(TooLargeError(limit_bytes=limit), lang)
    return problem(UnsupportedRequestError(status=exc.status_code), lang, exc.status_code)


async def _unforeseen(request: Request, exc: Exception) -> JSONResponse:
    incident = uuid4().hex[:12]
    log.error("incident %s on %s", incident, request.url.path, exc_info=exc)
    answer = problem(InternalError(incident=incident), _language(request))
    # It is sent from outside the middleware that adds them to every other answer.
    answer.headers.update(dict(HEADERS))
    return answer
