"""What all that stands around a figure makes of it: what is left open is asked, and no fact.

One set of rules for every table: of statistics, zones and firms.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from layers.density.refusals import Problem, cell_address
from layers.density.statistics.dictionary import Dictionary
from layers.density.statistics.footnotes import Footnote, is_only_marks, marks_in
from layers.density.statistics.periods import (
    FACT,
    FULL_YEAR,
    PRELIMINARY,
    UNCLEAR,
    Period,
)
from layers.density.statistics.remarks import (
    Remark,
    leaves_open,
    names_made_up,
    names_nature,
    names_part,
    narrow_period,
    nature_of_name,
    read_remark,
)

DEMONSTRATION: Final = "demonstration"
"""The quality of made-up figures."""
DECLARED: Final = "declared_"
"""Before the nature that a person declared of a figure, beside its quality."""
QUALITIES_APART: Final = "; "
_LONGEST_TEXT: Final = 80
_NO_YEAR: Final = 0
_CELL, _ROW, _TABLE, _SOURCE = "cell", "row", "table", "source"
"""What a text is tied to; of whom a figure is, is no remark on it."""


@dataclass(kw_only=True)
class Surroundings:
    """What stands around the figures of a table, and the questions that it raises.

    ``names`` are titles, sheet, file, declared source and quality; of these ``titles`` stand
    above the figures and ``declared`` was said by who imports. ``carried`` are all marks that
    anything in the table carries. ``nature`` is what a person says that figures are of which only
    names, notes and marks speak; ``today`` the day of the import, None asks nothing about it.
    """

    dictionary: Dictionary
    names: tuple[str, ...]
    titles: tuple[str, ...]
    headings: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    carried: frozenset[str] = frozenset()
    nature: str | None = None
    today: date | None = None
    questions: list[Problem] = field(default_factory=list)
    _asked: set[tuple[str, str]] = field(default_factory=set)
    _judged: dict[object, "Judged"] = field(default_factory=dict)
    _remarks: dict[tuple[str, bool], Remark] = field(default_factory=dict)

    def judge(self, figure: "Figure") -> "Judged":
        """Return what a figure is; what is left open is asked about.

        Most figures of a table have the same around them: it is read once.
        """
        key = (replace(figure, line=0, column=None), figure.period.says_whole)
        if key not in self._judged:
            self._judged[key] = _judge(self, figure)
        return self._judged[key]

    @cached_property
    def made_up_notes(self) -> tuple[str, ...]:
        """The footnotes that call values made up: looked for once, not for each figure."""
        texts = (one.text for one in self.footnotes)
        return tuple(one for one in texts if one and names_made_up(one, self.dictionary))

    def remark(self, text: str, *, is_tied: bool) -> Remark:
        """Return what a text says."""
        key = (text, is_tied)
        if key not in self._remarks:
            self._remarks[key] = read_remark(text, self.dictionary, is_tied=is_tied)
        return self._remarks[key]

    def ask(self, line: int, code: str, text: str, column: tuple[int, str] | None = None) -> None:
        """Ask about a text that stands in many places where it stands first."""
        shown = text[:_LONGEST_TEXT]
        if (code, shown) in self._asked:
            return
        self._asked.add((code, shown))
        at, header = column or (None, None)
        cell = None if at is None else cell_address(line, at)
        self.questions.append(Problem(line=line, column=header, code=code, text=shown, cell=cell))

    @cached_property
    def made_up_names(self) -> tuple[str, ...]:
        """Names and headings that call the figures of a table made up."""
        texts = dict.fromkeys((*self.names, *self.headings))
        texts.pop(DEMONSTRATION, None)
        return tuple(one for one in texts if one and names_made_up(one, self.dictionary))

    def is_explained(self, mark: str) -> bool:
        """Tell whether a footnote says what a mark means."""
        return any(mark in one.marks and one.says for one in self.footnotes)

    def is_for(self, note: Footnote, marks: Sequence[str]) -> bool:
        """Tell whether a marked note may speak of a figure; one whose mark is lost may of any."""
        return not set(note.marks).isdisjoint(marks) or self.carried.isdisjoint(note.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure as its cell, row, heading and title say it, before the texts around it are read.

    ``own`` is what stands in its cell, ``notes`` what stands in its row; ``marks`` are those of
    the cell, the row, the heading and the titles. ``column`` is its place and its heading;
    ``has_own_year`` tells that its heading names its year, so that the row speaks of others, too.
    """

    line: int
    period: Period
    quality: str
    source: str
    own: str = ""
    notes: tuple[str, ...] = ()
    section: str | None = None
    marks: tuple[str, ...] = ()
    column: tuple[int, str] | None = None
    has_own_year: bool = False
    is_land: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a figure is: its time and nature, its quality, and the notes that stay beside it."""

    period: Period
    quality: str
    notes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Judgement:
    """A figure while all that is said of it is read; ``is_open``: not all of it is understood."""

    around: Surroundings
    figure: Figure
    period: Period
    is_open: bool = False
    is_declared: bool = False
    kept: list[str] = field(default_factory=list)

    def leave_open(self, line: int, code: str, text: str, *, of_nature: bool = False) -> None:
        """Ask, unless it is a question of the nature of figures that a person has answered."""
        if of_nature and self.around.nature:
            self.is_declared = True
            return
        self.around.ask(line, code, text, self.figure.column if code == "mark_unread" else None)
        self.is_open = True


def _judge(around: Surroundings, figure: Figure) -> Judged:
    found = _Judgement(around=around, figure=figure, period=figure.period)
    _read_notes(found)
    _ask_about_marks(found)
    _read_names(found)
    period, is_early = found.period, _is_early(found)
    if found.is_declared and around.nature and period.nature == FACT:
        period = replace(period, nature=around.nature)
    quality = figure.quality
    if figure.is_land:
        quality = UNCLEAR if found.is_open or is_early else quality
    elif is_early or (found.is_open and period.nature == FACT):
        # Whoever confirms it confirms that: a figure of the year it is not.
        period = replace(period, nature=UNCLEAR)
    if _is_made_up(found):
        quality = DEMONSTRATION
    if found.is_declared:
        # Printed with every figure: it rests on a person's word, and not on the table's.
        quality = QUALITIES_APART.join((quality, f"{DECLARED}{around.nature}"))
    return Judged(period=period, quality=quality, notes=_notes_of(found))


def _read_notes(found: _Judgement) -> None:
    """Narrow the time of a figure by what its cell, its row and the footnotes say."""
    is_land = found.figure.is_land
    # Rows below 一季度 alone in a row: it was asked about there.
    found.is_open = found.figure.section is not None
    for line, text, says, tie in _texts_on(found.around, found.figure):
        remark = found.around.remark(says, is_tied=tie != _SOURCE)
        # An area has no period of its own to keep such a word in.
        if remark.is_open or (is_land and any(one.nature != FACT for one in remark.periods)):
            found.leave_open(line, "note_unread", text, of_nature=True)
        if found.period.year is None and len(set(remark.years)) == 1:
            found.period = replace(found.period, year=remark.years[0])
        if _is_of_another_year(found, remark, tie):
            found.leave_open(line, "note_differs", text)
        for said in () if is_land else remark.periods:
            if found.period.year is None and said.year:
                found.period = replace(found.period, year=said.year)
            narrowed = narrow_period(found.period, said)
            if narrowed is None:
                found.leave_open(line, "note_differs", text)
            found.period = narrowed or found.period


def _is_of_another_year(found: _Judgement, remark: Remark, tie: str) -> bool:
    """Tell whether what stands in a figure's cell or row is of a year that it is not of."""
    if tie == _CELL:
        years = {*remark.years, *(one.year for one in remark.periods if one.year)}
    else:
        is_of_row = tie == _ROW and not found.figure.has_own_year
        years = set(remark.years) if is_of_row else set()
    return bool(years - {found.period.year})


def _texts_on(around: Surroundings, figure: Figure) -> Iterator[tuple[int, str, str, str]]:
    """Yield line, text, what it says and what it is tied to, of all that is said of a figure."""
    if figure.own:
        yield figure.line, figure.own, figure.own, _CELL
    for text in (one for one in figure.notes if not is_only_marks(one)):
        yield figure.line, text, text, _ROW
    for text in (figure.quality, figure.source):
        if text not in around.declared:
            yield figure.line, text, text, _SOURCE
    for note in around.footnotes:
        if not note.marks:
            yield note.line, note.text, note.says, _TABLE
        elif not set(note.marks).isdisjoint(figure.marks) and note.says:
            yield note.line, note.text, note.says, _ROW


def _ask_about_marks(found: _Judgement) -> None:
    """Ask about marks without a footnote, and about footnotes whose mark nothing carries."""
    around = found.around
    for mark in found.figure.marks:
        if not around.is_explained(mark):
            found.leave_open(found.figure.line, "mark_unread", mark, of_nature=True)
    for note in around.footnotes:
        if note.marks and around.carried.isdisjoint(note.marks):
            remark = around.remark(note.says, is_tied=True)
            if remark.is_open or remark.periods:
                found.leave_open(note.line, "footnote_unused", note.text, of_nature=True)


def _read_names(found: _Judgement) -> None:
    """Ask about titles and names that say a plan, an estimate or a part of a year of a fact."""
    if found.figure.is_land:
        return
    around, period = found.around, found.period
    natures, names_a_part = set[str | None](), False
    for text in filter(None, dict.fromkeys(around.names)):
        if period.nature == FACT and names_nature(text, around.dictionary):
            found.kept.append(text)
            if around.nature:
                found.is_declared = True
            else:
                around.ask(0, "name_qualifies", text)
                natures.add(nature_of_name(text, around.dictionary))
        if period.stored_kind not in (FULL_YEAR, UNCLEAR) or period.says_whole:
            continue
        is_named = text in around.titles or text not in around.declared
        part = is_named and names_part(text, period.year or _NO_YEAR, around.dictionary)
        if part or _leaves_time_open(text, period, around.dictionary):
            found.kept.append(text)
            found.leave_open(0, "name_unread", text)
            names_a_part = True
    if natures:
        # A plan stays a plan; which of several things it is, or of which time, nobody knows.
        (nature,) = natures if len(natures) == 1 and not names_a_part else (None,)
        found.period = replace(found.period, nature=nature or UNCLEAR)


def _leaves_time_open(text: str, period: Period, dictionary: Dictionary) -> bool:
    return not names_nature(text, dictionary) and leaves_open(
        text, (period.year or _NO_YEAR,), dictionary
    )


def _is_early(found: _Judgement) -> bool:
    """Ask about a fact of a time that is not over, unless it is declared a plan or an estimate."""
    around, period, figure = found.around, found.period, found.figure
    today, said = around.today, period.nature
    if today is None or period.year is None or said not in (FACT, PRELIMINARY):
        return False
    if period.year <= today.year if figure.is_land else period.is_over(today):
        return False
    if around.nature not in (None, FACT, PRELIMINARY) and not figure.is_land:
        found.is_declared = True
        return False
    around.ask(figure.line, "time_not_over", f"{period.year} {period.months}".strip())
    return True


def _is_made_up(found: _Judgement) -> bool:
    """Ask about what calls a value made up, unless that is declared of the whole table."""
    around, figure = found.around, found.figure
    texts = (*figure.notes, figure.own, figure.quality, figure.source)
    texts = tuple(one for one in texts if one and names_made_up(one, around.dictionary))
    said = tuple(dict.fromkeys((*around.made_up_names, *texts, *around.made_up_notes)))
    for text in said:
        # Who calls it so in our own word has said it.
        if DEMONSTRATION not in (text, *around.declared):
            around.ask(0, "made_up", text)
    return bool(said)


def _notes_of(found: _Judgement) -> tuple[str, ...]:
    """Return the notes of a figure's cell and row, of its marks, and of the whole table."""
    around, figure = found.around, found.figure
    of_row = [note for note in (figure.own, *figure.notes) if note and not is_only_marks(note)]
    section = [figure.section] if figure.section else []
    unexplained = [f"{mark} ?" for mark in figure.marks if not around.is_explained(mark)]
    texts = [
        one.text for one in around.footnotes if not one.marks or around.is_for(one, figure.marks)
    ]
    told = (*of_row, *section, *unexplained, *texts, *around.made_up_names, *found.kept)
    return tuple(dict.fromkeys(told))


def marks_of(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the marks that stand in texts, each once."""
    return tuple(dict.fromkeys(mark for text in texts for mark in marks_in(text)))
