"""geo.inscribed. Oracles: widths by construction, erosion, GEOS's own search, time."""

import time

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.measure.inscribed import inscribed_diameters
from geo.measure.width import RELATIVE_ACCURACY, planar_widths

TURNS = np.linspace(0, 2 * np.pi, 1500, endpoint=False)


def found(*polygons):
    shapes = np.array(polygons, dtype=object)
    diameters, settled = inscribed_diameters(shapes, np.zeros(len(shapes)), RELATIVE_ACCURACY)
    assert settled.all()
    return diameters


def near(value):
    return pytest.approx(value, rel=RELATIVE_ACCURACY)


def ring_road(radius_m, width_m):
    """Two regular polygons: banks are nearest at the middles of their parallel edges."""
    inner, outer = (
        np.column_stack([r * np.cos(TURNS), r * np.sin(TURNS)])
        for r in (radius_m, radius_m + width_m / np.cos(np.pi / len(TURNS)))
    )
    return shapely.Polygon(outer, [inner])


def star(spikes, core_m, reach_m):
    turns = np.linspace(0, 2 * np.pi, 2 * spikes, endpoint=False)
    radius = np.where(np.arange(2 * spikes) % 2, core_m, reach_m)
    return shapely.Polygon(np.column_stack([radius * np.cos(turns), radius * np.sin(turns)]))


def winding(width_m, seed=7):
    """A strip between a line and itself, moved north: no wider than that anywhere."""
    rng = np.random.default_rng(seed)
    bank = np.column_stack([np.linspace(0, 11_000, 500), np.cumsum(rng.normal(size=500))])
    return shapely.Polygon(np.vstack([bank, (bank + np.array([0, width_m]))[::-1]]))


def test_by_construction():
    shapes = [
        shapely.box(0, 0, 7, 7),
        shapely.box(0, 0, 11_000, 0.007),
        ring_road(500.0, 10.0),
        ring_road(500.0, 0.01),
        star(400, 250.0, 5_000.0),
        winding(0.007),
    ]
    # The vertices of the core lie on a circle, between which spikes are open.
    assert found(*shapes)[:5] == near([7.0, 0.007, 10.0, 0.01, 500.0])
    # Alone or in company, the answer is the same to the last digit.
    assert found(*shapes).tolist() == [found(shape)[0] for shape in shapes]


def test_strip_is_as_wide_as_erosion_says():
    strip = winding(0.05)
    (width,) = found(strip)
    # Second method: what is eroded by less than half of the width leaves something.
    assert not shapely.is_empty(shapely.buffer(strip, -width / 2 * 0.999, quad_segs=64))
    assert shapely.is_empty(
        shapely.buffer(strip, -width / 2 * (1 + 2 * RELATIVE_ACCURACY), quad_segs=64)
    )


@given(st.integers(0, 2**32 - 1), st.integers(8, 120))
def test_agrees_with_the_search_over_cells(seed, count):
    """Second method: GEOS's own search, fine enough, on polygons with and without holes."""
    rng = np.random.default_rng(seed)
    crossed = shapely.Polygon(rng.uniform(0, 1000, (count, 2)))
    parts = shapely.get_parts(shapely.make_valid(crossed, method="structure"))
    part = max(parts, key=lambda one: one.area)
    (width,) = found(part)
    radius = shapely.maximum_inscribed_circle(part, tolerance=1e-3 * width).length
    assert width == pytest.approx(2 * radius, rel=RELATIVE_ACCURACY)
    # A circle of that width fits: it is the distance of some place to the boundary.
    assert width <= 2 * radius * (1 + 2e-3)


def test_spikes_and_zigzags_take_no_minutes():
    """Eroding this star took 0.2 s for each of eight steps; with 10,000 vertices, minutes."""
    started = time.process_time()
    assert planar_widths(np.array([star(5_000, 250.0, 5_000.0)])) == near([500.0])
    assert time.process_time() - started < 5.0


def test_many_equal_places_are_given_up():
    """A comb of 500 teeth: every one is as wide as the widest, and the cells decide."""
    teeth = np.linspace(0, 10_000, 1000)
    back = np.column_stack([teeth, np.where(np.arange(1000) % 2, 10_000.0, 100.0)])
    comb = shapely.Polygon(np.vstack([back, [[10_000, 0], [0, 0]]]))
    _, settled = inscribed_diameters(np.array([comb]), np.zeros(1), RELATIVE_ACCURACY)
    assert not settled.any()
    # Between two gaps 20 m apart a circle on the back reaches this high into a tooth.
    assert planar_widths(np.array([comb])) == near([100.0 + 10.0**2 / 100.0])
