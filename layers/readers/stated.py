"""Areas that a file states, held against those of its polygons."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import to_lonlat
from layers.model import Issue, Severity
from layers.readers.parsed import StatedArea


def stated_area_issues(
    stated: Sequence[StatedArea | None], ids: Sequence[str], polygons: gpd.GeoSeries
) -> tuple[Issue, ...]:
    """Say where a stated area is not the ellipsoidal one, to half its last digit.

    An area that is that of the plane instead is named as such: it is what many programs
    compute, up to 0.03 % off in the districts.
    """
    if not any(stated):
        return ()
    true_m2 = area_lonlat_m2(to_lonlat(polygons).to_numpy())
    crs = CRS(polygons.crs)
    unit = crs.axis_info[0].unit_conversion_factor if crs.is_projected else float("nan")
    plane_m2 = shapely.area(polygons.to_numpy()) * unit**2
    issues = []
    for told, feature, true, plane in zip(stated, ids, true_m2, plane_m2, strict=True):
        if told is None or _same(told, true):
            continue
        params = {
            "stated_m2": round(told.area_m2, 2),
            "computed_m2": round(float(true), 2),
            "difference_pct": round(float(100.0 * (told.area_m2 - true) / true), 4),
        }
        in_plane = _same(told, plane)
        issues.append(
            Issue(
                code="area_is_of_the_plane" if in_plane else "area_disagrees",
                severity=Severity.INFO if in_plane else Severity.WARNING,
                feature_id=feature,
                params=params,
            )
        )
    return tuple(issues)


def _same(told: StatedArea, area_m2: float) -> bool:
    # A program may have rounded up to the next digit from numbers of its own precision.
    slack_m2 = told.half_step_m2 * (1.0 + 1e-9)
    return bool(np.isfinite(area_m2)) and abs(told.area_m2 - area_m2) <= slack_m2
