"""What a person is asked of what the workbook hides."""

from layers.density.statistics.places import Reading
from layers.readers.sheets import Sheet


def ask_about_unseen(reading: Reading, sheet: Sheet) -> None:
    """Ask about figures in rows and columns that the workbook hides, and in rows struck out."""
    for code, lines in (("row_hidden", sheet.hidden), ("row_struck", sheet.struck)):
        for line in sorted({line for line, _ in reading.used}.intersection(lines)):
            reading.questions.append(reading.problem(line, None, code))
    for at in sorted({at for _, at in reading.used}.intersection(sheet.hidden_columns)):
        reading.questions.append(reading.problem(reading.layout.header_line, at, "column_hidden"))
