"""Turns at the server: few heavy requests at a time, clients one after the other.

What computes takes a thread of its own while it does. If as many as come were let in, none
would be left for the others, and all would be slow. So the rest waits here, on the event loop,
where waiting costs nothing; who cannot be served soon is told at once when to ask again.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, cast

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from api.errors import BusyError
from api.web.access.require import ACTOR
from api.workspace.people.actor import Actor
from api.workspace.turns import Turns

AT_ONCE: Final = 2
"""Heavy requests of a room at a time: more would take the threads of all others."""
MOST_WAITING: Final = 40
MOST_OF_A_CLIENT: Final = 16
LONGEST_WAIT_S: Final = 30.0
TILES: Final = "tiles"


class Gate:
    """Lets few in at a time; the others wait, in turns of clients, and not for ever."""

    def __init__(
        self,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
        most_of_a_client: int = MOST_OF_A_CLIENT,
        longest_wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        self._free = at_once
        self._most_waiting = most_waiting
        self._most_of_a_client = most_of_a_client
        self._longest_wait_s = longest_wait_s
        self._waiting: Turns[asyncio.Event] = Turns()

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it.

        Raises
        ------
        BusyError
            Too many wait already, or the turn did not come in time.
        """
        if self._free:
            self._free -= 1
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._hand_on()

    async def _wait(self, client: str) -> None:
        full = len(self._waiting) >= self._most_waiting
        if full or self._waiting.count(client) >= self._most_of_a_client:
            raise BusyError(waiting=len(self._waiting))
        called = asyncio.Event()
        self._waiting.put(client, called)
        try:
            await asyncio.wait_for(called.wait(), self._longest_wait_s)
        except BaseException as exc:
            if called.is_set():  # The turn came in the same moment: it must not be lost.
                self._hand_on()
            self._waiting.drop(client, called)
            if isinstance(exc, TimeoutError):
                raise BusyError(waiting=len(self._waiting)) from exc
            raise

    def _hand_on(self) -> None:
        if len(self._waiting):
            self._waiting.take().set()
        else:
            self._free += 1


def client_of(request: Request) -> str:
    """Return who asks, as turns are counted: the person, else the address of the visitor."""
    actor: Actor | None = request.scope.get(ACTOR)
    if actor is not None and actor.is_known:
        return actor.person_id
    return request.client.host if request.client else ""


def gates() -> Mapping[str, Gate]:
    """Return a gate for each room: who draws maps does not hold up who checks a site.

    That of ``tiles`` lets many wait: each takes a moment, and a map asks for many at once.
    """
    found = defaultdict(Gate)
    found[TILES] = Gate(most_waiting=400, most_of_a_client=200)
    return found


def heavy_turn(request: Request, room: str) -> AbstractAsyncContextManager[None]:
    """Return a turn of a client at the gate of a room."""
    gate: Gate = request.app.state.gates[room]
    return gate.turn(client_of(request))


def takes_turns(room: str) -> Dependency:
    """Return what a route depends on that is heavy; the turn ends before the answer is sent."""

    async def turn(request: Request) -> AsyncIterator[None]:
        async with heavy_turn(request, room):
            yield

    return cast("Dependency", Depends(turn, scope="function"))
