"""Turns of clients, and of threads: who asks much waits behind who asks little."""

import os
import sys
from collections import OrderedDict, deque
from typing import Final, Generic, TypeVar

T = TypeVar("T")

LONG_WORK_NICENESS: Final = 10
LONGEST_HOLD_S: Final = 0.0005
"""How long a thread keeps the interpreter while others wait. A small request takes it many times:
by Python's own 5 ms, beside two threads that compute, it waited longer than it worked."""


def give_way() -> None:
    """Leave the processors to all other threads first; for threads of long work (Linux)."""
    if sys.platform == "linux":  # Elsewhere it would be the whole process.
        os.nice(LONG_WORK_NICENESS)


def answer_promptly() -> None:
    """Have threads of this process hand on the interpreter soon; for servers."""
    sys.setswitchinterval(LONGEST_HOLD_S)


class Turns(Generic[T]):
    """What waits, by client: taken from one client after the other, of each in its order."""

    def __init__(self) -> None:
        self._by_client: OrderedDict[str, deque[T]] = OrderedDict()

    def __len__(self) -> int:
        """Return how much waits."""
        return sum(map(len, self._by_client.values()))

    def count(self, client: str) -> int:
        """Return how much of a client waits."""
        return len(self._by_client.get(client, ()))

    def put(self, client: str, one: T) -> None:
        """Have something wait."""
        self._by_client.setdefault(client, deque()).append(one)

    def take(self) -> T:
        """Return what is next; its client goes behind all others.

        Raises
        ------
        KeyError
            Nothing waits.
        """
        client, queue = self._by_client.popitem(last=False)
        one = queue.popleft()
        if queue:
            self._by_client[client] = queue
        return one

    def drop(self, client: str, one: T) -> None:
        """Have something wait no longer, if it does."""
        queue = self._by_client.get(client, deque())
        if one in queue:
            queue.remove(one)
        if not queue:
            self._by_client.pop(client, None)
