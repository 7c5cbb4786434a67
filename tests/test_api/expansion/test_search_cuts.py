"""Large free ground cut along roads and contours. Oracles: the layer of roads, straight cuts."""

import json

import numpy as np
import pytest
import shapely
from starlette.testclient import TestClient

from api.expansion.questions import SearchQuery
from api.expansion.search import search_sites
from api.expansion.search_area import Area
from api.workspace.workspace import Workspace
from geo.measure.crs import local_plane
from geo.measure.necks import to_plane
from layers.model import ignore_progress
from maps.expansion.sites_document import search_document
from maps.i18n import LANGUAGES

pytestmark = pytest.mark.slow

AREA = Area(name="北", geometry=shapely.box(102.795, 25.015, 102.84, 25.04))


def asked(**more: object) -> SearchQuery:
    given = {"least_ha": 15.0, "most_ha": 40.0, "width_m": 100.0, "constraint_set": "none"}
    return SearchQuery.model_validate({**given, **more})


def shapes_of(report) -> list[shapely.Geometry]:
    return [shapely.from_geojson(json.dumps(one.geometry)) for one in report.candidates]


def total_ha(report) -> float:
    return sum(one.area_m2 for one in report.candidates) / 1e4


def test_large_ground_is_cut_along_roads_and_says_so(workspace: Workspace) -> None:
    report = search_sites(workspace, AREA, asked(), ignore_progress)
    assert report.cut_along == ["road", "contour"]
    assert any(label.startswith("demo_road@") for label in report.layers)
    by_road = [
        shape
        for one, shape in zip(report.candidates, shapes_of(report), strict=True)
        if one.cut_by == ["road"]
    ]
    assert by_road
    roads = workspace.load(workspace.store.get("demo_road")).controls.geometries
    plane = local_plane(AREA.geometry.centroid.x)
    lines = shapely.union_all(to_plane(roads, plane)).buffer(0.05)
    whole = shapely.union_all(to_plane(np.array(shapes_of(report), dtype=object), plane))
    # Every edge between two of them lies on a road, as does nothing of straight cuts.
    for one in to_plane(np.array(by_road, dtype=object), plane):
        inner = one.boundary.intersection(whole.buffer(-1.0))
        assert inner.difference(lines).length < 0.02 * inner.length + 2.0
    text = [str(search_document(report, lang)) for lang in LANGUAGES]
    assert "切分依据" in text[0] + text[1]
    assert "Cut along" in text[0] + text[1]


def test_without_roads_and_heights_cuts_are_straight_and_said(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    along = search_sites(workspace, AREA, asked(), ignore_progress)
    monkeypatch.setattr("api.expansion.search_ground.cuts_in", lambda *_: no_cuts())
    report = search_sites(workspace, AREA, asked(), ignore_progress)
    assert report.cut_along == []
    assert {tuple(one.cut_by) for one in report.candidates} <= {("straight",), ()}
    # Lines that are there lose no more of the ground than a tenth.
    assert total_ha(along) >= 0.9 * total_ha(report)


def no_cuts():
    from api.expansion.cut_lines import AreaCuts

    return AreaCuts()


def test_without_a_largest_size_nothing_is_cut(workspace: Workspace) -> None:
    report = search_sites(workspace, AREA, asked(most_ha=None), ignore_progress)
    assert report.cut_along == []
    assert all(one.cut_by == [] for one in report.candidates)


@pytest.mark.parametrize("slope_deg", [None, 15.0])
def test_what_is_found_does_not_depend_on_cells(workspace: Workspace, slope_deg) -> None:
    found = [
        total_ha(
            search_sites(workspace, AREA, asked(cell_m=cell, slope_deg=slope_deg), ignore_progress)
        )
        for cell in (10.0, 90.0)
    ]
    assert found[0] == pytest.approx(found[1], rel=0.005)


def test_sizes_that_leave_no_room_are_refused_and_not_searched(shared_client: TestClient) -> None:
    asked = {"county": "530114", "least_ha": "5", "most_ha": "2", "width_m": "50"}
    answer = shared_client.post("/api/v1/sites/search", files={"none": ("", b"")}, data=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "api.search.sizes")
    assert answer.json()["params"] == {"least_ha": 5.0, "most_ha": 2.0}
