"""Vector tiles of any layer version, cut when they are asked for (OGC API Tiles, 20-057)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
import shapely

from api.ogc.features import json_text, plain_values
from api.ogc.names import Named
from api.ogc.selection import ID, property_names
from api.ogc.visit import Spoken, Visit
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import LayerSource
from geo.measure.crs_uri import epsg_uri
from geo.measure.tile_matrix import (
    MOST_LEVEL,
    TILE_MATRIX_SETS,
    TILE_PIXELS,
    TileMatrixSet,
)
from layers.errors import NotFoundError
from layers.model import LayerVersion
from layers.store.layer_store import LayerStore
from maps.i18n import tr
from maps.ogc.answers import JSON_TYPE, Link
from maps.ogc.tiles_answers import (
    TileJson,
    TileLimits,
    TileMatrix,
    TileMatrixSetOut,
    TileSetOut,
    VectorLayer,
)
from maps.ogc.vector_tile import BUFFER, EXTENT, MEDIA_TYPE, Value, encode_tile
from maps.ogc.wmts import PICTURE

MOST_IN_A_TILE: Final = 10_000
"""Levels whose fullest tile holds more begin further in; what is there says so."""
_TILING: Final = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"


class UnknownTileError(NotFoundError):
    """There is no such tile, or none so far out. Params: ``layer_id``, ``tile``, ``levels``."""

    code = "api.ogc.unknown_tile"


class UnknownTileMatrixSetError(NotFoundError):
    """No tile matrix set has this id. Params: ``id``, ``known``."""

    code = "api.ogc.unknown_tile_matrix_set"


@dataclass(frozen=True, slots=True)
class TilePlace:
    """Where a tile lies in a tile matrix set, as its path says."""

    set_id: str
    level: int
    row: int
    column: int

    @property
    def tag(self) -> str:
        """What tells it from all others."""
        return f"{self.set_id}-{self.level}-{self.row}-{self.column}"

    @property
    def level_row_column(self) -> tuple[int, int, int]:
        """The place within its set."""
        return self.level, self.row, self.column


class TileSetAsked(Spoken):
    """In which form a tile set is described."""

    f: Literal["json", "tilejson"] | None = None


def tile_matrix_set(name: str) -> TileMatrixSet:
    """Return a tile matrix set.

    Raises
    ------
    UnknownTileMatrixSetError
        There is none of this id.
    """
    if name not in TILE_MATRIX_SETS:
        raise UnknownTileMatrixSetError(id=name[:40], known=list(TILE_MATRIX_SETS))
    return TILE_MATRIX_SETS[name]


def matrix_set_title(one: TileMatrixSet, lang: str) -> str:
    """Return what a tile matrix set is called."""
    return tr(f"ogc.tile_matrix_set_{one.id}", lang)


def describe_matrix_set(one: TileMatrixSet, lang: str) -> TileMatrixSetOut:
    """Return a tile matrix set as the standard writes it; corners in the order of the axes."""
    swapped = one.epsg == 4490
    corner = [one.north, one.west] if swapped else [one.west, one.north]
    return TileMatrixSetOut(
        id=one.id,
        title=matrix_set_title(one, lang),
        crs=epsg_uri(one.epsg),
        ordered_axes=["Lat", "Lon"] if swapped else ["X", "Y"],
        tile_matrices=[
            TileMatrix(
                id=str(level),
                scale_denominator=one.scale_denominator(level),
                cell_size=one.tile_size(level) / TILE_PIXELS,
                point_of_origin=corner,
                tile_width=TILE_PIXELS,
                tile_height=TILE_PIXELS,
                matrix_width=one.matrix(level)[0],
                matrix_height=one.matrix(level)[1],
            )
            for level in range(one.first, MOST_LEVEL + 1)
        ],
    )


def describe_tile_set(
    workspace: LayerSource, visit: Visit, asked: Named, one: TileMatrixSet
) -> TileSetOut:
    """Return which tiles of a version there are."""
    path = f"{asked.path}/tiles/{one.id}"
    json = Link(
        href=visit.href(path, [("f", "tilejson")]),
        rel="describedby",
        type=JSON_TYPE,
        title="TileJSON",
    )
    return _tile_set(workspace, visit, asked.version, one, [*_set_links(visit, path, one), json])


def describe_map_tile_set(
    workspace: LayerSource, visit: Visit, asked: Named, one: TileMatrixSet
) -> TileSetOut:
    """Return which pictures of a version there are."""
    links = _set_links(visit, f"{asked.path}/map/tiles/{one.id}", one, PICTURE)
    return _tile_set(workspace, visit, asked.version, one, links, "map")


def _tile_set(
    workspace: LayerSource,
    visit: Visit,
    version: LayerVersion,
    one: TileMatrixSet,
    links: list[Link],
    data_type: str = "vector",
) -> TileSetOut:
    first = first_level(workspace, version, one)
    return TileSetOut(
        title=_title(visit, version),
        data_type=data_type,
        crs=epsg_uri(one.epsg),
        tile_matrix_set_id=one.id,
        tile_matrix_set_limits=list(_limits(first, version, one)),
        links=links,
    )


def tile_json(workspace: LayerSource, visit: Visit, asked: Named, one: TileMatrixSet) -> TileJson:
    """Return the tiles of a version as TileJSON 3.0, for MapLibre and QGIS."""
    loaded = workspace.load(asked.version)
    version = asked.version
    return TileJson(
        name=_title(visit, version),
        attribution=version.spec.source,
        tiles=[visit.href(f"{asked.path}/tiles/{one.id}") + "/{z}/{y}/{x}"],
        minzoom=first_level(workspace, version, one),
        maxzoom=MOST_LEVEL,
        bounds=version.bounds_lonlat,
        vector_layers=[
            VectorLayer(
                id=version.layer_id,
                fields={
                    name: str(loaded.features[name].dtype) for name in (ID, *property_names(loaded))
                },
            )
        ],
    )


def cut_tile(
    workspace: LayerSource, version: LayerVersion, one: TileMatrixSet, address: tuple[int, int, int]
) -> bytes:
    """Return a tile by level, row and column; empty bytes where nothing is.

    Raises
    ------
    UnknownTileError
        There is no such tile, or it would hold more than :data:`MOST_IN_A_TILE` features.
    """
    level, row, column = address
    first = first_level(workspace, version, one)
    if not one.holds(level, row, column) or level < first:
        raise UnknownTileError(
            layer_id=version.layer_id,
            tile="/".join(map(str, address)),
            levels=f"{first}-{MOST_LEVEL}",
        )
    loaded = workspace.load(version)
    west, south, east, north = one.bounds(level, row, column)
    step = (east - west) / EXTENT
    around = BUFFER * step
    box = one.to_lonlat((west - around, south - around, east + around, north + around))
    rows = np.sort(loaded.controls.tree.query(shapely.box(*box), predicate="intersects"))
    if not len(rows):
        return b""

    def to_steps(lonlat: Any) -> Any:  # noqa: ANN401 - numpy
        return (one.from_lonlat(lonlat) - [west, north]) / [step, -step]

    shapes = shapely.transform(
        shapely.force_2d(loaded.features.geometry.to_numpy()[rows]), to_steps
    )
    return encode_tile(version.layer_id, shapes, _columns(loaded, rows))


def first_level(workspace: LayerSource, version: LayerVersion, one: TileMatrixSet) -> int:
    """Return the level from which on no tile holds more than :data:`MOST_IN_A_TILE` features."""
    if version.feature_count <= MOST_IN_A_TILE:
        return one.first
    store = workspace.store
    return _first_level(workspace.load, store, version.layer_id, version.number, one.id)


@lru_cache(maxsize=512)
def _first_level(
    load: Callable[[LayerVersion], LoadedLayer],
    store: LayerStore,
    layer_id: str,
    number: int,
    set_id: str,
) -> int:
    one = TILE_MATRIX_SETS[set_id]
    loaded = load(store.get(layer_id, number))
    bounds = loaded.features.geometry.bounds.dropna().to_numpy()
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2.0
    for level in range(one.first, MOST_LEVEL):
        fullest = np.unique(one.tiles_at(centres, level), axis=0, return_counts=True)[1]
        if not len(fullest) or fullest.max() <= MOST_IN_A_TILE:
            return level
    return MOST_LEVEL


def _columns(loaded: LoadedLayer, rows: Any) -> dict[str, list[Value | None]]:  # noqa: ANN401 - numpy
    """Return the properties of features; what has parts is JSON, for which tiles have no type."""
    return {
        str(name): [
            json_text(value) if isinstance(value, (list, dict)) else value
            for value in plain_values(pd.Series(column.array.take(rows)))
        ]
        for name, column in loaded.properties.items()
    }


def _limits(first: int, version: LayerVersion, one: TileMatrixSet) -> Iterator[TileLimits]:
    west, south, east, north = version.bounds_lonlat
    corners = np.array([[west, north], [east, south]])
    for level in range(first, MOST_LEVEL + 1):
        (top, left), (bottom, right) = one.tiles_at(corners, level).tolist()
        yield TileLimits(
            tile_matrix=str(level),
            min_tile_row=top,
            max_tile_row=bottom,
            min_tile_col=left,
            max_tile_col=right,
        )


def _set_links(
    visit: Visit, path: str, one: TileMatrixSet, media_type: str = MEDIA_TYPE
) -> list[Link]:
    return [
        visit.link("self", path, title="json_form"),
        visit.link(_TILING, f"/tileMatrixSets/{one.id}", title="tile_matrix_set"),
        Link(
            href=f"{visit.href(path)}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
            rel="item",
            type=media_type,
            templated=True,
            title=visit.word("tiles"),
        ),
    ]


def _title(visit: Visit, version: LayerVersion) -> str:
    return version.spec.title_zh if visit.lang == "zh" else version.spec.title_en
