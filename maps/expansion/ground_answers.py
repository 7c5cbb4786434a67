"""Answers about the ground of sites: heights, slopes, land cover."""

from pydantic import Field

from maps.answers import Answer, Basis, Citation, JsonObject, ReadReportOut, Title


class SiteProblem(Answer):
    """Why nothing can be said of a site; the code is worded in maps/locales."""

    code: str
    params: JsonObject


class RasterUsed(Answer):
    """The raster version that an answer rests on."""

    label: str = Field(examples=["dem@1"])
    title: Title
    status: str
    pixel_m: float


class Range(Answer):
    """Extremes and the mean, each pixel weighing as much as its ground in the site."""

    least: float | None
    mean: float | None
    most: float | None


class Share(Answer):
    """Ground of one class. Shares of one table add up to the site, unknown included."""

    id: str = Field(examples=["slope_1", "40"])
    name: Title | None
    lower: float | None = Field(description="Where the class begins, for ranges.")
    upper: float | None = Field(description="Where the class ends; null for the last.")
    group: str | None = Field(description="Group of land cover, the same in all dictionaries.")
    grade: int | None = Field(description="Grade by the rule, 1 best to 5 worst.")
    area_ha: float
    pct: float


class CoverShares(Answer):
    """Land cover of a site."""

    raster: RasterUsed
    others: list[RasterUsed] = Field(description="Further rasters, where the first says nothing.")
    classes: str
    shares: list[Share]
    unknown_ha: float
    outside_ha: float


class Ground(Answer):
    """Heights and slopes of a site."""

    raster: RasterUsed
    others: list[RasterUsed] = Field(description="Further rasters, where the first says nothing.")
    fit: str = Field(
        description="`scoring`; `coarse` if pixels are wide, so that slopes are smoothed and a "
        "score has wider bounds; `overview` if they are too wide for the site to be scored."
    )
    elevation_m: Range
    relief_m: float | None = Field(description="Highest less lowest pixel of the site.")
    slope_deg: Range
    slope_shares: list[Share]
    aspect_shares: list[Share]
    unknown_ha: float = Field(description="Ground in the site whose slope is not known.")
    outside_ha: float = Field(description="Ground of the site beyond all rasters.")


class SiteTerrain(Answer):
    """The ground of one site."""

    id: str
    name: Title | None
    area_ha: float
    width_m: float = Field(description="Diameter of the largest circle inside the site.")
    problem: SiteProblem | None
    ground: Ground | None
    cover: CoverShares | None = Field(description="Null where no land cover is known.")
    cover_problem: SiteProblem | None = Field(
        default=None, description="Why nothing is told of the cover, though a raster lies here."
    )
    missing: list[str] = Field(description="Kinds of rasters that there are none of here.")


class TerrainReport(Answer):
    """The ground of sites."""

    basis: list[Basis]
    citation: Citation = Field(description="Where the bounds of the slope classes are from.")
    sites: list[SiteTerrain]
    read_report: ReadReportOut | None
