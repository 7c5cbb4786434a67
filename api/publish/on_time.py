"""A server shows maps whose time has come."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.publish.release_orders import release_due
from api.workspace.needs import PublishNeeds
from geo.errors import PlanningError

_LOG: Final = logging.getLogger(__name__)
_EVERY_S: Final = 60.0


@contextmanager
def releasing_on_time(workspace: PublishNeeds, every_s: float = _EVERY_S) -> Iterator[None]:
    """Look every minute, while the server runs, for maps to show; a fault is logged, not fatal."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(every_s):
            try:
                found = release_due(workspace)
            except (PlanningError, OSError):
                _LOG.exception("releases that are due cannot be carried out")
                continue
            for one in found.orders:
                _LOG.info("release due", extra={"id": one.publication_id, "state": one.state})

    watching = threading.Thread(target=watch, name="releases", daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()
