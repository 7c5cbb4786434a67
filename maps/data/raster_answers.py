"""Answers about rasters: the catalogue, legends, imports."""

from pydantic import Field

from maps.answers import Answer, JsonObject, Title, VersionStep
from maps.data.answers import ImportConcern
from maps.data.import_answers import ImportChange


class LegendEntry(Answer):
    """One colour of a raster's picture and what it means.

    Text in both languages where a class is meant, ``upper`` where a range ends.
    """

    colour: str = Field(examples=["#1b7837"])
    name: Title | None
    upper: float | None = Field(description="Largest value of the range; null for the last.")


class RasterStyle(Answer):
    """One way to draw a raster as tiles."""

    id: str = Field(examples=["hillshade"])
    title: Title
    unit: str
    tiles: str = Field(description="Address of the tiles, with {z}, {x} and {y} left to fill in.")
    legend: list[LegendEntry]


class RasterPicture(Answer):
    """A whole raster in small, in web Mercator, before it is stored."""

    image: str = Field(description="A PNG as a `data:` address; clear where nothing is known.")
    bounds_lonlat: tuple[float, float, float, float] = Field(description="Of the picture.")
    style: RasterStyle = Field(description="What its colours mean; there are no tiles.")


class RasterOut(Answer):
    """A raster of the catalogue at one version."""

    id: str
    kind: str
    kind_title: Title
    title: Title
    status: str
    sensitivity: str
    source: str
    licence: str
    data_date: str | None
    version: int
    sha256: str
    content_sha256: str
    created_at: str
    crs: str
    columns: int
    rows: int
    pixel_m: float = Field(description="Longer side of the middle pixel on the ground.")
    unit: str = Field(examples=["m", "class"])
    classes: str | None = Field(description="Dictionary of the classes.")
    bands: list[str]
    least: float
    most: float
    bounds_lonlat: tuple[float, float, float, float]
    made_from: list[str] = Field(description="Versions that a calculated raster rests on.")
    in_use: bool
    withdrawals: list[VersionStep] = Field(
        default=[], description="That this version was withdrawn, restored, ...; oldest first."
    )
    styles: list[RasterStyle]

    @property
    def withdrawn(self) -> bool:
        """Whether the version was withdrawn and not restored."""
        return bool(self.withdrawals) and self.withdrawals[-1].withdrawn


class RasterList(Answer):
    """Rasters, or the versions of one."""

    rasters: list[RasterOut]
    lost: list[str] = Field(
        default=[],
        description="Versions that have a file and that the catalogue does not know: "
        "`doctor --rebuild` restores them.",
    )


class RasterImport(Answer):
    """What an import of a raster stored."""

    raster: RasterOut
    created: bool
    replaces: list[str] = Field(description="Demonstration rasters that are no longer used.")
    concerns: list[ImportConcern] = Field(description="What was asked about and confirmed.")
    read_report: JsonObject


class RasterPreview(Answer):
    """What of a raster would come in, and what an import must be told to accept."""

    id: str
    kind: str
    kind_title: Title
    crs: str
    columns: int
    rows: int
    pixel_m: float = Field(description="Longer side of the middle pixel on the ground.")
    unit: str
    least: float
    most: float
    bounds_lonlat: tuple[float, float, float, float]
    concerns: list[ImportConcern]
    change: ImportChange
    picture: RasterPicture | None = Field(description="Null of a classified raster.")
    read_report: JsonObject


class RecipeOut(Answer):
    """An open raster that can be fetched where the network is allowed."""

    id: str
    kind: str
    title: Title
    source: str
    licence: str
    pixel_deg: float


class RecipeList(Answer):
    """All recipes."""

    recipes: list[RecipeOut]
