"""What a proxy in front says of the visitor: believed from the configured ones alone."""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_PREFIX: Final = re.compile(r"(/[A-Za-z0-9._~-]+)+")


class TrustedProxies(ProxyHeadersMiddleware):
    """Visitor and scheme by X-Forwarded-For and -Proto, the path in front by X-Forwarded-Prefix.

    A prefix is what the proxy took off the path: addresses in answers begin with it.
    """

    def __init__(self, app: ASGIApp, proxies: tuple[str, ...]) -> None:
        super().__init__(app, list(proxies))  # type: ignore[arg-type]

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        """Pass a request on as its visitor sent it."""
        client = scope.get("client")
        if client and client[0] in self.trusted_hosts and scope["type"] == "http":
            prefix = Headers(scope=scope).get("x-forwarded-prefix", "").rstrip("/")
            if _PREFIX.fullmatch(prefix):
                scope["root_path"] = prefix
                scope["path"] = prefix + scope["path"]
                scope["raw_path"] = prefix.encode("ascii") + scope.get("raw_path", b"")
        await super().__call__(scope, receive, send)  # type: ignore[arg-type]
