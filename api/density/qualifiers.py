"""What travels with a number from the store or a file into an answer."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from geo.model import Qualified, nature_of
from layers.density.refusals import Problem
from layers.density.row_terms import Terms
from layers.density.statistics.periods import UNCLEAR
from maps.density.answers import LineLeftOut, Qualifiers
from maps.density.qualified import QUALITIES_APART, with_mark

_MOST_TEXTS: Final = 20
_APART: Final = "; "
_MORE: Final = "… +"

_WEAKEST_FIRST: Final = (
    "target",
    "estimate",
    "preliminary",
    "partial_year",
    "cumulative",
    UNCLEAR,
    "full_year",
)
"""What a figure that follows from several others is: the weakest of them."""


def qualifiers_of(number: Qualified, area_quality: str | None = None) -> Qualifiers:
    """Return all that a reader must know of a number, and of the area that it is divided by."""
    return with_mark(
        Qualifiers(
            relation=number.relation,
            year=number.year,
            period=number.period,
            months=number.months,
            nature=number.nature,
            quality=number.quality,
            source=number.source,
            basis=number.basis,
            area_quality=area_quality or "",
        )
    )


@lru_cache(maxsize=1024)
def qualifiers_of_terms(terms: Terms, area_quality: str = "") -> Qualifiers:
    """Return what a row of a table says of its figures, and of the land that it divides by."""
    found = Qualifiers(
        relation=terms.relation,
        year=terms.year,
        period=terms.period,
        months=terms.months,
        nature=nature_of(terms.period),
        quality=terms.quality,
        source=terms.source,
        basis=_APART.join(terms.notes),
        area_quality=area_quality,
    )
    return with_mark(found)


@lru_cache(maxsize=1024)
def qualifiers_of_all(terms: frozenset[Terms], area_quality: str = "") -> Qualifiers:
    """Return what qualifies a figure that follows from several figures of a row."""
    ordered = sorted(terms, key=repr)
    return combine_qualifiers([qualifiers_of_terms(one, area_quality) for one in ordered])


def combine_qualifiers(found: Iterable[Qualifiers], note: str = "") -> Qualifiers:
    """Return what qualifies a figure that follows from several: the weakest of each.

    ``basis`` has the notes of all, and ``note`` before them. Years that differ are told there.
    More than one figure and less than another make a sum that is neither: about.
    """
    found = list({id(one): one for one in found}.values())
    period = min((one.period for one in found), key=_weakness, default=UNCLEAR)
    like = [one for one in found if one.period == period]
    years = sorted({one.year for one in found if one.year})
    told = " / ".join(map(str, years)) if len(years) > 1 else ""
    relations = _distinct(one.relation for one in found if one.relation != "=")
    whole = Qualifiers(
        relation="~" if {">", "<"} <= set(relations) else relations[0] if relations else "=",
        year=years[0] if len(years) == 1 else None,
        period=period,
        months="; ".join(_distinct(one.months for one in like)),
        nature=nature_of(period),
        quality=join_qualities(one.quality for one in found),
        source=_first_of(one.source for one in found),
        basis=_first_of([note, told, *(one.basis for one in found)]),
        area_quality=join_qualities(one.area_quality for one in found),
    )
    return with_mark(whole)


def lines_left_out(found: Iterable[Problem]) -> list[LineLeftOut]:
    """Return the rows of a table that were left out."""
    return [LineLeftOut(line=one.line, text=one.text or one.column, code=one.code) for one in found]


def _weakness(period: str) -> int:
    return _WEAKEST_FIRST.index(period)


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))


def _first_of(texts: Iterable[str]) -> str:
    """Return texts in a row, each once; of very many the first, and how many more there are.

    Examples
    --------
    >>> _first_of(["a; b", "b", "c; … +2"])
    'a; b; c; … +2'
    """
    parts = _distinct(part for text in texts for part in text.split(_APART))
    found = [one for one in parts if not one.startswith(_MORE)]
    before = max(
        (int(one.removeprefix(_MORE)) for one in parts if one.startswith(_MORE)), default=0
    )
    more = max(len(found) - _MOST_TEXTS, 0) + before
    return _APART.join(found[:_MOST_TEXTS]) + (f"{_APART}{_MORE}{more}" if more else "")


def join_qualities(texts: Iterable[str]) -> str:
    """Return the qualities of several sources as one, each once."""
    return QUALITIES_APART.join(_distinct(texts))
