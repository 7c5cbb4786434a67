"""What ``demonstration`` in ``recipe.yaml`` holds where a zone has windows.

The values are checked and handed on as they stand in the file: what is made up from them does not
change with how they are read.
"""

from typing import Annotated

from pydantic import Field

from layers.zones.schema import Name, Row

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Length = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Height = Annotated[float, Field(allow_inf_nan=False)]


class Terrain(Row):
    """The hills that lines are drawn on."""

    pixel_m: Positive
    slope_of_spectrum: Positive


class RedLine(Row):
    """How much of a window is red line, and how far it keeps from districts."""

    share: Share
    keep_from_districts_m: Length
    least_m2: Length


class Farmland(Row):
    """How much of a window is farmland."""

    share: Share
    patch_share: Share
    patch_spectrum: Positive
    rim_share: Share
    least_m2: Length


class Boundary(Row):
    """How the development boundary runs round districts and towns."""

    margin_m: Length
    town_radius_m: Positive
    roughness: Share


class Parcels(Row):
    """Made-up firms on made-up parcels."""

    seed: int
    block_m: tuple[Positive, Positive]
    street_m: Length
    turn_deg: Height
    most_in_district: Annotated[int, Field(ge=1)]
    share_large: Share
    share_idle: Share
    share_unreported: Share
    share_ungraded: Share


class Fine(Row):
    """Small forms of the ground."""

    size: Annotated[int, Field(ge=2)]
    slope_of_spectrum: Positive
    share: Share


class Low(Row):
    """By how much hills are lower near something, and how far around."""

    reach_m: Positive
    share: Share


class LowGround(Row):
    """Where hills are lower."""

    river: Low
    district: Low
    lake: Low


class GroundWindow(Row):
    """Heights of one window; ``lakes_m`` are the levels of its lakes."""

    base_m: Height
    hills_m: Positive
    flat_share: Share
    lakes_m: dict[Name, Height]


class Cover(Row):
    """How land cover is shared out."""

    river_m: Length
    built_share: Share
    patch_spectrum: Positive
    grass_share: Share
    shrub_share: Share


class Ground(Row):
    """Heights and land cover."""

    pixel_m: Positive
    round_m: Positive
    fine: Fine
    beyond_border_pixels: Annotated[int, Field(ge=0)]
    smooth: Length
    low_ground: LowGround
    windows: dict[Name, GroundWindow]
    cover: Cover


class Demonstration(Row):
    """All settings of demonstration data."""

    terrain: Terrain
    red_line: RedLine
    farmland: Farmland
    development_boundary: Boundary
    parcels: Parcels
    ground: Ground
