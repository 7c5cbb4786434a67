"""Refuse a body over the limit in words, whether or not it states its length."""

from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import UploadsFullError
from api.web.errors import problem
from api.web.language import language_of
from layers.errors import TooLargeError

_SMALL: Final = 1024 * 1024
"""Bytes of a body that nobody is kept waiting for."""
_DRAINED: Final = 4
"""How many times the limit is let run past before a connection is closed on a sender."""


class BodyLimit:
    """Pure ASGI middleware; the framework's own limit answers in plain text."""

    def __init__(self, app: ASGIApp, most_bytes: int, room_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes
        # One upload of the largest size must fit, or it would wait for ever.
        self._free_bytes = max(room_bytes, most_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 at once if the stated length is too large, else count what arrives."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        error = TooLargeError(name=request.url.path, limit_bytes=self.most_bytes)
        stated = request.headers.get("content-length", "")
        if stated.isascii() and stated.isdecimal() and int(stated) > self.most_bytes:
            lang = language_of(scope)
            if int(stated) <= _DRAINED * self.most_bytes:
                await self._drain(receive, 0)
            await problem(error, lang)(scope, receive, send)
            return
        known = stated.isascii() and stated.isdecimal()
        chunked = "transfer-encoding" in request.headers
        held = int(stated) if known else self.most_bytes if chunked else 0
        held = held if held > _SMALL else 0
        if held > self._free_bytes:
            await self._drain(receive, 0)
            wait = UploadsFullError(seconds=UploadsFullError.retry_s)
            await problem(wait, language_of(scope))(scope, receive, send)
            return
        self._free_bytes -= held
        try:
            await self._pass_on(scope, receive, send, error)
        finally:
            self._free_bytes += held

    async def _pass_on(
        self, scope: Scope, receive: Receive, send: Send, error: TooLargeError
    ) -> None:
        """Pass a request on, and count what arrives."""
        arrived, whole = 0, False

        async def counted() -> Message:
            nonlocal arrived, whole
            message = await receive()
            whole = not message.get("more_body", False)
            arrived += len(message.get("body", b""))
            if arrived > self.most_bytes:
                if message.get("more_body", False):
                    await self._drain(receive, arrived)
                raise error
            return message

        async def send_drained(message: Message) -> None:
            nonlocal whole
            if message["type"] == "http.response.start" and not whole:
                # Refused before it was read: see :meth:`_drain`.
                whole = True
                await self._drain(receive, arrived)
            await send(message)

        has_body = {"content-length", "transfer-encoding"} & set(Headers(scope=scope))
        await self.app(scope, counted, send_drained if has_body else send)

    async def _drain(self, receive: Receive, arrived: int) -> None:
        """Let what is still coming run past, so far: a proxy reads no answer while it sends.

        A connection that is closed with a body unread is reset, and 413 becomes 502.
        """
        more = True
        while more and arrived < _DRAINED * self.most_bytes:
            message = await receive()
            arrived += len(message.get("body", b""))
            more = message.get("more_body", False)
