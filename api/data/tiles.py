"""Vector tiles of layers that are too large to be sent feature by feature."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from api.data.questions import LayerQuestion
from api.operation import Call
from api.workspace.needs import Configured, LayerFiles
from layers.model import LayerVersion
from layers.store.blocks import is_whole_beside
from layers.store.tiles import LAYER_NAME, TileFile, TilesMissingError, write_tiles
from maps.style.styles import styles
from maps.workbench.tiles_answers import TileSet

_OVERVIEW_ZOOM: Final = 6
"""Smallest zoom of kinds that are drawn at every scale."""


def needs_tiles(workspace: Configured, version: LayerVersion) -> bool:
    """Tell whether a version has more features than one request answers with."""
    return version.feature_count > workspace.settings.max_features


def tile_set(workspace: LayerFiles, layer_id: str) -> TileSet:
    """Return where the tiles of a layer's current version are, and their zooms.

    Raises
    ------
    UnknownLayerError
        There is no such layer.
    """
    version = workspace.store.get(layer_id)
    ready = _is_ready(_path(workspace, version))
    smallest, largest = _opened(_path(workspace, version)).zooms if ready else (None, None)
    return TileSet(
        layer_id=layer_id,
        version=version.number,
        ready=ready,
        min_zoom=smallest,
        max_zoom=largest,
        name=LAYER_NAME,
        url=f"/api/v1/layers/{layer_id}/versions/{version.number}/tiles/{{z}}/{{x}}/{{y}}.mvt",
    )


def build_tiles(workspace: LayerFiles, version: LayerVersion, waiting: Callable[[], None]) -> None:
    """Cut a version into tiles, unless that has been done.

    Raises
    ------
    TilesFailedError
        The process that cuts them died.
    DamagedVersionError
        The file of the version is not what was stored.
    """
    path = _path(workspace, version)
    if not _is_ready(path):
        sound = workspace.store.sound_path(version)
        write_tiles(sound, path, min_zoom=_min_zoom(version.spec.kind), waiting=waiting)


def require_layer(call: Call, asked: LayerQuestion) -> None:
    """Refuse a layer that is not in the store, before the task begins."""
    call.workspace.store.get(asked.layer_id)


def tile_bytes(
    workspace: LayerFiles, layer_id: str, number: int, address: tuple[int, int, int]
) -> tuple[bytes, bool]:
    """Return a tile, empty where nothing is, and whether it is gzipped.

    Raises
    ------
    UnknownLayerError, UnknownVersionError, TilesMissingError
        There is no such layer or version, or it is not cut into tiles.
    """
    version = workspace.store.get(layer_id, number)
    tiles = _opened(_existing(workspace, version))
    z, x, y = address
    inside = 0 <= z <= 24 and 0 <= x < 2**z and 0 <= y < 2**z
    found = tiles.tile(z, x, y) if inside else None
    return (b"", False) if found is None else (found, tiles.gzipped)


def _path(workspace: Configured, version: LayerVersion) -> Path:
    folder = workspace.settings.data_dir / "tiles" / version.layer_id
    return folder / f"v{version.number:04d}.pmtiles"


def _is_ready(path: Path) -> bool:
    """Tell whether tiles are there; damaged ones would leave features out of a map."""
    return path.is_file() and is_whole_beside(path)


def _existing(workspace: Configured, version: LayerVersion) -> Path:
    path = _path(workspace, version)
    if not _is_ready(path):
        raise TilesMissingError(layer_id=version.layer_id, version=version.number)
    return path


def _opened(path: Path) -> TileFile:
    # Tiles that were made anew stand in another file of the same name.
    stat = path.stat()
    return _open(path, stat.st_ino, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=32)
def _open(path: Path, *_: int) -> TileFile:
    return TileFile(path)


def _min_zoom(kind: str) -> int:
    # One less: a view at zoom z draws data of zoom z - 1, in tiles of 512 pixels.
    style = styles()["kinds"].get(kind, {})
    return int(style.get("min_zoom", _OVERVIEW_ZOOM)) - 1
