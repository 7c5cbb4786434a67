"""What the operations of expansion sites are asked; use cases take the same values."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from api.operation import Names, Question, split_names
from api.reading import Dated, FileReading, Nature, Reading
from api.upload import Upload
from geo.errors import InputError

Positive = Annotated[float, Field(gt=0, le=1e7, allow_inf_nan=False)]
FromZero = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
MOST_PLACES = 200


class PlaceError(InputError):
    """A place is not written as name=longitude,latitude. Params: ``text``."""

    code = "api.sites.place"


class WeightError(InputError):
    """A weight is not written as criterion=number. Params: ``text``."""

    code = "api.sites.weight"


class SizesCrossError(InputError):
    """No site can be of the sizes that are asked for. Params: ``least_ha``, ``most_ha``."""

    code = "api.search.sizes"


class Place(Question):
    """A point that sites shall be near to: a port, a station, a junction."""

    name: Annotated[str, Field(max_length=80)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]


class Weight(Question):
    """How much a criterion counts; the criteria that are not named keep theirs."""

    criterion: str
    weight: Annotated[float, Field(allow_inf_nan=False)]


def _place(value: object) -> object:
    """Return a place that a person wrote as ``name=longitude,latitude``."""
    if not isinstance(value, str):
        return value
    name, _, numbers = value.rpartition("=")
    try:
        lon, lat = (float(one) for one in numbers.split(","))
        return Place(name=name.strip(), lon=lon, lat=lat)
    except ValueError as exc:
        raise PlaceError(text=value[:80]) from exc


def _weight(value: object) -> object:
    """Return a weight that a person wrote as ``criterion=number``."""
    if not isinstance(value, str):
        return value
    name, _, number = value.partition("=")
    try:
        return Weight(criterion=name.strip(), weight=float(number))
    except ValueError as exc:
        raise WeightError(text=value[:80]) from exc


Places = Annotated[
    tuple[Annotated[Place, BeforeValidator(_place)], ...], Field(max_length=MOST_PLACES)
]
Weights = tuple[Annotated[Weight, BeforeValidator(_weight)], ...]


class GroundTermsQuery(Question):
    """What of ground is soft, listed or priced: by a set that ships, a file, or both."""

    constraint_set: str | None = None
    constraints: Upload | None = None


class CriteriaQuery(GroundTermsQuery):
    """By what sites are compared: criteria of a set that ships, of a file, or of both."""

    criteria: str | None = None
    criteria_file: Upload | None = None
    weights: Weights = ()


class SearchQuery(GroundTermsQuery):
    """What is searched for; None asks nothing.

    ``cell_m`` counts only where the area is too large for cells as fine as the heights.
    """

    least_ha: Annotated[float, Field(ge=0.01, le=1e7, allow_inf_nan=False)]
    most_ha: Annotated[float, Field(ge=0.01, le=1e7, allow_inf_nan=False)] | None = None
    width_m: Annotated[float, Field(ge=1, le=1e7, allow_inf_nan=False)]
    compactness: Annotated[float, Field(ge=0, le=1)] = 0.0
    slope_deg: Annotated[float, Field(ge=0, le=90)] | None = None
    grade: Annotated[int, Field(ge=1, le=5)] | None = None
    district_km: Positive | None = None
    places: Places = ()
    place_km: Positive | None = None
    cell_m: Annotated[float, Field(ge=1, le=1000)] | None = None
    nature: Nature = None

    @model_validator(mode="after")
    def _sizes_leave_room(self) -> Self:
        if self.most_ha is not None and self.most_ha < self.least_ha:
            raise SizesCrossError(least_ha=self.least_ha, most_ha=self.most_ha)
        return self


class SearchQuestion(SearchQuery, Dated, Reading):
    """Where and what is searched for: in a county, or in an area as a file or a drawing."""

    county: str | None = None
    area: Upload | None = None


class AvoidQuery(Question):
    """What an avoidance must keep; ``reach_m`` None takes that of the terms."""

    target_m2: FromZero = 0.0
    width_m: FromZero = 0.0
    reach_m: Annotated[float, Field(ge=0, le=50_000, allow_inf_nan=False)] | None = None
    nature: Nature = None


class AvoidQuestion(AvoidQuery, Dated, FileReading):
    """Which sites are kept clear of the hard lines."""


class RankQuery(CriteriaQuery):
    """How sites are compared; the density is asked for whole or not at all."""

    places: Places = ()
    least_ha: FromZero = 0.0
    width_m: FromZero = 0.0
    nature: Nature = None
    indicator: str | None = None
    year: int | None = None
    denominator: str | None = None
    geometry: bool = False


class RankQuestion(RankQuery, Dated, FileReading):
    """Which sites are compared."""


class GroundQuestion(Reading):
    """Sites as a file, or the polygons of a stored layer; and which raster of heights."""

    file: Upload | None = None
    of_layer: str | None = None
    raster: str | None = None


Minutes = Annotated[
    tuple[Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)], ...],
    BeforeValidator(split_names),
    Field(max_length=6),
]
"""Times in minutes, repeated or parted by commas."""


class AccessQuestion(FileReading):
    """From which sites what is to be reached; nothing named takes the kinds that ship."""

    kinds: Names = ()
    places: Places = ()
    minutes: Minutes = ()
    snap_m: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] | None = None
    geometry: bool = False


class EarthPrice(Question):
    """What a cubic metre costs in CNY: of cut, fill, spoil to be taken away, or borrow."""

    item: Literal["cut", "fill", "spoil", "borrow"]
    least: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
    most: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class EarthPriceError(InputError):
    """A price is not written as item=least:most. Params: ``text``."""

    code = "api.earthworks.price"


def _earth_price(value: object) -> object:
    """Return a price that a person wrote as ``cut=12:18`` or ``cut=15``."""
    if not isinstance(value, str):
        return value
    item, _, numbers = value.partition("=")
    least, _, most = numbers.replace("：", ":").partition(":")
    try:
        price = EarthPrice.model_validate(
            {"item": item.strip(), "least": least.strip(), "most": (most or least).strip()}
        )
    except ValueError as exc:
        raise EarthPriceError(text=value[:80]) from exc
    if price.least > price.most:
        raise EarthPriceError(text=value[:80])
    return price


EarthPrices = Annotated[
    tuple[Annotated[EarthPrice, BeforeValidator(_earth_price)], ...], Field(max_length=4)
]
Elevations = Annotated[
    tuple[Annotated[float, Field(ge=-500, le=9000, allow_inf_nan=False)], ...],
    BeforeValidator(split_names),
    Field(max_length=20),
]
_SlopeRate = Annotated[float, Field(gt=0, le=20, allow_inf_nan=False)]


Swell = Annotated[float, Field(gt=0.2, le=3, allow_inf_nan=False)]


class LevellingTerms(Question):
    """How sites are levelled, how exact their heights are, and what it costs."""

    platforms: Annotated[int, Field(ge=1, le=20)] = 1
    cut_slope: _SlopeRate | None = None
    fill_slope: _SlopeRate | None = None
    dem_sd_m: Annotated[float, Field(ge=0, le=200, allow_inf_nan=False)] | None = None
    dem_length_m: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] | None = None
    prices: EarthPrices = ()
    price_source: Annotated[str, Field(max_length=300)] | None = None


class EarthworksQuestion(FileReading, LevellingTerms):
    """Which sites are levelled, and how; without elevations cut and fill are balanced."""

    swell: Swell
    elevations_m: Elevations = ()
    raster: str | None = None


class DossierQuestion(FileReading, CriteriaQuery, LevellingTerms):
    """The sites of a dossier, what they are compared with, and what is asked of them.

    Without ``alternatives`` two of like size are searched for in the county; without ``swell``
    no earthworks are computed, and without a density no yield is asked for.
    """

    alternatives: Upload | None = None
    nature: Nature = None
    project: Annotated[str, Field(max_length=300)] | None = None
    maker: Annotated[str, Field(max_length=300)] | None = None
    template: str | None = None
    places: Places = ()
    indicator: str | None = None
    year: int | None = None
    denominator: str | None = None
    swell: Swell | None = None


class SuitabilityMapQuestion(Question):
    """Which raster of heights is graded, and by which rules."""

    raster: str
    rule: str = "urban_building"


def own_weights(weights: Weights) -> dict[str, float] | None:
    """Return weights by criterion; None without any.

    Examples
    --------
    >>> own_weights((Weight(criterion="area_ha", weight=2.0),))
    {'area_ha': 2.0}
    """
    return {one.criterion: one.weight for one in weights} or None
