"""The file of a raster, for programs that read parts of it."""

import re
from typing import Final

from api.data.export_forms import GEOTIFF
from api.errors import RangeError
from api.operation import FileAnswer
from api.workspace.needs import RasterSource
from layers.model import Sensitivity
from layers.rasters.errors import UnknownRasterError
from layers.rasters.model import RasterVersion

_PART: Final = re.compile(r"(\d{0,18})-(\d{0,18})")


def visible_raster(workspace: RasterSource, raster_id: str, version: int | None) -> RasterVersion:
    """Return a version that may be seen.

    Raises
    ------
    UnknownRasterError
        There is none, or it is not for all eyes: that it exists may be worth knowing too.
    """
    found = workspace.rasters.get(raster_id, version)
    if found.spec.sensitivity is Sensitivity.CLASSIFIED:
        raise UnknownRasterError(raster_id=raster_id[:80], version=version)
    return found


def raster_bytes(workspace: RasterSource, raster_id: str, number: int | None) -> FileAnswer:
    """Return the file of a version, of the current one without a number.

    Raises
    ------
    UnknownRasterError, DamagedVersionError
        There is none that may be seen, or its file is not what was stored.
    """
    version = visible_raster(workspace, raster_id, number)
    return FileAnswer(
        name=f"{version.raster_id}_v{version.number}.tif",
        data=workspace.rasters.sound_path(version).read_bytes(),
        media_type=GEOTIFF,
    )


def require_range(asked: str | None, size_bytes: int) -> None:
    """Refuse a header Range that names no part of a file (RFC 9110, 14.1).

    Raises
    ------
    RangeError
        Its unit is not bytes, or a part begins behind the end or ends before it begins.

    Examples
    --------
    >>> require_range("bytes=0-9, -4", 10)
    """
    if asked is None:
        return
    unit, _, parts = asked.partition("=")
    found = [_PART.fullmatch(one.strip()) for one in parts.split(",")]
    if unit.strip().lower() != "bytes" or not all(
        one is not None and _is_inside(one[1], one[2], size_bytes) for one in found
    ):
        raise RangeError(size=size_bytes, asked=asked[:60])


def _is_inside(first: str, last: str, size_bytes: int) -> bool:
    if not first:
        return last != "" and int(last) > 0
    return int(first) < size_bytes and (not last or int(first) <= int(last))
