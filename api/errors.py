"""Errors at the doors: which HTTP status each kind of failure has, and how it is said."""

import errno
from collections.abc import Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from geo.errors import InputError, PlanningError
from layers.errors import (
    CannotTellError,
    ConflictError,
    GoneError,
    NotFoundError,
    TooLargeError,
)
from maps.i18n import tr
from maps.refusals import PROBLEMS, refusal_text


class BusyError(PlanningError):
    """Larger requests wait, too many or too long. Params: ``waiting``.

    ``retry_s``: after how many seconds to ask again.
    """

    code = "api.request.busy"
    retry_s = 10


class UploadsFullError(BusyError):
    """As much is being read as fits into memory. Params: ``seconds``."""

    code = "api.request.uploads_full"


class DiskFullError(PlanningError):
    """There is no room left to store anything."""

    code = "api.disk.full"


class ServedAlreadyError(InputError):
    """A folder has one server at a time. Params: ``folder``."""

    code = "api.serve.served_already"


class NotSignedInError(PlanningError):
    """Whoever asks has to sign in, or to send a key that counts."""

    code = "api.access.not_signed_in"


class NotAllowedError(PlanningError):
    """None of a person's roles may do this. Params: ``roles``, ``own``."""

    code = "api.access.not_allowed"


class PasswordDueError(NotAllowedError):
    """The password is one that somebody else knows, and has to be changed first."""

    code = "api.access.password_due"


class LockedOutError(PlanningError):
    """Too many sign-ins failed. Params: ``minutes``."""

    code = "api.access.locked_out"


class WrongPasswordError(PlanningError):
    """There is no such name with such a password; which of them is wrong is not told."""

    code = "api.access.wrong_password"


class NoProviderError(NotFoundError):
    """People sign in by name and password: no identity provider is set."""

    code = "api.access.no_provider"


class ProviderSilentError(BusyError):
    """The identity provider does not answer, or not as one. Params: ``issuer``, ``seconds``."""

    code = "api.access.provider_silent"


class ProviderRefusedError(NotSignedInError):
    """The identity provider let nobody in, or its answer proves nothing."""

    code = "api.access.provider_refused"


class SignInOverError(NotSignedInError):
    """A sign-in took too long, was ended before, or was begun in another browser."""

    code = "api.access.sign_in_over"


class NoAccountError(NotSignedInError):
    """The identity provider knows a person who has no account here. Params: ``person_id``."""

    code = "api.access.no_account"


class NoProofOfOriginError(NotAllowedError):
    """A browser that says nowhere from which page something comes may change nothing."""

    code = "api.access.no_origin"


class TrailError(PlanningError):
    """Something was done, and the audit trail cannot hold it. Params: ``status``."""

    code = "api.access.trail"


class RangeError(InputError):
    """No part of a file is asked for. Params: ``size``, ``asked``."""

    code = "api.rasters.range"


STATUS: Final[Mapping[type[PlanningError], int]] = MappingProxyType(
    {
        BusyError: 503,
        NotSignedInError: 401,
        WrongPasswordError: 401,
        NotAllowedError: 403,
        LockedOutError: 429,
        DiskFullError: 507,
        TrailError: 507,
        TooLargeError: 413,
        RangeError: 416,
        GoneError: 410,
        NotFoundError: 404,
        ConflictError: 409,
        CannotTellError: 409,
        InputError: 422,
        PlanningError: 500,
    }
)
"""The nearest class in an error's MRO decides."""

_LONGEST: Final = 40
_LIMITS: Final = ("gt", "ge", "lt", "le", "expected", "min_length", "max_length", "error")


class RequestError(InputError):
    """A value does not fit. Params: ``field``, ``problem``, and if known ``given``, ``limit``.

    ``problem`` is one of :data:`PROBLEMS`, ``limit`` what the value must keep to, if anything.
    """

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


class OpenToAllError(InputError):
    """A server without accounts would be open to other machines. Params: ``host``."""

    code = "api.serve.open_to_all"


class NoAccountsError(InputError):
    """People are to sign in, and there is nobody who could."""

    code = "api.serve.no_accounts"


class InternalError(PlanningError):
    """Something unforeseen; its text is in the log only. Params: ``incident``."""

    code = "api.internal"


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def is_disk_full(exc: BaseException | None) -> bool:
    """Whether something failed because there was no room, however it was wrapped."""
    while exc is not None:
        no_room = isinstance(exc, OSError) and exc.errno in _FULL
        if no_room or "database or disk is full" in str(exc):
            return True
        exc = exc.__cause__ or exc.__context__
    return False


def request_error(exc: ValidationError) -> RequestError:
    """Return what pydantic found first as an error with words in both languages."""
    first = exc.errors()[0]
    field = ".".join(map(str, first["loc"])) or "body"
    found = first.get("ctx", {})
    limit = next((str(found[name]) for name in _LIMITS if name in found), None)
    given = first.get("input")
    shown = str(given)[:_LONGEST] if isinstance(given, (str, int, float)) else None
    problem = PROBLEMS.get(first["type"], "value")
    return RequestError(field=field, problem=problem, limit=limit, given=shown)


def status_of(error: PlanningError) -> int:
    """Return the HTTP status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def error_of(code: str, params: Mapping[str, Any]) -> PlanningError:
    """Return an error as it was raised, from what was kept of it."""
    kinds = [PlanningError]
    for kind in kinds:
        if kind.code == code:
            return kind(**params)
        kinds += kind.__subclasses__()
    return InternalError(incident=code)


def problem_body(error: PlanningError, lang: str, status: int | None = None) -> dict[str, Any]:
    """Return an error as the members of RFC 9457 problem details."""
    return {
        "type": f"urn:ftzgis:{error.code}",
        "title": tr("errors.title", lang),
        "detail": refusal_text(error.code, error.params, lang),
        "status": status or status_of(error),
        "code": error.code,
        "params": _jsonable(error.params),
    }


def _jsonable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value in which numbers that JSON has no words for are texts."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _jsonable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_jsonable(one) for one in value]
    return value
