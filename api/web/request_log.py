"""Each request has an id, which its answer, the log and the audit trail share; and is counted.

A line says who asked what route, with which result and how long it took: never an address with
its query, which may hold what somebody typed.
"""

import json
import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from api.settings import Settings
from api.web.access.require import ACTOR, REQUEST

log = logging.getLogger("ftzgis.access")

request_id: ContextVar[str] = ContextVar("request_id", default="")
_OWN: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECONDS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Meters:
    """What is counted of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        names = ("method", "route", "status")
        self.requests = Counter(
            "ftzgis_requests", "Requests that were answered.", names, registry=self.registry
        )
        self.seconds = Histogram(
            "ftzgis_request_seconds", "How long an answer took.", ("route",),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.under_way = Gauge(
            "ftzgis_requests_under_way", "Requests at this moment.", registry=self.registry
        )

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """Show a number that is asked for whenever somebody looks."""
        Gauge(name, what, registry=self.registry).set_function(value)


class RequestLog:
    """Pure ASGI middleware, outermost but for what proxies say."""

    def __init__(self, app: ASGIApp, settings: Settings, meters: Meters | None = None) -> None:
        self.app = app
        self._says = settings.access_log
        self._meters = meters or Meters()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        scope[REQUEST] = own = asked if _OWN.fullmatch(asked) else uuid4().hex[:16]
        token = request_id.set(own)
        began_s, status = time.monotonic(), 500

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = own
            await send(message)

        self._meters.under_way.inc()
        try:
            await self.app(scope, receive, send_named)
        finally:
            self._meters.under_way.dec()
            self._end(scope, status, time.monotonic() - began_s)
            request_id.reset(token)

    def _end(self, scope: Scope, status: int, seconds: float) -> None:
        # What fits no route is one name: addresses that anybody makes up must not fill memory.
        route = getattr(scope.get("route"), "path", "other")
        self._meters.requests.labels(_method(scope), route, str(status)).inc()
        self._meters.seconds.labels(route).observe(seconds)
        if self._says:
            actor = scope.get(ACTOR)
            said = {
                "method": _method(scope),
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "person": getattr(actor, "person_id", ""),
                "address": str((scope.get("client") or ("",))[0]),
            }
            log.info("request", extra={"said": said})


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"


class LogLines(logging.Formatter):
    """Lines of the log, as text or as JSON, with the id of the request."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._as_json = as_json

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return one line; a traceback follows the text, and is a value in JSON."""
        said = {"request": request_id.get(), **getattr(record, "said", {})}
        if not self._as_json:
            more = " ".join(f"{name}={value}" for name, value in said.items() if value != "")
            return f"{super().format(record)} {more}".rstrip()
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **said,
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def write_log(settings: Settings) -> None:
    """Write what this process says to standard error, in the form of the settings."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines(as_json=settings.log == "json"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    log.setLevel(logging.INFO)
