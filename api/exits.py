"""Exit codes of every command."""

from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    """What the exit code of a command means."""

    FINE = 0
    CONFLICT = 1
    BAD_INPUT = 2
    UNDETERMINED = 3
    INTERNAL = 4


def gravest(exits: Iterable[Exit]) -> Exit:
    """Return the exit code of several answers: a conflict outweighs what cannot be told."""
    order = (Exit.INTERNAL, Exit.CONFLICT, Exit.BAD_INPUT, Exit.UNDETERMINED)
    found = set(exits)
    return next((one for one in order if one in found), Exit.FINE)


def exit_of_batch(verdicts: Iterable[str], *, complete: bool) -> Exit:
    """Return the exit code of many files: a conflict outweighs a file that was not read."""
    found = exit_of(verdicts)
    return found if complete or found is Exit.CONFLICT else Exit.BAD_INPUT


def exit_of(verdicts: Iterable[str]) -> Exit:
    """Return the exit code of checks."""
    codes = {"conflict": Exit.CONFLICT, "undetermined": Exit.UNDETERMINED}
    return gravest(codes.get(verdict, Exit.FINE) for verdict in verdicts)
