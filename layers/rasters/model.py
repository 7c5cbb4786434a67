"""Value types of the raster store."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from affine import Affine

from layers.model import Issue, LayerSpec
from layers.store.plausibility.concerns import Concern


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterDeclaration:
    """What a person says about a raster file; None means that the file itself tells.

    ``unit`` has no such meaning: a file cannot be trusted to know. ``classes`` names the
    dictionary of a raster of classes.
    """

    kind: str
    unit: str | None
    classes: str | None = None
    crs: str | None = None
    nodata: float | None = None
    band: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterFacts:
    """What a stored raster is.

    ``transform`` holds the six numbers of an affine transformation. ``least`` and
    ``most`` are the extreme values. ``pixel_m`` is the longer side of the middle pixel
    on the ground, ``bounds_lonlat`` west, south, east, north in EPSG:4490.
    ``content_sha256`` is of the values and their place, whatever the file's bytes.
    ``nodata`` may be NaN, which equals nothing, so it has no part in comparisons.
    """

    crs: str
    columns: int
    rows: int
    transform: tuple[float, float, float, float, float, float]
    bands: tuple[str, ...]
    unit: str
    classes: str | None
    nodata: float | None = field(compare=False)
    least: float
    most: float
    pixel_m: float
    bounds_lonlat: tuple[float, float, float, float]
    content_sha256: str

    @property
    def affine(self) -> Affine:
        """The transformation from (column, row) to the raster's CRS."""
        return Affine(*self.transform)


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterReport:
    """How a raster file was understood; ``concerns`` are what a person must confirm."""

    name: str
    sha256: str
    size_bytes: int
    crs_how: str
    issues: tuple[Issue, ...] = ()
    concerns: tuple[Concern, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterVersion:
    """One immutable version: a cloud-optimised GeoTIFF.

    ``report`` is there for imported rasters. ``made_from`` names the versions
    (``id@number``) that a calculated raster rests on.
    """

    spec: LayerSpec
    number: int
    sha256: str
    created_at: datetime
    facts: RasterFacts
    path: Path
    report: RasterReport | None
    made_from: tuple[str, ...]

    @property
    def raster_id(self) -> str:
        """Id of the raster that this is a version of."""
        return self.spec.id

    @property
    def label(self) -> str:
        """Id and number, as evidence names versions."""
        return f"{self.spec.id}@{self.number}"
