"""Which sites can be judged at all: inside the region, and no smaller than a least area."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import shapely
from pydantic import BaseModel, ConfigDict, Field

from geo.errors import PlanningError
from geo.model import Sites
from layers.errors import OutsideRegionError, SiteTooSmallError
from layers.model import Ledger, SiteFrame
from layers.readers.ledger import Why, left_out_entry
from layers.yaml_text import load_yaml
from layers.zones import Region

_DIGITS: Final = 7


class SiteLimits(BaseModel):
    """The region as (west, south, east, north) in EPSG:4490, and the least area in m2."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    bounds_lonlat: tuple[float, float, float, float]
    least_area_m2: float = Field(gt=0, allow_inf_nan=False)


@cache
def site_limits(region: Region) -> SiteLimits:
    """Return the limits of a region: its bounds, and ``sites.yaml`` of the review."""
    review = files("layers.check").joinpath("review_data/sites.yaml").read_text(encoding="utf-8")
    return SiteLimits.model_validate({"bounds_lonlat": region.bounds_lonlat, **load_yaml(review)})


def find_unjudgeable(sites: Sites, limits: SiteLimits) -> dict[int, Why]:
    """Return by position why sites cannot be judged, whatever the layers say of them."""
    west, south, east, north = limits.bounds_lonlat
    found = shapely.bounds(sites.geometries).T
    inside = (found[0] >= west) & (found[1] >= south) & (found[2] <= east) & (found[3] <= north)
    why: dict[int, Why] = {}
    for at in np.flatnonzero(~(sites.areas_m2 >= limits.least_area_m2)).tolist():
        params = {"area_m2": float(sites.areas_m2[at]), "least_m2": limits.least_area_m2}
        why[at] = ("too_small", params | _place(sites, at))
    for at in np.flatnonzero(~inside).tolist():
        bounds = {"bounds": list(limits.bounds_lonlat)}
        why[at] = ("outside_region", _place(sites, at) | bounds)
    return why


def _place(sites: Sites, at: int) -> dict[str, Any]:
    """Return where a site is found on a map: its first corner."""
    lon, lat = shapely.get_coordinates(sites.geometries[at])[0].round(_DIGITS).tolist()
    return {"lon": lon, "lat": lat}


def leave_out_unjudgeable(frame: SiteFrame, limits: SiteLimits) -> SiteFrame:
    """Return a frame without the sites that cannot be judged; its ledger names them.

    Raises
    ------
    OutsideRegionError, SiteTooSmallError
        Not one site is left: what is wrong with the first.
    """
    why = find_unjudgeable(frame.sites, limits)
    if not why:
        return frame
    if len(why) == len(frame.sites):
        raise _refusal(frame, why[0])
    kept = frame.take(np.flatnonzero(~np.isin(np.arange(len(frame.sites)), list(why))))
    ledger = frame.report.ledger or Ledger(
        unit="feature", found=sum(frame.elements), used=sum(frame.elements)
    )
    lost = tuple(
        left_out_entry(ledger.unit, frame.labels[at], why[at], frame.elements[at])
        for at in sorted(why)
    )
    ledger = replace(ledger, used=sum(kept.elements), left_out=(*ledger.left_out, *lost))
    return replace(kept, report=replace(frame.report, ledger=ledger, feature_count=len(kept.sites)))


def _refusal(frame: SiteFrame, why: Why) -> PlanningError:
    reason, params = why
    told: Mapping[str, Any] = {"site": frame.sites.names[0] or frame.sites.ids[0], **params}
    if reason == "too_small":
        return SiteTooSmallError(**told)
    return OutsideRegionError(**told, crs=frame.report.crs)
