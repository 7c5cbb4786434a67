"""Answers of the OGC interfaces, with the member names that the standards give them.

References
----------
OGC 17-069r4 (Features), 20-057 (Tiles), 18-062r2 (Processes), 19-072 (Common).
"""

from typing import Any

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from maps.answers import Answer, JsonObject

JSON_TYPE = "application/json"
GEOJSON_TYPE = "application/geo+json"
HTML_TYPE = "text/html"
SCHEMA_TYPE = "application/schema+json"
OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"
PROBLEM_TYPE = "application/problem+json"


class OgcAnswer(Answer):
    """Base: names in camel case, and what is not known is left out."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    def plain(self) -> JsonObject:
        """Return the answer as JSON values."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Link(OgcAnswer):
    """An address with its relation (RFC 8288)."""

    href: str
    rel: str
    type: str
    title: str | None = None
    hreflang: str | None = None
    templated: bool | None = None
    length: int | None = None
    method: str | None = Field(default=None, description="Where it is not GET alone.")


class Landing(OgcAnswer):
    """What stands at the root of the server."""

    title: str
    description: str
    links: list[Link]


class ApiDescription(OgcAnswer):
    """A description of the interfaces in the words of OpenAPI 3.0."""

    openapi: str
    info: JsonObject
    paths: JsonObject
    components: JsonObject


class Conformance(OgcAnswer):
    """Which parts of the standards are kept."""

    conforms_to: list[str]


class SpatialExtent(OgcAnswer):
    """Bounds in degrees, west, south, east, north."""

    bbox: list[list[float]]
    crs: str


class TemporalExtent(OgcAnswer):
    """Since and until when a layer is valid; null is open."""

    interval: list[tuple[str | None, str | None]]


class Extent(OgcAnswer):
    """Where and when a layer is valid."""

    spatial: SpatialExtent
    temporal: TemporalExtent | None = None


class Collection(OgcAnswer):
    """A layer at one version."""

    id: str
    title: str
    description: str
    attribution: str | None = None
    license: str | None = None
    extent: Extent | None = None
    item_type: str = "feature"
    crs: list[str]
    storage_crs: str
    version: int = Field(description="Number of the version that is answered from.")
    status: str = Field(examples=["official", "demonstration"])
    withdrawn: bool = Field(description="Whether the version was withdrawn.")
    feature_count: int
    data_date: str | None = None
    precision_m: float | None = None
    links: list[Link]


class Collections(OgcAnswer):
    """All layers at the version in use."""

    links: list[Link]
    collections: list[Collection]


class Feature(OgcAnswer):
    """A feature as GeoJSON."""

    type: str = "Feature"
    id: str
    geometry: JsonObject | None
    properties: JsonObject
    links: list[Link] = Field(default_factory=list)


class FeatureCollection(OgcAnswer):
    """Features as GeoJSON; ``numberMatched`` counts all that were asked for."""

    type: str = "FeatureCollection"
    time_stamp: str
    number_matched: int
    number_returned: int
    links: list[Link]
    features: list[JsonObject]


class Queryables(OgcAnswer):
    """What may be asked of the features of a layer, as JSON Schema."""

    schema_: str = Field(alias="$schema")
    id_: str = Field(alias="$id")
    type: str = "object"
    title: str
    description: str
    properties: dict[str, dict[str, Any]]
    additional_properties: bool = False
