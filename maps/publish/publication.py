"""What a published map carries: all that its page and its sheets for print show."""

from pydantic import Field

from maps.answers import Answer, JsonObject, Title
from maps.check.protection_answers import Protection
from maps.density.answers import DensityTable


class PublicField(Answer):
    """What is told of every feature of a layer beside its name, if only that nobody says it."""

    id: str
    form: str = Field(description="choice, size, measured, date, text, or both (languages).")


class PublicLayer(Answer):
    """A layer as the public sees it; ``features`` is GeoJSON in lon/lat."""

    id: str
    kind: str
    title: Title
    status: str
    source: str
    licence: str = ""
    version: int
    displacement_m: float
    features: JsonObject
    fields: list[PublicField] = Field(default=[], description="By the kind of the layer.")
    protections: list[Protection] = Field(
        default=[],
        description="Of a control line: its rules in plain words, by the law of the day on which "
        "the map was made, without the words by which a layer classes its features.",
    )


class PublishedDensity(DensityTable):
    """A density as the public sees it, and what its plan says that it is."""

    stated_nature: str = Field(description="fact, or the word that stands beside its name.")


class Publication(Answer):
    """A publication in both languages; ``bounds_lonlat`` is west, south, east, north in degrees."""

    id: str
    title: Title
    maker: Title
    disclaimer: Title
    data_date: str
    law_on: str = Field(default="", description="The day whose law the rules are, ISO 8601.")
    review_number: str | None
    draft: bool
    story: list[JsonObject]
    crs: str
    bounds_lonlat: tuple[float, float, float, float]
    layers: list[PublicLayer]
    densities: list[PublishedDensity]
