"""What HTTP offers to every answer: HEAD, and "not changed" for what a client has already."""

from email.utils import parsedate_to_datetime
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layers.provenance import digest

_KEPT_ON_304: Final = frozenset(
    {"cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary"}
)


class HeadAsGet:
    """Pure ASGI middleware: HEAD has the headers of GET, and no body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a HEAD request on as GET, and leave out what comes as its body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_head)


class NotModified:
    """Pure ASGI middleware: an answer that comes whole gets an ETag, and is not sent twice.

    The tag is weak (RFC 9110, 8.8.1): the same answer may travel compressed. Answers that have
    a tag or a date of their own, as files do, are held against these.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and look at its answer."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        known = asked.get("if-none-match")
        start: Message | None = None
        is_had = False

        async def send_once(message: Message) -> None:
            nonlocal start, is_had
            if message["type"] == "http.response.start":
                if _is_tagged_here(message):
                    start = message
                    return
                is_had = message["status"] == 200 and _is_had(asked, Headers(scope=message))
                message = _unchanged(message) if is_had else message
            elif is_had:
                message = {**message, "body": b""}
            if start is not None:
                held, start = start, None
                if not message.get("more_body", False):
                    held, message = _tagged(held, message, known)
                await send(held)
            await send(message)

        await self.app(scope, receive, send_once)


def matches(known: str | None, tag: str) -> bool:
    """Whether an If-None-Match names a tag, by weak comparison.

    Examples
    --------
    >>> matches('"a", W/"b"', '"b"'), matches("*", '"b"'), matches('"a"', 'W/"b"')
    (True, True, False)
    """
    if known is None:
        return False
    plain = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") in {plain, "*"} for one in known.split(","))


def _is_tagged_here(start: Message) -> bool:
    headers = Headers(scope=start)
    return start["status"] == 200 and "etag" not in headers and "content-length" in headers


def _tagged(start: Message, body: Message, known: str | None) -> tuple[Message, Message]:
    """Return an answer with its tag; without its body where the client has it already."""
    headers = MutableHeaders(scope=start)
    headers["etag"] = f'W/"{digest(body.get("body", b""))[:32]}"'
    # Whoever keeps it asks before it is used: a layer may have come in meanwhile.
    headers.setdefault("cache-control", "no-cache")
    if not matches(known, headers["etag"]):
        return start, body
    return _unchanged(start), {**body, "body": b""}


def _unchanged(start: Message) -> Message:
    kept = [pair for pair in start["headers"] if pair[0].decode("latin1").lower() in _KEPT_ON_304]
    return {**start, "status": 304, "headers": kept}


def _is_had(asked: Headers, told: Headers) -> bool:
    """Whether a client has an answer: by its tag, or by its date where it names no tag.

    RFC 9110, 13.2.2: who names a tag is not answered by the date.
    """
    if "if-none-match" in asked:
        return "etag" in told and matches(asked["if-none-match"], told["etag"])
    since, changed = _moment_s(asked.get("if-modified-since")), _moment_s(told.get("last-modified"))
    return since is not None and changed is not None and changed <= since


def _moment_s(text: str | None) -> float | None:
    """Return a date of HTTP in seconds, None where it is none and passed over (RFC 9110, 13.1.3).

    Examples
    --------
    >>> _moment_s("Thu, 01 Jan 1970 00:01:00 GMT"), _moment_s("yesterday")
    (60.0, None)
    """
    try:
        return None if text is None else parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
