"""Answers travel packed: by zstd for whom it suits, else by gzip (RFC 9110, 8.4; RFC 8878).

What a file of bytes is asked for by ranges, or is packed in itself, is sent as it is.
"""

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import (
    DEFAULT_EXCLUDED_CONTENT_TYPES,
    GZipResponder,
    IdentityResponder,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

GZIP_LEVEL: Final = 5
"""Beyond it, JSON of geometry takes twice the time for two percent."""
ZSTD_LEVEL: Final = 3
"""Packs as small as gzip does, in half the time; its window is far below the 8 MB of RFC 9659."""
LEAST_BYTES: Final = 500
PACKED: Final = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    "application/geopackage+sqlite3",
    "application/pdf",
    "application/vnd.apache.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/tiff",
)
"""What is packed in itself, or read by ranges."""
_LARGE_BYTES: Final = 128 * 1024
"""What is larger would hold up all other requests while it is packed."""
_NAME: Final = "zstd"
_NOT_MODIFIED: Final = 304


class Packing:
    """Pure ASGI middleware. A strong tag becomes weak with an answer that it packs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and pack its answer as its client takes it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        pack = _PACKERS[chosen_encoding(",".join(headers.getlist("accept-encoding")))]
        known = headers.get("if-none-match", "")

        async def send_weakened(message: Message) -> None:
            if message["type"] == "http.response.start":
                _weaken_tag(message, known)
            await send(message)

        await pack(self.app)(scope, receive, send_weakened)


def chosen_encoding(accepted: str) -> str:
    """Return how an answer is packed: what the client likes best, zstd where it has no wish.

    Examples
    --------
    >>> [chosen_encoding(one) for one in ("gzip, br, zstd", "gzip, zstd;q=0.5", "*, zstd;q=0")]
    ['zstd', 'gzip', 'gzip']
    >>> chosen_encoding("br"), chosen_encoding("gzip;q=0")
    ('identity', 'identity')
    """
    liked: dict[str, float] = {}
    for wish in accepted.lower().split(","):
        name, *parameters = (one.strip() for one in wish.split(";"))
        liked[name] = _weight(parameters)
    any_other = liked.get("*", 0.0)
    # Of equals the first one counts.
    best = max((_NAME, "gzip"), key=lambda one: liked.get(one, any_other))
    return best if liked.get(best, any_other) > 0 else "identity"


def _weight(parameters: list[str]) -> float:
    said = next((one[2:] for one in parameters if one.startswith("q=")), "1")
    try:
        return float(said)
    except ValueError:
        return 0.0


class ZstdResponder(IdentityResponder):
    """Packs an answer by zstd: at once if it comes whole, else part by part as it comes."""

    content_encoding = _NAME
    _stream: "_Stream | None" = None

    @override
    async def apply_compression(self, body: bytes, *, more_body: bool) -> bytes:
        """Return what is to be sent of a part of the body."""
        if len(body) >= _LARGE_BYTES:
            return await run_in_threadpool(self._packed, body, more_body=more_body)
        return self._packed(body, more_body=more_body)

    def _packed(self, body: bytes, *, more_body: bool) -> bytes:
        if self._stream is None:
            if not more_body:
                return bytes(pa.Codec(_NAME, ZSTD_LEVEL).compress(body, asbytes=True))
            self._stream = _Stream()
        return self._stream.packed(body, last=not more_body)


class _Stream:
    """One frame of zstd that is written bit by bit."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._pack = pa.CompressedOutputStream(pa.PythonFile(_Kept(self._out), "w"), _NAME)

    def packed(self, body: bytes, *, last: bool) -> bytes:
        """Return all that was packed by now and not returned before."""
        self._pack.write(body)
        if last:
            self._pack.close()
        else:
            self._pack.flush()
        found = self._out.getvalue()
        self._out.seek(0)
        self._out.truncate()
        return found


class _Kept(io.RawIOBase):
    """Writes on into memory that outlives it: closing a frame closes what it is written to."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, data: Any) -> int:
        return self._out.write(data)


def _gzip(app: ASGIApp) -> IdentityResponder:
    return GZipResponder(app, LEAST_BYTES, GZIP_LEVEL, exclude_content_types=PACKED)


def _zstd(app: ASGIApp) -> IdentityResponder:
    return ZstdResponder(app, LEAST_BYTES, exclude_content_types=PACKED)


def _identity(app: ASGIApp) -> IdentityResponder:
    return IdentityResponder(app, LEAST_BYTES, exclude_content_types=PACKED)


_PACKERS: Final[Mapping[str, Callable[[ASGIApp], IdentityResponder]]] = MappingProxyType(
    {_NAME: _zstd, "gzip": _gzip, "identity": _identity}
)


def _weaken_tag(start: Message, known: str) -> None:
    """Have a tag say that the bytes may be others: the same answer also travels unpacked.

    Whoever keeps a packed answer names it by its weak tag, and is answered by that.
    """
    headers = MutableHeaders(scope=start)
    tag = headers.get("etag", "")
    if not tag.startswith('"'):
        return
    if "content-encoding" in headers or (start["status"] == _NOT_MODIFIED and f"W/{tag}" in known):
        headers["etag"] = f"W/{tag}"
