"""Cells of tables as amounts: number, relation, unit of measure and mark of a footnote."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from layers.density.statistics.dictionary import load_dictionary
from layers.readers.sheets import Cell, half_width, number_of, plain_word, split_mark
from layers.yaml_text import load_yaml

_PARTS: Final = re.compile(
    r"(?P<number>[+-]?[\d.,][\d., ]*(?:[eE][+-]?\d+)?)\s*(?P<unit>(?:[^\d\s.,+-].*)?)", re.A
)
_BRACKETS: Final = re.compile(
    r"\((?P<before>[^()]*)\)(?P<rest>[^()]*)|(?P<rest2>.*)\((?P<behind>[^()]*)\)"
)
_ROUND: Final = str.maketrans("【】〔〕", "()()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number as it stands in a cell.

    ``relation`` is ``=``, ``>``, ``<`` or ``~``; ``measure`` the unit behind the number,
    ``mark`` that of a footnote, ``remark`` what else stands around it (预计, 1-9月), all empty
    where there is none.
    """

    value: float
    relation: str = "="
    measure: str = ""
    mark: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountWords:
    """What stands for nothing stated, and words with the relation that they say, if any."""

    absent: frozenset[str]
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


@cache
def load_amount_words() -> AmountWords:
    """Return the words that ship; those of plans and estimates say no relation."""
    text = files("layers.density").joinpath("statistics_data/amounts.yaml").read_text("utf-8")
    content = load_yaml(text)
    dictionary = load_dictionary()
    said = {word for words in dictionary.natures.values() for word in words if len(word) > 1}
    said |= {*dictionary.words["cumulative"], *dictionary.words["done"]}
    return AmountWords(
        absent=frozenset(map(plain_word, content["absent"])),
        before=_longest_first({**content["before"], "": said}),
        after=_longest_first({**content["after"], "": said}),
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
    Amount(value=300.5, relation='=', measure='', mark='*', remark='')
    >>> amount_of("约 300亿元（预计）")
    Amount(value=300.0, relation='~', measure='亿元', mark='', remark='预计')
    >>> amount_of("力争300").remark, amount_of("300 (1-9月)").remark
    ('力争', '1-9月')
    >>> [amount_of(cell) for cell in ("(5)", "1,5", "3-5", "12.3.4", True)]
    [None, None, None, None, None]
    """
    if isinstance(cell, bool) or cell is None or isinstance(cell, date):
        return None
    plain = number_of(cell)
    if plain is not None or not isinstance(cell, str):
        return None if plain is None else Amount(value=plain)
    if not any(map(str.isdigit, cell)):
        return None
    around = _Around(rest=half_width(cell).strip().removeprefix("'"))
    while around.take_one():
        pass
    found = _PARTS.fullmatch(around.rest)
    value = number_of(found["number"]) if found else None
    measure = found["unit"].strip() if found else ""
    if value is None or around.contradicts or (measure and around.measure):
        return None
    return Amount(
        value=value,
        relation=around.relation,
        measure=measure or around.measure,
        mark=around.mark,
        remark=" ".join(around.remarks),
    )


@dataclass(slots=True)
class _Around:
    """A text of which mark, relation and remarks are taken off, one after the other."""

    rest: str
    relation: str = "="
    measure: str = ""
    mark: str = ""
    remarks: list[str] = field(default_factory=list)
    contradicts: bool = False

    def take_one(self) -> bool:
        """Take off what stands outermost; False where nothing known does."""
        return self._take_mark() or self._take_brackets() or self._take_word()

    def _take_mark(self) -> bool:
        text, mark = split_mark(self.rest)
        if mark:
            self.rest, self.mark = text, mark + self.mark
        return bool(mark)

    def _take_brackets(self) -> bool:
        found = _BRACKETS.fullmatch(self.rest.translate(_ROUND))
        inner = (found["before"] or found["behind"] or "").strip() if found else ""
        # (5) in brackets is a loss, the number of a footnote or of a row.
        if found is None or not any(sign.isalpha() for sign in inner):
            return False
        self.rest = (found["rest"] or found["rest2"] or "").strip()
        if load_dictionary().measure(inner):
            self.contradicts |= bool(self.measure)
            self.measure = inner
        else:
            self.remarks.append(inner)
        return True

    def _take_word(self) -> bool:
        words = load_amount_words()
        plain = self.rest.casefold()
        for word, relation in words.before:
            if plain.startswith(word) and len(plain) > len(word):
                return self._take(word, self.rest[len(word) :], relation)
        for word, relation in words.after:
            if plain.endswith(word) and len(plain) > len(word):
                return self._take(word, self.rest[: -len(word)], relation)
        return False

    def _take(self, word: str, rest: str, relation: str) -> bool:
        if not relation:
            self.remarks.append(word)
        else:
            self.contradicts |= self.relation not in ("=", relation)
            self.relation = relation
        self.rest = rest.strip()
        return True


def _longest_first(content: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    pairs = [(word, relation) for relation, words in content.items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))
