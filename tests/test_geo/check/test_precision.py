"""geo.precision. Oracles: bands and strips by hand, GEOS overlap as a second method, properties."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.check.control_index import index_controls
from geo.check.overlay import outside, overlap
from geo.check.precision import area_wider_than_m2, average_width_m, overlap_interval_m2
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.model import Relation

EAST, NORTH = 500_000.0, 2_760_000.0


def lonlat(*planar):
    moved = [shapely.transform(g, lambda xy: xy + np.array([EAST, NORTH])) for g in planar]
    return transform(np.array(moved, dtype=object), local_plane(102.0), parse_crs(GEOGRAPHIC))


SITE = shapely.box(0, 0, 100, 100)


@pytest.mark.parametrize("precision_m", [0.001, 0.05, 1.0, 5.0])
def test_interval_of_a_half_by_hand(precision_m):
    # The control's edge at x = 50 moves by p either way: 100 m x (50 -+ p).
    site, control = lonlat(SITE, shapely.box(-500, -500, 50, 600))
    low, high = overlap_interval_m2(site, np.array([control]), precision_m)
    assert low == pytest.approx(100.0 * (50.0 - precision_m), rel=1e-6)
    assert high == pytest.approx(100.0 * (50.0 + precision_m), rel=1e-6)


def test_interval_of_what_lies_outside_by_hand():
    site, control = lonlat(SITE, shapely.box(-500, -500, 90, 600))
    low, high = overlap_interval_m2(site, np.array([control]), 0.5, Relation.MUST_BE_INSIDE)
    assert (low, high) == (pytest.approx(950.0, rel=1e-5), pytest.approx(1050.0, rel=1e-5))


def test_a_touch_spans_zero_and_a_neighbour_further_off_does_not_count():
    site, touching, apart = lonlat(
        SITE, shapely.box(100, 0, 200, 100), shapely.box(101, 0, 200, 100)
    )
    low, high = overlap_interval_m2(site, np.array([touching]), 0.02)
    assert low == 0.0
    assert high == pytest.approx(2.0, rel=1e-3)
    assert overlap_interval_m2(site, np.array([apart]), 0.02) == (0.0, 0.0)


def test_an_adjoining_pair_of_features_has_no_band_between_them():
    site, left, right = lonlat(SITE, shapely.box(-9, -9, 50, 109), shapely.box(50, -9, 109, 109))
    low, high = overlap_interval_m2(site, np.array([left, right]), 0.5)
    assert low == pytest.approx(10_000.0, rel=1e-6)
    assert high == pytest.approx(10_000.0, rel=1e-6)


boxes = st.tuples(*[st.floats(-150, 150)] * 2, *[st.floats(1, 200)] * 2).map(
    lambda b: shapely.box(*np.round([b[0], b[1], b[0] + b[2], b[1] + b[3]], 3))
)


@settings(deadline=None, max_examples=60)
@given(st.lists(boxes, min_size=1, max_size=4), st.floats(0.001, 10), st.floats(1.0, 5.0))
def test_the_interval_holds_the_overlap_and_grows_with_the_precision(planar, precision_m, more):
    # Property, with the overlap of geo.overlay (GEOS, lon/lat) as the second method.
    site, *features = lonlat(SITE, *planar)
    features = np.array(features, dtype=object)
    index = index_controls(
        gpd.GeoSeries(features, crs=GEOGRAPHIC), [str(i) for i in range(len(features))]
    )
    slack = 1e-6 * 10_000.0
    for relation, measured in (
        (Relation.MUST_NOT_OVERLAP, overlap(site, index)),
        (Relation.MUST_BE_INSIDE, outside(site, index)),
    ):
        low, high = overlap_interval_m2(site, features, precision_m, relation)
        assert low - slack <= measured.area_m2 <= high + slack
        wider_low, wider_high = overlap_interval_m2(site, features, precision_m * more, relation)
        assert wider_low <= low + slack
        assert wider_high >= high - slack


def test_sensitivity_of_strips_by_hand():
    # Strips of 200 m length and known width; a bite on a hairline counts by its largest width.
    strips = [
        shapely.box(0, 10 * n, 200, 10 * n + w) for n, w in enumerate((0.005, 0.03, 0.2, 2.0))
    ]
    bitten = shapely.union(shapely.box(0, 90, 200, 90.005), shapely.box(50, 90, 54, 94))
    taken = lonlat(*strips, bitten)
    found = area_wider_than_m2(taken, (0.0, 0.01, 0.05, 0.5))
    bite = 200 * 0.005 + 4 * 4 - 4 * 0.005
    expected = (1 + 6 + 40 + 400 + bite, 6 + 40 + 400 + bite, 40 + 400 + bite, 400 + bite)
    assert found == pytest.approx(expected, rel=1e-3)


def test_parts_that_adjoin_are_one_piece():
    # Two hairlines of 8 mm side by side are one of 16 mm.
    taken = lonlat(shapely.box(0, 0, 100, 0.008), shapely.box(0, 0.008, 100, 0.016))
    assert area_wider_than_m2(taken, (0.01,))[0] == pytest.approx(1.6, rel=1e-3)
    assert area_wider_than_m2(taken[:1], (0.01,)) == (0.0,)


def test_nothing_taken_is_zero_at_every_width():
    assert area_wider_than_m2(np.array([], dtype=object), (0.0, 0.5)) == (0.0, 0.0)


@settings(deadline=None, max_examples=40)
@given(st.lists(boxes, min_size=1, max_size=4))
def test_at_width_zero_nothing_is_left_out_and_it_never_rises(planar):
    taken = lonlat(shapely.union_all(planar))
    found = area_wider_than_m2(taken, (0.0, 0.01, 0.5, 5.0, 50.0))
    assert found[0] == pytest.approx(float(area_lonlat_m2(taken)[0]), rel=1e-9)
    assert list(found) == sorted(found, reverse=True)


def test_average_width_by_hand():
    # 2 A / P of 4 m x 100 m: 800 / 208.
    found = average_width_m(np.array([*lonlat(shapely.box(0, 0, 4, 100)), shapely.Polygon()]))
    assert found == pytest.approx([800 / 208, 0.0], rel=1e-3)
