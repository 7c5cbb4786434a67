"""Refuse a body over the limit in words, whether or not it states its length."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.errors import problem
from layers.errors import TooLargeError
from maps.i18n import negotiate


class BodyLimit:
    """Pure ASGI middleware; the framework's own limit answers in plain text."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 at once if the stated length is too large, else count what arrives."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        error = TooLargeError(name=request.url.path, limit_bytes=self.most_bytes)
        stated = request.headers.get("content-length", "")
        if stated.isascii() and stated.isdecimal() and int(stated) > self.most_bytes:
            lang = negotiate(request.headers.get("accept-language"))
            await problem(error, lang)(scope, receive, send)
            return
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self.most_bytes:
                raise error
            return message

        await self.app(scope, counted, send)
