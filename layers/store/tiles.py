"""Large layers as vector tiles in one PMTiles file, written once and read tile by tile."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import geopandas as gpd
from pmtiles.reader import MmapSource
from pmtiles.tile import (
    Compression,
    Entry,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from geo.errors import PlanningError
from geo.measure.crs import to_lonlat
from layers.errors import NotFoundError
from layers.store.blocks import write_beside
from layers.store.durable import place_file

LAYER_NAME: Final = "features"
MAX_ZOOM: Final = 13
"""Tiles of 4.9 km; closer views draw them larger."""
EXTENT: Final = 16_384
"""Steps across a tile: 0.3 m at :data:`MAX_ZOOM`, finer than a pixel of any view."""
_MOST_FEATURES_A_TILE: Final = 200_000
_MOST_BYTES_A_TILE: Final = 4_000_000
_DEEPEST_DIRECTORY: Final = 4
_LOOK_EVERY_S: Final = 0.5
_CHILD: Final = """
import json, pathlib, sys
sys.path[:] = json.loads(sys.argv[1])
from layers.store.tiles import write_in_child
write_in_child(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4]))
"""


class TilesFailedError(PlanningError):
    """The process that cut a layer into tiles died. Params: ``exit_code``."""

    code = "layers.tiles.failed"


class TilesMissingError(NotFoundError):
    """A layer version has not been cut into tiles. Params: ``layer_id``, ``version``."""

    code = "layers.tiles.missing"


def write_tiles(
    geopackage: Path, target: Path, *, min_zoom: int, waiting: Callable[[], None]
) -> None:
    """Write the features of a stored version as tiles, whole or not at all.

    Tiles hold ids and shapes; what a feature says is asked for by a click. GDAL writes in
    a process of its own: it holds the interpreter for a minute, can be stopped only by
    being killed, and needs drivers that no process has that reads uploads.

    Parameters
    ----------
    geopackage : Path
        File of a layer version.
    target : Path
        ``.pmtiles`` file to make.
    min_zoom : int
        Smallest zoom with tiles; further out nothing could be told apart.
    waiting : callable
        Called twice a second; what it raises stops the work.

    Raises
    ------
    TilesFailedError
        The process died, of memory or of a fault in a library.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{uuid4().hex}.tmp.pmtiles")
    # Not by multiprocessing: that would import the caller's main module, and with it perhaps
    # the readers, after which the drivers are missing.
    order = [sys.executable, "-c", _CHILD, json.dumps(sys.path), str(geopackage), str(temporary)]
    child = subprocess.Popen([*order, str(min_zoom)])  # noqa: S603 - our own code and paths
    try:
        while child.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                child.wait(_LOOK_EVERY_S)
            waiting()
        if child.returncode != 0:
            raise TilesFailedError(exit_code=child.returncode)
        place_file(temporary, target)
        write_beside(target)
    finally:
        child.kill()
        child.wait()
        for left_over in target.parent.glob(f"{temporary.name}*"):
            left_over.unlink()


def write_in_child(geopackage: Path, target: Path, min_zoom: int) -> None:
    """Write tiles; called in a fresh process only, before any reader is imported."""
    # Not by layers.readers: that import would leave out the drivers that are needed here.
    import pyogrio  # noqa: PLC0415

    features = pyogrio.read_dataframe(geopackage, layer="features")
    lonlat = to_lonlat(features.geometry).to_numpy()
    # CGCS2000 and WGS 84 are the same to PROJ; the tiling scheme is written in terms of it.
    frame = gpd.GeoDataFrame(
        {"feature_id": features["feature_id"].to_numpy()}, geometry=lonlat, crs="EPSG:4326"
    )
    pyogrio.write_dataframe(
        frame,
        target,
        driver="PMTiles",
        layer=LAYER_NAME,
        MINZOOM=min_zoom,
        MAXZOOM=MAX_ZOOM,
        EXTENT=EXTENT,
        BUFFER=EXTENT // 64,
        MAX_FEATURES=_MOST_FEATURES_A_TILE,
        MAX_SIZE=_MOST_BYTES_A_TILE,
    )


class TileFile:
    """An open PMTiles file; its directories are read once."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._bytes: Any = MmapSource(self._file)  # type: ignore[no-untyped-call]
        self._header: Any = deserialize_header(self._bytes(0, 127))
        self._directory = lru_cache(maxsize=256)(self._read_directory)

    @property
    def zooms(self) -> tuple[int, int]:
        """Return the smallest and the largest zoom."""
        return int(self._header["min_zoom"]), int(self._header["max_zoom"])

    @property
    def gzipped(self) -> bool:
        """Tell whether tiles are compressed as browsers take them."""
        return bool(self._header["tile_compression"] == Compression.GZIP)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return a tile as it is stored, None where there is nothing."""
        tile_id = zxy_to_tileid(z, x, y)
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(_DEEPEST_DIRECTORY):
            entry = find_tile(self._directory(offset, length), tile_id)
            if entry is None:
                return None
            if entry.run_length:
                start = self._header["tile_data_offset"] + entry.offset
                return bytes(self._bytes(start, entry.length))
            offset = self._header["leaf_directory_offset"] + entry.offset
            length = entry.length
        return None

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        entries: list[Entry] = deserialize_directory(self._bytes(offset, length))
        return entries
