"""Published layers as one GeoPackage that is the same, byte by byte, whenever it is made."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.readers._gdal import pyogrio
from layers.store.geopackage import VERSION, free_columns

ABOUT = "about"
"""The table of what must be said of the layers: title, maker, disclaimer, review number."""


def write_public_package(
    layers: Mapping[str, gpd.GeoDataFrame], about: Mapping[str, str], *, day: str
) -> bytes:
    """Return a GeoPackage with a table for each layer and one of what is said of them.

    ``day``: ISO 8601; stands where a GeoPackage says when it was changed.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.gpkg"
        for name, features in layers.items():
            pyogrio.write_dataframe(
                features,
                path,
                layer=name,
                driver="GPKG",
                append=path.exists(),
                layer_options=free_columns(features),
                **({} if path.exists() else {"dataset_options": {"VERSION": VERSION}}),
            )
        said = pd.DataFrame({"name": list(about), "text": list(about.values())})
        pyogrio.write_dataframe(said, path, layer=ABOUT, driver="GPKG", append=path.exists())
        _forget_the_clock(path, day)
        return _forget_the_writes(path.read_bytes())


def _forget_the_clock(path: Path, day: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        with database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", (f"{day}T00:00:00.000Z",))
        database.execute("VACUUM")


def _forget_the_writes(data: bytes) -> bytes:
    """Return a database that counts one change: by the clock, GDAL writes once more or less.

    Database File Format of SQLite, 1.3: bytes 24 to 27 count changes, 92 to 95 say at which count
    the version at 96 was written.
    """
    header = bytearray(data)
    header[24:28] = header[92:96] = (1).to_bytes(4, "big")
    return bytes(header)


def package_corners(data: bytes) -> set[tuple[float, ...]]:
    """Return every corner in a GeoPackage, in degrees with six decimals."""
    corners = set[tuple[float, ...]]()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.gpkg"
        path.write_bytes(data)
        for name, kind in pyogrio.list_layers(path):
            if kind is not None:
                geometries = pyogrio.read_dataframe(path, layer=name).geometry.to_numpy()
                found = np.round(shapely.get_coordinates(geometries), 6)
                corners.update(map(tuple, found.tolist()))
    return corners
