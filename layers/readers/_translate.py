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

from layers.errors import DamagedFileError, ReaderCrashedError
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
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the parsers raise on bad bytes. ValueError covers JSON and Unicode errors,
LookupError keys and positions that a damaged file points to."""


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
    except MemoryError as exc:
        # Counts in a header are often all that is damaged, or all that is hostile.
        raise ReaderCrashedError(name=name) from exc
    except FOREIGN as exc:
        raise DamagedFileError(name=name, format=file_format) from exc
