"""Answers about units beside the total of the zone, densities with bounds, and missing figures."""

from pydantic import Field

from maps.answers import Answer, Basis, Title


class LinkageZone(Answer):
    """A linkage zone, an expansion area or a block: counted in no total of the zone."""

    unit_id: str
    name: Title
    role: str = Field(examples=["park", "expansion", "block"])
    batch: str | None = Field(description="As granted; null where nobody states it.")
    since: str | None = Field(examples=["2021-02"])
    document: str | None
    source: str | None
    layer: str | None = Field(description="Layer that draws its boundary; null: none is known.")
    drawn_twice: list[str] = Field(
        description="Layers that draw it otherwise: it has no boundary until one is withdrawn."
    )
    boundary_km2: float | None
    boundary_quality: str | None
    in_districts_km2: float | None = Field(
        description="Of its boundary inside the three districts, counted there alone."
    )
    host: Title | None = Field(description="District or county that most of it lies in.")
    lands: list[str] = Field(description="Kinds of land whose area is known.")
    latest_year: int | None


class LinkageList(Answer):
    """All units that are never counted into the area or the figures of the zone."""

    zones: list[LinkageZone]
    total_km2: float = Field(description="Approved area of the zone, without any of them.")
    total_source: str
    basis: list[Basis]


class ComparedGroup(Answer):
    """Units together: sum of values over sum of lands, with bounds."""

    name: Title
    members: list[Title]
    value: float | None
    value_unit: str
    density_least: float | None
    density_most: float | None = Field(description="Null with a least: no upper end is known.")
    exact: bool = Field(description="Whether least and most are one figure.")
    land_least_km2: float | None
    land_most_km2: float | None
    lands: list[str] = Field(description="Kinds of land that the bounds come from.")
    other_years: list[int] = Field(
        description="Years of lands that are not those of the values: bounds alone are told then."
    )
    mark: Title | None = Field(description="What qualifies the density; null for plain facts.")
    value_mark: Title | None = Field(description="What qualifies the value, without its land.")
    without_value: list[Title] = Field(description="Members without a value: no density then.")
    without_land: list[Title] = Field(description="Members without any known land.")
    sources: list[str]


class Comparison(Answer):
    """Districts, batches or hosts side by side."""

    by: str = Field(examples=["district", "batch", "host", "unit"])
    indicator: str
    name: Title
    year: int
    nature: str | None = Field(description="fact or target; null where nobody has a value.")
    denominator: str
    unit: str
    groups: list[ComparedGroup]
    basis: list[Basis]


class MissingFigure(Answer):
    """A figure that a density needs and nobody has published or imported."""

    id: str = Field(examples=["gdp", "land:supplied"])
    name: Title
    unit: str


class MissingUnit(Answer):
    """What is missing of a unit, and who has it."""

    unit_id: str
    name: Title
    level: str
    holder: Title | None = Field(description="The office that has it; null: not known.")
    known: list[Title]
    missing: list[MissingFigure]
    searched: Title | None = Field(description="What a search of what is published found.")


class MissingFigures(Answer):
    """What is missing for the densities of a year."""

    year: int
    units: list[MissingUnit]
    template: str = Field(description="Address of the table to fill, which comes in as it is.")
