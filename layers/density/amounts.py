"""Cells of tables as amounts: number, relation, unit of measure and mark of a footnote."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from layers.readers.sheets import Cell, half_width, number_of, plain_word, split_mark
from layers.yaml_text import load_yaml

_PARTS: Final = re.compile(
    r"(?P<number>[+-]?[\d.,][\d., ]*(?:[eE][+-]?\d+)?)\s*(?P<unit>(?:[^\d\s.,+-].*)?)", re.A
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number as it stands in a cell.

    ``relation`` is ``=``, ``>``, ``<`` or ``~``; ``measure`` the unit behind the number and
    ``mark`` that of a footnote, both empty where there is none.
    """

    value: float
    relation: str = "="
    measure: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountWords:
    """What stands for nothing stated, and words by the relation that they say."""

    absent: frozenset[str]
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


@cache
def load_amount_words() -> AmountWords:
    """Return the words that ship."""
    text = files("layers.density").joinpath("statistics_data/amounts.yaml").read_text("utf-8")
    content = load_yaml(text)
    return AmountWords(
        absent=frozenset(map(plain_word, content["absent"])),
        before=_longest_first(content["before"]),
        after=_longest_first(content["after"]),
    )


def is_absent(cell: Cell) -> bool:
    """Tell whether a cell states nothing: empty, a dash, dots. A zero states something."""
    if cell is None or not isinstance(cell, str):
        return cell is None
    return not cell[:1].isdigit() and plain_word(cell) in load_amount_words().absent


def amount_of(cell: Cell) -> Amount | None:
    """Return the amount that a cell states, None where any of it is not understood.

    Examples
    --------
    >>> amount_of("300.5*")
    Amount(value=300.5, relation='=', measure='', mark='*')
    >>> amount_of("约 300亿元")
    Amount(value=300.0, relation='~', measure='亿元', mark='')
    >>> [amount_of(cell) for cell in ("(5)", "1,5", "3-5", "12.3.4", True)]
    [None, None, None, None, None]
    """
    if isinstance(cell, bool) or cell is None or isinstance(cell, date):
        return None
    plain = number_of(cell)
    if plain is not None or not isinstance(cell, str):
        return None if plain is None else Amount(value=plain)
    text, mark = split_mark(half_width(cell).strip().removeprefix("'"))
    text, relation = _relation(text)
    found = _PARTS.fullmatch(text)
    value = number_of(found["number"]) if found else None
    if found is None or value is None:
        return None
    return Amount(value=value, relation=relation, measure=found["unit"].strip(), mark=mark)


def _relation(text: str) -> tuple[str, str]:
    words = load_amount_words()
    for word, relation in words.before:
        if text.startswith(word):
            return text.removeprefix(word).strip(), relation
    for word, relation in words.after:
        if text.endswith(word):
            return text.removesuffix(word).strip(), relation
    return text, "="


def _longest_first(content: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    pairs = [(word, relation) for relation, words in content.items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))
