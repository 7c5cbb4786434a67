"""What a layer that comes in is asked about: what was said of it and what stood before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geo.measure.buffer import buffer_lonlat
from geo.measure.crs import to_lonlat
from layers.model import LayerFrame
from layers.store.plausibility.parts import Parts, parts_of
from layers.yaml_text import load_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLimits:
    """From where on something is asked about; see ``import_limits.yaml``."""

    count_factor: float
    area_factor: float
    least_inside: float
    border_m: float
    least_common: float
    named: int
    collar_jump_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something that needs a person's word; ``code`` is worded in ``import_concerns``."""

    code: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A layer that comes in, with its parts."""

    frame: LayerFrame
    parts: Parts


@cache
def import_limits() -> ImportLimits:
    """Return the limits of the data file."""
    text = files("layers.store").joinpath("catalogue_data", "import_limits.yaml").read_text("utf-8")
    return ImportLimits(**load_yaml(text))


def coming(frame: LayerFrame) -> Coming:
    """Take a layer that comes in apart, for those who ask about it."""
    return Coming(frame=frame, parts=parts_of(frame.features))


def outside_coverage(layer: Coming) -> list[Concern]:
    """Ask about features that lie outside the area that the layer is said to speak about.

    One part of a feature that lies there is enough: a dissolved layer is a single feature.
    """
    coverage = layer.frame.coverage
    if coverage is None:
        return []
    astray = lies_outside(layer.parts, to_lonlat(coverage).to_numpy())
    concerned = layer.parts.owners(astray)
    return of_features("outside_coverage", layer.frame, concerned, parts=int(astray.sum()))


def lies_outside(parts: Parts, ground: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Tell of each part whether most of it lies outside a ground and the belt around it."""
    limits = import_limits()
    return parts.shares_in(buffer_lonlat(ground, limits.border_m)) < limits.least_inside


def unclassed(
    layer: Coming, unspoken: npt.NDArray[np.bool_], classes: Sequence[str]
) -> list[Concern]:
    """Ask about features that no rule of their kind speaks of.

    Parameters
    ----------
    layer : Coming
        What comes in.
    unspoken : array of bool
        For each feature whether no rule of its kind speaks of it.
    classes : sequence of str
        What the features say where a rule looks for their class, in the same order.
    """
    said = sorted({classes[at] for at in np.flatnonzero(unspoken).tolist()})
    shown = ", ".join(f"“{one}”" for one in said[: import_limits().named])
    more = " …" if len(said) > import_limits().named else ""
    return of_features("unclassed", layer.frame, unspoken, classes=shown + more)


def of_features(
    code: str,
    frame: LayerFrame,
    concerned: npt.NDArray[np.bool_],
    **params: object,
) -> list[Concern]:
    """Return a concern that counts features and names the first of them; none for none."""
    features: gpd.GeoDataFrame = frame.features
    ids = features["feature_id"].astype(str)[concerned].tolist()
    if not ids:
        return []
    named = import_limits().named
    shown = ", ".join(ids[:named]) + (" …" if len(ids) > named else "")
    known = {"count": len(ids), "total": len(features), "features": shown}
    return [Concern(code=code, params={**known, **params})]
