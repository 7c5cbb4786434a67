"""Answers of land economic density."""

from pydantic import Field

from maps.answers import Answer, Basis, Title


class Qualifiers(Answer):
    """What a reader must know of a number; it travels with it into every text, table and file."""

    relation: str = Field(examples=["=", ">", "<", "~"])
    year: int | None
    period: str = Field(examples=["full_year", "partial_year", "cumulative", "target"])
    months: str = Field(description="Of a part of the year (01-09), or up to which (..09).")
    nature: str = Field(examples=["fact", "target", "estimate", "preliminary", "unclear"])
    quality: str
    source: str
    basis: str = Field(description="Notes of its table, or what it follows from.")
    area_quality: str = Field(
        default="",
        description="Of a density: quality of the source of the area that it divides by, of a "
        "drawn boundary the status of its layer.",
        examples=["official", "secondary", "indicative"],
    )
    mark: Title | None = Field(
        default=None,
        description="All of it in words, to stand beside the number; null for a plain fact.",
    )


class LineLeftOut(Answer):
    """A row of a table that was left out and why, or that was read though nobody sees it."""

    line: int
    text: str | None
    code: str = Field(examples=["total_row"])


class YearOption(Answer):
    """A year that an indicator has values for, with the denominators that fit."""

    year: int
    nature: str = Field(description="fact; target where there is no fact of the year.")
    denominators: list[str]


class IndicatorOption(Answer):
    """An indicator that a density can be computed of."""

    id: str
    name: Title
    unit: str
    years: list[YearOption]


class KnownFigures(Answer):
    """What is known of a planning unit, and who has the figures that are not."""

    unit_id: str
    name: Title
    latest_year: int | None = Field(
        description="Of the whole years that figures stand for; null where no figure is known."
    )
    lands: list[str] = Field(
        description="Kinds of land of published area, and boundary where one is drawn."
    )
    holder: Title = Field(description="The office that has the unit's figures.")


class IndicatorList(Answer):
    """All indicators with at least one usable density, and what is known of each unit."""

    indicators: list[IndicatorOption]
    units: list[KnownFigures]


class DensityRow(Answer):
    """Density of one planning unit, or the reason why there is none."""

    unit_id: str
    level: str = Field(examples=["zone", "district", "park", "county"])
    layer: str | None = Field(
        description="Catalogue layer that draws the unit; null for a whole, whose parts are drawn."
    )
    feature_ids: list[str] = Field(
        default=[], description="Features of that layer that draw it; none: the one of its id."
    )
    name: Title
    value: float | None
    value_unit: str
    value_relation: str | None = Field(examples=["=", ">", "~"])
    value_note: str | None = Field(examples=["full_year", "target"])
    area_km2: float | None
    area_method: str | None = Field(examples=["published", "ellipsoidal"])
    density: float | None
    density_unit: str
    source: str | None
    area_source: str | None
    area_quality: str | None = Field(
        description="Of the source of the area; of a drawn boundary the status of its layer.",
        examples=["official", "secondary", "indicative"],
    )
    quality: str | None
    qualifiers: Qualifiers | None = Field(
        description="Of the value and the area under it; null where there is no value."
    )
    mark: Title | None = Field(
        description="The qualifiers in words, to stand beside the number; null for a plain fact."
    )
    reason: str | None = Field(description="Code of why there is no density; null if there is.")


class Breaks(Answer):
    """Class limits of the choropleth, lowest first."""

    method: str
    edges: list[float]


class Reconciliation(Answer):
    """A total beside the sum of its parts."""

    whole: str
    total: float
    parts: list[str]
    parts_sum: float = Field(description="Of the parts that are known.")
    missing: list[str] = Field(description="Parts without a value; then there is no difference.")
    difference: float | None
    difference_pct: float | None
    warned: bool
    qualifiers: list[Qualifiers] = Field(
        description="Of the total and the known parts that are no plain facts."
    )


class AreaCheck(Answer):
    """A drawn boundary beside the published area of the same unit."""

    unit_id: str
    name: Title
    published_km2: float
    measured_km2: float = Field(description="Ellipsoidal area of the drawn boundary.")
    difference_pct: float
    warned: bool


class DensityTable(Answer):
    """Land economic density of comparable planning units."""

    indicator: str
    name: Title
    year: int
    nature: str = Field(description="fact or target: never both in one table.")
    denominator: str
    unit: str
    rows: list[DensityRow]
    breaks: Breaks
    reconciliation: Reconciliation | None
    area_checks: list[AreaCheck]
    basis: list[Basis]
