"""What an evaluation of zones or firms would compute with; nothing of it is stored."""

from pydantic import Field

from maps.answers import Answer, LedgerOut
from maps.density.answers import Qualifiers
from maps.density.statistics_answers import TableFinding


class ColumnRead(Answer):
    """A heading of the file with what it was understood to be."""

    heading: str
    quantity: str = Field(examples=["built_ha", "tax"])
    unit: str = Field(description="That figures are kept in; empty for words.", examples=["ha"])
    figures: int = Field(description="How many rows say something there that was taken.")


class FigureRead(Answer):
    """One figure in the unit that it is kept in, with what travels with it."""

    line: int = Field(description="Of the table, or the number of the feature.")
    name: str | None = Field(description="Of the zone or firm.")
    heading: str
    quantity: str
    value: float
    unit: str
    qualifiers: Qualifiers


class EvaluatedPreview(Answer):
    """What was understood of zones or firms, value by value; an evaluation keeps nothing."""

    what: str = Field(examples=["zones", "firms"])
    source_name: str
    source_sha256: str
    records: int = Field(description="Zones or firms.")
    figures: int
    columns: list[ColumnRead]
    rows: list[FigureRead] = Field(description="The first of them.")
    unread: list[str] = Field(description="Headings that nobody knows.")
    not_taken: list[TableFinding] = Field(description="Cells whose value could not be taken.")
    left_out: list[TableFinding] = Field(description="Rows that are no zone or firm.")
    questions: list[TableFinding] = Field(description="What must be accepted first.")
    ledger: LedgerOut | None = Field(description="Of the elements of a layer.")
