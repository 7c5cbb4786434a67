"""Which features of a layer version a bundle must show, and whether it shows them all."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from api.check.shift_suspicion import REACH_M
from geo.check.nearest import grown_bounds
from geo.errors import PlanningError
from geo.measure.crs import GEOGRAPHIC, move_vertices, parse_crs
from layers.model import LayerFrame
from layers.provenance import canonical_json
from layers.store.content import Content, Row, Rows, boxes_of, leaf_of, shapes_of, version_digest
from layers.store.feature_tree import (
    Branch,
    Opened,
    hidden_branches,
    opened,
    root,
    root_of,
    tree_from_json,
    tree_to_json,
)
from maps.check.answers import SiteResult

_MARGIN_M = 100.0
_SLACK = 0.9999
"""Of the reach, where it is asked again: distances agree to nine digits and no further."""

Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a bundle shows of a layer: some rows whole, of the rest boxes and digests.

    ``features`` and ``coverage`` have the roots that follow from them and the boxes, shape
    (n, 4) in the layer's CRS, of all that is not shown.
    """

    frame: LayerFrame
    sha256: str
    left_out: tuple[Boxes, Boxes]
    crs: str


def shown_layer(content: Content, sites: Sequence[SiteResult], layer_id: str) -> bytes:
    """Return the file of a layer in a bundle: all that comes near the sites, and its proof."""
    reach = reach_boxes(sites, layer_id, content.crs)
    return canonical_json(
        {
            "crs": content.crs,
            "features": _tree(content.features, reach),
            "coverage": None if content.coverage is None else _tree(content.coverage, reach),
        }
    )


def read_shown(data: bytes) -> Shown:
    """Return what the file of a layer in a bundle shows.

    Raises
    ------
    KeyError, TypeError, ValueError
        It is no such file, or its branches do not make up trees.
    """
    kept = json.loads(data)
    if kept.keys() != {"crs", "features", "coverage"}:
        raise ValueError("more, or less, than a layer")
    crs = str(kept["crs"])
    features, whole, left = _add_rows(kept["features"])
    trees, left_out = [whole], (left, np.empty((0, 4)))
    coverage = None
    if kept["coverage"] is not None:
        areas, root, left_areas = _add_rows(kept["coverage"])
        trees.append(root)
        left_out = left, left_areas
        coverage = gpd.GeoSeries(shapes_of(areas), crs=parse_crs(crs))
    attributes = pd.DataFrame([row[2] for row in features], dtype=object)
    frame = gpd.GeoDataFrame(
        attributes.assign(feature_id=[row[0] for row in features]),
        geometry=shapes_of(features),
        crs=parse_crs(crs),
    )
    return Shown(
        frame=LayerFrame(features=frame, coverage=coverage),
        sha256=version_digest(crs, trees),
        left_out=left_out,
        crs=crs,
    )


def may_hide_nearby(shown: Shown, sites: Sequence[SiteResult], layer_id: str) -> bool:
    """Tell whether anything that is not shown may come near enough to a site to matter."""
    reach = reach_boxes(sites, layer_id, shown.crs, _SLACK)
    return any(bool(_meeting(boxes, reach).any()) for boxes in shown.left_out)


def reach_boxes(sites: Sequence[SiteResult], layer_id: str, crs: str, share: float = 1.0) -> Boxes:
    """Return around each site what can matter to it, in a layer's CRS, shape (n, 4).

    That is as far as the nearest feature that was found, as the widest buffer, and as a shift
    of coordinates would tell of; where the CRS does not reach, it is everything.
    """
    found = list(_boxes_lonlat(sites, layer_id, share))
    lonlat = np.array([shapely.box(*box) for box in found], dtype=object)
    try:
        moved = move_vertices(_cut(lonlat), parse_crs(GEOGRAPHIC), parse_crs(crs))
    except PlanningError:
        return np.array([[-np.inf, -np.inf, np.inf, np.inf]])
    boxes: Boxes = shapely.bounds(moved)
    return boxes


def _boxes_lonlat(
    sites: Sequence[SiteResult], layer_id: str, share: float
) -> Iterator[tuple[Any, ...]]:
    for site in sites:
        shape = shapely.from_geojson(json.dumps(site.geometry))
        yield grown_bounds(shape.bounds, share * _reach_m(site, layer_id))


def _reach_m(site: SiteResult, layer_id: str) -> float:
    own = [finding for finding in site.findings if finding.layer_id == layer_id]
    found = [max(finding.nearest_m or 0.0, finding.buffer_m or 0.0) for finding in own]
    # Boundaries as far as a shift of coordinates reaches may have told of it.
    return max(max(found, default=0.0) * 1.01 + _MARGIN_M, REACH_M)


def _cut(boxes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    # An edge of a wide box is no straight line in a plane; a hundred pieces follow it to 1 m.
    widest = float(np.ptp(shapely.bounds(boxes)[:, [0, 2]], axis=1).max(initial=0.0))
    step = max(widest / 100.0, 1e-3)
    return np.asarray(shapely.segmentize(boxes, step), dtype=object)


def _tree(rows: Rows, reach: Boxes) -> dict[str, Any]:
    if not rows.rows:
        return {"count": 0, "rows": [], "tree": None}
    # A table without a row would have no columns; a far feature changes nothing.
    near = _meeting(rows.boxes, reach).any()
    wanted = reach if near else np.vstack([reach, np.nan_to_num(rows.boxes[:1])])
    tree = opened(rows.leaves, lambda box: bool(_meeting(np.array([box]), wanted)[0]))
    shown = sorted(_numbers(tree))
    return {
        "count": len(rows.rows),
        "rows": [[at, rows.rows[at]] for at in shown],
        "tree": tree_to_json(tree),
    }


def _numbers(tree: Opened) -> Iterator[int]:
    if isinstance(tree, tuple):
        for half in tree:
            yield from _numbers(half)
    elif isinstance(tree, int):
        yield tree


def _add_rows(kept: Mapping[str, Any]) -> tuple[list[Row], tuple[Branch, int], Boxes]:
    """Return the rows shown, the root that follows with the count, and the boxes left out."""
    places, rows = [int(at) for at, _ in kept["rows"]], [row for _, row in kept["rows"]]
    tree = None if kept["tree"] is None else tree_from_json(kept["tree"])
    if kept != {
        "count": int(kept["count"]),
        "rows": [[at, row] for at, row in zip(places, rows, strict=True)],
        "tree": None if tree is None else tree_to_json(tree),
    }:
        raise ValueError("something that is not read")
    if places != ([] if tree is None else sorted(_numbers(tree))):
        raise ValueError("rows that are not in the tree")
    leaves = {
        at: leaf_of(row, box) for at, row, box in zip(places, rows, boxes_of(rows), strict=True)
    }
    whole = root(()) if tree is None else root_of(tree, leaves)
    left = [] if tree is None else [branch.box for branch in hidden_branches(tree)]
    left_out = np.array(left, dtype=np.float64).reshape(-1, 4)
    return rows, (whole, int(kept["count"])), left_out


def _meeting(boxes: Boxes, reach: Boxes) -> npt.NDArray[np.bool_]:
    """Tell which boxes share a point with any of the reach; one without a place never does."""
    west, south, east, north = reach.T
    met = [
        np.any((box[0] <= east) & (box[2] >= west) & (box[1] <= north) & (box[3] >= south))
        for box in boxes
    ]
    return np.array(met, dtype=bool)
