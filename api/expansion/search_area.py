"""Where a search takes place: a county by its code or name, or ground that was drawn."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from api.workspace.workspace import Workspace
from geo.errors import InputError
from layers.check.site_limits import leave_out_unjudgeable
from layers.model import ReadOptions
from layers.readers import Source


class UnknownCountyError(InputError):
    """No county has this code or name. Params: ``county``."""

    code = "api.search.county"


class NoAreaError(InputError):
    """Neither a county nor an area was given, or both."""

    code = "api.search.area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Ground in EPSG:4490, with the name of the county where it is one."""

    name: str | None
    geometry: shapely.Geometry


def area_of(
    workspace: Workspace, county: str | None, drawn: Mapping[str, Any] | Source | None
) -> Area:
    """Return the ground of a county, or of polygons that a person gave.

    Raises
    ------
    NoAreaError, UnknownCountyError
        Say one of both; look the code up in the layer of counties.
    PlanningError
        The drawn ground cannot be read.
    """
    if (county is None) == (drawn is None):
        raise NoAreaError
    if county is not None:
        return _county(workspace, county.strip())
    source = drawn if isinstance(drawn, Source) else _source(drawn)
    frame = workspace.read_sites(source, ReadOptions())
    frame = leave_out_unjudgeable(frame)
    return Area(name=None, geometry=shapely.union_all(frame.sites.geometries))


def polygons_of(workspace: Workspace, kind: str) -> npt.NDArray[Any]:
    """Return the polygons of all layers of a kind; an empty array if there is no such layer."""
    layers = [v for v in workspace.store.current() if v.spec.kind == kind]
    shapes = [workspace.load(version).features.geometry.to_numpy() for version in layers]
    return np.concatenate([*shapes, np.array([], dtype=object)])


def _county(workspace: Workspace, county: str) -> Area:
    counties = workspace.counties
    hits = counties[(counties["feature_id"] == county) | (counties["name_zh"] == county)]
    if not len(hits):
        raise UnknownCountyError(county=county[:40])
    return Area(name=str(hits["name_zh"].iloc[0]), geometry=hits.geometry.iloc[0])


def _source(drawn: Mapping[str, Any] | None) -> Source:
    body = json.dumps(drawn, ensure_ascii=False).encode("utf-8")
    return Source(name="area.geojson", files={"area.geojson": body})
