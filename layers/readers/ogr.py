"""Reading through GDAL: only files that we wrote ourselves, under names of our own."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pandas as pd
import shapely

from layers.errors import AmbiguousFileError, EmptyFileError
from layers.readers._gdal import pyogrio


@dataclass(frozen=True, slots=True, kw_only=True)
class OgrTable:
    """One layer as GDAL reads it: ``geometry`` shape (n,), None where missing or broken."""

    geometry: npt.NDArray[Any]
    attributes: pd.DataFrame
    crs: str | None


def read_ogr(
    name: str, main: str, files: Mapping[str, bytes], *, layer: str | None, encoding: str | None
) -> OgrTable:
    """Write files to a private folder, read a layer of ``main``, forget the folder.

    The names of the files are ours, or checked; ``main`` is one of them or their folder.

    Call it inside :func:`layers.readers._translate.translated`. Arrow is not used: its
    path hands geometries to GEOS unchecked.

    Raises
    ------
    AmbiguousFileError
        There are several layers with geometry and ``layer`` is none of them.
    EmptyFileError
        There is no layer with geometry.
    """
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        for own_name, data in files.items():
            file = Path(folder) / own_name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
        path = Path(folder) / main
        chosen = _chosen_layer(name, _layers(path), layer)
        meta, _, wkb, columns = pyogrio.raw.read(
            path, layer=chosen, encoding=encoding, datetime_as_string=True
        )
    # Columns by number, for names may come twice; dtypes as read, not guessed anew.
    series = {at: pd.Series(column, dtype=column.dtype) for at, column in enumerate(columns)}
    attributes = pd.DataFrame(series, index=range(len(wkb)))
    attributes = attributes.set_axis(list(meta["fields"]), axis=1)
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    return OgrTable(geometry=geometry, attributes=attributes, crs=meta["crs"])


def _layers(path: Path) -> list[str]:
    """Return the layers with geometry; of a GeoPackage only those that are plain tables.

    A view runs whatever query it holds when it is read: a recursive one never ends.
    """
    titles = [str(title) for title, kind in pyogrio.list_layers(path) if kind is not None]
    if path.suffix != ".gpkg":
        return titles
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    with contextlib.closing(database):
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        tables = {name for (name,) in database.execute(query)}
    return [title for title in titles if title in tables]


def _chosen_layer(name: str, choices: list[str], layer: str | None) -> str:
    if not choices:
        raise EmptyFileError(name=name)
    if layer in choices:
        return layer
    if len(choices) > 1 or layer is not None:
        raise AmbiguousFileError(name=name, choices=choices)
    return choices[0]
