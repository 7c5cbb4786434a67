"""Formats that GDAL reads as they are: GeoPackage, FlatGeobuf, File Geodatabase."""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from layers.errors import DamagedFileError, TooComplexError
from layers.model import Issue, Severity
from layers.readers._gdal import ARC_STEP_DEG
from layers.readers._translate import translated
from layers.readers.flatgeobuf import is_whole
from layers.readers.ogr import read_ogr
from layers.readers.parsed import Account, Parsed, dropped_issues
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits

_OWN_NAMES: Final[Mapping[FileFormat, str]] = MappingProxyType(
    {
        FileFormat.GEOPACKAGE: "data.gpkg",
        FileFormat.FLATGEOBUF: "data.fgb",
        FileFormat.FILE_GEODATABASE: "data.gdb",
    }
)
_CRS_HOW: Final = "file_header"
_MEMBER: Final = re.compile(r"[A-Za-z0-9][\w.-]*\Z", re.ASCII)
"""Members of a geodatabase as ESRI names them; what else lies in its folder is none."""


def parse_with_gdal(
    name: str,
    file_format: FileFormat,
    parts: Mapping[str, bytes],
    *,
    layer: str | None,
    limits: ReadLimits,
) -> Parsed:
    """Parse one layer; text is UTF-8 by the standard of each of these formats.

    Raises
    ------
    DamagedFileError, AmbiguousFileError, EmptyFileError, TooComplexError
    """
    own_name = _OWN_NAMES[file_format]
    if file_format is FileFormat.FILE_GEODATABASE:
        files = {f"{own_name}/{part}": data for part, data in parts.items() if _MEMBER.match(part)}
    else:
        files = {own_name: parts[""]}
    with translated(name, str(file_format)):
        if file_format is FileFormat.FLATGEOBUF and not is_whole(parts[""]):
            raise DamagedFileError(name=name, format=str(file_format))
        table = read_ogr(name, own_name, files, layer=layer, encoding=None)
    if len(table.geometry) > limits.max_features:
        raise TooComplexError(name=name, what="features", limit=limits.max_features)
    return Parsed(
        format=str(file_format),
        geometry=table.geometry,
        attributes=table.attributes,
        own_crs=table.crs,
        own_crs_how=_CRS_HOW if table.crs else None,
        encoding="UTF-8",
        encoding_how="format_rule",
        issues=(*(_curve_issues() if table.curved else ()), *dropped_issues(table.unread)),
        account=Account(found=table.found, left_out=table.left_out),
    )


def _curve_issues() -> tuple[Issue, ...]:
    """Say by how much straight pieces may leave their arcs: 1 - cos of half a step."""
    share = 1.0 - math.cos(math.radians(ARC_STEP_DEG) / 2.0)
    params = {"step_deg": ARC_STEP_DEG, "gap_mm_per_km": round(share * 1e6, 1)}
    return (Issue(code="arcs_cut", severity=Severity.INFO, params=params),)
