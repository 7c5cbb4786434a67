"""What does not fit in a table, row by row: nothing of such a table is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from layers.errors import StatisticsQuestionError, StatisticsTableError

LARGEST_LIST: Final = 50
"""Problems that an error lists; it counts all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a table that does not fit; ``line`` counts from 1, 0 is the whole."""

    line: int
    column: str | None
    code: str
    text: str | None = None


def refusal_of(name: str, problems: Sequence[Problem]) -> StatisticsTableError:
    """Return the error that names the first problems and counts all."""
    return StatisticsTableError(name=name, count=len(problems), problems=_listed(problems))


def question_of(name: str, questions: Sequence[Problem]) -> StatisticsQuestionError:
    """Return the error that asks a person to confirm what was understood."""
    return StatisticsQuestionError(name=name, count=len(questions), problems=_listed(questions))


def _listed(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {"line": item.line, "column": item.column, "code": item.code, "text": item.text}
        for item in problems[:LARGEST_LIST]
    ]
