"""What a parser finds in the bytes of one format, before anything is decided on it."""

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
import pandas as pd

from layers.model import Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Geometries and attributes as they stand in a file.

    ``geometry`` is an array of shapely geometries or None, shape (n,), coordinates as
    written; ``attributes`` has n rows. ``own_crs`` is the text by which the file states
    its CRS, or None; ``assumes_lonlat`` tells that the format's standard then means
    WGS 84 lon/lat.
    """

    format: str
    geometry: npt.NDArray[Any]
    attributes: pd.DataFrame
    own_crs: str | None
    own_crs_how: str | None
    assumes_lonlat: bool
    encoding: str | None
    encoding_how: str | None
    issues: tuple[Issue, ...]
