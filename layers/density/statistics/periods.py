"""Which time a value covers: the whole text is understood, or nothing of it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final

FULL_YEAR: Final = "full_year"
PARTIAL: Final = "partial_year"
CUMULATIVE: Final = "cumulative"
FACT: Final = "fact"
PRELIMINARY: Final = "preliminary"
UNCLEAR: Final = "unclear"
"""What a figure is of which something is said that is not understood: no fact of its year."""

Natures = Mapping[str, tuple[str, ...]]
"""Words by nature: target, estimate, preliminary and fact."""

_CHINESE: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
                   "十": 10, "十一": 11, "十二": 12}  # fmt: skip
_ENGLISH: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_N: Final = r"(?:0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])"
_TO: Final = r"(?:-|—|–|―|~|至|到)+"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)(?:年度|年)?"
_MONTH: Final = "|".join(_ENGLISH)
_SPANS: Final = (
    rf"(?P<first>{_N})(?:月份?)?{_TO}(?P<last>{_N})月份?",
    rf"(?P<month>{_N})月份?",
    r"第?(?P<quarter>[一二三四1-4])季度?",
    r"q(?P<q>[1-4])",
    r"前(?P<quarters>[二三2-3])季度?|前(?P<quarters3>三)个?季度",
    r"(?P<half>[上下])半年|h(?P<h>[12])",
    r"(?P<whole>全年|年报|fullyear)",
)
_SPAN: Final = "(?:" + "|".join(_SPANS) + ")"
_LONGEST_TIME: Final = 24
_END: Final = r"(?P<end>底|末|年底|年末|(?:[0-3]?\d[日号]))"
_FORMS: Final = (
    rf"{_YEAR}{_SPAN}?",
    r"(?P<q>[1-4])q(?P<year>(?:19|20)\d\d)|q(?P<qq>[1-4])(?P<year2>(?:19|20)\d\d)",
    rf"(?P<mon>{_MONTH})[a-z]*\.?-(?P<mon2>{_MONTH})[a-z]*\.?(?P<year>(?:19|20)\d\d)",
)
_UNTIL: Final = re.compile(
    rf"(?:截至|截止|至|到){_YEAR}(?:(?P<month>{_N})月份?)?{_END}?(?:累计)?|"
    rf"(?P<year2>(?:19|20)\d\d)(?:年度|年)(?:(?P<month2>{_N})月份?)?(?:底|末|[0-3]?\d[日号])(?:累计)?|"
    rf"(?:截至|截止|至|到)(?P<month3>{_N})月份?{_END.replace('end', 'end3')}?(?:累计)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time that a value covers.

    ``kind`` is full_year, partial_year or cumulative (up to a day, since some beginning);
    ``months`` are those of a part (``01-09``) or the last one of what is cumulative
    (``..09``), empty for a whole year. ``nature`` is fact, target, estimate or preliminary.
    ``year`` is None where only months are named. ``says_whole`` tells a full year that is
    called one (全年, 1-12月) from a year that is merely named.
    """

    year: int | None
    kind: str
    months: str = ""
    nature: str = FACT
    says_whole: bool = field(default=False, compare=False, repr=False)

    @property
    def stored_kind(self) -> str:
        """What it is stored as: a plan or an estimate is never a full year."""
        return self.kind if self.nature == FACT else self.nature

    def is_over(self, day: date) -> bool:
        """Tell whether a day lies after it; what is cumulative may end within its last month.

        Examples
        --------
        >>> one = Period(year=2026, kind=FULL_YEAR)
        >>> one.is_over(date(2026, 12, 31)), one.is_over(date(2027, 1, 1))
        (False, True)
        """
        month = int(self.months[-2:] or 12)
        if self.year is None:
            return True
        if self.kind == CUMULATIVE:
            return date(self.year, month, 1) <= day
        return date(self.year + month // 12, month % 12 + 1, 1) <= day

    def of_year(self, year: int) -> "Period":
        """Return the same months of a year."""
        return replace(self, year=year)


def parse_period(cell: object, natures: Natures) -> Period | None:
    """Return what a text or number says of time; None where any of it is not understood.

    A date, a month in figures only (2022-09, 202209) and a span of years say too little:
    whether the month or the year to date is meant, and which year.

    Examples
    --------
    >>> words = {"target": ("计划",), "estimate": ("预计",), "fact": ()}
    >>> parse_period("2021年1-12月", words)
    Period(year=2021, kind='full_year', months='', nature='fact')
    >>> parse_period("2023年前三季度", words).months, parse_period("2024年计划", words).nature
    ('01-09', 'target')
    >>> [parse_period(text, words) for text in ("2016-2020", "2022-09", "22年", "去年")]
    [None, None, None, None]
    """
    if isinstance(cell, (bool, date)) or cell is None:
        return None
    if isinstance(cell, float):
        cell = int(cell) if cell.is_integer() else cell
    text, nature = split_nature(fold_text(str(cell)), natures)
    found = _until(text) or _span(text)
    return replace(found, nature=nature) if found else None


def split_nature(text: str, natures: Natures) -> tuple[str, str]:
    """Return a plain text without the word that makes it a plan or an estimate, and which."""
    for nature, words in natures.items():
        for word in sorted(words, key=len, reverse=True):
            for bare in (f"({word})", word):
                if text.endswith(bare):
                    return text.removesuffix(bare), nature
                if text.startswith(bare):
                    return text.removeprefix(bare), nature
    return text, FACT


def find_times(text: str) -> tuple[list[Period], str]:
    """Return all times that a text names, the longest first of each place, and its rest.

    Examples
    --------
    >>> times, rest = find_times("2024年1-9月主要指标")
    >>> (times[0].year, times[0].months, rest)
    (2024, '01-09', '主要指标')
    """
    plain, at, found, rest = fold_text(text), 0, list[Period](), ""
    while at < len(plain):
        end, period = _longest_time(plain, at)
        if period is None:
            rest, at = rest + plain[at], at + 1
        else:
            found.append(period)
            at = end
    return found, rest


def _longest_time(plain: str, at: int) -> tuple[int, Period | None]:
    if at and _runs_on(plain[at - 1], plain[at]):
        return at, None
    for end in range(min(len(plain), at + _LONGEST_TIME), at + 1, -1):
        if end < len(plain) and _runs_on(plain[end - 1], plain[end]):
            continue
        if period := _until(plain[at:end]) or _span(plain[at:end]):
            return end, period
    return at, None


def _runs_on(one: str, other: str) -> bool:
    """Tell whether two signs belong to one number or one word of Latin letters."""
    return (one.isdigit() and other.isdigit()) or (
        one.isascii() and other.isascii() and one.isalnum() and other.isalnum()
    )


@lru_cache(maxsize=4096)
def fold_text(text: str) -> str:
    """Return a text for comparison: NFKC, no blanks, round brackets, years in digits."""
    folded = unicodedata.normalize("NFKC", text)
    digits = str.maketrans("〇○零", "000")
    word = "".join(folded.split()).casefold().replace("月份", "月")
    word = word.translate(str.maketrans("[]【】", "()()"))
    return re.sub(
        "[一二三四五六七八九〇○零]{4}(?=年)",
        lambda found: "".join(str(_CHINESE.get(one, one)) for one in found[0].translate(digits)),
        word,
    )


def _until(text: str) -> Period | None:
    match = _UNTIL.fullmatch(text)
    if match is None:
        return None
    month = _number(match["month"] or match["month2"] or match["month3"])
    year = match["year"] or match["year2"]
    return Period(year=int(year) if year else None, kind=CUMULATIVE, months=f"..{month or 12:02d}")


def _span(text: str) -> Period | None:
    text, cumulative = (text.removesuffix("累计"), True) if text.endswith("累计") else (text, False)
    for form in (*_FORMS, _SPAN):
        if (match := re.fullmatch(form, text)) is None:
            continue
        parts = {name: value for name, value in match.groupdict().items() if value}
        year = parts.get("year") or parts.get("year2")
        months = _months(parts)
        if months is None:
            return None
        kind = FULL_YEAR if months == (1, 12) else PARTIAL
        if cumulative and kind == FULL_YEAR:
            return Period(year=int(year) if year else None, kind=CUMULATIVE, months="..12")
        said = "" if kind == FULL_YEAR else f"{months[0]:02d}-{months[1]:02d}"
        whole = kind == FULL_YEAR and bool(parts.keys() - {"year", "year2"})
        return Period(year=int(year) if year else None, kind=kind, months=said, says_whole=whole)
    return None


def _months(parts: Mapping[str, str]) -> tuple[int, int] | None:
    if "mon" in parts:
        return _ordered(_ENGLISH[parts["mon"]], _ENGLISH[parts["mon2"]])
    if first := parts.get("first") or parts.get("month"):
        return _ordered(_number(first), _number(parts.get("last", first)))
    quarter = _number(parts.get("quarter") or parts.get("q") or parts.get("qq"))
    quarters = _number(parts.get("quarters") or parts.get("quarters3")) or quarter
    if quarters:
        return 3 * (quarter or 1) - 2, 3 * quarters
    half = parts.get("half") or parts.get("h")
    return (1, 12) if half is None else (1, 6) if half in "上1" else (7, 12)


def _ordered(first: int | None, last: int | None) -> tuple[int, int] | None:
    return (first, last) if first and last and first <= last else None


def _number(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text.isdigit() else _CHINESE[text]
