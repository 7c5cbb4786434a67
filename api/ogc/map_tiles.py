"""Map tiles: pictures of layers and rasters, tile by tile, in both tile matrix sets."""

import numpy as np
import shapely

from api.ogc.tiles import UnknownTileError, first_level
from api.workspace.needs import LayerSource
from geo.measure.tile_matrix import MOST_LEVEL, TILE_PIXELS, TileMatrixSet
from layers.model import LayerVersion

STYLE = "default"
"""The only look of a layer of features: that of the page."""


def draw_map_tile(
    workspace: LayerSource, version: LayerVersion, one: TileMatrixSet, address: tuple[int, int, int]
) -> bytes:
    """Return the picture of a tile by level, row and column; a clear one where nothing is.

    GDAL takes an answer without content for a failure.

    Raises
    ------
    UnknownTileError
        There is no such tile, or it would hold too many features to be drawn.
    """
    # Drawing takes a tenth of the start of every command, and few of them draw.
    from maps.ogc.map_tile import AROUND_PX, draw_tile  # noqa: PLC0415

    level, row, column = address
    first = first_level(workspace, version, one)
    if not one.holds(level, row, column) or level < first:
        raise UnknownTileError(
            layer_id=version.layer_id,
            tile="/".join(map(str, address)),
            levels=f"{first}-{MOST_LEVEL}",
        )
    west, south, east, north = one.bounds(level, row, column)
    step = (east - west) / TILE_PIXELS
    around = AROUND_PX * step
    box = one.to_lonlat((west - around, south - around, east + around, north + around))
    loaded = workspace.load(version)
    rows = np.sort(loaded.controls.tree.query(shapely.box(*box), predicate="intersects"))
    shapes = shapely.transform(
        shapely.force_2d(loaded.features.geometry.to_numpy()[rows]),
        lambda lonlat: (one.from_lonlat(lonlat) - [west, south]) / step,
    )
    return draw_tile(version.spec.kind, shapes, TILE_PIXELS)
