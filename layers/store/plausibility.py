"""What a layer that comes in is asked about: what was said of it and what stood before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
import yaml

from geo.measure.area import ellipsoidal_area_m2
from layers.model import LayerFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLimits:
    """From which factors on a change is asked about, and how many features are named.

    ``collar_jump_m``: from which jump on an exact 0 of a raster of heights is asked about.
    """

    count_factor: float
    area_factor: float
    named: int
    collar_jump_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something that needs a person's word; ``code`` is worded in ``import_concerns``."""

    code: str
    params: dict[str, Any]


@cache
def import_limits() -> ImportLimits:
    """Return the limits of the data file."""
    text = files("layers.store").joinpath("catalogue_data", "import_limits.yaml").read_text("utf-8")
    return ImportLimits(**yaml.safe_load(text))


def concerns_of(
    frame: LayerFrame,
    former: LayerFrame | None,
    unspoken: npt.NDArray[np.bool_],
    classes: Sequence[str],
) -> list[Concern]:
    """Return everything that is asked about before a layer is stored.

    Parameters
    ----------
    frame : LayerFrame
        What comes in.
    former : LayerFrame or None
        The version that it would follow.
    unspoken : array of bool
        For each feature whether no rule of its kind speaks of it.
    classes : sequence of str
        What the features say where a rule looks for their class, in the same order.
    """
    return [
        *_outside(frame),
        *([] if former is None else _changed(frame.features, former.features)),
        *_unclassed(frame.features, unspoken, classes),
    ]


def _outside(frame: LayerFrame) -> list[Concern]:
    """Find features that lie wholly outside the area that the layer is said to speak about."""
    if frame.coverage is None:
        return []
    tree = shapely.STRtree(frame.coverage.to_numpy())
    shapes = frame.features.geometry.to_numpy()
    met = np.isin(np.arange(len(shapes)), tree.query(shapes, predicate="intersects")[0])
    return _of_features("outside_coverage", frame.features, ~met)


def _changed(now: gpd.GeoDataFrame, before: gpd.GeoDataFrame) -> list[Concern]:
    limits = import_limits()
    found = []
    if _apart(len(now), len(before), limits.count_factor):
        params = {"now": len(now), "before": len(before)}
        found.append(Concern(code="count_changed", params=params))
    now_m2, before_m2 = (float(ellipsoidal_area_m2(_areal(one)).sum()) for one in (now, before))
    if _apart(now_m2, before_m2, limits.area_factor):
        said = {"now_ha": round(now_m2 / 1e4, 4), "before_ha": round(before_m2 / 1e4, 4)}
        found.append(Concern(code="area_changed", params=said))
    return found


def _areal(features: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return features.geometry[features.geom_type.isin(("Polygon", "MultiPolygon"))]


def _apart(one: float, other: float, factor: float) -> bool:
    """Tell whether two amounts differ by more than a factor; nothing is apart from something."""
    return max(one, other) > factor * min(one, other)


def _unclassed(
    features: gpd.GeoDataFrame, unspoken: npt.NDArray[np.bool_], classes: Sequence[str]
) -> list[Concern]:
    said = sorted({classes[at] for at in np.flatnonzero(unspoken).tolist()})
    shown = ", ".join(f"“{one}”" for one in said[: import_limits().named])
    return _of_features("unclassed", features, unspoken, classes=shown)


def _of_features(
    code: str, features: gpd.GeoDataFrame, concerned: npt.NDArray[np.bool_], **params: str
) -> list[Concern]:
    ids = features["feature_id"].astype(str)[concerned].tolist()
    if not ids:
        return []
    named = import_limits().named
    shown = ", ".join(ids[:named]) + (" …" if len(ids) > named else "")
    known = {"count": len(ids), "total": len(features), "features": shown}
    return [Concern(code=code, params={**known, **params})]
