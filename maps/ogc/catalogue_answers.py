"""Answers of the catalogue: one document that is a STAC item and an OGC record; DCAT beside it.

References
----------
STAC 1.1.0; STAC API 1.0.0; OGC 20-004r1 (Records); W3C DCAT 3.
"""

from typing import Any

from pydantic import ConfigDict, Field
from typing_extensions import override

from maps.answers import JsonObject
from maps.ogc.answers import Link, OgcAnswer

STAC_VERSION = "1.1.0"
JSONLD_TYPE = "application/ld+json"
COG_TYPE = "image/tiff; application=geotiff; profile=cloud-optimized"


class StacAnswer(OgcAnswer):
    """Base: the names that STAC gives, and what is not known is left out."""

    model_config = ConfigDict(frozen=True, alias_generator=None)


class StacCatalog(StacAnswer):
    """The root of the catalogue."""

    type: str = "Catalog"
    stac_version: str = STAC_VERSION
    id: str
    title: str
    description: str
    conforms_to: list[str] = Field(serialization_alias="conformsTo")
    links: list[Link]


class StacConformance(StacAnswer):
    """Which parts of the standards the catalogue keeps."""

    conforms_to: list[str] = Field(serialization_alias="conformsTo")


class StacSpatial(StacAnswer):
    """Bounds in degrees, west, south, east, north: of all first."""

    bbox: list[list[float]]


class StacTemporal(StacAnswer):
    """Since and until when; null is open or not known."""

    interval: list[tuple[str | None, str | None]]


class StacExtent(StacAnswer):
    """Where and when."""

    spatial: StacSpatial
    temporal: StacTemporal

    @override
    def plain(self) -> JsonObject:
        """Return the answer as JSON values; open ends stay."""
        return self.model_dump(mode="json", by_alias=True)


class StacCollection(StacAnswer):
    """Everything of one sort: layers, rasters, statistics, publications."""

    type: str = "Collection"
    stac_version: str = STAC_VERSION
    id: str
    title: str
    description: str
    item_type: str = Field(default="record", serialization_alias="itemType")
    license: str = Field(default="other", description="Each item says its own.")
    extent: StacExtent
    item_count: int = Field(serialization_alias="ftzgis:item_count")
    lost: list[str] = Field(
        serialization_alias="ftzgis:lost",
        description="What stood here and cannot be read; see doctor.",
    )
    links: list[Link]

    @override
    def plain(self) -> JsonObject:
        """Return the answer as JSON values; open ends of the time stay."""
        return {**super().plain(), "extent": self.extent.plain()}


class StacCollections(StacAnswer):
    """All collections of the catalogue."""

    collections: list[StacCollection]
    links: list[Link]

    @override
    def plain(self) -> JsonObject:
        """Return the answer as JSON values; open ends of the time stay."""
        return {**super().plain(), "collections": [one.plain() for one in self.collections]}


class StacAsset(StacAnswer):
    """A file, or an interface that gives the data."""

    model_config = ConfigDict(frozen=True, extra="allow")

    href: str
    type: str
    title: str
    roles: list[str]


class StacItem(StacAnswer):
    """A version of a layer, raster, data set or publication; an OGC record, too."""

    type: str = "Feature"
    stac_version: str = STAC_VERSION
    stac_extensions: list[str]
    conforms_to: list[str] = Field(serialization_alias="conformsTo")
    id: str
    collection: str
    geometry: JsonObject | None
    bbox: list[float] | None = None
    time: JsonObject | None = Field(description="When it holds; null where nobody says.")
    properties: dict[str, Any]
    links: list[Link]
    assets: dict[str, StacAsset]

    @override
    def plain(self) -> JsonObject:
        """Return the answer as JSON values; shape and times stay where they are null."""
        found = super().plain()
        kept = {"geometry": self.geometry, "time": self.time, "properties": self.properties}
        return {**found, **kept}


class StacItems(StacAnswer):
    """Items; ``numberMatched`` counts those of all pages."""

    type: str = "FeatureCollection"
    features: list[StacItem]
    links: list[Link]
    number_matched: int = Field(serialization_alias="numberMatched")
    number_returned: int = Field(serialization_alias="numberReturned")
    lost: list[str] = Field(serialization_alias="ftzgis:lost")

    @override
    def plain(self) -> JsonObject:
        """Return the answer as JSON values."""
        return {**super().plain(), "features": [one.plain() for one in self.features]}


class JsonLd(StacAnswer):
    """A DCAT catalogue as JSON-LD, with its context inside."""

    context: JsonObject = Field(serialization_alias="@context")
    id: str = Field(serialization_alias="@id")
    type: str = Field(default="dcat:Catalog", serialization_alias="@type")
    title: list[JsonObject] = Field(serialization_alias="dct:title")
    description: list[JsonObject] = Field(serialization_alias="dct:description")
    datasets: list[JsonObject] = Field(serialization_alias="dcat:dataset")
