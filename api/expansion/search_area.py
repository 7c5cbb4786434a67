"""Where a search takes place: a county by its code or name, or ground that was drawn."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from api.expansion.questions import SearchQuestion
from api.operation import Call
from api.workspace.needs import IntakeNeeds, LayerSource
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


def find_search_area(workspace: IntakeNeeds, asked: SearchQuestion) -> Area:
    """Return where a search takes place.

    Raises
    ------
    NoAreaError, UnknownCountyError, PlanningError
        As :func:`area_of`.
    """
    drawn = None if asked.area is None else asked.area.source(workspace.limits)
    return area_of(workspace, asked.county, drawn, asked.options)


def require_area(call: Call, asked: SearchQuestion) -> None:
    """Refuse a search of nowhere, before its task begins."""
    find_search_area(call.workspace, asked)


def area_of(
    workspace: IntakeNeeds,
    county: str | None,
    drawn: Source | None,
    options: ReadOptions,
) -> Area:
    """Return the ground of a county, or of polygons that a person gave.

    Raises
    ------
    NoAreaError, UnknownCountyError
        Say one of both; look the code up in the layer of counties.
    PlanningError
        The drawn ground cannot be read.
    """
    if county is not None and drawn is None:
        return _county(workspace, county.strip())
    if drawn is None or county is not None:
        raise NoAreaError
    frame = leave_out_unjudgeable(workspace.read_sites(drawn, options), workspace.site_limits)
    return Area(name=None, geometry=shapely.union_all(frame.sites.geometries))


def polygons_of(workspace: LayerSource, kind: str) -> npt.NDArray[Any]:
    """Return the polygons of all layers of a kind; an empty array if there is no such layer."""
    layers = [v for v in workspace.store.current() if v.spec.kind == kind]
    shapes = [workspace.load(version).features.geometry.to_numpy() for version in layers]
    return np.concatenate([*shapes, np.array([], dtype=object)])


def _county(workspace: LayerSource, county: str) -> Area:
    counties = workspace.counties
    hits = counties[(counties["feature_id"] == county) | (counties["name_zh"] == county)]
    if not len(hits):
        raise UnknownCountyError(county=county[:40])
    return Area(name=str(hits["name_zh"].iloc[0]), geometry=hits.geometry.iloc[0])
