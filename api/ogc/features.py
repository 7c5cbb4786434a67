"""Features as GeoJSON text, in the CRS that is asked for, part by part."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from api.ogc.collections import storage_crs, storage_uri
from api.ogc.selection import ID, Rows, property_names
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import LayerSource
from geo.measure.crs_uri import crs_of_uri, from_lonlat_to_axes, in_axis_order
from geo.measure.restore import round_coordinates
from layers.store.layer_store import LayerStore
from maps.answers import JsonObject

DEGREE_DECIMALS: Final = 9
METRE_DECIMALS: Final = 4
"""A tenth of a millimetre in both: finer than any survey."""
_PART: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Features as they are answered: their rows, shapes in the CRS asked for, and properties."""

    loaded: LoadedLayer
    rows: Rows
    shapes: npt.NDArray[Any]
    properties: tuple[str, ...]

    @property
    def ids(self) -> list[str]:
        """The ids of the features, in order."""
        return [str(one) for one in self.loaded.properties[ID].take(self.rows)]

    def records(self, begin: int, end: int) -> list[JsonObject]:
        """Return the properties of some of the features."""
        table, rows = self.loaded.properties, self.rows[begin:end]
        columns = [plain_values(table[name].take(rows)) for name in self.properties]
        if not columns:
            return [{} for _ in rows]
        return [dict(zip(self.properties, row, strict=True)) for row in zip(*columns, strict=True)]


def shown(
    workspace: LayerSource,
    loaded: LoadedLayer,
    rows: Rows,
    uri: str,
    properties: Sequence[str] | None,
) -> Shown:
    """Return features with their shapes in a CRS, in the order of its axes.

    In the CRS of the file coordinates are as they came; in any other one the edges are those
    that were drawn, with the vertices that this takes.

    Raises
    ------
    OutsideCrsError, NoTransformationError
        A shape has no place in the CRS.
    """
    names = tuple(property_names(loaded) if properties is None else properties)
    return Shown(
        loaded=loaded, rows=rows, shapes=_shapes(workspace, loaded, rows, uri), properties=names
    )


def _shapes(workspace: LayerSource, loaded: LoadedLayer, rows: Rows, uri: str) -> npt.NDArray[Any]:
    version = loaded.version
    crs = crs_of_uri(uri)
    decimals = DEGREE_DECIMALS if crs.is_geographic else METRE_DECIMALS
    stored = storage_crs(version)
    if uri == storage_uri(version) and not stored.is_geographic:
        kept = _stored_shapes(workspace.store, version.layer_id, version.number, version.sha256)[
            rows
        ]
        return round_coordinates(in_axis_order(shapely.force_2d(kept), crs), decimals)
    lonlat = loaded.features.geometry.to_numpy()[rows]
    return round_coordinates(from_lonlat_to_axes(shapely.force_2d(lonlat), crs), decimals)


@lru_cache(maxsize=4)
def _stored_shapes(store: LayerStore, layer_id: str, number: int, _sha256: str) -> npt.NDArray[Any]:
    shapes: npt.NDArray[Any] = store.read(store.get(layer_id, number)).features.geometry.to_numpy()
    return shapes


def feature_texts(found: Shown) -> Iterator[str]:
    """Yield features as GeoJSON, some at a time, parted by commas."""
    ids = found.ids
    for begin in range(0, len(ids), _PART):
        end = begin + _PART
        shapes = shapely.to_geojson(found.shapes[begin:end])
        texts = [
            f'{{"type":"Feature","id":{json_text(name)},"geometry":{shape or "null"},'
            f'"properties":{json_text(record)}}}'
            for name, shape, record in zip(
                ids[begin:end], shapes, found.records(begin, end), strict=True
            )
        ]
        yield ("," if begin else "") + ",\n".join(texts)


def plain_values(column: "pd.Series[Any]") -> list[Any]:
    """Return a column as JSON values: null where there is none, dates in ISO 8601.

    Examples
    --------
    >>> plain_values(pd.Series(pd.to_datetime(["2026-01-31", None])))
    ['2026-01-31', None]
    """
    missing = column.isna().to_numpy(dtype=bool)
    if pd.api.types.is_datetime64_any_dtype(column):
        days = holds_days(column)
        texts = (one.date().isoformat() if days else one.isoformat() for one in column)
        return [None if gone else text for text, gone in zip(texts, missing, strict=True)]
    values = np.asarray(column.array, dtype=object)
    return [None if gone else _plain(value) for value, gone in zip(values, missing, strict=True)]


def holds_days(column: "pd.Series[Any]") -> bool:
    """Whether all times of a column are midnight without a zone: days, not moments."""
    if column.dt.tz is not None:
        return False
    present = column.dropna()
    return bool((present == present.dt.normalize()).all())


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a table
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, (str, int, float, bool, list, dict)):
        return value
    return str(value)


def json_text(value: object) -> str:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
