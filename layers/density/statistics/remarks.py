"""What texts beside the figures say of their time: titles, notes, footnotes, names of files."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from layers.density.statistics.dictionary import Dictionary
from layers.density.statistics.periods import (
    CUMULATIVE,
    FACT,
    FULL_YEAR,
    Period,
    find_times,
    fold_text,
)

_CLAUSES: Final = re.compile(r"[,，;；。、\n]")
_EMPTY_BRACKETS: Final = re.compile(r"\([-,/:、]*\)")
_LOOSE_SIGNS: Final = re.compile(r"(?<=\()[,;、/:-]+|[,;、/:-]+(?=\))")
_SIGNS: Final = re.compile(r"[\W\d_]+")
_PART_WORDS: Final = re.compile(r"\d个?月|个月|半年|季度|季报|旬|quarter|ytd")
"""What is left of a time that is not understood as one."""

_BARE_NUMBER: Final = re.compile(r"(?:见?注|notes?|see)?\W*\d{1,3}\W*", re.I)
"""The number of a note, wherever that stands, or of anything else."""

_YEAR_MONTH: Final = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?!\d)|[./-](?:0?[1-9]|1[0-2])(?![\d]|[./]\d|-\d+[-日]|-\d\d$))"
)
"""A year and a month in figures: of which of the two the figures are nobody knows."""

_SPAN: Final = re.compile(r"((?:19|20)\d\d)年?(?:-|—|–|~|至|到)+((?:19|20)\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a text says: its times and natures, and whether that is all that it says of them.

    ``is_open``: it reads like a qualifier, and not all of it is understood. ``years`` are
    those that it names and says nothing else of.
    """

    periods: tuple[Period, ...] = ()
    is_open: bool = False
    years: tuple[int, ...] = ()


def read_remark(text: str, dictionary: Dictionary, *, is_tied: bool = False) -> Remark:
    """Return what a note says, clause by clause.

    One that is tied to a figure, by a mark, its row or its cell, qualifies it unless it is known
    to be harmless: it is open where it is not understood, whatever its words.

    Examples
    --------
    >>> from layers.density.statistics.dictionary import load_dictionary
    >>> found = read_remark("2024年数据为初步统计数", load_dictionary())
    >>> [(one.year, one.nature) for one in found.periods], found.is_open
    ([(2024, 'preliminary')], False)
    >>> read_remark("不含保税区", load_dictionary()).is_open
    True
    >>> read_remark("见附件三", load_dictionary()).is_open
    False
    >>> read_remark("1", load_dictionary(), is_tied=True).is_open
    True
    """
    if is_tied and _BARE_NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip()):
        return Remark(is_open=True)
    if _is_of_paper(text, dictionary):
        return Remark(is_open=is_tied and _is_qualifier(text, dictionary))
    clauses = _CLAUSES.split(text)
    found = [_read_clause(clause, dictionary) for clause in clauses]
    periods = tuple(period for one in found for period in one.periods)
    is_open = any(one.is_open for one in found)
    if is_tied and not is_open:
        is_open = not all(
            one.periods or _is_harmless(clause, dictionary)
            for clause, one in zip(clauses, found, strict=True)
        )
    years = (year for one in found for year in one.years)
    return Remark(periods=periods, is_open=is_open, years=tuple(dict.fromkeys(years)))


def _is_harmless(clause: str, dictionary: Dictionary) -> bool:
    """Tell whether a clause says where a figure is from, or nothing that is not known of it."""
    plain = fold_text(clause)
    if any(_begins(plain, word, dictionary) for word in dictionary.words["harmless"]):
        return True
    times, rest = find_times(clause)
    _, rest = _natures_in(rest, dictionary)
    return not _without_fillers(rest, dictionary) and len(times) < 2


def _begins(plain: str, word: str, dictionary: Dictionary) -> bool:
    """Tell whether a word begins a text, or follows on words that say nothing (本表数据)."""
    before, found, _ = plain.partition(word)
    return bool(found) and not _without_fillers(before, dictionary)


def _is_qualifier(text: str, dictionary: Dictionary) -> bool:
    words = (*dictionary.words["qualifiers"], *dictionary.words["not_done"])
    return _has_word(text, words)


def _without_fillers(text: str, dictionary: Dictionary) -> str:
    for word in dictionary.words["fillers"]:
        text = text.replace(word, "")
    return _SIGNS.sub("", text)


def names_made_up(text: str, dictionary: Dictionary) -> bool:
    """Tell whether a text calls figures made up: 演示, 样例, demo, in any place.

    Examples
    --------
    >>> from layers.density.statistics.dictionary import load_dictionary
    >>> [names_made_up(one, load_dictionary()) for one in ("test data", "latest", "演示数据")]
    [True, False, True]
    """
    return _has_word(text, dictionary.words["made_up"])


def _read_clause(text: str, dictionary: Dictionary) -> Remark:
    times, rest = find_times(text)
    natures, rest = _natures_in(rest, dictionary)
    period = one_time(times)
    rest = _without_fillers(rest, dictionary)
    special = [one for one in natures if one != FACT]
    says = bool(special) or any(one.kind != FULL_YEAR for one in times)
    cumulative = any(word in fold_text(text) for word in dictionary.words["cumulative"])
    if not says and not cumulative:
        years = () if rest else tuple(one.year for one in times if one.year)
        return Remark(is_open=_is_qualifier(text, dictionary), years=years)
    if rest or len(set(natures)) > 1 or (times and period is None):
        return Remark(is_open=True)
    period = period or Period(year=None, kind=FULL_YEAR)
    if cumulative and period.kind == FULL_YEAR:
        period = Period(year=period.year, kind=CUMULATIVE, months="..12")
    return Remark(periods=(replace(period, nature=special[0] if special else FACT),))


def one_time(times: Sequence[Period]) -> Period | None:
    """Return what several times say together, a year and its months; None if they differ."""
    years = {one.year for one in times if one.year}
    parts = {(one.kind, one.months): one for one in times if one.kind != FULL_YEAR}
    if not times or len(parts) > 1 or (len(years) > 1 and not parts):
        return None
    if parts and any(one.says_whole for one in times):
        return None
    (part,) = parts.values() or (times[0],)
    return replace(part, year=next(iter(years)) if len(years) == 1 else None)


def period_of_title(texts: Iterable[str], dictionary: Dictionary) -> Period | None:
    """Return the one time that texts above a table name; None where they name none or several.

    A word such as 计划 counts where a year stands with it; without, it is asked about.
    """
    text = " ".join(one for one in texts if not _is_of_paper(one, dictionary))
    if _SPAN.search(fold_text(text)):
        return None
    times, rest = find_times(text)
    period = one_time(times)
    if period is None or period.year is None:
        return period
    natures, _ = _natures_in(rest, dictionary)
    special = {one for one in natures if one != FACT}
    if len(special) != 1 or _has_word(rest, dictionary.words["fulfilment"]):
        # 计划完成情况 shows the plan, what was done of it, or both: it is asked about.
        return period
    return replace(period, nature=special.pop())


def nature_of_name(text: str, dictionary: Dictionary) -> str | None:
    """Return the one nature that a title or name gives to figures; None where it leaves it open.

    Examples
    --------
    >>> from layers.density.statistics.dictionary import load_dictionary
    >>> [nature_of_name(one, load_dictionary()) for one in ("投资目标", "计划完成情况", "投资")]
    ['target', None, None]
    """
    _, rest = find_times(text)
    natures, without = _natures_in(rest, dictionary)
    special = {one for one in natures if one != FACT}
    if len(special) != 1 or FACT in natures or _has_word(without, dictionary.words["fulfilment"]):
        return None
    return special.pop()


def names_nature(text: str, dictionary: Dictionary) -> bool:
    """Tell whether a title or name says a plan, an estimate, or what was never done."""
    if _is_of_paper(text, dictionary):
        return False
    _, rest = find_times(text)
    special = any(one != FACT for one in _natures_in(rest, dictionary)[0])
    return special or _has_word(text, dictionary.words["not_done"])


def take_time(heading: str, dictionary: Dictionary) -> tuple[Period, str] | None:
    """Return the time, plan or estimate that a heading names, and the heading without it.

    None where it names none, or several. A year that is not named stays None.

    Examples
    --------
    >>> from layers.density.statistics.dictionary import load_dictionary
    >>> period, rest = take_time("2024年计划税收（万元）", load_dictionary())
    >>> period.year, period.nature, rest
    (2024, 'target', '税收(万元)')
    """
    times, rest = find_times(heading)
    natures, bare = _natures_in(rest, dictionary)
    cumulative = next((one for one in dictionary.words["cumulative"] if one in bare), None)
    period = one_time(times) if times else Period(year=None, kind=FULL_YEAR)
    if period is None or len(set(natures)) > 1 or not (times or natures or cumulative):
        return None
    if cumulative:
        bare = bare.replace(cumulative, "")
        if period.kind == FULL_YEAR:
            period = replace(period, kind=CUMULATIVE, months="..12")
    period = replace(period, nature=natures[0] if natures else FACT)
    return period, _EMPTY_BRACKETS.sub("", _LOOSE_SIGNS.sub("", "".join(bare.split())))


def narrow_period(period: Period, said: Period) -> Period | None:
    """Return the time of a figure as a remark narrows it; None where the two differ.

    A remark on another year does not speak of the figure.
    """
    if said.year not in (None, period.year):
        return period
    if said.kind != FULL_YEAR and (said.kind, said.months) != (period.kind, period.months):
        if period.kind != FULL_YEAR or period.says_whole:
            return None
        period = replace(period, kind=said.kind, months=said.months)
    if said.nature in (FACT, period.nature):
        return period
    return replace(period, nature=said.nature) if period.nature == FACT else None


def leaves_open(text: str, plain_years: Iterable[int], dictionary: Dictionary) -> bool:
    """Tell whether a title or name qualifies figures of years that are read as plain ones."""
    years = set(plain_years)
    if not years or _is_of_paper(text, dictionary):
        return False
    times, rest = find_times(text)
    if names_nature(text, dictionary):
        return True
    whole_years = all(one.kind == FULL_YEAR for one in times)
    if _PART_WORDS.search(fold_text(text) if whole_years else rest):
        return True
    if _YEAR_MONTH.search(fold_text(text)):
        return True
    for first, last in _SPAN.findall(fold_text(text)):
        years -= set(range(int(first), int(last) + 1))
    parts = [one for one in times if one.kind != FULL_YEAR]
    # 2023年和2024年1-9月: what is said of 2024 does not hold for 2023.
    if parts and all(one.year for one in parts):
        years -= {one.year for one in times if one.kind == FULL_YEAR and one.year}
    return bool(parts and years) or (
        not parts and any(word in rest for word in dictionary.words["cumulative"])
    )


def names_part(text: str, year: int, dictionary: Dictionary) -> bool:
    """Tell whether a title or name says a part of a year, or a month of it, in any words."""
    if _is_of_paper(text, dictionary):
        return False
    times, rest = find_times(text)
    if any(one.kind != FULL_YEAR and one.year in (None, year) for one in times):
        return True
    whole_years = all(one.kind == FULL_YEAR for one in times)
    unread = _PART_WORDS.search(fold_text(text) if whole_years else rest)
    return bool(unread or _YEAR_MONTH.search(fold_text(text)))


def _natures_in(rest: str, dictionary: Dictionary) -> tuple[list[str], str]:
    """Return the natures that a folded text names, longest words first, and its rest."""
    found = []
    words = [(word, nature) for nature, words in dictionary.natures.items() for word in words]
    for word, nature in sorted(words, key=lambda pair: -len(pair[0])):
        if len(word) > 1 and _has_word(rest, (word,)):
            found.append(nature)
            rest = rest.replace(word, " ")
    return found, rest


def _has_word(text: str, words: Iterable[str]) -> bool:
    plain = fold_text(text)
    # Latin words end at blanks: of "revised figures" nothing is left without them.
    spaced = unicodedata.normalize("NFKC", text).casefold()
    return any(
        re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", spaced) if word.isascii()
        else word in plain
        for word in words
    )  # fmt: skip


def _is_of_paper(text: str, dictionary: Dictionary) -> bool:
    """Tell whether a text says who made the table and when, and nothing of its figures."""
    plain = fold_text(text).lstrip("(")
    return plain.startswith(dictionary.words["paper"])
