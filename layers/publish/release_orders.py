"""Releases that wait: for a second person, for their time, or for both.

``publications/orders.json`` holds them all, oldest first; an order is never removed, so that who
asked, who confirmed and what came of it can be read later.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from filelock import FileLock

from geo.errors import InputError
from layers.errors import NotFoundError
from layers.provenance import canonical_json
from layers.store.durable import write_file
from layers.store.sealed import unseal, wrap_with_digest

_FILE: Final = "orders.json"


class UnknownOrderError(NotFoundError):
    """Nobody asked for the release of this bundle, or it is done. Params: ``publication_id``."""

    code = "layers.publication.no_order"


class OrderedAlreadyError(InputError):
    """The release of this bundle was asked for and waits. Params: ``publication_id``."""

    code = "layers.publication.ordered"


class DamagedOrdersError(InputError):
    """What waits for its release cannot be read, so nothing is released by it. Params: ``name``."""

    code = "layers.publication.orders_damaged"


class OrderState(StrEnum):
    """How an order stands: it waits for a person or for its time, or what came of it."""

    TO_CONFIRM = "to_confirm"
    PLANNED = "planned"
    DONE = "done"
    REFUSED = "refused"
    DROPPED = "dropped"

    @property
    def is_open(self) -> bool:
        """Whether anything is still to come."""
        return self in {OrderState.TO_CONFIRM, OrderState.PLANNED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOrder:
    """A wish to show a bundle. Times are ISO 8601 with their zone; ``due_at`` None is at once.

    ``asked_by`` and ``ended_by`` are ids of accounts, "" where nobody signs in; the names stand
    beside them. ``problem`` is the code of what kept a release from being done.
    """

    publication_id: str
    sha256: str
    asked_by: str
    asked_name: str
    asked_at: str
    due_at: str | None
    state: OrderState
    ended_by: str = ""
    ended_name: str = ""
    ended_at: str | None = None
    problem: str | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether its time has come, and nobody need say more."""
        planned = self.state is OrderState.PLANNED
        return planned and (self.due_at is None or datetime.fromisoformat(self.due_at) <= now)


class ReleaseOrders:
    """All orders of a folder of publications; writers take turns."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def all(self) -> tuple[ReleaseOrder, ...]:
        """Return all orders, oldest first.

        Raises
        ------
        DamagedOrdersError
            What is kept is not what was written.
        """
        if not self._path.exists():
            return ()
        try:
            rows = json.loads(unseal(self._path.read_bytes(), _FILE))
            return tuple(ReleaseOrder(**{**row, "state": OrderState(row["state"])}) for row in rows)
        except (OSError, ValueError, TypeError, KeyError) as exc:
            raise DamagedOrdersError(name=_FILE) from exc

    def open_of(self, publication_id: str, sha256: str) -> ReleaseOrder:
        """Return the order for a bundle that waits.

        Raises
        ------
        UnknownOrderError
            None does.
        """
        for one in self.all():
            if (one.publication_id, one.sha256) == (publication_id, sha256) and one.state.is_open:
                return one
        raise UnknownOrderError(publication_id=publication_id)

    def add(self, order: ReleaseOrder) -> None:
        """Keep a new order.

        Raises
        ------
        OrderedAlreadyError
            One for the same bundle waits.
        """

        def added(orders: tuple[ReleaseOrder, ...]) -> tuple[ReleaseOrder, ...]:
            key = (order.publication_id, order.sha256)
            if any((one.publication_id, one.sha256) == key and one.state.is_open for one in orders):
                raise OrderedAlreadyError(publication_id=order.publication_id)
            return (*orders, order)

        self._change(added)

    def end(
        self,
        order: ReleaseOrder,
        state: OrderState,
        now: datetime,
        *,
        by: tuple[str, str] = ("", ""),
        problem: str | None = None,
    ) -> ReleaseOrder:
        """Put down how an order goes on, and by whose word (id and name).

        Raises
        ------
        UnknownOrderError
            Somebody else was faster.
        """
        after = replace(
            order,
            state=state,
            ended_by=by[0] or order.ended_by,
            ended_name=by[1] or order.ended_name,
            ended_at=now.isoformat(),
            problem=problem,
        )

        def ended(orders: tuple[ReleaseOrder, ...]) -> tuple[ReleaseOrder, ...]:
            if order not in orders:
                raise UnknownOrderError(publication_id=order.publication_id)
            return tuple(after if one == order else one for one in orders)

        self._change(ended)
        return after

    def _change(
        self, change: Callable[[tuple[ReleaseOrder, ...]], tuple[ReleaseOrder, ...]]
    ) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock")):
            rows = [asdict(one) for one in change(self.all())]
            text = canonical_json(rows).decode("utf-8")
            write_file(self._path, wrap_with_digest(text, _FILE))
