"""Headings of tables of zones, firms and parcels: in one row or two, with units in a row below."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from layers.density.amounts import amount_of, is_absent
from layers.density.refusals import Problem, cell_address
from layers.density.statistics.dictionary import load_dictionary
from layers.readers.sheets import Cell, plain_word

_WITHIN: Final = 10
_MEASURED_SHARE: Final = 0.5
"""A row of units of measure has them in half of its cells: others may be unknown to statistics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWords:
    """How a kind of table is known: by its headings together, and by each of them."""

    is_table: Callable[[Sequence[str]], bool]
    knows: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """One text a column, the last row that belongs to them, and groups that nobody knows."""

    texts: tuple[str, ...]
    last: int
    questions: tuple[Problem, ...] = ()


def find_headings(rows: Sequence[Sequence[Cell]], words: TableWords) -> tuple[int, Headings] | None:
    """Return the first row of headings, and what they are; None if no row is one."""
    for at, row in enumerate(rows[:_WITHIN]):
        own = ["" if cell is None else str(cell) for cell in row]
        filled = [text for text in own if text]
        # A word alone is a title, whatever it means.
        if not words.is_table(own) and (len(filled) < 2 or not any(map(words.knows, filled))):
            continue
        found = headings_from(rows, at, words)
        if words.is_table(found.texts):
            return at, found
    return None


def headings_from(rows: Sequence[Sequence[Cell]], at: int, words: TableWords) -> Headings:
    """Return the headings that begin in a row, with what stands in the rows below it.

    A word over several headings stands before each of them where the two are known
    together (``2024年`` over ``税收（万元）``); else a word that adds nothing is left out, and
    any other is asked about. A unit of measure below a heading stands in brackets behind it.
    """
    upper = ["" if cell is None else str(cell) for cell in rows[at]]
    texts, last, questions = upper, at, list[Problem]()
    lower = _filled(rows, at + 1)
    if lower and _goes_on(upper, lower, words):
        groups = _groups(upper, lower)
        last = at + 1
        texts, questions = [], []
        for column in range(max(len(upper), max(lower) + 1)):
            head, asked = _stacked(groups.get(column, ""), lower.get(column), words)
            texts.append(head)
            if asked:
                cell = cell_address(last + 1, column)
                questions.append(Problem(line=last + 1, column=head, code="group_unread",
                                         text=asked, cell=cell))  # fmt: skip
    measures = _filled(rows, last + 1)
    if measures and _are_measures(texts, measures):
        last += 1
        texts = list(_with_measures(texts, measures))
    return Headings(texts=tuple(texts), last=last, questions=tuple(questions))


def _filled(rows: Sequence[Sequence[Cell]], at: int) -> dict[int, Cell]:
    return (
        {n: cell for n, cell in enumerate(rows[at]) if cell is not None} if at < len(rows) else {}
    )


def _goes_on(upper: Sequence[str], lower: Mapping[int, Cell], words: TableWords) -> bool:
    """Tell whether a row holds headings below headings, and no figures."""
    if any(not isinstance(cell, str) or is_absent(cell) for cell in lower.values()):
        return False
    if any(amount_of(cell) is not None for cell in lower.values()):
        return False
    fresh = [str(cell) for n, cell in lower.items() if n >= len(upper) or upper[n] != cell]
    return any(words.knows(text) for text in fresh)


def _groups(upper: Sequence[str], lower: Mapping[int, Cell]) -> dict[int, str]:
    """Return what stands over each column: a group's name over its first one holds for the next."""
    found: dict[int, str] = {}
    for column in range(max(len(upper), max(lower) + 1)):
        own = upper[column] if column < len(upper) else ""
        goes_on = not own and column in lower and column - 1 in lower
        found[column] = found.get(column - 1, "") if goes_on else own
    return found


def _stacked(group: str, lower: Cell, words: TableWords) -> tuple[str, str | None]:
    """Return the heading of a column, and the group that is to be asked about."""
    own = "" if lower is None else str(lower)
    if not own or not group or own == group:
        return own or group, None
    joined = f"{group} {own}"
    if words.knows(joined):
        return joined, None
    if not words.knows(own) and not _is_term(own):
        return joined, None
    known = plain_word(group) in load_dictionary().words["groups"] or _is_term(group)
    return own, None if known else group


def _is_term(text: str) -> bool:
    return load_dictionary().term_role(text) is not None


def _are_measures(texts: Sequence[str], cells: Mapping[int, Cell]) -> bool:
    """Tell whether a row below the headings holds units of measure."""
    dictionary = load_dictionary()
    titles = dictionary.words["measure_titles"]
    told = [plain_word(str(cell)).strip("()") for cell in cells.values()]
    own = [word for word in told if word not in titles]
    known = sum(word in dictionary.measures for word in own)
    return (
        known > 0
        and known >= _MEASURED_SHARE * len(own)
        and all(isinstance(cell, str) and amount_of(cell) is None for cell in cells.values())
        and all(n < len(texts) and texts[n] for n in cells)
    )


def _with_measures(texts: Sequence[str], cells: Mapping[int, Cell]) -> Iterator[str]:
    titles = load_dictionary().words["measure_titles"]
    for column, text in enumerate(texts):
        word = str(cells.get(column) or "").strip().strip("()（）")
        stands = (
            not word or plain_word(word) in titles or plain_word(f"({word})") in plain_word(text)
        )
        yield text if stands else f"{text}({word})"
