"""Answers about statistics: what was imported, and how the plan's targets stand."""

from typing import Final

from pydantic import Field

from maps.answers import Answer, Title, VersionStep
from maps.density.answers import Qualifiers

VALUE_DECIMALS: Final = 2
RATE_DECIMALS: Final = 1
"""With these decimals values and yearly rates of the plan are printed, and compared."""


class TableOut(Answer):
    """A version of an imported data set."""

    dataset: str
    version: int
    created_at: str
    source_name: str
    source_sha256: str
    content_sha256: str
    values: int = Field(description="How many values it holds.")
    areas: int = Field(description="How many published areas it holds.")
    years: list[int]
    indicators: list[str]
    in_use: bool = Field(description="False for versions that are old or withdrawn.")
    withdrawals: list[VersionStep] = Field(
        default=[], description="That this version was withdrawn, restored, ...; oldest first."
    )

    @property
    def withdrawn(self) -> bool:
        """Whether the version was withdrawn and not restored."""
        return bool(self.withdrawals) and self.withdrawals[-1].withdrawn


class TableList(Answer):
    """Imported data sets, or the versions of one."""

    tables: list[TableOut]
    damaged: list[str] = Field(
        default=[], description="What cannot be read and is not in the list: run `doctor`."
    )


class PreviewRow(Answer):
    """One value or area that an import takes in, in the unit that it is kept in."""

    unit_id: str
    unit_name: Title
    role: str = Field(examples=["indicator:trade", "land:built_up"])
    name: Title | None = Field(description="Of the indicator; null for a kind of land.")
    year: int | None
    period: str = Field(examples=["full_year", "partial_year", "target", "estimate"])
    months: str = Field(default="", examples=["01-09", "..12"])
    relation: str = Field(default="=", examples=["=", ">", "~"])
    value: float
    unit: str
    source: str
    quality: str
    note: str = Field(default="", description="Footnotes and notes of the table.")
    replaces: float | None = Field(description="The value that stands there now.")
    replaces_source: str | None = Field(default=None, description="Of the value that stands there.")
    replaces_dataset: str | None = Field(
        default=None, description="That holds the value now; null where it ships."
    )


class ReplacedFigure(Answer):
    """A figure that stands now, and the one that takes its place."""

    before: PreviewRow
    after: PreviewRow
    dataset: str | None = Field(description="That holds the former one; null where it ships.")


class TableFinding(Answer):
    """Something in a table that was left out, or that a person must confirm."""

    line: int = Field(description="Of the table; 0 is the whole.")
    column: str | None
    code: str
    text: str | None
    cell: str | None = Field(default=None, description="Its address, as a spreadsheet shows it.")


class TableImport(Answer):
    """What an import stored."""

    table: TableOut
    created: bool = Field(description="False where the same content was already current.")
    header_line: int
    columns: dict[str, str] = Field(examples=[{"固投（万元）": "indicator:fixed_investment"}])
    replaced: int = Field(description="Figures that stood for the same unit, indicator and period.")
    replacements: list[ReplacedFigure] = Field(
        default=[], description="Those that were told otherwise; the first of them."
    )
    rows: list[PreviewRow] = Field(description="What was understood, value by value.")
    remarks: list[TableFinding] = Field(description="What was left out, sums that differ.")
    confirmed: list[TableFinding] = Field(description="What was asked about and accepted.")
    notes: list[str] = Field(description="Notes under the table.")


class TableRefusal(Answer):
    """Why nothing of a table was taken: the first problems, and how many there are."""

    count: int
    problems: list[TableFinding]


class TablePreview(Answer):
    """What an import would take in; nothing is stored."""

    source_name: str
    header_line: int
    columns: dict[str, str]
    values: int
    areas: int
    replaced: int
    replacements: list[ReplacedFigure] = Field(
        default=[], description="Figures that would be told otherwise; the first of them."
    )
    rows: list[PreviewRow] = Field(description="The first of them.")
    questions: list[TableFinding] = Field(description="What an import must be told to accept.")
    remarks: list[TableFinding] = Field(description="What was left out, sums that differ.")
    notes: list[str] = Field(description="Notes under the table.")


class GrowthOut(Answer):
    """Growth a year, in percent: what the figures require and what the plan prints."""

    required_pct: float | None
    printed_pct: float | None
    agrees: bool | None = Field(description="Whether the printed rate is the required one.")
    achieved_pct: float | None = Field(description="From the first year to the latest value.")


class PathPoint(Answer):
    """One year of an indicator: the path to the target, and what was reached."""

    year: int
    path: float | None
    value: float | None
    source: str | None
    qualifiers: Qualifiers | None = Field(description="Of the value.")


class PlanRow(Answer):
    """One of the plan's indicators and how it stands."""

    number: int
    id: str
    name: Title
    unit: str
    target_rule: str = Field(examples=["value", "rises", "share_of_province_rises"])
    first_year: int
    target_year: int
    first_value: float | None
    target_value: float | None
    latest_year: int | None
    latest_value: float | None
    latest_qualifiers: Qualifiers | None
    course: str = Field(examples=["reached", "on_track", "behind", "uncertain", "no_data"])
    growth: GrowthOut
    cumulative: bool = Field(description="The plan counts what is added since the first year.")
    target_density: float | None = Field(description="Target over the approved area.")
    target_qualifiers: Qualifiers | None = Field(
        description="Of the target density: a plan's figure, and the area under it."
    )
    density_unit: str | None
    points: list[PathPoint]


class ShareOut(Answer):
    """A share of the province that the plan states, computed anew from two figures."""

    id: str
    name: Title
    printed_pct: float
    recomputed_pct: float | None
    agrees: bool | None
    numerator: float | None
    denominator: float | None
    unit: str
    numerator_qualifiers: Qualifiers | None
    denominator_qualifiers: Qualifiers | None = Field(description="Null for measured land.")
    source: str | None
    reason: str | None = Field(description="Why it could not be computed.")


class PlanMonitor(Answer):
    """The plan's table of indicators, recomputed and held against what is known since."""

    source: str
    base_year: int
    target_year: int
    area_km2: float
    area_source: str
    area_quality: str = Field(description="Of the source of the area that targets divide by.")
    rows: list[PlanRow]
    shares: list[ShareOut]
