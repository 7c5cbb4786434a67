"""Answer to the host names that are set, and tell who asks for another what to set."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.web.errors import problem
from api.web.language import language_of
from geo.errors import InputError


class UnknownHostError(InputError):
    """The server is not set to answer to this name. Params: ``host``, ``known``."""

    code = "api.request.unknown_host"


class KnownHosts:
    """Pure ASGI middleware; a page that bends its own name to our address is no known host."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]) -> None:
        self.app = app
        self.hosts = frozenset(one.lower() for one in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 400."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host = headers.get("host", "")
            if not self._is_allowed(host):
                error = UnknownHostError(host=host[:80], known=sorted(self.hosts))
                lang = language_of(scope)
                await problem(error, lang, 400)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _is_allowed(self, host: str) -> bool:
        name = host.lower()
        # An IPv6 address has colons of its own, within brackets.
        plain = name if name.endswith("]") else name.rpartition(":")[0] or name
        return "*" in self.hosts or name in self.hosts or plain in self.hosts
