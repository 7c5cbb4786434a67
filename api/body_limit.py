"""Refuse a body that says it is too large, in words, before reading any of it.

The framework's own limit still counts what arrives, for bodies that do not say.
"""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import problem
from layers.errors import TooLargeError
from maps.i18n import negotiate


class BodyLimit:
    """Pure ASGI middleware that looks at Content-Length."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 as problem details, or pass the request on."""
        if scope["type"] == "http":
            request = Request(scope)
            stated = request.headers.get("content-length", "")
            if stated.isascii() and stated.isdecimal() and int(stated) > self.most_bytes:
                lang = negotiate(request.headers.get("accept-language"))
                error = TooLargeError(name=request.url.path, limit_bytes=self.most_bytes)
                await problem(error, lang)(scope, receive, send)
                return
        await self.app(scope, receive, send)
