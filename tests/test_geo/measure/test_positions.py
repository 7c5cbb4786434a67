"""Positions as people write them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geo.measure.distance import leg_lengths_m, ring_area_m2
from geo.measure.ellipsoid import FLATTENING, SEMI_MAJOR_M
from geo.measure.positions import gauss_krueger_metres, read_positions, written_dms

LON = st.floats(97.6, 106.1)
LAT = st.floats(21.2, 29.2)


@pytest.mark.parametrize(
    "text",
    [
        "102.51, 25.26",
        "25.26 102.51",
        "E102.51 N25.26",
        "25.26N, 102.51E",
        "东经102.51 北纬25.26",
        "102°30′36″E 25°15′36″N",
        "25°15'36\"N 102°30'36\"E",
        "北纬25度15分36秒，东经102度30分36秒",
        "102°30.6′，25°15.6′",
    ],
)
def test_one_place_written_nine_ways(text: str) -> None:
    # By hand: 30′36″ = 0.51°, 15′36″ = 0.26°.
    (found,) = read_positions(text, None)
    assert (found.lon_deg, found.lat_deg) == pytest.approx((102.51, 25.26), abs=1e-9)
    assert found.crs == "EPSG:4490"


@pytest.mark.parametrize("text", ["", "昆明", "昆明 12 34", "102.5", "1 2 3", "E102.5 E25", "°′″"])
def test_what_is_no_pair_of_coordinates_means_no_place(text: str) -> None:
    assert read_positions(text, None) == ()


@given(lon=LON, lat=LAT)
def test_metres_with_zone_number_come_back(lon: float, lat: float) -> None:
    # Second method: PROJ's own transformation from the prefixed zone.
    crs, east, north = gauss_krueger_metres(lon, lat)
    assert Transformer.from_crs(crs, "EPSG:4490", always_xy=True).transform(
        east, north
    ) == pytest.approx((lon, lat), abs=1e-9)
    (found,) = read_positions(f"{east:.4f}, {north:.4f}", None)
    assert (found.lon_deg, found.lat_deg) == pytest.approx((lon, lat), abs=1e-8)
    (swapped,) = read_positions(f"X={north:.4f}".removeprefix("X=") + f" {east:.4f}", None)
    assert "axes_swapped" in swapped.evidence


def test_metres_without_zone_number_offer_every_meridian() -> None:
    # A false easting of 500 km lies on each of the 21 central meridians 75°, 78°, … 135°.
    found = read_positions("500000 2765000", None)
    assert [round(one.lon_deg, 6) for one in found] == [3.0 * zone for zone in range(25, 46)]


@given(value=st.floats(-180, 180))
def test_written_degrees_come_back(value: float) -> None:
    sign = -1 if written_dms(value).startswith("-") else 1
    degrees, rest = written_dms(value).lstrip("-").split("°")
    minutes, seconds = rest.rstrip("″").split("′")
    back = sign * (int(degrees) + int(minutes) / 60 + float(seconds) / 3600)
    assert back == pytest.approx(value, abs=0.0051 / 3600)
    assert int(minutes) < 60
    assert float(seconds) < 60


def test_a_ring_that_crosses_itself_has_no_area() -> None:
    bow = np.array([[102.0, 25.0], [102.1, 25.1], [102.1, 25.0], [102.0, 25.1], [102.0, 25.0]])
    assert ring_area_m2(bow) is None


def test_a_meridian_degree_has_the_length_of_the_series() -> None:
    # By hand: the meridian arc from 25° to 26° by Simpson's rule over M(B).
    lat = np.radians(np.linspace(25, 26, 201))
    e2 = FLATTENING * (2 - FLATTENING)
    radius = SEMI_MAJOR_M * (1 - e2) / (1 - e2 * np.sin(lat) ** 2) ** 1.5
    step = lat[1] - lat[0]
    arc = step / 3 * (radius[0] + radius[-1] + 4 * radius[1::2].sum() + 2 * radius[2:-1:2].sum())
    legs = leg_lengths_m(np.array([[102.0, 25.0], [102.0, 26.0]]))
    assert legs[0] == pytest.approx(arc, abs=1e-6)
    assert legs[0] == pytest.approx(Geod(ellps="GRS80").inv(102, 25, 102, 26)[2], abs=1e-4)
