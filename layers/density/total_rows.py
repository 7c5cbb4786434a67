"""Rows of zones and firms that add up others: left out by name, and held against their rows."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from layers.density.refusals import Problem
from layers.density.statistics.checks import check_limits
from layers.density.statistics.dictionary import load_dictionary
from layers.readers.sheets import plain_word

_SHORTEST: Final = 2


@dataclass(slots=True)
class TotalRows:
    """Sums of the rows read so far, and what rows of sums state of them.

    ``headings`` are those of the quantities.
    """

    headings: Mapping[str, str]
    left_out: list[Problem] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)
    _all: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _since: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, quantities: Mapping[str, float | None]) -> None:
        """Add the figures of a firm or a zone."""
        for name, value in quantities.items():
            self._all[name] += value or 0.0
            self._since[name] += value or 0.0

    def take(self, line: int, name: str, quantities: Mapping[str, float | None]) -> bool:
        """Take a row that adds up others, and tell whether it does.

        A sum may be that of all rows above, or of those since the sum before.
        """
        kind = total_kind(name)
        if kind is None:
            return False
        self.left_out.append(Problem(line=line, column=None, code=kind, text=name))
        if kind == "total_row_guessed":
            self.questions.append(Problem(line=line, column=None, code=kind, text=name))
        if kind == "part_row":
            return True
        for quantity, value in quantities.items():
            sums = (self._all[quantity], self._since[quantity])
            if value is not None and any(sums) and not any(_agree(value, one) for one in sums):
                text = f"{name}: {value:.6g} / {sums[0]:.6g}"
                self.questions.append(
                    Problem(
                        line=line,
                        column=self.headings.get(quantity),
                        code="total_differs",
                        text=text,
                    )
                )
        self._since.clear()
        return True


def row_name(name: str, cells: Iterable[object]) -> str:
    """Return the name of a row; of one without a name the word that makes it a sum.

    ``合计`` often stands below the numbers of the rows, and not below their names.

    Examples
    --------
    >>> row_name("", ["合计", None, 12.0]), row_name("甲厂", ["合计"]), row_name("", [1.0, "规上"])
    ('合计', '甲厂', '')
    """
    texts = (str(cell).strip() for cell in cells if isinstance(cell, str))
    return name or next((one for one in texts if total_kind(one) == "total_row"), "")


def total_kind(name: str) -> str | None:
    """Return how a name says that its row adds up others, or is a part of the one above.

    Examples
    --------
    >>> [total_kind(one) for one in ("合计", "全部园区合计", "合计（3家）", "其中：外资", "甲厂")]
    ['total_row', 'total_row_guessed', 'total_row_guessed', 'part_row', None]
    """
    words = load_dictionary().words
    plain = plain_word(name)
    if plain in words["totals"]:
        return "total_row"
    for word in (one for one in words["totals"] if len(one) >= _SHORTEST):
        if plain.endswith(word) or re.match(rf"{re.escape(word)}[(:\d]", plain):
            return "total_row_guessed"
    parts = tuple(one for one in words["parts"] if len(one) >= _SHORTEST)
    return "part_row" if plain.startswith(parts) else None


def _agree(stated: float, added: float) -> bool:
    limit = check_limits().reconciliation_warning_pct / 100.0
    return abs(stated - added) <= limit * max(abs(stated), abs(added))
