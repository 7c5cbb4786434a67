"""Connections that send their heads slowly, or never whole, are cut off.

Whoever opens many and says little would else hold all of them: uvicorn waits for ever for the
first request of a connection.
"""

import asyncio
import sys
from collections import Counter
from typing import ClassVar, Final

import h11
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S: Final = 10.0
"""Within which the head of a request is whole."""
BODY_S: Final = 30.0
"""After which a body of which nothing more comes is given up."""
MOST_OF_AN_ADDRESS: Final = 500
_MOST_FILES: Final = 16_384


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that does not wait for ever; a server has a class of its own.

    ``trusted`` are proxies, which bring the connections of many visitors.
    """

    trusted: ClassVar[frozenset[str]] = frozenset()
    open_by_address: ClassVar[Counter[str]] = Counter()
    _waiting: asyncio.TimerHandle | None = None
    _address: str = ""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection in, unless its address has too many."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self.open_by_address[self._address] += 1
        too_many = self.open_by_address[self._address] > MOST_OF_AN_ADDRESS
        if too_many and self._address not in self.trusted:
            transport.abort()
            return
        self._wait(HEAD_S)

    @override
    def data_received(self, data: bytes) -> None:
        """Read on, and wait for what is still to come."""
        before = self.conn.their_state
        super().data_received(data)
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._wait(BODY_S)
        elif state is not h11.IDLE:
            self._stop_waiting()
        elif before is not h11.IDLE or self._waiting is None:
            # A next head has begun; its time is not prolonged by what comes of it.
            self._wait(HEAD_S)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Let a connection go."""
        self._stop_waiting()
        self.open_by_address[self._address] -= 1
        if self.open_by_address[self._address] <= 0:
            del self.open_by_address[self._address]
        super().connection_lost(exc)

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(seconds, self._cut_off)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _cut_off(self) -> None:
        # While an answer is on its way the connection is not ours to end.
        cycle, reading = self.cycle, self.conn.their_state is h11.SEND_BODY
        answered = getattr(cycle, "response_complete", True)
        if not self.transport.is_closing() and (reading or answered):
            self.transport.abort()


def patient_protocol(trusted: frozenset[str]) -> type[PatientProtocol]:
    """Return a protocol for one server, which counts its own connections."""
    own = {"trusted": trusted, "open_by_address": Counter()}
    return type("ServedProtocol", (PatientProtocol,), own)


def allow_many_connections() -> None:
    """Raise the number of files that this process may have open, as far as it may."""
    if sys.platform == "win32":
        return  # There is no such limit.
    import resource  # noqa: PLC0415 - only where there is one

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
