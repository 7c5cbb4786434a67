"""The file of a raster, for programs that read parts of it."""

import re
from typing import Final

from api.errors import RangeError
from api.workspace.needs import RasterSource
from layers.model import Sensitivity
from layers.rasters.errors import UnknownRasterError
from layers.rasters.model import RasterVersion

_PART: Final = re.compile(r"(\d{0,18})-(\d{0,18})")


def visible_raster(workspace: RasterSource, raster_id: str, version: int) -> RasterVersion:
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
