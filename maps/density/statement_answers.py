"""Answers of the office's quarter: the statement, resource use, the final evaluation."""

from pydantic import Field

from maps.answers import Answer, Title
from maps.density.answers import Qualifiers, Reconciliation


class StatementRow(Answer):
    """One indicator of one unit, from January to the end of the quarter."""

    unit_id: str
    level: str
    unit_name: Title
    indicator: str
    name: Title
    unit: str
    decimals: int = Field(description="0 for counts.")
    value: float | None
    value_qualifiers: Qualifiers | None
    summed: list[str] = Field(description="Months whose figures add up to it; one: as stated.")
    differs_from_sum: float | None = Field(
        description="Sum of its quarters, where the table states another value for all of them."
    )
    before: float | None = Field(description="The same months of the year before.")
    before_qualifiers: Qualifiers | None
    change_pct: float | None = Field(description="Between figures that are no limits.")
    target: float | None
    target_qualifiers: Qualifiers | None
    progress_pct: float | None
    judgement: str = Field(examples=["on_time", "slightly_behind", "no_target", "no_value"])
    target_density: float | None = Field(description="Target over the approved area, per km2.")
    text: Title = Field(description="The sentence of the statement, by rule.")


class Statement(Answer):
    """What an assessment is handed: targets, progress and density of units."""

    year: int
    quarter: int
    months: str = Field(examples=["01-09"])
    time_pct: float
    own_rules: bool
    made_on: str
    rows: list[StatementRow]
    counts: dict[str, int] = Field(description="Rows by judgement.")
    reconciliations: dict[str, Reconciliation] = Field(description="By indicator.")
    density: list["StatementDensity"]
    overview: Title


class StatementDensity(Answer):
    """Land economic density of a unit in the last full year that is known."""

    unit_name: Title
    name: Title
    year: int
    density: float
    unit: str
    denominator: str
    qualifiers: Qualifiers


class ResourceRow(Answer):
    """One amount per product."""

    id: str = Field(examples=["energy", "water", "land", "carbon"])
    amount: float | None
    amount_unit: str
    amount_qualifiers: Qualifiers | None
    amount_only: list[str] = Field(
        description="Periods of figures of the year that are no fact of all of it, and not used.",
        examples=[["estimate"]],
    )
    value: float | None
    unit: str
    qualifiers: Qualifiers | None = Field(description="Of the value per product.")
    reason: str | None = Field(examples=["no_value", "no_factor", "open_both_ways"])


class ResourceUse(Answer):
    """Energy, water, building land and carbon per gross product of a unit in a year."""

    unit_id: str
    unit_name: Title
    year: int
    product: float | None
    product_unit: str
    product_qualifiers: Qualifiers | None
    product_only: list[str] = Field(
        description="Periods of figures of the product that are no fact of all of the year."
    )
    factor_t_per_tce: float | None
    factor_source: str | None
    rows: list[ResourceRow]


class FinalRow(Answer):
    """One of the plan's indicators at the end of the plan, and the base of the next."""

    number: int
    name: Title
    unit: str
    decimals: int
    cumulative: bool
    target_rule: str
    first_value: float | None
    target: float | None
    final: float | None
    qualifiers: Qualifiers | None
    added: float | None = Field(description="Of a cumulative one: added since the base year.")
    added_target: float | None
    done_pct: float | None
    outcome: str = Field(examples=["reached", "missed", "cannot_tell"])
    next_target: float | None = Field(
        description="Of the last year of the next plan, where one was imported."
    )
    path: list[float] = Field(
        description="The years of the next plan, from the final value to that target."
    )


class FinalEvaluation(Answer):
    """The plan's indicators at its end, and what the next plan starts from."""

    base_year: int
    final_year: int
    next_year: int
    source: str
    rows: list[FinalRow]
    counts: dict[str, int]
