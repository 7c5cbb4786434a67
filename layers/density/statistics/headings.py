"""What the heading of a column says: one text, or several that stand above each other."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from layers.density.statistics.dictionary import Dictionary, Measure
from layers.density.statistics.periods import FACT, Period, parse_period, split_nature
from layers.readers.sheets import plain_word, split_mark

UnitOf = Callable[[str], str | None]

_BRACKETED: Final = re.compile(r"(?P<before>.*)\((?P<inner>[^()]*)\)(?P<after>[^()]*)")
_INNER_MARK: Final = re.compile(r"[*\u203b\u2460-\u2473]+(?=\s*[(（\[【])")
_IN_A_ROW: Final = re.compile(r"[,;、]")
_SEPARATORS: Final = "/,:;、\\-_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What is known of a column.

    ``role`` is a column name, ``indicator:id`` or ``land:kind``; ``left_out`` tells that it
    is no value of its own (growth, share), ``total`` that it is the sum of units; ``unread``
    are words above it that say nothing known.
    """

    role: str | None = None
    unit_id: str | None = None
    period: Period | None = None
    nature: str = FACT
    measure: Measure | None = None
    cumulative: bool = False
    left_out: bool = False
    total: bool = False
    mark: str = ""
    unread: tuple[str, ...] = ()

    @property
    def is_key(self) -> bool:
        """Whether it names a column of units, indicators, periods and the like."""
        return self.role is not None and ":" not in self.role and self.role != "value"

    @property
    def has_values(self) -> bool:
        """Whether a value stands below it."""
        return not self.is_key and (
            self.role is not None
            or self.unit_id is not None
            or self.period is not None
            or self.total
        )


def parse_heading(text: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return what one text says, or None where a part of it is not understood."""
    # 工业总产值*(亿元) carries its mark before the unit of measure.
    inner = _INNER_MARK.search(text)
    bare, mark = split_mark(_INNER_MARK.sub("", text))
    mark += inner[0] if inner else ""
    for one, found_mark in ((text, ""), (bare, mark)):
        if found := _of_word(plain_word(one), dictionary, unit_of):
            return replace(found, mark=found_mark)
    if any(word in plain_word(bare) for word in dictionary.words["left_out"]):
        return Heading(left_out=True, mark=mark)
    return None


def stack_headings(texts: Sequence[str], dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return what texts above each other say together, the lowest last.

    A word that is not known is joined with the one below it; one that adds nothing to a
    known heading below it is listed in ``unread``.
    """
    if not texts:
        return None
    distinct = [text for at, text in enumerate(texts) if not at or text != texts[at - 1]]
    found: Heading | None = None
    for text in reversed(distinct):
        joined = parse_heading(text + (distinct[-1] if found else ""), dictionary, unit_of)
        own = parse_heading(text, dictionary, unit_of)
        if found is None:
            found = own
            if found is None:
                return _last_with_group(distinct, dictionary, unit_of)
        elif found.role and joined and joined.role and joined.role != found.role:
            # 规模以上 above 工业总产值 is another quantity than 工业总产值.
            found = _merged(joined, found, role=joined.role)
        elif own is None:
            if plain_word(text) not in dictionary.words["groups"]:
                found = replace(found, unread=(*found.unread, text))
        elif own.role and found.role and own.role != found.role:
            found = replace(found, unread=(*found.unread, text))
        else:
            found = _merged(found, own, role=found.role or own.role)
    return found


def _last_with_group(
    texts: Sequence[str], dictionary: Dictionary, unit_of: UnitOf
) -> Heading | None:
    """Return a heading whose last word is known only together with the ones above it."""
    if len(texts) < 2:
        return None
    *above, group, last = texts
    joined = parse_heading(group + last, dictionary, unit_of)
    if joined is None and plain_word(last) in dictionary.words["groups"]:
        return stack_headings([*above, group], dictionary, unit_of)
    return joined and (stack_headings([*above, group + last], dictionary, unit_of))


def _merged(first: Heading, second: Heading, *, role: str | None) -> Heading:
    return Heading(
        role=role,
        unit_id=first.unit_id or second.unit_id,
        period=_both(first.period, second.period),
        nature=first.nature if first.nature != FACT else second.nature,
        measure=first.measure or second.measure,
        cumulative=first.cumulative or second.cumulative,
        left_out=first.left_out or second.left_out,
        total=first.total or second.total,
        mark=first.mark + second.mark,
        unread=tuple(dict.fromkeys((*first.unread, *second.unread))),
    )


def _both(first: Period | None, second: Period | None) -> Period | None:
    """Return a year and its months as one."""
    if first is None or second is None:
        return first or second
    if first.year is None and second.year is not None:
        return first.of_year(second.year)
    return first


def _of_word(word: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return what a word says with what stands behind it in brackets, one after the other."""
    if found := _outside(word, dictionary, unit_of):
        return found
    match = _BRACKETED.fullmatch(word)
    if match is None:
        return None
    bare = match["before"] + match["after"]
    found = _of_word(bare, dictionary, unit_of) if bare else Heading()
    inner = _inside(match["inner"], dictionary, unit_of)
    if found is None or inner is None or (inner.role and found.role):
        return None
    return _merged(found, inner, role=found.role or inner.role)


def _inside(word: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return what brackets say: one thing, or several in a row as in (亿元,预计)."""
    if found := _outside(word, dictionary, unit_of):
        return found
    parts = [part for part in _IN_A_ROW.split(word) if part]
    said = [_outside(part, dictionary, unit_of) for part in parts] if len(parts) > 1 else []
    whole: Heading | None = None
    for one in said:
        if one is None or (whole and not _go_together(whole, one)):
            return None
        whole = _merged(whole, one, role=whole.role or one.role) if whole else one
    return whole


def _go_together(one: Heading, other: Heading) -> bool:
    """Tell whether two things that a heading says do not say the same twice."""
    if FACT not in (one.nature, other.nature):
        return False
    pairs = ((one.role, other.role), (one.measure, other.measure), (one.period, other.period))
    return not any(first and second for first, second in pairs)


def _exact(word: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    if role := dictionary.roles.get(word):
        return Heading(role=role)
    if measure := dictionary.measures.get(word):
        return Heading(measure=measure)
    if word in (*dictionary.words["cumulative"], *dictionary.words["totals"]):
        is_total = word in dictionary.words["totals"]
        return Heading(cumulative=not is_total, total=is_total)
    for nature, words in _words_only(dictionary).items():
        if word in words:
            return Heading(nature=nature)
    if period := parse_period(word, dictionary.natures):
        return Heading(period=period)
    unit_id = unit_of(word)
    return Heading(unit_id=unit_id) if unit_id else None


def _outside(word: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return what a word says that carries others before or behind it."""
    readers = (_exact, _measure_title, _marked, _dated, _planned, _parted)
    return next((found for one in readers if (found := one(word, dictionary, unit_of))), None)


def _measure_title(word: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return the unit of measure of 单位:亿元."""
    for title in dictionary.words["measure_titles"]:
        rest = word.removeprefix(f"{title}:")
        if rest != word and (found := _exact(rest, dictionary, unit_of)):
            return found if found.measure else None
    return None


def _marked(word: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return a word with 累计 or 其中 before or behind it."""
    for kind in ("cumulative", "parts"):
        for mark in dictionary.words[kind]:
            for rest in (word.removeprefix(mark), word.removesuffix(mark)):
                if rest and rest != word and (found := _outside(rest, dictionary, unit_of)):
                    return replace(found, cumulative=found.cumulative or kind == "cumulative")
    return None


def _dated(word: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return a word with a time before or behind it."""
    for cut in range(len(word) - 1, 3, -1):
        for piece, rest in ((word[:cut], word[cut:]), (word[-cut:], word[:-cut])):
            period = parse_period(piece, dictionary.natures)
            if period and (found := _outside(rest, dictionary, unit_of)) and not found.period:
                return replace(found, period=period)
    return None


def _planned(word: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return a word with one that makes it a plan or an estimate."""
    rest, nature = split_nature(word, _words_only(dictionary))
    found = _exact(rest, dictionary, unit_of) if rest != word else None
    return replace(found, nature=nature) if found else None


def _words_only(dictionary: Dictionary) -> dict[str, tuple[str, ...]]:
    found = {
        nature: tuple(word for word in words if len(word) > 1)
        for nature, words in dictionary.natures.items()
    }
    return {**found, FACT: (*found[FACT], *dictionary.words["done"])}


def _parted(word: str, dictionary: Dictionary, unit_of: UnitOf) -> Heading | None:
    """Return a word with a unit of measure behind a sign."""
    for at, sign in enumerate(word):
        if sign in _SEPARATORS and (measure := dictionary.measures.get(word[at + 1 :])):
            found = _outside(word[:at], dictionary, unit_of)
            return replace(found, measure=measure) if found else None
    return None
