"""Answers of layers that come in: where they lie, and what was matched to their kind."""

from pydantic import Field

from maps.answers import Answer, JsonObject, Title
from maps.data.withdrawal_answers import Resting


class CountyShareOut(Answer):
    """How much of a layer lies in a county; without code and title, outside of all of them."""

    code: str
    title: Title | None
    share_pct: float = Field(description="By area; by length without areas, else by number.")


class ClassMatchOut(Answer):
    """A value of a field, and the rules in force that speak of the features that say it."""

    said: str
    meant: str | None = Field(description="The class as rules ask for it; null where none does.")
    count: int = Field(description="Features that say it.")
    rules: list[Title]


class FieldMatchOut(Answer):
    """In which field of a layer an attribute was found that rules read."""

    attribute: str
    field: str | None = Field(description="Null where no field holds it.")
    asked: bool = Field(description="Whether rules choose features by it.")
    others: list[str] = Field(description="Further fields that could be meant.")
    values: list[ClassMatchOut]


class ImportSample(Answer):
    """The first features of a layer, to look at: on a map and as a table."""

    features: JsonObject = Field(
        description="GeoJSON, lon/lat, coarsened for a small map: to look at, not to measure."
    )
    shown: int = Field(description="How many features are drawn, of all that would come in.")
    columns: list[str]
    rows: list[list[str]]


class StandingVersion(Answer):
    """A layer or raster that counts now and would count no more."""

    id: str
    version: int
    title: Title
    status: str
    feature_count: int | None = Field(description="Null of rasters.")
    partly: bool = Field(
        default=False,
        description="It counts no more where the new raster lies, but beyond.",
    )


class ImportChange(Answer):
    """What an import would change."""

    stands: StandingVersion | None = Field(
        description="The version in use that holds the same already: nothing would be stored."
    )
    replaces: list[StandingVersion] = Field(
        description="The version before of the same id, and demonstrations of the kind."
    )
    resting: list[Resting] = Field(description="What was made with these, and stays as it is.")


class ImportKind(Answer):
    """A kind of layer or raster that can come in."""

    id: str
    title: Title
    control: bool = Field(default=False, description="Whether sites are held against it.")
    units: list[str] = Field(default=[], description="Units that values of a raster may have.")
    classes: bool = Field(default=False, description="Whether its values are classes.")


class Choice(Answer):
    """Something to choose from a list."""

    id: str
    title: Title


class ImportChoices(Answer):
    """What a person chooses from when data come in."""

    layer_kinds: list[ImportKind]
    raster_kinds: list[ImportKind]
    class_dictionaries: list[Choice]
    statuses: list[str]
    counties: list[Choice] = Field(description="By code; the first four digits are a prefecture.")
    prefectures: list[Choice]
    regions: list[Choice] = Field(description="The whole region, by how the codes of it begin.")
