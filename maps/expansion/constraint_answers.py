"""What sites take of ground that constraints speak of, what that asks for, and what it costs."""

from typing import Final

from pydantic import Field

from maps.answers import Answer, Title

SHARE_DECIMALS: Final = 2
"""Decimals of a share in print, at which limits are compared."""


class GroundConstraintOut(Answer):
    """One constraint, as its file says it."""

    id: str
    name: Title
    treatment: str = Field(description="hard, soft, listed.", examples=["soft"])
    at_most_pct: float | None = Field(description="Of a site, where it is soft.")
    points_per_pct: float | None = Field(description="Of 100, lost for each percent of a site.")
    yuan_per_ha: float | None = Field(description="Null where nobody gave a price.")
    price_year: int | None
    price_source: str | None
    asks: Title | None = Field(description="What it asks for when a site lies there.")
    quality: str = Field(examples=["law", "proposal", "own"])
    source: str
    layers: list[str] = Field(examples=[["demo_land_use@1"]])


class GroundTerms(Answer):
    """The constraints on ground of a question."""

    set_id: str = Field(examples=["ordinary"])
    name: Title
    note: Title
    constraints: list[GroundConstraintOut]
    replaced: list[Title] = Field(
        description="Constraints of the set that those of the file with the same id replace."
    )


class GroundShareOut(Answer):
    """What of one site lies on the ground of one constraint: at least, and at most.

    The two differ by the ground of which nobody can tell.
    """

    constraint: str
    taken_m2: float
    unknown_m2: float
    least_pct: float
    most_pct: float
    verdict: str | None = Field(
        description="kept, broken, cannot_tell: whether the limit is kept; null without a limit."
    )
    least_points_lost: float | None = Field(description="Null where nothing takes points.")
    most_points_lost: float | None
    least_yuan: float | None = Field(description="Null without a price.")
    most_yuan: float | None
    reason: str | None = Field(
        description="Why some of it is unknown: no_layer, layer_gone, no_such_class, "
        "not_covered, no_terrain, terrain_partial, raster_too_coarse."
    )


class SiteGround(Answer):
    """What one site takes, by constraint, and what all of it comes to.

    Costs are of the constraints that have a price, and of no others.
    """

    shares: list[GroundShareOut]
    least_points: float = Field(description="100 without what soft ground loses, from 0.")
    most_points: float
    least_yuan: float | None = Field(description="Null where nothing has a price.")
    most_yuan: float | None
