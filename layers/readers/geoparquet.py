"""GeoParquet (0.1 to 1.1): geometry in a table of Apache Parquet, every number doubted.

A few kilobytes can unpack to gigabytes where one long value is meant a million times.
Such columns are read as dictionaries, so that a value is kept once however often it is
meant, and what the whole would come to is counted before it is built.
"""

import io
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.errors import DamagedFileError, TooComplexError, UnsupportedGeometryError
from layers.model import LeftOut
from layers.readers._translate import translated
from layers.readers.native_geometry import NATIVE, native_geometries
from layers.readers.parsed import Account, Parsed, dropped_issues
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits
from layers.readers.wkb import is_harmless

_FORMAT: Final = str(FileFormat.GEOPARQUET)
_METADATA: Final = b"geo"


def parse_geoparquet(name: str, data: bytes, *, limits: ReadLimits) -> Parsed:
    """Parse a GeoParquet file; coordinates without a CRS are OGC:CRS84 by its standard.

    Raises
    ------
    DamagedFileError
        It cannot be parsed, or it is Parquet without geometry.
    UnsupportedGeometryError
        Geometry is not WKB, or is nested as no real one is.
    TooComplexError, ReaderCrashedError
    """
    # 0.3 s, and only for those who bring one.
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    most = limits.max_unpacked_bytes
    with translated(name, _FORMAT):
        try:
            file = pq.ParquetFile(io.BytesIO(data))
            column = _geometry_column(name, file)
            _require_within(name, file.metadata, limits)
            texts = [
                file.schema.column(at).path
                for at in range(len(file.schema))
                if file.schema.column(at).physical_type == "BYTE_ARRAY"
            ]
            table = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts).read()
        except (pa.ArrowException, OSError) as exc:
            raise DamagedFileError(name=name, format=_FORMAT) from exc
        values = table.column(column["name"]).combine_chunks()
        if column["encoding"] == "WKB":
            geometry, broken = _geometries(name, values, limits)
        else:
            geometry, broken = native_geometries(name, values, column["encoding"], limits), []
        further = [one for one in column["further"] if one in table.column_names]
        table = table.drop_columns([column["name"], *further])
        nested = [field.name for field in table.schema if _is_unread(pa.types, field.type)]
        rest = table.drop_columns(nested)
        if sum(_text_bytes(chunk) for each in rest.columns for chunk in each.chunks) > most:
            raise TooComplexError(name=name, what="bytes", limit=most)
        # Whole numbers with gaps stay whole: as real ones long identifiers lose digits.
        attributes = rest.to_pandas(ignore_metadata=True, integer_object_nulls=True)
    sound = np.ones(len(geometry), dtype=bool)
    sound[broken] = False
    lost = (LeftOut(what="feature", label=str(at + 1), reason="bad_coordinates") for at in broken)
    return Parsed(
        format=_FORMAT,
        geometry=geometry[sound],
        attributes=_plain(attributes).loc[sound].reset_index(drop=True),
        own_crs=column["crs"],
        own_crs_how="file_header" if column["crs"] else None,
        lonlat_rule=None if column["crs"] or column["undefined"] else "geoparquet_rule",
        encoding="UTF-8",
        encoding_how="format_rule",
        issues=dropped_issues(nested),
        account=Account(
            found=file.metadata.num_rows,
            left_out=(*lost, *(_further(one, column["further"][one]) for one in further)),
        ),
    )


def _geometry_column(name: str, file: Any) -> dict[str, Any]:  # noqa: ANN401 - pyarrow is untyped
    """Return name, CRS text and whether the CRS is said to be undefined."""
    stated = json.loads((file.schema_arrow.metadata or {}).get(_METADATA, b"{}"))
    primary = stated.get("primary_column")
    column = stated.get("columns", {}).get(primary)
    if column is None or primary not in file.schema_arrow.names:
        raise DamagedFileError(name=name, format=_FORMAT)
    encoding = str(column.get("encoding"))
    if encoding != "WKB" and encoding.lower() not in NATIVE:
        raise UnsupportedGeometryError(name=name, feature=1, found=encoding[:40])
    crs = column.get("crs")
    return {
        "name": primary,
        "encoding": encoding if encoding == "WKB" else encoding.lower(),
        "crs": _crs_text(crs) if crs else None,
        "undefined": "crs" in column and crs is None,
        "further": {name: one for name, one in stated["columns"].items() if name != primary},
    }


def _is_unread(types: Any, kind: Any) -> bool:  # noqa: ANN401 - pyarrow is untyped
    """Tell whether a column holds what no attribute is: nested values, or bytes."""
    inner = kind.value_type if types.is_dictionary(kind) else kind
    binary = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary)
    return bool(types.is_nested(inner) or any(is_kind(inner) for is_kind in binary))


def _further(name: str, stated: Mapping[str, Any]) -> LeftOut:
    """Name a second column of geometries; points such as those of labels are no plots."""
    kinds = stated.get("geometry_types", stated.get("geometry_type"))
    kinds = [kinds] if isinstance(kinds, str) else kinds or ["Unknown"]
    points = all(isinstance(kind, str) and "Point" in kind for kind in kinds)
    reason = "other_parts" if points else "further_geometry"
    return LeftOut(what="layer", label=name[:100], reason=reason, part=True)


def _crs_text(projjson: dict[str, Any] | str) -> str:
    """Return an authority code, or the text; WKT up to version 0.3, PROJJSON from then on."""
    if isinstance(projjson, str):
        return projjson
    identity = projjson.get("id") or {}
    if {"authority", "code"} <= identity.keys():
        return f"{identity['authority']}:{identity['code']}"
    return json.dumps(projjson)


def _require_within(name: str, metadata: Any, limits: ReadLimits) -> None:  # noqa: ANN401
    if metadata.num_rows > limits.max_features:
        raise TooComplexError(name=name, what="features", limit=limits.max_features)
    if metadata.num_columns > limits.max_fields:
        raise TooComplexError(name=name, what="fields", limit=limits.max_fields)
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > limits.max_unpacked_bytes:
        raise TooComplexError(name=name, what="bytes", limit=limits.max_unpacked_bytes)


def _text_bytes(chunk: Any) -> int:  # noqa: ANN401
    """Return how many bytes the texts of a column come to, each counted where it is meant."""
    if not hasattr(chunk, "dictionary"):
        return int(chunk.nbytes)
    lengths = np.array([_size(value) for value in chunk.dictionary.to_pylist()], dtype=np.int64)
    picks = chunk.indices.drop_null().to_numpy(zero_copy_only=False)
    return int(lengths[picks].sum())


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes) else 8


def _geometries(
    name: str,
    column: Any,  # noqa: ANN401
    limits: ReadLimits,
) -> tuple[npt.NDArray[Any], list[int]]:
    """Build each different geometry once; the rows whose WKB is broken are told apart."""
    encoded = column if hasattr(column, "dictionary") else column.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    for at, wkb in enumerate(texts):
        if wkb is not None and not is_harmless(wkb):
            raise UnsupportedGeometryError(name=name, feature=at + 1, found="WKB")
    different = shapely.from_wkb(np.array([*texts, None], dtype=object), on_invalid="ignore")
    picks = encoded.indices.to_numpy(zero_copy_only=False)
    picks = np.where(np.isnan(picks), len(texts), picks).astype(np.int64)
    if int(shapely.get_num_coordinates(different)[picks].sum()) > limits.max_vertices:
        raise TooComplexError(name=name, what="vertices", limit=limits.max_vertices)
    geometry: npt.NDArray[Any] = different[picks]
    broken = shapely.is_missing(geometry) & (picks < len(texts))
    return geometry, np.flatnonzero(broken).tolist()


def _plain(attributes: pd.DataFrame) -> pd.DataFrame:
    """Take text out of categories, where each value still is one object; times as text."""
    columns = {}
    for at in range(attributes.shape[1]):
        column = attributes.iloc[:, at]
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype(object)
        elif pd.api.types.is_datetime64_any_dtype(column):
            column = column.map(lambda time: time.isoformat(), na_action="ignore").astype(object)
        columns[at] = column
    frame = pd.DataFrame(columns, index=range(len(attributes)))
    return frame.set_axis(list(attributes.columns), axis=1)
