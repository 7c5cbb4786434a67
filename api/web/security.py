"""Headers that every answer carries, added without touching streams."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
)
_OPEN: Final = MappingProxyType({**HEADERS, "cross-origin-resource-policy": "cross-origin"})


class SecurityHeaders:
    """Pure ASGI middleware: a base-class middleware would break event streams.

    ``open_to_sites``: pages of other origins are let in, and a browser must not keep from them
    what they may read.
    """

    def __init__(self, app: ASGIApp, *, open_to_sites: bool) -> None:
        self.app = app
        self.headers = _OPEN if open_to_sites else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to the start of its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own_policy = "content-security-policy" in headers
                for name, value in self.headers.items():
                    # A policy of its own says who may frame it; the older header would contradict.
                    if not (own_policy and name == "x-frame-options"):
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
