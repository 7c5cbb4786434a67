"""What a person is asked of a table as a whole: its names, and what the workbook hides."""

from collections.abc import Iterator

from layers.density.statistics.periods import FULL_YEAR, UNCLEAR
from layers.density.statistics.places import Place, Reading
from layers.density.statistics.remarks import leaves_open
from layers.readers.sheets import Sheet


def open_names(reading: Reading, place: Place) -> Iterator[str]:
    """Yield names that are asked about for the year of a value: they stay beside it."""
    period = place.heading.period
    plain = (FULL_YEAR, UNCLEAR)
    if period and period.year and period.stored_kind in plain and not period.says_whole:
        for text in _names_of(reading):
            if leaves_open(text, (period.year,), reading.dictionary):
                yield text


def _names_of(reading: Reading) -> Iterator[str]:
    options = reading.options
    yield from filter(
        None, (*reading.layout.titles, options.file_name, options.source, options.quality)
    )


def ask_about_unseen(reading: Reading, sheet: Sheet) -> None:
    """Ask about figures in rows and columns that the workbook hides, and in rows struck out."""
    for code, lines in (("row_hidden", sheet.hidden), ("row_struck", sheet.struck)):
        for line in sorted({line for line, _ in reading.used}.intersection(lines)):
            reading.questions.append(reading.problem(line, None, code))
    for at in sorted({at for _, at in reading.used}.intersection(sheet.hidden_columns)):
        reading.questions.append(reading.problem(reading.layout.header_line, at, "column_hidden"))


def ask_about_names(reading: Reading) -> None:
    """Ask about titles and names that say a part of a year or a plan of what is read as a year."""
    for text in _names_of(reading):
        if leaves_open(text, reading.plain_years, reading.dictionary):
            reading.ask_once(0, "name_qualifies", text)
