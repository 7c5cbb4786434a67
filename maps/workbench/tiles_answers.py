"""Answers about vector tiles."""

from pydantic import Field

from maps.answers import Answer


class TileSet(Answer):
    """Tiles of one layer version; they never change."""

    layer_id: str
    version: int
    ready: bool = Field(description="False until they are made; POST here makes them.")
    min_zoom: int | None
    max_zoom: int | None
    name: str = Field(description="Name of the layer inside the tiles.")
    url: str = Field(description="With {z}, {x} and {y} to fill in; Mapbox vector tiles.")
