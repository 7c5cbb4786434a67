"""Where the sites of a check lie: counties, parts, and the points of sites and overlaps."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from api.check.printed import print_shares
from api.workspace.answers import shapes_of
from api.workspace.needs import LayerSource
from geo.check.added_points import added_points, drop_points
from geo.check.control_index import ControlIndex, index_controls
from geo.check.overlay import outsides, overlaps
from geo.errors import PlanningError
from geo.measure.area import NOISE_M2, area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, crs_name, move_vertices, parse_crs
from geo.measure.restore import polygonal
from geo.measure.rings import Ring
from geo.model import Relation
from layers.errors import SeveralZonesError
from layers.store.boundary_txt import boundary_txt, list_rings
from maps.check.answers import CheckResult
from maps.check.report.limits import report_limits
from maps.check.report.locations import Place, Places, Point, PointList, SharedGround
from maps.check.report.material import LineNames, say, site_label


def find_places(workspace: LayerSource, result: CheckResult, lang: str) -> Places:
    """Return counties and parts of the sites of a check, and their points if there are few.

    Areas are ellipsoidal; the places of a part add up to the part.
    """
    listed = _shapes(result, lang)
    count = int(shapely.get_num_coordinates(listed.geometry.to_numpy()).sum())
    try:
        crs, rings = (
            list_rings(listed.geometry) if count <= report_limits().most_points else (None, [])
        )
    except SeveralZonesError:
        crs, rings = None, []
    plane = None if crs is None else crs_name(crs)
    lists = (
        PointList(title=title, points=tuple(_points(own, str(plane))))
        for title, own in zip(listed["name"], rings, strict=bool(rings))
    )
    return Places(
        places=tuple(_places(workspace.counties, result, lang)),
        crs=plane,
        lists=tuple(lists),
        point_count=count,
        shared=tuple(_shared(result, lang)),
    )


def write_points(result: CheckResult, lang: str) -> bytes:
    """Return the sites of a check, and the ground that lines take, as a list of points.

    Raises
    ------
    SeveralZonesError
        The sites lie in several 3-degree zones.
    """
    return boundary_txt(_shapes(result, lang))


def _shapes(result: CheckResult, lang: str) -> gpd.GeoDataFrame:
    """Return the sites, each with the ground that control lines take of it, and their names."""
    names, drawn_in = LineNames(result, lang), _drawn_in(result)
    titles, shapes = list[str](), list[Any]()
    for site in result.sites:
        (outline,) = shapes_of([site.geometry])
        added = np.empty((0, 2)) if drawn_in is None else added_points(outline, drawn_in)
        titles.append(say("points_of_site", lang, site=site_label(site, lang)))
        shapes.append(drop_points(outline, added))
        for finding in site.findings:
            for part in finding.parts:
                said = {"site": site_label(site, lang), "line": names.of(finding)}
                titles.append(say("points_of_part", lang, part=part.feature_id, **said))
                (shape,) = shapes_of([part.geometry])
                shapes.append(None if shape is None else drop_points(shape, added))
    return gpd.GeoDataFrame({"name": titles}, geometry=shapes, crs=GEOGRAPHIC)


def _drawn_in(result: CheckResult) -> CRS | None:
    """Return the CRS of the file that the sites came in; None where it is not known."""
    try:
        return parse_crs(result.read_report.crs)
    except PlanningError:
        return None


def _points(rings: list[Ring], crs: str) -> Iterator[Point]:
    number = 0
    for at, ring in enumerate(rings, start=1):
        moved = move_vertices(shapely.points(ring), parse_crs(crs), parse_crs(GEOGRAPHIC))
        for (east, north), (lon, lat) in zip(ring, shapely.get_coordinates(moved), strict=True):
            number += 1
            yield Point(
                number=number,
                ring=at,
                lon_deg=float(lon),
                lat_deg=float(lat),
                east_m=float(east),
                north_m=float(north),
            )


def _places(counties: gpd.GeoDataFrame, result: CheckResult, lang: str) -> Iterator[Place]:
    index = index_controls(counties.geometry, counties["feature_id"].tolist())
    # Counties of an office's own have a name in one language alone.
    column = f"name_{lang}" if f"name_{lang}" in counties else "name_zh"
    names = dict(zip(counties["feature_id"], counties[column], strict=True))
    for site in result.sites:
        found = list(_counties_of(shapely.get_parts(shapes_of([site.geometry])), index))
        areas = print_shares([area_m2 for _, _, area_m2 in found], site.area_m2)
        for (part, county, _), area in zip(found, areas, strict=True):
            name = names[county] if county else None
            yield Place(site=site_label(site, lang), part=part, county=name, area=area)


def _counties_of(
    parts: npt.NDArray[Any], index: ControlIndex
) -> Iterator[tuple[int, str | None, float]]:
    """Yield part, county and area in m2 of the ground of a site; None outside all counties."""
    both = zip(overlaps(parts, index), outsides(parts, index), strict=True)
    for at, (inside, beyond) in enumerate(both, start=1):
        yield from ((at, one.feature_id, one.area_m2) for one in inside.parts)
        if beyond.area_m2:
            yield at, None, beyond.area_m2


def _shared(result: CheckResult, lang: str) -> Iterator[SharedGround]:
    """Yield for each two lines that take the same ground of a site how much it is."""
    names = LineNames(result, lang)
    for site in result.sites:
        taken = [
            (names.of(finding), shapely.union_all(shapes_of(p.geometry for p in finding.parts)))
            for finding in site.findings
            if finding.parts and finding.relation == Relation.MUST_NOT_OVERLAP
        ]
        for (line, ground), (other, second) in combinations(taken, 2):
            both = polygonal(np.array([shapely.intersection(ground, second)], dtype=object))
            area_m2 = float(area_lonlat_m2(both)[0])
            if area_m2 >= NOISE_M2:
                label = site_label(site, lang)
                yield SharedGround(site=label, line=line, other=other, area_m2=area_m2)
