"""What the files of a zone's folder hold, one model for each row or file."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
UnitId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{0,40}$")]
Codes = Annotated[str, StringConstraints(pattern=r"^\d{2,6}$")]
Lon = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1949, le=2100)]
Km2 = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]

Period = Literal[
    "full_year", "partial_year", "cumulative", "target", "estimate", "preliminary", "unclear"
]
Level = Literal["zone", "district", "bonded_zone", "park", "county", "province"]


class Row(BaseModel):
    """A row of a table or a part of a file: no field too many, none missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Row):
    """A text in both languages."""

    zh: Name
    en: Name


class RegionFile(Row):
    """Where sites of the zone can lie: counties by how their codes begin, and bounds.

    ``bounds_lonlat`` are west, south, east, north in EPSG:4490.
    """

    name: Words
    county_codes: Annotated[tuple[Codes, ...], Field(min_length=1)]
    bounds_lonlat: tuple[Lon, Lat, Lon, Lat]

    @model_validator(mode="after")
    def _has_extent(self) -> "RegionFile":
        west, south, east, north = self.bounds_lonlat
        if west >= east or south >= north:
            raise ValueError("bounds")
        return self


class PlanFile(Row):
    """The plan whose indicators are followed: its years, and where its table stands.

    ``next_year`` is the last year of the plan that follows.
    """

    source: Name
    quality: Name
    base_year: Year
    target_year: Year
    next_year: Year

    @model_validator(mode="after")
    def _years_follow(self) -> "PlanFile":
        if not self.base_year < self.target_year < self.next_year:
            raise ValueError("plan_years")
        return self


class ZoneFile(Row):
    """``zone.yaml``: who the zone is.

    ``not_here`` are members of the register of sensitive areas that cannot occur in the region,
    each with the reason.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    name: Words
    short_name: Words
    region: RegionFile
    plan: PlanFile
    not_here: dict[str, Words]


class UnitRow(Row):
    """``units.csv``: a planning unit, and the layer that draws it if one does."""

    id: UnitId
    level: Level
    layer: Name | None
    boundary_since: Year | None
    name_zh: Name
    name_en: Name


class AreaRow(Row):
    """``areas.csv``: the published area of one kind of land of a unit."""

    unit_id: UnitId
    denominator: Name
    area_km2: Km2
    first_year: Year | None
    last_year: Year | None
    source: Name
    quality: Name


class HolderRow(Row):
    """``holders.csv``: the office that has a unit's figures."""

    unit_id: UnitId
    holder_zh: Name
    holder_en: Name


class ObservationRow(Row):
    """``observations.csv``: a published value."""

    unit_id: UnitId
    indicator: Name
    year: Year
    period: Period
    value: Annotated[float, Field(allow_inf_nan=False)]
    relation: Literal["=", "<", ">", "~"]
    unit: Name
    source: Name
    quality: Name
    months: str | None = None
    note: str | None = None


class BatchRow(Row):
    """``linkage_batches.csv``: when a linkage zone was granted."""

    unit_id: UnitId
    batch: Name
    since: Name | None
    document: Name | None
    source: Name | None


class IndicatorRow(Row):
    """``plan_indicators.csv``: a row of the plan's own table."""

    number: Annotated[int, Field(ge=1)]
    id: Name
    name_zh: Name
    name_en: Name
    unit: Name
    base_value: Annotated[float, Field(allow_inf_nan=False)] | None
    target_value: Annotated[float, Field(allow_inf_nan=False)] | None
    target_rule: Literal["value", "rises", "share_of_province_rises"]
    printed_growth: float | None
    growth_kind: Literal["annual_pct", "cumulative"] | None


class FigureRow(Row):
    """``plan_figures.csv``: another figure that the plan states."""

    id: Name
    name_zh: Name
    name_en: Name
    value: float
    unit: Name
    year: Year
    relation: Name
    note: str | None


class ShareFile(Row):
    """``plan_shares.yaml``: a figure of the plan that is a share, and what it follows from."""

    of: UnitId
    year: Year
    indicator: Name | None = None
    whole: UnitId | None = None
    land: Name | None = None
    whole_layer: Literal["counties"] | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> "ShareFile":
        by_value = self.indicator is not None and self.whole is not None
        by_land = self.land is not None and self.whole_layer is not None
        if by_value == by_land:
            raise ValueError("share_of_two")
        return self


class UnitNamesFile(Row):
    """``unit_names.yaml``: what else units are called in tables."""

    prefixes: tuple[Name, ...]
    suffixes: dict[UnitId, tuple[Name, ...]]
    names: dict[UnitId, tuple[Name, ...]]


class DistrictPlace(Row):
    """A district in ``places.yaml``."""

    zh: Name
    en: Name
    functions_zh: Name
    functions_en: Name


class LinkagePlace(Row):
    """A linkage zone in ``places.yaml``: the point that shows it."""

    zh: Name
    en: Name
    at: tuple[Lon, Lat]
    published_area_km2: Km2 | None
    area_quality: Name
    area_note: Name | None


class PlacesFile(Row):
    """``places.yaml``: districts with their functions, linkage zones with their points."""

    districts: Annotated[dict[UnitId, DistrictPlace], Field(min_length=1)]
    linkage_zones: dict[UnitId, LinkagePlace]


class ClaimFile(Row):
    """``plan_claim.yaml``: what the plan says of sensitive areas."""

    claim: Words
    source: Name
    unit_kinds: tuple[Name, ...]


class LayerFile(Row):
    """``layers.yaml``: what is said of a layer that the folder brings."""

    kind: Name
    status: Literal["indicative", "reference", "demonstration"]
    title: Words
    source: Name
    licence: Name | None = None


class RasterFile(Row):
    """``rasters.yaml``: what is said of a made-up raster; ``window`` is one of the recipe."""

    kind: Literal["dem", "land_cover"]
    window: Name
    title: Words


class Footprint(Row):
    """How a district's sketch is made: exact area, centre, counties that it stays in."""

    area_km2: Km2
    centre: tuple[Lon, Lat]
    clip: Annotated[tuple[Codes, ...], Field(min_length=1)]
    seed: int


class BondedFootprint(Row):
    """How the sketch of the bonded part is made, inside a district."""

    inside: UnitId
    area_km2: Km2
    centre: tuple[Lon, Lat]
    seed: int


class Outline(Row):
    """How uneven the outline of a sketch is."""

    vertices: Annotated[int, Field(ge=8)]
    roughness: Annotated[float, Field(ge=0.0, lt=1.0)]


class Window(Row):
    """Where demonstration lines are drawn; towns are points in it."""

    centre: tuple[Lon, Lat]
    radius_km: Annotated[float, Field(gt=0.0, le=100.0)]
    seed: int
    towns: Annotated[tuple[tuple[Lon, Lat], ...], Field(min_length=1)]


class RecipeFile(Row):
    """``recipe.yaml``: sketches of districts, and demonstration data where there are windows.

    ``demonstration`` are the settings of what is made up, as
    :class:`layers.zones.demonstration.Demonstration` has them; a folder without windows has none.
    """

    footprints: Annotated[dict[UnitId, Footprint], Field(min_length=1)]
    bonded_zone: BondedFootprint | None
    outline: Outline
    windows: dict[Name, Window]
    demonstration: dict[str, Any]


class PlaceRow(Row):
    """``gazetteer.csv``: a place by whose name the map is searched."""

    kind: Name
    name_zh: Name
    name_en: Name
    pinyin: Name
    west: Lon
    south: Lat
    east: Lon
    north: Lat
    county: str | None


class LandCoverRow(Row):
    """``county_land_cover.csv``: land of a county by cover, in km2."""

    county: Name
    year: Year
    cropland: float
    forest: float
    shrub: float
    grassland: float
    water: float
    snow_ice: float
    barren: float
    impervious: Annotated[float, Field(ge=0.0)]
    wetland: float
