"""Errors of the libraries that parse files, turned into ours; nowhere else."""

import sqlite3
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError

from layers.errors import DamagedFileError
from layers.readers._gdal import pyogrio

FOREIGN: Final = (
    pyogrio.errors.CRSError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    ShapelyError,
    CRSError,
    sqlite3.DatabaseError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the parsers raise on bad bytes. ValueError covers JSON and Unicode errors."""


@contextmanager
def translated(name: str, file_format: str) -> Iterator[None]:
    """Turn what a parser raises on bad bytes into :class:`DamagedFileError`.

    Warnings of GDAL are silenced: what they could say is checked by the readers
    themselves, and their texts name temporary files.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except FOREIGN as exc:
        raise DamagedFileError(name=name, format=file_format) from exc
