"""Answers about earthworks: cut, fill, balance and cost, with the error of the heights."""

from pydantic import Field

from maps.answers import Answer, Basis, ReadReportOut, Title
from maps.expansion.ground_answers import RasterUsed, SiteProblem


class Span(Answer):
    """A lower and an upper bound."""

    least: float
    most: float


class PriceOut(Answer):
    """A price of a cubic metre: of cut and spoil and borrow as it lies, of fill as finished."""

    item: str = Field(examples=["cut"])
    cny_per_m3: Span


class ErrorModel(Answer):
    """How the error of heights was drawn: a normal random field with exponential correlation."""

    sd_m: float = Field(description="Standard deviation of the error of one height, as stated.")
    length_m: float = Field(description="Correlation length.")
    length_stated: bool
    draws: int
    seed: int
    interval_pct: float


class PlatformOut(Answer):
    """One platform, without the slopes."""

    number: int
    area_ha: float
    elevation_m: float
    cut_m3: float
    fill_m3: float


class Uncertain(Answer):
    """Between what bounds a share of the draws lies, at the elevations of the answer."""

    cut_m3: Span
    fill_m3: Span
    surplus_m3: Span
    balance_shift_m: Span = Field(description="By how much the balanced elevation may lie off.")


class SiteEarthworks(Answer):
    """The earthworks of one site; volumes of cut as it lies, of fill as finished."""

    id: str
    name: Title | None
    area_ha: float
    width_m: float
    problem: SiteProblem | None
    raster: RasterUsed | None = None
    others: list[RasterUsed] = Field(default=[])
    platforms: list[PlatformOut] = Field(default=[])
    cut_m3: float | None = None
    fill_m3: float | None = None
    slope_cut_m3: float | None = None
    slope_fill_m3: float | None = None
    slope_ha: float | None = Field(default=None, description="Ground that slopes take outside.")
    surplus_m3: float | None = Field(
        default=None, description="Cut less what the fill takes of it; below 0 it is lacking."
    )
    open_slopes: bool = Field(
        default=False, description="Slopes run on beyond what was computed; volumes are too small."
    )
    error: ErrorModel | None = Field(
        default=None, description="Null where no accuracy is stated: bounds cannot be told."
    )
    interval: Uncertain | None = None
    cost_cny: Span | None = None
    unpriced: list[str] = Field(default=[], description="Items without a price, not in the cost.")


class EarthworksReport(Answer):
    """The earthworks of sites."""

    basis: list[Basis]
    balanced: bool = Field(description="Whether elevations were sought, not given.")
    swell: float = Field(description="Cubic metres of finished fill from one of cut.")
    cut_slope: float | None
    fill_slope: float | None
    prices: list[PriceOut]
    price_source: str | None
    sites: list[SiteEarthworks]
    read_report: ReadReportOut | None
