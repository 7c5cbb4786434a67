"""The digest of a layer's content, whatever file it is kept in, and a tree below it."""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.measure.crs import crs_name, require_crs
from layers.model import LayerFrame
from layers.provenance import canonical_json, digest
from layers.store.feature_tree import Branch, leaf, root, spatial_order

_MULTI: Final[Mapping[int, Callable[..., Any]]] = MappingProxyType(
    {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}
)

Row = list[Any]
"""A feature as its digest sees it: id, WKB in hex, attributes; an area of coverage: WKB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Features, or areas of coverage, in the order of their tree.

    ``boxes`` are in the version's CRS, shape (n, 4).
    """

    rows: Sequence[Row]
    boxes: npt.NDArray[np.float64]
    leaves: Sequence[Branch]

    @property
    def root(self) -> Branch:
        """The branch that is the whole tree."""
        return root(self.leaves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A layer's content in digests; ``coverage`` is None where nothing is stated."""

    crs: str
    features: Rows
    coverage: Rows | None

    @property
    def sha256(self) -> str:
        """The digest that a version is known by."""
        parts = [(rows.root, len(rows.leaves)) for rows in (self.features, self.coverage) if rows]
        return version_digest(self.crs, parts)


def content_sha256(frame: LayerFrame) -> str:
    """Return one digest for equal content: same CRS, ids, vertices, attributes, coverage.

    The order of rows and columns does not count, nor does the file format, the version
    of GDAL, or whether one part is called a polygon or a multipolygon of one; one moved
    vertex does.
    """
    return content_of(frame).sha256


def content_of(frame: LayerFrame) -> Content:
    """Return the digests of every feature and of every area of coverage."""
    coverage = None
    if frame.coverage is not None:
        areas: list[Row] = [[text] for text in _hex(frame.coverage)]
        coverage = _rows(areas, shapely.bounds(frame.coverage.to_numpy()))
    return Content(
        crs=crs_name(require_crs(frame.features)),
        features=_rows(
            _feature_rows(frame.features), shapely.bounds(frame.features.geometry.to_numpy())
        ),
        coverage=coverage,
    )


def version_digest(crs: str, roots: Sequence[tuple[Branch, int]]) -> str:
    """Return the digest of a version from the roots and sizes of its trees.

    They are those of the features and, where coverage is stated, of its areas.
    """
    trees = [[branch.digest.hex(), count] for branch, count in roots]
    return digest(canonical_json({"crs": crs, "trees": trees}))


def leaf_of(row: Row, box: npt.NDArray[np.float64]) -> Branch:
    """Return the leaf of a row."""
    west, south, east, north = box.tolist()
    return leaf(canonical_json(row), (west, south, east, north))


def boxes_of(rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    """Return the bounds of rows, shape (n, 4); NaN where there is no geometry."""
    found: npt.NDArray[np.float64] = shapely.bounds(shapes_of(rows)).reshape(-1, 4)
    return found


def shapes_of(rows: Sequence[Row]) -> npt.NDArray[Any]:
    """Return the geometries of rows; one part alone is itself, and not a collection of one."""
    shapes = shapely.from_wkb(np.array([_wkb(row) for row in rows], dtype=object))
    collected = np.isin(shapely.get_type_id(shapes), (4, 5, 6))
    alone = collected & (shapely.get_num_geometries(shapes) == 1)
    shapes[alone] = shapely.get_geometry(shapes[alone], 0)
    return np.asarray(shapes, dtype=object)


def old_content_sha256(frame: LayerFrame) -> str:
    """Return the digest that versions had before there was a tree below it."""
    whole = hashlib.sha256(canonical_json({"crs": crs_name(require_crs(frame.features))}))
    rows = sorted(_feature_rows(frame.features), key=lambda row: str(row[0]))
    whole.update(canonical_json(rows))
    if frame.coverage is not None:
        whole.update(canonical_json({"coverage": sorted(map(str, _hex(frame.coverage)))}))
    return whole.hexdigest()


def _wkb(row: Row) -> str | None:
    text = row[1] if len(row) == 3 else row[0]
    return None if text is None else str(text)


def _rows(rows: list[Row], boxes: npt.NDArray[np.float64]) -> Rows:
    """Return rows with their boxes in the order of their tree."""
    # By their own text first: rows in one place would else stand as they came.
    by_text = sorted(range(len(rows)), key=lambda at: str(rows[at][0]))
    rows, boxes = [rows[at] for at in by_text], boxes.reshape(-1, 4)[by_text]
    order = spatial_order(boxes)
    rows, boxes = [rows[at] for at in order], boxes[order]
    leaves = [leaf_of(row, box) for row, box in zip(rows, boxes, strict=True)]
    return Rows(rows=rows, boxes=boxes, leaves=leaves)


def _feature_rows(features: gpd.GeoDataFrame) -> list[Row]:
    columns = sorted({*map(str, features.columns)} - {features.geometry.name, "feature_id"})
    values = [[_plain(value) for value in features[name].tolist()] for name in columns]
    return [
        [feature_id, geometry, dict(zip(columns, row, strict=True))]
        for feature_id, geometry, *row in zip(
            features["feature_id"], _hex(features.geometry), *values, strict=True
        )
    ]


def _hex(series: gpd.GeoSeries) -> list[str | None]:
    geometry = _as_multi(series.to_numpy())
    # GEOS writes hex through streams: four times slower than Python does it from the bytes.
    binary = shapely.to_wkb(geometry, byte_order=1, output_dimension=2)
    return [None if one is None else one.hex().upper() for one in binary]


def _as_multi(geometry: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Give single geometries the multi type that a mixed table stores them in."""
    multi, kinds = geometry.copy(), shapely.get_type_id(geometry)
    for kind, gather in _MULTI.items():
        single = np.flatnonzero(kinds == kind)
        multi[single] = gather(geometry[single], indices=np.arange(len(single)))
    return multi


def _plain(value: Any) -> object:  # noqa: ANN401 - any cell
    """Make a cell comparable: numbers as numbers, nothing as null, the rest as text."""
    if type(value) is str:
        return value
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    cell = value.item() if isinstance(value, np.generic) else value
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return str(cell)
        # Whole numbers with gaps between them are read back as floats.
        return int(cell) if cell.is_integer() else cell
    # A column of truths with gaps is read back as 1 and 0.
    return int(cell) if isinstance(cell, int) else str(cell)
