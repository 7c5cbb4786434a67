"""geo.buffer. Oracles: areas by hand, geodesic distances by GeographicLib (pyproj.Geod)."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.measure.area import area_lonlat_m2
from geo.measure.buffer import buffer_lonlat

GEOD = Geod(a=6378137.0, rf=298.257222101)


def test_a_belt_around_a_point_by_hand():
    # A circle of 300 m; the 128-gon falls short of it by 0.04 %.
    (circle,) = buffer_lonlat(np.array([shapely.Point(102.0, 25.0)]), 300.0)
    assert area_lonlat_m2(np.array([circle]))[0] == pytest.approx(np.pi * 300**2, rel=5e-4)


def test_features_of_two_zones_are_each_laid_out_in_their_own():
    points = np.array([shapely.Point(97.9, 24.0), shapely.Point(103.96, 22.5)])
    areas = area_lonlat_m2(buffer_lonlat(points, 1000.0))
    assert areas == pytest.approx([np.pi * 1e6] * 2, rel=1e-3)


@settings(deadline=None, max_examples=50)
@given(
    st.floats(97.6, 106.0),
    st.floats(21.5, 29.0),
    st.sampled_from([5.0, 50.0, 300.0, 2000.0]),
    st.floats(0, 360),
    st.floats(0.9, 1.1),
)
def test_what_is_nearer_is_inside_and_what_is_farther_is_not(lon, lat, belt_m, azimuth, times):
    # Second method: the geodesic distance of a point in any direction.
    (belt,) = buffer_lonlat(np.array([shapely.Point(lon, lat)]), belt_m)
    there = shapely.Point(*GEOD.fwd(lon, lat, azimuth, belt_m * times)[:2])
    if abs(times - 1.0) > 2e-3:
        assert belt.contains(there) is bool(times < 1.0)


def test_a_belt_closes_over_a_narrow_hole_and_holds_its_feature():
    ring = shapely.box(102.0, 25.0, 102.01, 25.01) - shapely.box(102.004, 25.0, 102.0045, 25.008)
    (belt,) = buffer_lonlat(np.array([ring]), 50.0)
    assert belt.contains(ring)
    assert shapely.get_num_interior_rings(belt) == 0
