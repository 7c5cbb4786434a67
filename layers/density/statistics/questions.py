"""What a person is asked of what the workbook hides, or of what is left out on request."""

from typing import Final

from layers.density.refusals import Problem
from layers.density.statistics.places import Reading
from layers.readers.sheets import Sheet, number_of

_SHOWN: Final = 3
"""Cells of a column that are quoted."""


def ask_about_unseen(reading: Reading, sheet: Sheet) -> None:
    """Ask about figures in rows and columns that the workbook hides, and in rows struck out."""
    for code, lines in (("row_hidden", sheet.hidden), ("row_struck", sheet.struck)):
        for line in sorted({line for line, _ in reading.used}.intersection(lines)):
            reading.questions.append(reading.problem(line, None, code))
    for at in sorted({at for _, at in reading.used}.intersection(sheet.hidden_columns)):
        reading.questions.append(reading.problem(reading.layout.header_line, at, "column_hidden"))


def account_for_ignored(reading: Reading) -> None:
    """Say what the columns hold that a person leaves out; what words may say is asked about.

    A note may make a target of a figure, and a name that no column has may be a slip.
    """
    layout = reading.layout
    for at, name in layout.ignored.items():
        cells = [row[at] for _, row in layout.rows if at < len(row) and row[at] is not None]
        words = list(dict.fromkeys(cell for cell in cells if number_of(cell) is None))
        shown = ", ".join(str(one) for one in (words or cells)[:_SHOWN])
        text = f"{len(cells)}: {shown}" if cells else "0"
        code, found = (
            ("words_ignored", reading.questions) if words else ("column_ignored", reading.remarks)
        )
        found.append(Problem(line=layout.header_line, column=name, code=code, text=text))
    for name in sorted({*reading.options.ignore} - {*layout.ignored.values()}):
        reading.questions.append(Problem(line=0, column=None, code="ignored_unknown", text=name))
