"""What does not fit in a table, row by row: nothing of such a table is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from layers.errors import StatisticsTableError

LARGEST_LIST: Final = 50
"""Problems that an error lists; it counts all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a table that does not fit; ``line`` counts from 1, 0 is the whole."""

    line: int
    column: str | None
    code: str
    text: str | None = None


def refused(name: str, problems: Sequence[Problem]) -> StatisticsTableError:
    """Return the error that names the first problems and counts all."""
    rows: list[dict[str, Any]] = [
        {"line": item.line, "column": item.column, "code": item.code, "text": item.text}
        for item in problems[:LARGEST_LIST]
    ]
    return StatisticsTableError(name=name, count=len(problems), problems=rows)
