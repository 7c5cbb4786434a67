"""Answers of OGC API Tiles and TileJSON, with the member names of the standards."""

from pydantic import ConfigDict

from maps.answers import Answer, JsonObject
from maps.ogc.answers import Link, OgcAnswer


class TileMatrix(OgcAnswer):
    """A level of a tile matrix set."""

    id: str
    scale_denominator: float
    cell_size: float
    point_of_origin: list[float]
    tile_width: int
    tile_height: int
    matrix_width: int
    matrix_height: int


class TileMatrixSetOut(OgcAnswer):
    """A tile matrix set (OGC 17-083r4)."""

    id: str
    title: str
    crs: str
    ordered_axes: list[str]
    tile_matrices: list[TileMatrix]


class TileMatrixSetItem(OgcAnswer):
    """A tile matrix set in a list."""

    id: str
    title: str
    crs: str
    links: list[Link]


class TileMatrixSets(OgcAnswer):
    """All tile matrix sets."""

    tile_matrix_sets: list[TileMatrixSetItem]


class TileLimits(OgcAnswer):
    """Where tiles of a level are."""

    tile_matrix: str
    min_tile_row: int
    max_tile_row: int
    min_tile_col: int
    max_tile_col: int


class TileSetOut(OgcAnswer):
    """The tiles of a layer in a tile matrix set; levels that are not listed have none."""

    title: str
    data_type: str
    crs: str
    tile_matrix_set_id: str
    tile_matrix_set_limits: list[TileLimits]
    links: list[Link]


class TileSets(OgcAnswer):
    """The tile sets of a layer."""

    tilesets: list[TileSetOut]
    links: list[Link]


class VectorLayer(Answer):
    """A layer of vector tiles with the kinds of its properties."""

    id: str
    fields: dict[str, str]


class TileJson(OgcAnswer):
    """TileJSON 3.0."""

    model_config = ConfigDict(frozen=True, alias_generator=None)

    tilejson: str = "3.0.0"
    name: str
    attribution: str
    scheme: str = "xyz"
    tiles: list[str]
    minzoom: int
    maxzoom: int
    bounds: tuple[float, float, float, float]
    vector_layers: list[VectorLayer]


class MapStyle(OgcAnswer):
    """A style of MapLibre, version 8."""

    model_config = ConfigDict(frozen=True, alias_generator=None)

    version: int = 8
    name: str
    sources: dict[str, JsonObject]
    layers: list[JsonObject]
