"""What is asked about densities, tables and firms: the questions of the operations of this room."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from api.operation import Names, Question
from api.reading import Reading, Said
from api.upload import Upload

DeclaredNature = Literal["fact", "target", "estimate", "preliminary"]
"""What figures are of which only titles, names, notes and marks speak, as a person declares."""


class YearsQuestion(Question):
    """Which indicator over which land."""

    indicator: str
    denominator: str


Maker = Annotated[str, Field(min_length=1, max_length=120)]
"""Who makes a sheet: printed at its end; without one a line is left to be filled."""


class DensityQuestion(YearsQuestion):
    """Which indicator of which year over which land."""

    year: int


class DensitySheetQuestion(DensityQuestion):
    """Which density, and who makes a sheet of it."""

    maker: Maker | None = None


class PlanQuestion(Question):
    """Who makes a sheet of the plan."""

    maker: Maker | None = None


class CompareQuestion(DensityQuestion):
    """Which density, and by what units are put side by side."""

    by: Literal["district", "unit", "batch", "host"]
    maker: Maker | None = None


class MissingQuestion(Question):
    """Of which year and of which units figures are missing; without a year the last one."""

    year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    unit_ids: Names = ()


class StatementQuestion(Question):
    """Of which quarter, and of which units."""

    year: Annotated[int, Field(ge=1990, le=2100)]
    quarter: Annotated[int, Field(ge=1, le=4)]
    unit_ids: Names = ()
    maker: Maker | None = None


class ResourceQuestion(Question):
    """Of which unit and year; carbon only by a factor that is stated with its source."""

    unit_id: str
    year: Annotated[int, Field(ge=1990, le=2100)]
    carbon_t_per_tce: Annotated[float, Field(gt=0, le=10)] | None = None
    factor_source: Annotated[str, Field(min_length=1, max_length=300)] | None = None


class UnitQuestion(Question):
    """Which planning unit."""

    unit_id: str
    maker: Maker | None = None


class TableQuestion(Question):
    """A table of statistics, and what is said of it."""

    file: Upload
    dataset: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    quality: str = "official"
    year: int | None = None
    layer: str | None = None
    encoding: str | None = None
    units_layer: str | None = None
    cny_per_usd: Annotated[float, Field(ge=0.01)] | None = None
    rate_source: str | None = None
    ignore: Names = ()
    nature: DeclaredNature | None = None
    accept: bool = False


class DatasetQuestion(Question):
    """Which data set."""

    dataset: str


class TableVersionQuestion(Said):
    """Which version of a data set."""

    dataset: str
    version: int


class TemplateQuestion(MissingQuestion):
    """Which empty table: statistics, figures, zones or firms; what figures are missing of."""

    name: str


class SchemeQuestion(Question):
    """Which scheme."""

    scheme: str


class IntensityQuestion(Reading):
    """Development zones as a table or a layer, and whose ideal values they are held against."""

    file: Upload
    scheme: str = "national_sample"
    nature: DeclaredNature | None = None
    accept: bool = False


class PermuQuestion(Reading):
    """Firms as a table or a layer of their parcels, and how they are scored."""

    file: Upload | None = None
    scheme: str
    parcels: str | None = None
    geometry: bool = False
    nature: DeclaredNature | None = None
    accept: bool = False


class LowLandQuestion(PermuQuestion):
    """Firms as for their scores, a budget in 万元, and what each route costs and frees."""

    budget_wan: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    prices: Annotated[Names, Field(max_length=20)] = ()
    aim: Literal["land", "money"] = "land"


class LedgerQuestion(Reading):
    """Promises of standard land, and the yearly figures of the same parcels."""

    file: Upload
    figures: Upload
    warn_months: Annotated[int, Field(ge=0, le=120)] = 12
    nature: DeclaredNature | None = None
    accept: bool = False


def _case(value: object) -> object:
    if isinstance(value, str):
        from api.density.scenario import parse_case  # noqa: PLC0415 - heavy

        return parse_case(value)
    return value


class CaseQuestion(Question):
    """One scenario; ``density`` None keeps the present one."""

    model_config = ConfigDict(from_attributes=True)

    name: Annotated[str, Field(max_length=80)]
    added_km2: Annotated[float, Field(ge=0)]
    density: Annotated[float, Field(gt=0)] | None = None
    plan_target: bool = False
    by_year: int | None = None
    present_growth_pct: Annotated[float, Field(ge=-99, le=1000, allow_inf_nan=False)] = 0.0


class ScenarioQuestion(DensityQuestion):
    """The known density to start from, and the scenarios."""

    unit_id: str
    cases: Annotated[
        tuple[Annotated[CaseQuestion, BeforeValidator(_case)], ...],
        Field(min_length=1, max_length=50),
    ]


class DownscaleQuestion(Question):
    """What is brought down, onto a grid or a layer, by which weights."""

    indicator: str
    year: int
    units: Annotated[Names, Field(max_length=200)] = ()
    grid_m: Annotated[float, Field(gt=0)] | None = None
    onto_layer: str | None = None
    weight_layer: str | None = None
    weight_raster: str | None = None
    raster: Upload | None = None
    legend: str | None = None
    geometry: bool = False
