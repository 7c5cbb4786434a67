"""What notes, marks, names and the day of import make of a value: what is left open is asked."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from layers.density.statistics.footnotes import is_only_marks, marks_in
from layers.density.statistics.periods import (
    FACT,
    FULL_YEAR,
    PRELIMINARY,
    UNCLEAR,
    Period,
)
from layers.density.statistics.places import Place, Reading
from layers.density.statistics.remarks import (
    Remark,
    leaves_open,
    names_made_up,
    names_part,
    narrow_period,
    read_remark,
)

DEMONSTRATION: Final = "demonstration"
"""The quality of made-up figures."""


def notes_of(reading: Reading, place: Place, marks: str) -> tuple[str, ...]:
    """Return the notes of a value's row, of its marks, and of the whole table."""
    carried = _marks_of(reading, place, marks)
    of_row = [note for note in place.notes if not is_only_marks(note)]
    texts = [
        one.text
        for one in reading.footnotes
        if not one.marks or _holds(reading, one.marks, carried)
    ]
    section = [reading.open_section] if reading.open_section else []
    unexplained = [f"{mark} ?" for mark in carried if not _is_explained(reading, mark)]
    return (*of_row, *section, *unexplained, *texts, *_made_up_names(reading))


def open_names(reading: Reading, place: Place) -> Iterator[str]:
    """Yield names that are asked about for the year of a value: they stay beside it."""
    period = place.heading.period
    plain = (FULL_YEAR, UNCLEAR)
    if period and period.year and period.stored_kind in plain and not period.says_whole:
        for text in _names_of(reading):
            if leaves_open(text, (period.year,), reading.dictionary):
                yield text


def ask_about_names(reading: Reading) -> None:
    """Ask about titles and names that say a part of a year or a plan of what is read as a year."""
    for text in _names_of(reading):
        if leaves_open(text, reading.plain_years, reading.dictionary):
            reading.ask_once(0, "name_qualifies", text)


def qualified_place(reading: Reading, place: Place, marks: str) -> Place:
    """Return a place with its time as its notes say it; what they leave open is asked about."""
    period = place.heading.period
    if period is None or period.year is None:
        return place
    is_land = (place.heading.role or "").startswith("land:")
    is_open = reading.open_section is not None
    for line, text, remark in _remarks_on(reading, place, marks):
        # An area has no period of its own to keep such a word in.
        if remark.is_open or (is_land and any(one.nature != FACT for one in remark.periods)):
            reading.ask_once(line, "note_unread", text)
            is_open = True
        for said in () if is_land else remark.periods:
            narrowed = narrow_period(period, said)
            if narrowed is None:
                reading.ask_once(line, "note_differs", text)
                is_open = True
            period = narrowed or period
    is_open = _has_open_marks(reading, place, marks) or is_open
    is_open = is_open or (not is_land and _is_named_a_part(reading, period))
    is_early = _is_early(reading, place, period, is_land=is_land)
    if (is_open or is_early) and is_land:
        place = replace(place, quality=UNCLEAR)
    elif is_early or (is_open and period.nature == FACT):
        # Whoever confirms it confirms that: a figure of the year it is not.
        period = replace(period, nature=UNCLEAR)
    if _is_made_up(reading, place):
        place = replace(place, quality=DEMONSTRATION)
    if period.year and period.stored_kind == FULL_YEAR and not period.says_whole and not is_land:
        reading.plain_years.add(period.year)
    return replace(place, heading=replace(place.heading, period=period))


def _names_of(reading: Reading) -> Iterator[str]:
    options = reading.options
    yield from filter(
        None, (*reading.layout.titles, options.file_name, options.source, options.quality)
    )


def _marks_of(reading: Reading, place: Place, marks: str) -> tuple[str, ...]:
    """Return the marks of a value: of its cell, row, heading and note, and of the titles."""
    texts = [place.row.mark, place.heading.mark, marks, *reading.layout.titles]
    texts += filter(is_only_marks, place.notes)
    return tuple(dict.fromkeys(mark for text in texts for mark in marks_in(text)))


def _is_explained(reading: Reading, mark: str) -> bool:
    return any(mark in one.marks and one.says for one in reading.footnotes)


def _holds(reading: Reading, marks: tuple[str, ...], carried: tuple[str, ...]) -> bool:
    """Tell whether a marked note may speak of a value: nobody knows of whom a lost mark does."""
    return not set(marks).isdisjoint(carried) or reading.carried.isdisjoint(marks)


def _remarks_on(reading: Reading, place: Place, marks: str) -> Iterator[tuple[int, str, Remark]]:
    """Yield line, text and meaning of all that is said of one value."""
    words, carried = reading.dictionary, _marks_of(reading, place, marks)
    declared = (reading.options.quality, reading.options.source)
    section = [reading.open_section] if reading.open_section else []
    texts = (*place.notes, *section, place.quality, place.source)
    for text in (one for one in texts if one not in declared and not is_only_marks(one)):
        yield place.line, text, read_remark(text, words)
    for note in reading.footnotes:
        if not note.marks:
            yield note.line, note.text, read_remark(note.says, words)
        elif not set(note.marks).isdisjoint(carried) and note.says:
            yield note.line, note.text, read_remark(note.says, words, is_tied=True)


def _has_open_marks(reading: Reading, place: Place, marks: str) -> bool:
    """Ask about marks without a footnote, and about footnotes whose mark nothing carries."""
    is_open = False
    for mark in _marks_of(reading, place, marks):
        if not _is_explained(reading, mark):
            if not any((one.code, one.text) == ("mark_unread", mark) for one in reading.questions):
                reading.questions.append(reading.problem(place.line, place.at, "mark_unread", mark))
            is_open = True
    for note in reading.footnotes:
        if note.marks and reading.carried.isdisjoint(note.marks):
            remark = read_remark(note.says, reading.dictionary, is_tied=True)
            if remark.is_open or remark.periods:
                reading.ask_once(note.line, "footnote_unused", note.text)
                is_open = True
    return is_open


def _is_early(reading: Reading, place: Place, period: Period, *, is_land: bool) -> bool:
    """Ask about a fact of a time that is not over on the day of the import."""
    today = reading.options.today
    if today is None or period.year is None or period.nature not in (FACT, PRELIMINARY):
        return False
    if period.year <= today.year if is_land else period.is_over(today):
        return False
    reading.ask_once(place.line, "time_not_over", f"{period.year} {period.months}".strip())
    return True


def _is_named_a_part(reading: Reading, period: Period) -> bool:
    """Ask about titles and the name of the file that say a part of what is read as a year."""
    if period.stored_kind != FULL_YEAR or period.says_whole or period.year is None:
        return False
    texts = filter(None, (*reading.layout.titles, reading.options.file_name))
    found = [one for one in texts if names_part(one, period.year, reading.dictionary)]
    for text in found:
        reading.ask_once(0, "name_unread", text)
    return bool(found)


def _made_up_names(reading: Reading) -> Iterator[str]:
    """Yield names and headings that call the figures of a table made up."""
    options = reading.options
    headings = (column.text for column in reading.layout.columns.values())
    names = (*reading.layout.titles, options.file_name, options.source, *headings)
    for text in dict.fromkeys(filter(None, names)):
        if names_made_up(text, reading.dictionary):
            yield text


def _is_made_up(reading: Reading, place: Place) -> bool:
    """Ask about what calls a value made up, unless that is declared of the whole table."""
    notes = (one.text for one in reading.footnotes)
    texts = (*place.notes, place.quality, place.source, *notes)
    found = [one for one in texts if names_made_up(one, reading.dictionary)]
    found = list(dict.fromkeys([*_made_up_names(reading), *found]))
    for text in found:
        if reading.options.quality != DEMONSTRATION:
            reading.ask_once(0, "made_up", text)
    return bool(found)
