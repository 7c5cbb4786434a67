"""Areas and numbers of points that a file states, held against those of its polygons."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import to_lonlat
from layers.model import Issue, Severity
from layers.readers.ledger import Kept, keep_fewer
from layers.readers.parsed import StatedArea, StatedPoints

_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def stated_issues(kept: Kept, polygons: gpd.GeoSeries) -> tuple[Issue, ...]:
    """Say where features are not what their file states of them."""
    return (
        *stated_points_issues(kept.parsed.stated_points, kept.ids),
        *stated_area_issues(kept.parsed.stated_areas, kept.ids, polygons),
    )


def stated_issues_of_layer(kept: Kept, shapes: gpd.GeoSeries) -> tuple[Issue, ...]:
    """Say it of the polygons of a layer: its points and lines have no area."""
    others = np.flatnonzero(~np.isin(shapely.get_type_id(shapes.to_numpy()), _POLYGONS))
    polygons = keep_fewer(kept, dict.fromkeys(others.tolist(), "is_no_polygon"))
    return stated_issues(polygons, shapes.drop(index=shapes.index[others])) if polygons else ()


def stated_area_issues(
    stated: Sequence[StatedArea | None], ids: Sequence[str], polygons: gpd.GeoSeries
) -> tuple[Issue, ...]:
    """Say where a stated area is not the ellipsoidal one, to half its last digit.

    An area that is that of the plane instead is named as such: it is what many programs
    compute, up to 0.03 % off in the districts. ``difference_pct`` is of the stated area,
    ``rounding_m2`` what of the difference may come from the digits that it is written with.
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
            "difference_pct": _rounded(float(100.0 * (told.area_m2 - true) / told.area_m2)),
            "rounding_m2": told.half_step_m2,
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


def stated_points_issues(
    stated: Sequence[StatedPoints | None], ids: Sequence[str]
) -> tuple[Issue, ...]:
    """Say where a stated number of boundary points is not that of the points that are there."""
    return tuple(
        Issue(
            code="point_count_disagrees",
            severity=Severity.WARNING,
            feature_id=feature,
            params={"stated": told.stated, "found": told.found[0]},
        )
        for told, feature in zip(stated, ids if stated else (), strict=True)
        if told is not None and told.stated not in told.found
    )


def _rounded(share_pct: float) -> float:
    """Round to two decimals; what would be 0 then keeps its first digit."""
    return round(share_pct, 2) or float(f"{share_pct:.1g}")


def _same(told: StatedArea, area_m2: float) -> bool:
    # A program may have rounded up to the next digit from numbers of its own precision.
    slack_m2 = told.half_step_m2 * (1.0 + 1e-9)
    return bool(np.isfinite(area_m2)) and abs(told.area_m2 - area_m2) <= slack_m2
