"""Ground under constraints: shares of sites. Oracles: squares by hand, GeographicLib, sums."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from api.expansion.constraints.constrained_ground import lay_source, shares_of
from api.expansion.constraints.ground_terms import (
    SoftenedLineError,
    describe_terms,
    ground_of_sites,
    terms_of_ground,
)
from api.expansion.ground import Plot
from api.expansion.questions import GroundTermsQuery
from api.upload import Upload
from api.workspace.workspace import Workspace
from geo.measure.area import area_lonlat_m2
from layers.expansion.errors import ConstraintsFileError
from layers.expansion.ground_source import GroundSource
from maps.document.cells import Marked
from maps.document.model import Table
from maps.expansion.constraint_document import constraint_blocks

WEST, SOUTH, STEP = 102.80, 24.98, 0.01
GEOD = Geod(ellps="GRS80")


def cell(column: int, row: int, width: int = 1) -> shapely.Geometry:
    west, south = WEST + column * STEP, SOUTH + row * STEP
    return shapely.box(west, south, west + width * STEP, south + STEP)


def plot(shape: shapely.Geometry) -> Plot:
    area_m2 = float(area_lonlat_m2(np.array([shape], dtype=object))[0])
    return Plot(id="a", shape=shape, area_m2=area_m2, width_m=500.0)


def share(workspace: Workspace, shape: shapely.Geometry, **source: object):
    laid = lay_source(workspace, GroundSource.model_validate(source))
    (found,) = shares_of(workspace, laid, [plot(shape)])
    assert found.taken_m2 + found.unknown_m2 <= found.area_m2 * (1 + 1e-12)
    return found


def area_by_geod_m2(shape: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(shapely.segmentize(shape, 1e-4))[0])


def test_ground_is_taken_free_or_unknown_by_what_layers_cover(
    workspace: Workspace, put_layer
) -> None:
    # Of four cells one is a hazard zone, two more are covered, of the fourth nobody tells.
    put_layer("geohazard_zone", [cell(0, 0)], coverage=[cell(0, 0, 3)])
    found = share(workspace, cell(0, 0, 4), kind="geohazard_zone")
    assert found.taken_m2 == pytest.approx(area_by_geod_m2(cell(0, 0)), rel=1e-6)
    assert (found.least_pct, found.most_pct) == pytest.approx((25.0, 50.0), rel=1e-4)
    assert found.reason == "not_covered"
    covered = share(workspace, cell(0, 0, 2), kind="geohazard_zone")
    assert (covered.least_pct, covered.most_pct) == pytest.approx((50.0, 50.0), rel=1e-4)
    assert covered.reason is None
    outside = share(workspace, cell(0, 0, 4), kind="geohazard_zone", outside=True)
    assert (outside.least_pct, outside.most_pct) == pytest.approx((50.0, 75.0), rel=1e-4)


def test_a_layer_that_says_nothing_of_its_coverage_makes_nothing_free(
    workspace: Workspace, put_layer
) -> None:
    put_layer("geohazard_zone", [cell(0, 0)])
    found = share(workspace, cell(0, 0, 2), kind="geohazard_zone")
    assert (found.least_pct, found.most_pct) == pytest.approx((50.0, 100.0), rel=1e-4)
    free = share(workspace, cell(5, 0), kind="geohazard_zone", outside=True)
    assert (free.least_pct, free.most_pct) == (0.0, 100.0)


def test_without_a_layer_nothing_is_known(workspace: Workspace) -> None:
    found = share(workspace, cell(0, 0), kind="plant_habitat")
    assert (found.least_pct, found.most_pct, found.reason) == (0.0, 100.0, "no_layer")
    found = share(workspace, cell(0, 0), layer="nothing_of_the_kind")
    assert (found.most_pct, found.reason) == (100.0, "no_layer")


def test_a_survey_speaks_where_it_has_a_patch_of_a_known_class(
    workspace: Workspace, put_layer
) -> None:
    put_layer(
        "land_use",
        [cell(0, 0), cell(1, 0), cell(2, 0)],
        class_code=["0103", "0301", "9999"],
    )
    site = cell(0, 0, 4)
    crop = share(workspace, site, kind="land_use", classes=["01"])
    assert (crop.least_pct, crop.most_pct) == pytest.approx((25.0, 75.0), rel=1e-4)
    paddy = share(workspace, cell(0, 0), kind="land_use", classes=["0101"])
    assert (paddy.least_pct, paddy.most_pct) == (0.0, 0.0)


def test_overlapping_features_count_once(workspace: Workspace, put_layer) -> None:
    put_layer("geohazard_zone", [cell(0, 0), cell(0, 0, 2)], coverage=[cell(0, 0, 9)])
    found = share(workspace, cell(0, 0, 4), kind="geohazard_zone")
    assert found.least_pct == pytest.approx(50.0, rel=1e-4)


def test_a_class_that_no_feature_says_is_not_taken_for_absent(
    workspace: Workspace, put_layer
) -> None:
    put_layer(
        "geohazard_zone", [cell(0, 0), cell(1, 0)], coverage=[cell(0, 0, 9)],
        易发程度=["高易发", ""],
    )  # fmt: skip
    site = cell(0, 0, 4)
    wrong = share(workspace, site, kind="geohazard_zone", where={"易发程度": ["高"]})
    assert (wrong.most_pct, wrong.reason) == (100.0, "no_such_class")
    right = share(workspace, site, kind="geohazard_zone", where={"易发程度": ["高易发"]})
    # The second zone does not say how prone it is.
    assert (right.least_pct, right.most_pct) == pytest.approx((25.0, 50.0), rel=1e-4)
    no_field = share(workspace, site, kind="geohazard_zone", where={"风险": ["高易发"]})
    assert no_field.most_pct == 100.0


def test_a_belt_is_as_wide_as_was_said_and_ends_before_what_is_covered_does(
    workspace: Workspace, put_layer
) -> None:
    line = shapely.LineString([(WEST + STEP, SOUTH - STEP), (WEST + STEP, SOUTH + 2 * STEP)])
    put_layer("river", [line], coverage=[shapely.box(102.7, 24.9, 102.9, 25.1)])
    site = cell(0, 0, 2)
    bare = share(workspace, site, layer="own_river")
    # A line takes no ground, and nobody can tell how much a river does.
    assert (bare.least_pct, bare.most_pct) == (0.0, 100.0)
    belt = share(workspace, site, layer="own_river", within_m=100.0)
    height_m = GEOD.line_length([WEST + STEP] * 2, [SOUTH, SOUTH + STEP])
    assert belt.taken_m2 == pytest.approx(200.0 * height_m, rel=1e-3)
    assert belt.unknown_m2 == 0.0
    edge = shapely.box(102.7, 24.95, 102.7 + STEP, 24.95 + STEP)
    near = share(workspace, edge, layer="own_river", within_m=100.0)
    assert near.unknown_m2 == pytest.approx(
        100.0 * GEOD.line_length([102.7] * 2, [24.95, 24.95 + STEP]), rel=2e-2
    )


def upload(text: str) -> Upload:
    return Upload(name="own.yaml", files={"own.yaml": text.encode()})


TERMS = """
name: {zh: 甲, en: A}
note: {zh: 乙, en: B}
constraints:
  hazard:
    name: {zh: 易发区, en: Hazard}
    ground: {kind: geohazard_zone}
    treatment: soft
    at_most_pct: 30
    points_per_pct: 0.5
    price: {yuan_per_ha: 100000, year: 2025, source: 丙}
    quality: own
    source: 丁
"""


def test_points_and_cost_are_spans_where_ground_is_unknown(workspace: Workspace, put_layer) -> None:
    put_layer("geohazard_zone", [cell(0, 0)], coverage=[cell(0, 0, 3)])
    terms = terms_of_ground(workspace, GroundTermsQuery(constraints=upload(TERMS)))
    known, open_, broken = ground_of_sites(
        workspace, terms, [plot(cell(1, 0)), plot(cell(0, 0, 4)), plot(cell(0, 0, 2))]
    )
    assert (known.least_points, known.most_points) == (100.0, 100.0)
    assert (known.least_yuan, known.most_yuan) == (0.0, 0.0)
    assert known.shares[0].verdict == "kept"
    assert (open_.least_points, open_.most_points) == pytest.approx((75.0, 87.5), rel=1e-4)
    hectares = area_by_geod_m2(cell(0, 0)) / 10_000.0
    assert open_.least_yuan == pytest.approx(100_000.0 * hectares, rel=1e-6)
    assert open_.most_yuan == pytest.approx(200_000.0 * hectares, rel=1e-6)
    assert open_.shares[0].verdict == "cannot_tell"
    assert broken.shares[0].verdict == "broken"
    # By hand: a quarter lies on it, and of another quarter nobody knows: the worst stands first.
    sites = [("open", open_)]
    (table,) = [
        one
        for one in constraint_blocks(describe_terms(terms), sites, "en")
        if isinstance(one, Table)
    ]
    (share,) = [
        cell
        for cell in table.rows[0]
        if cell == Marked(value=pytest.approx(50.0, rel=1e-3), mark="at best 25.00")
    ]
    assert share.value > 49.0
    (said,) = describe_terms(terms).constraints
    assert (said.yuan_per_ha, said.price_year, said.layers) == (
        100_000.0,
        2025,
        ["own_geohazard_zone@1"],
    )


@pytest.mark.parametrize(
    "ground",
    [
        "{kind: ecological_red_line}",
        "{kind: permanent_basic_farmland, within_m: 10}",
        "{kind: nature_reserve, outside: true}",
        "{kind: urban_development_boundary}",
        "{layer: demo_ecological_red_line}",
    ],
)
@pytest.mark.parametrize("treatment", ["listed", "soft"])
def test_a_line_that_forbids_cannot_be_softened(
    workspace: Workspace, ground: str, treatment: str
) -> None:
    text = TERMS.replace("{kind: geohazard_zone}", ground)
    if treatment == "listed":
        text = text.replace("treatment: soft", "treatment: listed")
        text = text.replace("    at_most_pct: 30\n    points_per_pct: 0.5\n", "")
    with pytest.raises(SoftenedLineError):
        terms_of_ground(workspace, GroundTermsQuery(constraints=upload(text)))


def test_a_file_in_another_encoding_is_refused_and_not_read_in_other_words(
    workspace: Workspace,
) -> None:
    own = Upload(name="own.yaml", files={"own.yaml": TERMS.encode("gbk")})
    with pytest.raises(ConstraintsFileError) as caught:
        terms_of_ground(workspace, GroundTermsQuery(constraints=own))
    assert caught.value.params == {"file": "own.yaml", "field": "*", "problem": "not_yaml"}


def test_none_asks_for_no_constraints(workspace: Workspace) -> None:
    none = terms_of_ground(workspace, GroundTermsQuery(constraint_set="none"))
    assert describe_terms(none) is None
