"""What Python code hands in for a file: a path, bytes of drawn GeoJSON, or a frame in memory."""

import io
from pathlib import Path
from typing import Any, Final, TypeAlias

import geopandas as gpd

from api.errors import RequestError
from api.upload import Upload

_FRAME_FILE: Final = "frame.parquet"

FileLike: TypeAlias = str | Path | dict[str, Any] | gpd.GeoDataFrame | gpd.GeoSeries | Upload
"""A path, GeoJSON in lon/lat, or features in memory, whose CRS goes with them."""


def as_upload(value: object, field: str) -> Upload | Path | dict[str, Any]:
    """Return what a question takes for a file.

    A frame travels as GeoParquet: every double, every column and the CRS, and the same frame
    gives the same bytes, so that the same check has the same id.

    Raises
    ------
    RequestError
        It is nothing of which features could be read.
    """
    if isinstance(value, gpd.GeoSeries):
        value = gpd.GeoDataFrame(geometry=value)
    if isinstance(value, gpd.GeoDataFrame):
        written = io.BytesIO()
        # A named index is a column that somebody chose; a plain one says nothing.
        frame = value.reset_index(drop=value.index.name is None)
        frame.to_parquet(written, index=False)
        return Upload(name=_FRAME_FILE, files={_FRAME_FILE: written.getvalue()})
    if isinstance(value, str):
        return Path(value)
    if isinstance(value, (Path, dict, Upload)):
        return value
    raise RequestError(field=field, problem="value", given=type(value).__name__)
