"""Searching, comparing and clearing sites through their doors, on the demonstration ground."""

import json
import time

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from api.check.hard_lines import hard_lines
from api.cli import app
from api.expansion.output import NothingToWriteError, write_sites
from api.expansion.questions import PlaceError, SearchQuestion, WeightError
from api.expansion.rank import RankQuery
from api.expansion.search import SearchQuery, search_sites
from api.expansion.search_area import (
    Area,
    NoAreaError,
    UnknownCountyError,
    find_search_area,
    polygons_of,
)
from api.workspace.tasks import TaskCancelledError
from api.workspace.workspace import Workspace
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, parse_crs, transform
from geo.raster.errors import AreaTooSmallError, CellTooWideError, SearchError
from maps.document.terminal import text_of as terminal_text
from maps.expansion.sites_document import search_document
from maps.i18n import LANGUAGES, tr
from tests.test_api.expansion.conftest import still

NORTH_OF_DISTRICT = [
    [[102.80, 25.015], [102.85, 25.015], [102.85, 25.04], [102.80, 25.04], [102.80, 25.015]]
]


PLACE = "昆明站=102.72,25.02"


def query(**changes: object) -> SearchQuery:
    given = {
        "least_ha": 10.0, "most_ha": 60.0, "width_m": 200.0, "compactness": 0.3, "slope_deg": 15.0, "grade": None,
        "district_km": None, "places": (), "place_km": None, "cell_m": None, "nature": None,
    }  # fmt: skip
    return SearchQuery(**{**given, **changes})


@pytest.fixture(scope="module")
def found(opened: Workspace):
    area = ground(opened, shape={"type": "Polygon", "coordinates": NORTH_OF_DISTRICT})
    return search_sites(opened, area, query(places=[PLACE]), still)


def test_candidates_keep_every_constraint_by_a_second_method(opened: Workspace, found) -> None:
    assert found.candidates
    assert found.nothing_because is None
    area = shapely.Polygon(NORTH_OF_DISTRICT[0])
    lines = hard_lines(opened, area.buffer(0.05))
    forbidden = np.concatenate([line.forbidden for line in lines.lines])
    shapes = [shapely.from_geojson(json.dumps(one.geometry)) for one in found.candidates]
    for one, shape in zip(found.candidates, shapes, strict=True):
        assert shape.is_valid
        assert shape.within(area.buffer(1e-8))  # coordinates are written to a tenth of a millimetre
        assert not shapely.intersects(forbidden, shape).any()
        assert one.check.hard_overlap_m2 == 0.0
        assert one.check.verdict != "conflict"
        assert 100_000 <= area_lonlat_m2(np.array([shape]))[0] <= 601_000
        assert one.width_m >= 200.0 * 0.99
        assert one.compactness >= 0.3
        assert one.slope_mean_deg is not None
        assert one.slope_mean_deg <= 15.0
    together = shapely.union_all(shapes)
    # Neighbours share their cut, to a millimetre on both sides.
    assert together.area == pytest.approx(sum(one.area for one in shapes), rel=1e-7)


def test_the_funnel_accounts_for_the_whole_area(found) -> None:
    first = found.funnel[0]
    whole = first.left_km2 + first.removed_km2
    removed = sum(step.removed_km2 for step in found.funnel)
    kept = sum(one.area_m2 for one in found.candidates) / 1e6
    area = shapely.Polygon(NORTH_OF_DISTRICT[0])
    assert whole == pytest.approx(area_lonlat_m2(np.array([area]))[0] / 1e6, rel=1e-9)
    assert removed + kept == pytest.approx(whole, rel=1e-9)
    assert found.funnel[-1].left_km2 == pytest.approx(kept, rel=1e-9)
    # Nothing is lost to cells or to rounding.
    assert next(s.removed_km2 for s in found.funnel if s.reason == "edges") < 1e-6
    assert {"unstated", "existing", "slope", "width", "edges", "check"} <= {
        s.reason for s in found.funnel
    }
    assert any(basis.status == "demonstration" for basis in found.basis)


def test_why_nothing_was_found(opened: Workspace) -> None:
    area = ground(opened, shape={"type": "Polygon", "coordinates": NORTH_OF_DISTRICT})
    steep = search_sites(opened, area, query(slope_deg=0.0), still)
    assert (steep.candidates, steep.nothing_because) == ([], "slope")
    with pytest.raises(NothingToWriteError):
        write_sites(steep, opened.settings.data_dir / "none.gpkg")
    far = ground(
        opened,
        shape={
            "type": "Polygon",
            "coordinates": [[[99.7, 27.8], [99.75, 27.8], [99.75, 27.84], [99.7, 27.8]]],
        },
    )
    assert search_sites(opened, far, query(), still).nothing_because == "unstated"
    # The belt is 560 m wide at most: a circle of 900 m finds no room in it.
    assert search_sites(opened, area, query(width_m=900.0), still).nothing_because == "width"
    with pytest.raises(SearchError) as caught:
        search_sites(opened, area, query(least_ha=5000.0, most_ha=None), still)
    assert isinstance(caught.value, AreaTooSmallError)


A52 = [
    [587919.378994, 2756893.231927], [587577.358851, 2757832.924548],
    [587088.718688, 2757655.074073], [587430.738831, 2756715.381452],
]  # fmt: skip
"""520 x 1000 m in the 3-degree zone of 102 degrees east, 85 km from its meridian."""


@pytest.mark.parametrize("cell_m", [10.0, 30.0, 120.0])
def test_ground_of_52_ha_is_found_whatever_the_cells(opened: Workspace, cell_m) -> None:
    (flat,) = transform(
        np.array([shapely.Polygon(A52)], dtype=object),
        parse_crs("EPSG:4543"),
        parse_crs(GEOGRAPHIC),
    )
    area = Area(name=None, geometry=flat)
    asked = query(least_ha=50.0, most_ha=None, width_m=300.0, cell_m=cell_m)
    (one,) = search_sites(opened, area, asked, still).candidates
    # By GeographicLib 2.0 (planimeter on CGCS2000): 519,901.7 m2, for the plane enlarges there.
    assert one.area_m2 == pytest.approx(519_901.7, abs=0.5)
    shape = shapely.from_geojson(json.dumps(one.geometry))
    assert shape.symmetric_difference(area.geometry).area < 1e-4 * shape.area


def test_candidates_adjoin_what_bounds_them(opened: Workspace) -> None:
    area = ground(opened, shape={"type": "Polygon", "coordinates": NORTH_OF_DISTRICT})
    asked = query(most_ha=None, slope_deg=None, grade=None, compactness=0.0, width_m=20.0)
    report = search_sites(opened, area, asked, still)
    shapes = [shapely.from_geojson(json.dumps(one.geometry)) for one in report.candidates]
    districts = shapely.union_all(polygons_of(opened, "district"))
    near = [one for one in report.candidates if one.district_km < 1e-6]
    assert near, "free ground reaches the district"
    assert all(shapely.intersection(one, districts).area < 1e-10 for one in shapes)
    assert [one.ground for one in report.candidates] == sorted(
        one.ground for one in report.candidates
    )


def test_suitability_is_a_constraint_of_its_own(opened: Workspace) -> None:
    west, south = 102.66, 24.86
    ring = [
        [west, south],
        [west + 0.06, south],
        [west + 0.06, south + 0.06],
        [west, south + 0.06],
        [west, south],
    ]
    area = ground(opened, shape={"type": "Polygon", "coordinates": [ring]})
    taken = []
    for grade in (1, 3, 5):
        report = search_sites(opened, area, query(slope_deg=None, grade=grade), still)
        taken.append(next(s.alone_km2 for s in report.funnel if s.reason == "grade"))
        assert report.missing_factors  # grades rest on the land alone, and that is said
    assert taken[0] > taken[1] >= taken[2] == 0.0


def test_a_search_that_makes_no_sense_is_refused(opened: Workspace) -> None:
    area = ground(opened, shape={"type": "Polygon", "coordinates": NORTH_OF_DISTRICT})
    with pytest.raises(SearchError) as caught:
        search_sites(opened, area, query(width_m=80.0), still)
    assert isinstance(caught.value, CellTooWideError)
    assert caught.value.params == {"cell_m": 30.0, "limit": 3}
    # Where neither slope nor grade is asked, no cell stands in the way.
    narrow = query(width_m=20.0, slope_deg=None, grade=None)
    assert search_sites(opened, area, narrow, still).candidates
    with pytest.raises(NoAreaError):
        ground(opened)
    with pytest.raises(UnknownCountyError) as county:
        ground(opened, county="大观园")
    assert county.value.params == {"county": "大观园"}
    assert ground(opened, county="官渡区").geometry.equals(ground(opened, county="530111").geometry)
    for text in ("x", "x=1", "x=200,20", "x=a,b"):
        with pytest.raises(PlaceError):
            query(places=[text])
    for text in ("slope", "slope=x"):
        with pytest.raises(WeightError):
            rank_query(weights=[text])


def test_a_search_stops_where_it_is_told_to(opened: Workspace) -> None:
    area = ground(opened, shape={"type": "Polygon", "coordinates": NORTH_OF_DISTRICT})

    def stop(done: int, total: int, note: str) -> None:
        if done == 2:
            raise TaskCancelledError

    with pytest.raises(TaskCancelledError):
        search_sites(opened, area, query(), stop)


def ground(opened: Workspace, **where: object):
    return find_search_area(opened, SearchQuestion(least_ha=1.0, width_m=100.0, **{
        {"shape": "area"}.get(name, name): value for name, value in where.items()
    }))  # fmt: skip


def rank_query(**changes: object) -> RankQuery:
    given = {
        "criteria": "expansion", "places": (), "least_ha": 0.0, "width_m": 0.0,
    }  # fmt: skip
    return RankQuery(**{**given, **changes})


def ended(client, task: dict) -> dict:
    for _ in range(600):
        now = client.get(f"/api/v1/tasks/{task['id']}").json()
        if now["status"] not in {"waiting", "running"}:
            return now
        time.sleep(0.05)
    raise AssertionError("the task does not end")


def test_over_http_search_then_rank_then_avoid(client) -> None:
    area = {"type": "Polygon", "coordinates": NORTH_OF_DISTRICT}
    body = {"area": area, "least_ha": 10, "most_ha": 60, "width_m": 200, "slope_deg": 15}
    started = client.post("/api/v1/sites/search", json=body)
    assert started.status_code == 202
    task = ended(client, started.json())
    assert task["status"] == "finished", task
    assert task["files"] == ["candidates.geojson", "candidates.gpkg"]
    layer = client.get(f"/api/v1/tasks/{task['id']}/files/candidates.geojson")
    geojson = {"content": layer.content, "headers": {"content-type": "application/geo+json"}}
    ranking = client.post("/api/v1/sites/ranking", params={"places": PLACE}, **geojson)
    assert ranking.status_code == 200
    assert len(ranking.json()["sites"]) == len(task["result"]["candidates"])
    book = client.post("/api/v1/sites/ranking", params={"format": "xlsx"}, **geojson)
    assert book.content[:2] == b"PK"
    moved = client.post("/api/v1/sites/avoidance", params={"target_m2": 0, "width_m": 0}, **geojson)
    assert ended(client, moved.json())["result"]["sites"][0]["shift"]["distance_m"] == 0.0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"least_ha": 10, "width_m": 200}, "api.search.area"),
        ({"county": "x", "least_ha": 10, "width_m": 200}, "api.search.county"),
        ({"county": "530111", "least_ha": -1, "width_m": 200}, "api.request.invalid"),
        ({"county": "530111", "least_ha": 10, "width_m": 200, "colour": 1}, "api.request.invalid"),
        ({"county": "530111", "least_ha": 10, "width_m": 200, "nature": "x"}, "layers.natures.unknown"),
    ],
)  # fmt: skip
def test_bad_requests_are_refused_in_words(shared_client, body, code) -> None:
    refused = shared_client.post("/api/v1/sites/search", json=body)
    assert refused.status_code == 422
    assert refused.json()["code"] == code
    assert refused.json()["detail"]


def ftzgis(store: Workspace, *arguments: object):
    settings = {"FTZGIS_DATA_DIR": str(store.settings.data_dir)}
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=settings)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_commands_say_in_words_what_http_says(opened: Workspace, tmp_path, lang) -> None:
    area = tmp_path / "范围.geojson"
    area.write_text(json.dumps({"type": "Polygon", "coordinates": NORTH_OF_DISTRICT}), "utf-8")
    layer, table = tmp_path / "候选.gpkg", tmp_path / "比选表.xlsx"
    asked = ("--area", area, "--least-ha", 10, "--most-ha", 60, "--width-m", 200, "--lang", lang)
    done = ftzgis(opened, "search", *asked, "-o", layer)
    assert done.exit_code == 0, done.output
    assert "C001" in done.stdout
    done = ftzgis(opened, "rank", layer, "--place", PLACE, "-o", table, "--lang", lang)
    assert done.exit_code == 0, done.output
    assert table.read_bytes()[:2] == b"PK"
    done = ftzgis(opened, "avoid", layer, "--json")
    assert done.exit_code == 0, done.output
    sites = json.loads(done.stdout)["sites"]
    assert {site["shift"]["distance_m"] for site in sites} == {0.0}
    done = ftzgis(opened, "search", "--county", "大观园", "--least-ha", 1, "--width-m", 200)
    assert done.exit_code == 2
    assert "大观园" in done.stderr
    done = ftzgis(opened, "rank", layer, "--weight", "slope", "--lang", lang)
    assert done.exit_code == 2


def test_what_to_give_up_where_nothing_is_found(opened: Workspace) -> None:
    area = ground(opened, shape={"type": "Polygon", "coordinates": NORTH_OF_DISTRICT})
    # Free ground has 358.55 ha without a limit of slope; only 0 degrees are asked for.
    asked = query(least_ha=100.0, most_ha=None, slope_deg=0.0, grade=None, compactness=0.0)
    report = search_sites(opened, area, asked, still)
    assert not report.candidates
    first = report.relaxations[0]
    assert [one.reason for one in first.constraints] == ["slope"]
    assert [one.needs for one in first.constraints] == ["choice"]
    # Second method: the search itself, without the limit.
    freed = search_sites(opened, area, asked.model_copy(update={"slope_deg": None}), still)
    areas = [one.area_m2 / 1e4 for one in freed.candidates]
    assert (first.sites, first.largest_ha) == (len(areas), pytest.approx(max(areas), rel=1e-6))
    assert first.area_ha == pytest.approx(sum(areas), rel=1e-6)
    assert report.largest_ha < 100.0
    # No set of one more holds a smaller one.
    sets = [{one.reason for one in each.constraints} for each in report.relaxations]
    assert not any(a < b for a in sets for b in sets)
    for lang in LANGUAGES:
        text = terminal_text(search_document(report, lang))
        assert tr("siting.relaxations", lang) in text
    large = asked.model_copy(update={"slope_deg": None, "least_ha": 420.0})
    needs = {
        one.needs
        for each in search_sites(opened, area, large, still).relaxations
        for one in each.constraints
    }
    assert "procedure" in needs
