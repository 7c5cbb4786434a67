"""Answers about what land must yield, and about totals brought onto smaller land."""

from typing import Literal

from pydantic import Field

from maps.answers import Answer, Basis, JsonObject, Title
from maps.density.answers import Breaks, Qualifiers


class ScenarioOut(Answer):
    """One scenario: what it asks of the land, and how much land it saves."""

    name: str
    added_km2: float
    density_by: str = Field(examples=["kept", "stated", "plan_target"])
    density_then: float
    area_km2: float
    value_needed: float = Field(description="On all land together.")
    present_growth_pct: float = Field(
        description="By how much the present land yields more then; 0: its value is frozen."
    )
    value_of_present_land: float
    value_of_new_land: float | None = Field(
        description="Needed, less that of the present land; null without added land."
    )
    density_of_new_land: float | None = Field(description="Null without added land.")
    growth_pct: float = Field(
        description="Of all value; growing so on the present land alone would need no new land."
    )
    by_year: int | None
    annual_growth_pct: float | None = Field(description="Yearly rate until by_year.")
    land_at_present_km2: float = Field(description="What the value needs at today's density.")
    land_saved_km2: float = Field(description="That, less the land of the scenario.")
    land_spared_km2: float = Field(
        description="Added land that growth on the present land makes unnecessary at the "
        "density reached; at most all of it."
    )


class ScenarioReport(Answer):
    """Scenarios side by side, all from one known density."""

    indicator: str
    name: Title
    unit_id: str
    unit_name: Title
    year: int
    denominator: str
    value: float
    value_unit: str
    area_km2: float
    density: float
    density_unit: str
    source: str
    area_source: str
    qualifiers: Qualifiers = Field(description="Of the value that all scenarios start from.")
    plan_target: float | None = Field(description="The plan's target for the unit, if it has one.")
    plan_target_density: float | None
    basis: list[Basis]
    scenarios: list[ScenarioOut]


class DownscaledPart(Answer):
    """A cell or parcel with its estimated share of a total."""

    id: str
    value: float
    area_km2: float = Field(description="Ellipsoidal area inside the units.")
    density: float


class DownscaleReport(Answer):
    """A total brought onto smaller land. All of its values are estimates."""

    estimate: Literal[True] = Field(description="No value of it was counted anywhere.")
    indicator: str
    name: Title
    year: int
    value_unit: str
    density_unit: str
    units: list[str] = Field(description="Planning units whose totals were brought down.")
    unit_names: list[Title]
    left_out: list[Title] = Field(
        description="Of the same level: no fact of the year, no boundary, or not asked for."
    )
    source: str
    qualifiers: list[Qualifiers] = Field(
        description="Of those totals; area_quality is that of the boundaries they lie in."
    )
    of_parts: Qualifiers = Field(
        description="Of every part: of all totals, boundaries, weights and the land they lie on."
    )
    onto: str = Field(examples=["grid 500 m", "demo_parcels"])
    weights: str = Field(examples=["area", "demo_urban_development_boundary"])
    total: float
    total_of_parts: float
    covered_pct: float = Field(description="Share of the units' land that the parts cover.")
    parts: list[DownscaledPart]
    breaks: Breaks
    basis: list[Basis]
    features: JsonObject | None = Field(default=None, description="Parts as GeoJSON, lon/lat.")
