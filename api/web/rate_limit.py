"""Refuse a client that asks too much: one bucket of requests for each address."""

import time
from collections import OrderedDict
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from api.web.errors import problem
from api.web.language import language_of
from geo.errors import InputError

_MOST_CLIENTS: Final = 10_000


class TooManyRequestsError(InputError):
    """A client asks more than the setting allows. Params: ``per_minute``."""

    code = "api.request.too_many"


class RateLimit:
    """Pure ASGI middleware: a bucket fills evenly and holds one minute's requests."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self.app = app
        self.per_minute = per_minute
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if its client's bucket holds one more, else answer 429."""
        if scope["type"] == "http" and not self._takes(str((scope.get("client") or ("",))[0])):
            lang = language_of(scope)
            refusal = problem(TooManyRequestsError(per_minute=self.per_minute), lang, 429)
            refusal.headers["retry-after"] = "10"
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _takes(self, client: str) -> bool:
        now_s = time.monotonic()
        left, seen_s = self._buckets.pop(client, (float(self.per_minute), now_s))
        left = min(self.per_minute, left + (now_s - seen_s) * self.per_minute / 60)
        enough = left >= 1
        self._buckets[client] = (left - 1 if enough else left, now_s)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return enough
