"""Answers about densities over years, and about one planning unit."""

from pydantic import Field

from maps.answers import Answer, Basis, Title
from maps.density.answers import Breaks, DensityTable, Qualifiers


class DensityYears(Answer):
    """One indicator over one kind of land, year by year, in classes that all years share."""

    indicator: str
    denominator: str
    tables: list[DensityTable] = Field(description="By year, the earliest first.")
    breaks: Breaks = Field(description="Of all years together.")


class UnitLand(Answer):
    """One kind of land of a unit."""

    kind: str
    area_km2: float
    method: str = Field(examples=["published", "ellipsoidal"])
    years: str = Field(description="Years that it holds for; a question mark is unknown.")
    source: str
    quality: str = Field(description="Of the source; of a drawn boundary the status of its layer.")


class UnitDensity(Answer):
    """One value of a unit over one kind of its land."""

    indicator: str
    name: Title
    year: int
    period: str
    value: float
    unit: str
    denominator: str
    density: float
    density_unit: str
    source: str
    qualifiers: Qualifiers


class UnitFigure(Answer):
    """A figure of a unit that stands over none of its land, and why."""

    indicator: str
    name: Title
    year: int
    period: str
    value: float
    unit: str
    source: str
    qualifiers: Qualifiers
    reason: str = Field(examples=["no_area", "area_other_year", "not_divided"])


class UnitSheet(Answer):
    """All that is known of a unit's land and densities."""

    unit_id: str
    unit_name: Title
    made_on: str
    lands: list[UnitLand]
    rows: list[UnitDensity]
    undivided: list[UnitFigure] = Field(description="Figures of which there is no density.")
    holder: Title | None = Field(description="The office that has the figures that are missing.")
    basis: list[Basis]
