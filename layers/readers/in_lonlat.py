"""Sites brought to lon/lat: one that has no place or no ground there takes no other."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.errors import PlanningError
from geo.measure.crs import GEOGRAPHIC, crs_name
from geo.measure.validity import Repaired, repair_in_lonlat
from layers.readers.ledger import Why


def repair_each_in_lonlat(polygons: gpd.GeoSeries) -> tuple[Repaired, dict[int, Why]]:
    """Return polygons in lon/lat, and by position why some have no place or ground there.

    Raises
    ------
    PlanningError
        The first of them cannot be brought to lon/lat, and no other either.
    """
    try:
        moved = repair_in_lonlat(polygons)
    except (PlanningError, shapely.errors.GEOSException):
        return _one_by_one(polygons)
    empty = np.flatnonzero(shapely.is_empty(moved.polygons.to_numpy()))
    return moved, {int(at): ("no_area", {}) for at in empty}


def _one_by_one(polygons: gpd.GeoSeries) -> tuple[Repaired, dict[int, Why]]:
    why: dict[int, Why] = {}
    first: PlanningError | None = None
    values, changes = np.full(len(polygons), shapely.Polygon(), dtype=object), []
    for at in range(len(polygons)):
        try:
            one = repair_in_lonlat(polygons.iloc[[at]])
        except shapely.errors.GEOSException:
            why[at] = ("beyond_repair", {})
        except PlanningError as exc:
            first = first or exc
            why[at] = ("outside_crs", {"crs": crs_name(CRS(polygons.crs))})
        else:
            values[at] = one.polygons.iloc[0]
            changes += [replace(change, position=at) for change in one.changes]
            if values[at].is_empty:
                why[at] = ("no_area", {})
    if len(why) == len(polygons) and first is not None:
        raise first
    lonlat = gpd.GeoSeries(values, index=polygons.index, crs=GEOGRAPHIC)
    return Repaired(polygons=lonlat, changes=tuple(changes)), why
