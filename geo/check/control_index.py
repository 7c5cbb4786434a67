"""Polygons of a control layer, indexed once for many checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy.typing as npt
import shapely

from geo.check.covering import Covering
from geo.errors import CrsMismatchError
from geo.measure.crs import GEOGRAPHIC, parse_crs, require_crs
from geo.measure.outlines import Outlines


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlIndex:
    """Polygons of one control layer, indexed once for many checks, in many threads."""

    feature_ids: tuple[str, ...]
    geometries: npt.NDArray[Any]
    tree: shapely.STRtree
    covering: Covering
    outlines: Outlines


def index_controls(features: gpd.GeoSeries, feature_ids: Sequence[str]) -> ControlIndex:
    """Index valid polygons in EPSG:4490.

    Raises
    ------
    MissingCrsError, CrsMismatchError
        The series is not in EPSG:4490.
    """
    crs = require_crs(features)
    if crs != parse_crs(GEOGRAPHIC):
        raise CrsMismatchError(left=str(crs.name), right=GEOGRAPHIC)
    if len(feature_ids) != len(features):
        raise ValueError("one id for each feature")
    geometries = features.to_numpy()
    return ControlIndex(
        feature_ids=tuple(feature_ids),
        geometries=geometries,
        tree=shapely.STRtree(geometries),
        covering=Covering(geometries),
        outlines=Outlines(geometries),
    )
