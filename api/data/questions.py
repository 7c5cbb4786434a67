"""What is asked about layers and rasters: the questions of the operations of this room."""

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Field

from api.operation import Names, Question
from api.reading import FileReading, Reading, Said
from api.upload import Upload


class LayerQuestion(Question):
    """Which layer."""

    layer_id: str


class RasterQuestion(Question):
    """Which raster."""

    raster_id: str


class Facts(Question):
    """What is said of data that come in."""

    id: str
    kind: str
    title: str
    title_en: str | None = None
    source: str
    status: str = "official"
    licence: str = "internal"
    data_date: date | None = None

    FACTS: ClassVar[tuple[str, ...]] = ("id", "kind", "source", "status", "licence", "data_date")

    @property
    def facts(self) -> dict[str, Any]:
        """The same as a spec takes it."""
        said = {name: getattr(self, name) for name in self.FACTS}
        return {**said, "title_zh": self.title, "title_en": self.title_en or self.title}


class ImportQuestion(Facts, Reading):
    """A layer that comes in; without ``covers`` it can never make a site clear."""

    file: Upload
    covers: Names = ()
    covers_file: Upload | None = None
    precision_m: Annotated[float, Field(gt=0)] | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    accept: bool = False

    FACTS: ClassVar[tuple[str, ...]] = (*Facts.FACTS, "precision_m", "valid_from", "valid_to")


class LayerVersionQuestion(Said):
    """Which version of a layer."""

    layer_id: str
    version: int


class RasterVersionQuestion(Said):
    """Which version of a raster."""

    raster_id: str
    version: int


class RasterImportQuestion(Facts):
    """A raster that comes in."""

    file: Upload
    unit: str | None = None
    classes: str | None = None
    crs: str | None = None
    nodata: float | None = None
    band: Annotated[int, Field(ge=1)] | None = None
    accept: bool = False


class GuideQuestion(Question):
    """Of which kind; of all without one."""

    kind: str | None = None


class ExportQuestion(LayerQuestion):
    """Which version of a layer; the current one without a number."""

    version: int | None = None


class RasterExportQuestion(Question):
    """Which version of a raster; the current one without a number."""

    raster_id: str
    version: int | None = None


class DiffQuestion(LayerQuestion):
    """Which two versions."""

    from_version: int
    to_version: int


class FeaturesQuestion(LayerQuestion):
    """Which features: those that meet bounds, so many at most."""

    bbox: str | None = None
    limit: int | None = None


class ConvertQuestion(FileReading):
    """What is turned into another format, and into which CRS; None keeps its own."""

    to_crs: str | None = None


class FetchQuestion(Question):
    """Which window of which open raster."""

    recipe_id: str
    bbox: str
