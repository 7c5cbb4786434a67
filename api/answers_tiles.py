"""Answers about vector tiles."""

from pydantic import Field

from api.schemas import Answer


class TileSet(Answer):
    """Tiles of one layer version; they never change."""

    layer_id: str
    version: int
    min_zoom: int
    max_zoom: int
    name: str = Field(description="Name of the layer inside the tiles.")
    url: str = Field(description="With {z}, {x} and {y} to fill in; Mapbox vector tiles.")
