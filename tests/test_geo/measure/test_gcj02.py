"""geo.gcj02. Oracles: published offsets, pyproj.Geod for metres, and the round trip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.measure.gcj02 import from_true, to_true

GEOD = Geod(ellps="GRS80")
DATUMS = ["gcj02", "bd09"]


def apart_m(lon1, lat1, lon2, lat2):
    return np.asarray(GEOD.inv(lon1, lat1, lon2, lat2)[2])


@pytest.mark.parametrize(
    ("place", "lon", "lat", "offset_m"),
    [
        # domain.md, finding 5: Kunming 370 m, Hekou 389 m, Ruili 330 m.
        ("Kunming", 102.83, 24.88, 370.0),
        ("Hekou", 103.95, 22.52, 389.0),
        ("Ruili", 97.85, 24.01, 330.0),
    ],
)
def test_offsets_in_the_three_districts(place, lon, lat, offset_m):
    lon, lat = np.array([lon]), np.array([lat])
    moved = from_true(lon, lat, datum="gcj02")
    assert apart_m(lon, lat, *moved)[0] == pytest.approx(offset_m, abs=5.0), place


def test_a_point_by_hand():
    # At 105 E 35 N all terms in x and y vanish but the constants: north -100 m, east 300 m
    # on the Krasovsky radii M = a(1-e2)/w^1.5 and N cos(lat) = a cos(lat)/w^0.5.
    lon, lat = from_true(np.array([105.0]), np.array([35.0]), datum="gcj02")
    w = 1.0 - 0.00669342162296594323 * np.sin(np.radians(35.0)) ** 2
    m = 6_378_245.0 * (1.0 - 0.00669342162296594323) / w**1.5
    n = 6_378_245.0 / w**0.5
    assert (lat[0] - 35.0) * np.radians(m) == pytest.approx(-100.0, abs=1e-6)
    assert (lon[0] - 105.0) * np.radians(n) * np.cos(np.radians(35.0)) == pytest.approx(
        300.0, abs=1e-6
    )


@pytest.mark.parametrize("datum", DATUMS)
def test_round_trip_over_china(datum):
    lon, lat = (
        each.ravel() for each in np.meshgrid(np.linspace(74, 135, 62), np.linspace(4, 53, 50))
    )
    back = to_true(*from_true(lon, lat, datum=datum), datum=datum)
    assert apart_m(lon, lat, *back).max() < 1e-6


@pytest.mark.parametrize("datum", DATUMS)
@given(lon=st.floats(97.0, 107.0), lat=st.floats(21.0, 30.0))
def test_inverse_is_an_inverse_from_the_shifted_side(datum, lon, lat):
    seen = np.array([lon]), np.array([lat])
    again = from_true(*to_true(*seen, datum=datum), datum=datum)
    assert apart_m(*seen, *again)[0] < 1e-6


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize(
    ("lon", "lat"), [(0.0, 10.0), (73.65, 30.0), (135.06, 30.0), (100.0, 3.85)]
)
def test_nothing_moves_outside_the_box(datum, lon, lat):
    for move in (from_true, to_true):
        moved = move(np.array([lon]), np.array([lat]), datum=datum)
        assert (moved[0][0], moved[1][0]) == (lon, lat)


@pytest.mark.parametrize(
    ("lon", "lat"), [(73.66, 30.0), (135.05, 30.0), (110.0, 3.86), (110.0, 53.55)]
)
def test_the_edges_of_the_box_belong_to_it(lon, lat):
    # The box is the one that public converters share; a centimetre beyond nothing moves.
    shifted = from_true(np.array([lon]), np.array([lat]), datum="gcj02")
    assert (shifted[0][0], shifted[1][0]) != (lon, lat)
    beyond = (lon + np.sign(lon - 104.0) * 1e-7, lat + np.sign(lat - 29.0) * 1e-7)
    out = (beyond[0], lat) if lat == 30.0 else (lon, beyond[1])
    still = from_true(np.array([out[0]]), np.array([out[1]]), datum="gcj02")
    assert (still[0][0], still[1][0]) == out


def test_bd09_lies_about_a_kilometre_off():
    # By hand: BD-09 adds 0.0065 and 0.006 degrees to GCJ-02, within 0.00004 degrees.
    lon, lat = np.array([102.83]), np.array([24.88])
    gcj, bd = from_true(lon, lat, datum="gcj02"), from_true(lon, lat, datum="bd09")
    assert bd[0][0] - gcj[0][0] == pytest.approx(0.0065, abs=4e-4)
    assert bd[1][0] - gcj[1][0] == pytest.approx(0.006, abs=4e-4)


def test_inputs_are_not_changed_and_shapes_are_kept():
    lon, lat = np.full((2, 3), 102.0), np.full((2, 3), 25.0)
    moved = to_true(lon, lat, datum="bd09")
    assert moved[0].shape == (2, 3)
    assert (lon == 102.0).all()
    assert (lat == 25.0).all()
    assert to_true(np.array([]), np.array([]), datum="gcj02")[0].size == 0


def test_the_numbers_that_public_converters_print():
    """Oracle: the example of coordtransform (wandergis), which many converters repeat."""
    lon, lat = np.array([116.404]), np.array([39.915])
    gcj = from_true(lon, lat, datum="gcj02")
    assert (gcj[0][0], gcj[1][0]) == pytest.approx(
        (116.41024449916938, 39.91640428150164), abs=1e-9
    )
    # It takes these for GCJ-02, and shifts them on to BD-09.
    bd = from_true(*to_true(lon, lat, datum="gcj02"), datum="bd09")
    assert (bd[0][0], bd[1][0]) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)
