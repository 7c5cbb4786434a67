"""Answers about what stands where: positions, names, features at a point, measures."""

from pydantic import Field

from maps.answers import Answer, JsonObject, Title
from maps.check.finding import Printed


class PlaceFound(Answer):
    """A place that a text can mean: a named feature, a layer or coordinates."""

    kind: str = Field(examples=["feature", "layer", "coordinates"])
    name: Title
    layer_id: str | None
    layer_title: Title | None
    feature_id: str | None
    lon_deg: float
    lat_deg: float
    bounds_lonlat: tuple[float, float, float, float] | None
    crs: str | None = Field(description="For coordinates: what they were read in.")
    evidence: list[str] = Field(description="For coordinates: why they were read so.")


class PlaceList(Answer):
    """All that a text can mean, most likely first; ``more`` counts what was left out."""

    query: str
    places: list[PlaceFound]
    more: int
    lost: list[str] = Field(
        default=[],
        description="Versions that have a file and that the catalogue does not know: "
        "`doctor --rebuild` restores them.",
    )


class PositionOut(Answer):
    """A position the ways that planners write it."""

    lon_deg: float
    lat_deg: float
    lon_dms: str
    lat_dms: str
    gauss_krueger_crs: str | None
    easting_m: float | None
    northing_m: float | None
    county: str | None
    county_name: Title | None = Field(default=None, description="The county in both languages.")


class FeatureAt(Answer):
    """A feature at a position."""

    layer_id: str
    layer_title: Title
    layer_status: str
    layer_version: int
    kind: str
    feature_id: str
    name: Title | None
    area_m2: float | None = Field(description="Ellipsoidal; None for lines and points.")
    length_m: float | None = Field(description="Geodesic; None for all but lines.")
    distance_m: float = Field(description="0 where the feature contains the position.")
    attributes: dict[str, str]
    geometry: JsonObject


class SilentLayer(Answer):
    """A layer with nothing here: whether it speaks about the place at all."""

    layer_id: str
    layer_title: Title
    covered: bool | None = Field(description="None where the layer states no coverage.")


class Identified(Answer):
    """What stands at a position, and which layers say nothing."""

    position: PositionOut
    features: list[FeatureAt]
    more: int
    silent: list[SilentLayer]
    lost: list[str] = Field(
        default=[],
        description="Versions that have a file and that the catalogue does not know: "
        "`doctor --rebuild` restores them.",
    )


class Measured(Answer):
    """Lengths and area of a drawn line or ring on the CGCS2000 ellipsoid."""

    legs_m: list[float]
    length_m: float
    area_m2: float | None = Field(description="None for an open line or a crossing ring.")
    area_mu: float | None
    crossing: bool = Field(description="The ring crosses itself, so it has no area.")


class FeatureChangeOut(Answer):
    """One feature that differs between two versions of a layer."""

    feature_id: str
    change: str = Field(examples=["added", "removed", "moved", "renamed"])
    area_before_m2: float | None
    area_after_m2: float | None
    length_before_m: float | None
    length_after_m: float | None
    attributes: list[str]
    before: JsonObject | None
    after: JsonObject | None


class LayerComparison(Answer):
    """What changed between two versions of a layer."""

    layer_id: str
    from_version: int
    to_version: int
    counts: dict[str, int]
    same_count: int
    area_before_m2: float
    area_after_m2: float
    changes: list[FeatureChangeOut]
    more: int = Field(description="Changes beyond those listed.")


class CheckSummary(Answer):
    """One past check in a list."""

    id: str
    kept_at: str = Field(description="When it was made, in China's time, ISO 8601.")
    checked_on: str
    verdict: str
    reviewed_verdict: str | None = Field(
        default=None, description="With the reviewers' own verdicts; null where there are none."
    )
    nature: str | None
    name: str
    site_count: int
    area_m2: float
    printed: Printed = Field(description="What the printed areas of the sites add up to.")


class CheckList(Answer):
    """Past checks, newest first; ``more`` counts older ones that are not listed."""

    checks: list[CheckSummary]
    more: int
    damaged: list[str] = Field(
        default=[], description="What cannot be read and is not in the list: run `doctor`."
    )
