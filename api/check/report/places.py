"""Where the sites of a check lie: counties, parts, and the points of sites and overlaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from api.check.drawn import boundary_of
from api.check.printed import print_shares
from api.workspace.answers import shapes_of
from api.workspace.needs import LayerSource
from geo.check.control_index import ControlIndex, index_controls
from geo.check.overlay import outsides, overlaps
from geo.check.own_points import added_positions, drop_added
from geo.errors import PlanningError
from geo.measure.area import NOISE_M2, area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, crs_name, move_points, parse_crs
from geo.measure.restore import polygonal
from geo.model import Boundary, Relation
from layers.errors import SeveralZonesError
from layers.store.boundary_txt import boundary_txt, list_plane, list_rings
from layers.store.point_numbers import ListRing
from maps.check.answers import CheckResult, SiteResult
from maps.check.finding import Finding, Part
from maps.check.report.limits import report_limits
from maps.check.report.locations import Place, Places, Point, PointList, SharedGround
from maps.check.report.material import LineNames, say, site_label


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What a list holds: polygons in its plane, and of each what its points are called.

    ``is_old``: points may stand in it that nobody drew.
    """

    shapes: gpd.GeoDataFrame
    numbers: tuple[tuple[str, ...], ...]
    is_old: bool


def find_places(workspace: LayerSource, result: CheckResult, lang: str) -> Places:
    """Return counties and parts of the sites of a check, and their points if there are few.

    Areas are ellipsoidal; the places of a part add up to the part.
    """
    own = [_own_boundary(site) for site in result.sites]
    parts = shapes_of(p.geometry for site in result.sites for f in site.findings for p in f.parts)
    count = int(shapely.get_num_coordinates([one.polygon for one in own]).sum())
    count += int(shapely.get_num_coordinates(parts).sum())
    try:
        listed = _listed(result, lang) if count <= report_limits().most_points else None
    except SeveralZonesError:
        listed = None
    return Places(
        places=tuple(_places(workspace.counties, result, lang)),
        **({} if listed is None else _lists(listed)),
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
    listed = _listed(result, lang)
    remarks = {say("points_remarks", lang): [say("points_old", lang)]} if listed.is_old else {}
    return boundary_txt(listed.shapes, remarks, listed.numbers)


def _lists(listed: _Listed) -> dict[str, Any]:
    """Return the values of :class:`Places` that tell of points."""
    crs, rings = list_rings(listed.shapes.geometry, listed.numbers)
    lists = zip(listed.shapes["name"], rings, strict=True)
    return {
        "crs": crs_name(crs),
        "lists": tuple(PointList(title=name, points=tuple(_points(r, crs))) for name, r in lists),
        "own_numbers": any(map(any, listed.numbers)),
        "is_old": listed.is_old,
    }


def _listed(result: CheckResult, lang: str) -> _Listed:
    """Return the sites as drawn, each with the ground that control lines take of it."""
    names, own = LineNames(result, lang), [_own_boundary(site) for site in result.sites]
    drawn = gpd.GeoSeries([one.polygon for one in own], crs=parse_crs(own[0].crs))
    plane = list_plane(drawn)
    titles, shapes, numbers = list[str](), list[Any](), list[tuple[str, ...]]()
    for site, boundary in zip(result.sites, own, strict=True):
        said = {"site": site_label(site, lang)}
        titles.append(say("points_of_site", lang, **said))
        shapes.append(move_points(boundary.polygon, parse_crs(boundary.crs), plane))
        numbers.append(boundary.numbers)
        (read,) = shapes_of([site.geometry])
        added = added_positions(read, boundary)
        for finding, part, shape in _parts(site):
            line = names.of(finding)
            titles.append(say("points_of_part", lang, part=part.feature_id, line=line, **said))
            shapes.append(drop_added(shape, added, plane))
            numbers.append(())
    return _Listed(
        shapes=gpd.GeoDataFrame({"name": titles}, geometry=shapes, crs=plane),
        numbers=tuple(numbers),
        is_old=any(site.boundary is None for site in result.sites) and _may_be_cut(result),
    )


def _parts(site: SiteResult) -> Iterator[tuple[Finding, Part, Any]]:
    """Yield the ground that control lines take of a site, with its shape in lon/lat."""
    for finding in site.findings:
        shapes = shapes_of(part.geometry for part in finding.parts)
        rows = zip(finding.parts, shapes, strict=True)
        yield from ((finding, part, shape) for part, shape in rows if shape is not None)


def _own_boundary(site: SiteResult) -> Boundary:
    """Return a site as it was drawn; of an older check as it was read."""
    (read,) = shapes_of([site.geometry])
    return boundary_of(site) or Boundary(polygon=read, crs=GEOGRAPHIC)


def _may_be_cut(result: CheckResult) -> bool:
    """Tell whether reading may have cut edges: those of degrees stay as they are."""
    try:
        return not parse_crs(result.read_report.crs).is_geographic
    except PlanningError:
        return True


def _points(rings: list[ListRing], crs: CRS) -> Iterator[Point]:
    for at, ring in enumerate(rings, start=1):
        lonlat = move_points(shapely.points(ring.xy), crs, parse_crs(GEOGRAPHIC))
        positions = zip(ring.numbers, ring.xy, shapely.get_coordinates(lonlat), strict=True)
        for number, (east, north), (lon, lat) in positions:
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
