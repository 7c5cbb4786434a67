"""Answers: the ground of sites, and what control lines take of it, by class of land."""

from pydantic import Field

from maps.answers import Answer, Basis, Title
from maps.check.finding import Printed


class LandClassArea(Answer):
    """The ground of one class; a class that the dictionary does not have is listed as it stands."""

    code: str | None = Field(description="As the layer says it; null where it says none.")
    name: Title
    first: Title | None = Field(description="First-level class; null where it is not known.")
    group: str | None = Field(
        description="`agricultural`, `built` or `unused`; null where it is not known."
    )
    known: bool = Field(description="Whether the dictionary has this code with this name.")
    area_m2: float
    share_pct: float
    printed: Printed


class LandSplit(Answer):
    """Ground by class; the classes with what lies in no patch add up to the whole."""

    area_m2: float
    printed: Printed
    classes: list[LandClassArea]
    ridges_m2: float | None = Field(
        default=None,
        description="Ridges between fields, deducted from their patches by the coefficient that "
        "these say, and among the classes as one of their own; null in checks that older "
        "releases kept, which deducted none.",
    )
    without_coefficient_m2: float | None = Field(
        default=None,
        description="Cropland whose patches say no coefficient: ridges stay in it.",
    )
    outside_m2: float = Field(description="Ground that lies in no patch of the land survey.")
    outside_pct: float
    outside_printed: Printed


class OverlapLand(LandSplit):
    """What one control line takes of a site, by class of land."""

    rule_id: str
    layer_id: str | None
    line: Title = Field(description="The kind with its rule, in words.")


class SiteLand(LandSplit):
    """A site by class of land."""

    site_id: str
    shared_m2: float = Field(
        description="Ground that patches claim more than once; it is counted for the first."
    )
    overlaps: list[OverlapLand]


class LandLayer(Answer):
    """A layer of the land survey that counted on the day of the check."""

    layer_id: str
    version: int
    title: Title
    status: str
    left_out: list[str] = Field(description="Why it was not used, as codes; empty if it was.")


class LandUse(Answer):
    """Sites by class of land. It describes them and changes no verdict."""

    layers: list[LandLayer]
    basis: list[Basis] = Field(description="Layers among them that are not official.")
    groups: dict[str, Title]
    sites: list[SiteLand]
    not_computable: list[str] = Field(
        default=[], description="Sites whose geometry could not be cut by the survey's, by id."
    )
