"""How long an answer may be computed on that somebody waits for."""

import time

from geo.errors import InputError
from layers.model import Progress


class AnswerTooSlowError(InputError):
    """A request was computed on longer than the server allows. Params: ``seconds``."""

    code = "api.request.too_slow"


def limit_time(seconds: float) -> Progress:
    """Return what stops an answer that somebody waits for, where it reports after that time."""
    end_s = time.monotonic() + seconds

    def stop(done: int, total: int, note: str = "") -> None:  # noqa: ARG001 - only when counts
        if time.monotonic() > end_s:
            raise AnswerTooSlowError(seconds=seconds)

    return stop
