"""Hard, soft and listed ground in searches and comparisons. Oracles: second measures, sums."""

import json

import numpy as np
import pytest
import shapely

from api.check.hard_lines import hard_lines
from api.expansion.questions import RankQuery, SearchQuery
from api.expansion.rank import rank_sites
from api.expansion.search import search_sites
from api.expansion.search_area import Area
from api.upload import Upload
from api.workspace.workspace import Workspace
from geo.expansion.shape import nearest_shape_m
from geo.measure.area import area_lonlat_m2
from geo.measure.restore import polygonal
from layers.model import ReadOptions
from layers.readers import Source
from maps.document.terminal import text_of
from maps.expansion.ranking_document import ranking_document
from maps.expansion.sites_document import search_document
from maps.i18n import LANGUAGES

AREA = Area(name=None, geometry=shapely.box(102.80, 25.015, 102.85, 25.04))
HEAD = "name: {zh: 甲, en: A}\nnote: {zh: 乙, en: B}\nconstraints:\n"


def still(done: int, total: int, note: str) -> None:
    assert 0 <= done <= total


def own(name: str, ground: str, **more: object) -> str:
    body = "".join(f"    {key}: {value}\n" for key, value in more.items())
    return (
        f"  {name}:\n    name: {{zh: {name}名, en: {name} name}}\n    ground: {ground}\n"
        f"    quality: own\n    source: 丙\n{body}"
    )


def file_of(*entries: str) -> Upload:
    return Upload(name="own.yaml", files={"own.yaml": (HEAD + "".join(entries)).encode()})


def search(workspace: Workspace, *entries: str, area: Area = AREA, **more: object):
    given = {"least_ha": 10.0, "most_ha": 60.0, "width_m": 150.0, **more}
    if entries:
        given["constraints"] = file_of(*entries)
    return search_sites(workspace, area, SearchQuery(**given), still)


def shapes_of(report) -> list[shapely.Geometry]:
    return [shapely.from_geojson(json.dumps(one.geometry)) for one in report.candidates]


def area_m2(shape: shapely.Geometry) -> float:
    return float(area_lonlat_m2(polygonal(np.array([shape], dtype=object)))[0])


@pytest.fixture
def crop(put_layer) -> shapely.Geometry:
    """A strip of cropland through the area; the rest of it is unused land."""
    west, south, east, north = AREA.geometry.bounds
    strip = shapely.box(102.824, south, 102.834, north)
    rest = [shapely.box(west, south, 102.824, north), shapely.box(102.834, south, east, north)]
    put_layer("land_use", [strip, *rest], class_code=["0103", "1204", "1204"])
    return strip


def test_hard_ground_is_left_out_and_has_its_row(workspace: Workspace, crop) -> None:
    report = search(workspace, own("crop", "{kind: land_use, classes: ['01']}", treatment="hard"))
    assert report.candidates
    for shape in shapes_of(report):
        assert area_m2(shapely.intersection(shape, crop)) < 1.0
    row = next(step for step in report.funnel if step.reason == "ground.crop")
    assert row.title.en == "crop name"
    assert row.alone_km2 == pytest.approx(
        area_m2(shapely.intersection(AREA.geometry, crop)) / 1e6, rel=1e-5
    )
    assert "untold.crop" in {step.reason for step in report.funnel}


def test_soft_ground_is_kept_to_its_share(workspace: Workspace, crop) -> None:
    free = search(workspace, constraint_set="none")
    limited = search(
        workspace,
        own("crop", "{kind: land_use, classes: ['01']}", treatment="soft", at_most_pct=20),
    )

    def shares(report) -> list[float]:
        return [
            100.0 * area_m2(shapely.intersection(one, crop)) / area_m2(one)
            for one in shapes_of(report)
        ]

    assert max(shares(free)) > 20.0  # else nothing would be tried
    assert limited.candidates
    assert max(shares(limited)) <= 20.005
    for one, measured in zip(limited.candidates, shares(limited), strict=True):
        (said,) = one.takes.shares
        assert said.verdict == "kept"
        assert said.least_pct == pytest.approx(measured, abs=1e-3)
    removed = sum(step.removed_km2 for step in limited.funnel)
    kept = sum(one.area_m2 for one in limited.candidates) / 1e6
    assert removed + kept == pytest.approx(area_m2(AREA.geometry) / 1e6, rel=1e-9)


def test_steep_ground_is_kept_to_its_share_by_the_outline_that_trims(workspace: Workspace) -> None:
    steep = own("steep", "{slope_above_deg: 8}", treatment="soft", at_most_pct=10)
    ridge = Area(
        name=None,
        geometry=shapely.Polygon(
            [
                (102.87066, 24.91168),
                (102.86512, 24.92585),
                (102.86176, 24.92476),
                (102.86731, 24.91059),
            ]
        ),
    )
    report = search(workspace, steep, area=ridge)
    assert report.candidates
    assert all(one.takes.shares[0].verdict == "kept" for one in report.candidates)
    assert any(one.takes.shares[0].taken_m2 > 0.0 for one in report.candidates)


def test_which_share_to_give_up_where_no_site_is_left(workspace: Workspace) -> None:
    every = "{kind: environmental_unit}"  # units cover all land
    assert {"soft_limits"} == {
        one.nothing_because
        for one in [search(workspace, own("all", every, treatment="soft", at_most_pct=5))]
    }
    report = search(
        workspace,
        own("all", every, treatment="soft", at_most_pct=5),
        own("steep", "{slope_above_deg: 30}", treatment="soft", at_most_pct=90),
    )
    (way,) = report.relaxations
    assert [(one.reason, one.needs) for one in way.constraints] == [("ground.all", "choice")]
    assert way.sites > 0
    # What is largest is ground before the shares: all constraints are not kept on it.
    text = text_of(search_document(report, "en"))
    assert "Before the largest shares of soft ground" in text
    assert "With all constraints kept" not in text


def test_outside_the_boundary_is_listed_and_still_a_conflict(workspace: Workspace) -> None:
    boundary = next(
        one
        for one in hard_lines(workspace, AREA.geometry).lines
        if one.rule.kind == "urban_development_boundary"
    )
    inside = search(workspace)
    report = search(workspace, constraint_set="outside_boundary")
    assert sum(one.area_m2 for one in report.candidates) > sum(
        one.area_m2 for one in inside.candidates
    )
    outside = [one for one in report.candidates if one.takes.shares[0].taken_m2 > 1.0]
    assert outside
    for one in outside:
        assert one.check.verdict == "conflict"
        rules = {f.rule_id for f in one.check.findings if f.verdict == "conflict"}
        assert rules == {boundary.rule.id}
        shape = shapely.from_geojson(json.dumps(one.geometry))
        taken = area_m2(shapely.intersection(shape, shapely.union_all(boundary.forbidden)))
        assert one.takes.shares[0].taken_m2 == pytest.approx(taken, abs=1.0)
    for lang in LANGUAGES:
        text = text_of(search_document(report, lang))
        assert ("七种情形" if lang == "zh" else "seven cases") in text


def source_of(shapes: list[shapely.Geometry]) -> Source:
    features = [
        {"type": "Feature", "id": f"S{at}", "properties": {"name": f"S{at}"},
         "geometry": json.loads(shapely.to_geojson(shape))}
        for at, shape in enumerate(shapes)
    ]  # fmt: skip
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return Source(name="s.geojson", files={"s.geojson": body})


SITES = [
    shapely.box(102.81, 25.02, 102.816, 25.026),
    shapely.box(102.82, 25.02, 102.826, 25.026),
    shapely.box(102.83, 25.02, 102.836, 25.026),
]
CRITERIA = """
name: {zh: 我的比选, en: Mine}
draws: 1000
seed: 1
weights_quality: own
weights_note: {zh: 乙, en: B}
criteria:
  crop_pct:
    name: {zh: 耕地占比, en: Cropland}
    unit: '%'
    weight: 1
    points: [[0, 1.0], [100, 0.0]]
    quality: own
    source: 丙
    measure: {what: share, of: {kind: land_use, classes: ['01']}}
  line_m:
    name: {zh: 距红线, en: To the red line}
    unit: m
    weight: 1
    points: [[0, 0.0], [5000, 1.0]]
    quality: own
    source: 丙
    measure: {what: distance, of: {kind: ecological_red_line}}
  park_m:
    name: {zh: 距自然公园, en: To a nature park}
    unit: m
    weight: 1
    points: [[0, 0.0], [50000, 1.0]]
    quality: own
    source: 丙
    measure: {what: distance, of: {kind: nature_park}}
  patches:
    name: {zh: 图斑数, en: Patches}
    unit: ''
    weight: 1
    span: less
    quality: own
    source: 丙
    measure: {what: count, of: {kind: environmental_unit}}
  height_m:
    name: {zh: 平均高程, en: Mean height}
    unit: m
    weight: 1
    points: [[1000, 1.0], [3000, 0.0]]
    quality: own
    source: 丙
    measure: {what: mean, raster: demo_dem_kunming}
requirements:
  - {fact: height_m, most: 10, source: 丙}
"""


def test_any_layer_becomes_a_criterion(workspace: Workspace, crop) -> None:
    query = RankQuery(
        criteria_file=Upload(name="c.yaml", files={"c.yaml": CRITERIA.encode()}),
        constraint_set="none",
    )
    report = rank_sites(workspace, source_of(SITES), ReadOptions(), query)
    lines = workspace.load(workspace.store.get("demo_ecological_red_line")).features.geometry
    units = workspace.load(workspace.store.get("demo_environmental_units")).features.geometry
    assert {one.id for one in report.criteria} == {"crop_pct", "line_m", "patches", "height_m"}
    # A nearer park may lie beyond what the layer of parks covers.
    assert [(one.criterion, one.reason) for one in report.left_out] == [("park_m", "not_covered")]
    by_id = {one.site_id: one for one in report.sites}
    for at, shape in enumerate(SITES):
        facts = by_id[f"S{at}"].facts
        share = 100.0 * area_m2(shapely.intersection(shape, crop)) / area_m2(shape)
        assert facts["crop_pct"].value == pytest.approx(share, abs=1e-4)
        nearest = nearest_shape_m(shape, lines.to_numpy())
        assert facts["line_m"].value == pytest.approx(nearest, rel=1e-9)
        assert facts["patches"].value == shapely.intersects(units.to_numpy(), shape).sum()
        assert 1500.0 < facts["height_m"].value < 2600.0
    assert not any(one.feasible for one in report.sites)
    for lang in LANGUAGES:
        text = text_of(ranking_document(report, lang))
        assert ("平均高程：" if lang == "zh" else "Mean height: ") in text


def test_soft_ground_costs_points_and_limits_make_unfit(workspace: Workspace, crop) -> None:
    entry = own(
        "crop", "{kind: land_use, classes: ['01']}", treatment="soft", points_per_pct=0.5,
        at_most_pct=60, price="{yuan_per_ha: 600000, year: 2025, source: 丁}",
    )  # fmt: skip
    query = RankQuery(constraints=file_of(entry))
    report = rank_sites(workspace, source_of(SITES), ReadOptions(), query)
    for one in report.sites:
        shape = SITES[int(one.site_id[1:])]
        share = 100.0 * area_m2(shapely.intersection(shape, crop)) / area_m2(shape)
        assert one.facts["ground_points"].value == pytest.approx(100.0 - 0.5 * share, abs=1e-4)
        assert one.facts["land_cost_wan_per_ha"].value == pytest.approx(0.6 * share, abs=1e-3)
        assert ("ground" in {why.reason for why in one.unfit}) == (share > 60.0)
        if one.score is not None:
            assert one.score == pytest.approx(sum(one.contributions.values()))
    shares = {"ground_points", "land_cost_wan_per_ha"}
    assert shares <= {one.id for one in report.criteria}
