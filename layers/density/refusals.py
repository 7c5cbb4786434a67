"""What does not fit in a table, row by row: nothing of such a table is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from layers.errors import StatisticsQuestionError, StatisticsTableError

LARGEST_LIST: Final = 50
"""Problems that an error lists; it counts all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a table that does not fit; ``line`` counts from 1, 0 is the whole.

    ``cell`` is its address as a spreadsheet shows it (C5), where it is about one.
    """

    line: int
    column: str | None
    code: str
    text: str | None = None
    cell: str | None = None


def cell_address(line: int, at: int) -> str | None:
    """Return the address of a cell by its line, from 1, and its column, from 0.

    Examples
    --------
    >>> cell_address(5, 2), cell_address(12, 27), cell_address(0, 2)
    ('C5', 'AB12', None)
    """
    letters, rest = "", at + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{line}" if line else None


def refusal_of(name: str, problems: Sequence[Problem]) -> StatisticsTableError:
    """Return the error that names the first problems and counts all."""
    return StatisticsTableError(name=name, count=len(problems), problems=_listed(problems))


def question_of(name: str, questions: Sequence[Problem]) -> StatisticsQuestionError:
    """Return the error that asks a person to confirm what was understood."""
    return StatisticsQuestionError(name=name, count=len(questions), problems=_listed(questions))


def _listed(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "line": item.line,
            "column": item.column,
            "code": item.code,
            "text": item.text,
            "cell": item.cell,
        }
        for item in problems[:LARGEST_LIST]
    ]
