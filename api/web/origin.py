"""Refuse what another site's page asks for: a page that is merely open must change nothing.

Browsers say where a request comes from (Sec-Fetch-Site; older ones Origin), and no page can
leave it out or change it. Programs say nothing and are let through.
"""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import NotAllowedError
from api.web.errors import problem
from api.web.language import language_of

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN: Final = frozenset({"same-origin", "none"})


class ForeignOriginError(NotAllowedError):
    """A page of another site wants to change something here. Params: ``origin``."""

    code = "api.request.foreign_origin"


class OwnOriginOnly:
    """Pure ASGI middleware: unsafe methods only from our own pages, or from no page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403."""
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            headers = Headers(scope=scope)
            if is_foreign(headers):
                lang = language_of(scope)
                error = ForeignOriginError(origin=headers.get("origin", "")[:200])
                await problem(error, lang)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def require_own_page(headers: Headers, open_to_sites: Collection[str]) -> None:
    """Refuse a page of another origin that is not let in; for requests that begin work.

    Raises
    ------
    ForeignOriginError
        It is.
    """
    origin = headers.get("origin", "")
    if is_foreign(headers) and origin not in open_to_sites and "*" not in open_to_sites:
        raise ForeignOriginError(origin=origin[:200])


def is_foreign(headers: Headers) -> bool:
    """Whether a request comes from a page of another origin.

    Examples
    --------
    >>> is_foreign(Headers({"host": "a:1", "origin": "http://a:1"}))
    False
    >>> is_foreign(Headers({"host": "a:1", "origin": "http://b"}))
    True
    >>> is_foreign(Headers({"host": "a:1", "sec-fetch-site": "same-site"}))
    True
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in _OWN
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
