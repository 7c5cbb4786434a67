"""Loose rings become polygons. Oracles: a second method, pair by pair; counts of what is asked."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.measure import rings
from geo.measure.rings import assemble

BOX = st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 8), st.integers(1, 8))


def ring(west: float, south: float, width: float, height: float) -> np.ndarray:
    return shapely.get_coordinates(shapely.box(west, south, west + width, south + height))


@given(st.lists(BOX, min_size=1, max_size=12))
def test_a_ring_inside_an_odd_number_of_others_is_a_hole(boxes) -> None:
    shells = [shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes]
    # Second method: boxes by their corners, every pair.
    around = [
        sum(
            other[0] <= x and other[1] <= y
            and other[0] + other[2] >= x + w and other[1] + other[3] >= y + h
            and other[2] * other[3] > w * h
            for other in boxes
        )
        for x, y, w, h in boxes
    ]  # fmt: skip
    made = assemble([shapely.get_coordinates(shell) for shell in shells])
    assert made.holes == tuple(count % 2 == 1 for count in around)
    assert len(shapely.get_parts(made.polygon)) == made.holes.count(False)


@pytest.mark.parametrize("count", [200, 2_000])
def test_holes_are_looked_up_in_an_index_each_once(count: int, monkeypatch) -> None:
    """Ten times the holes and vertices: ten times the questions, each to an indexed ring."""
    asked = []
    covers = shapely.covers

    def counted(shell, points):
        asked.append((len(points), bool(shapely.is_prepared(shell))))
        return covers(shell, points)

    monkeypatch.setattr(rings.shapely, "covers", counted)
    outer = shapely.get_coordinates(shapely.Point(0, 0).buffer(count, quad_segs=count))
    holes = [ring(at / 2, 0.1, 0.2, 0.2) for at in range(count)]
    made = assemble([outer, *holes])
    assert made.holes == (False, *[True] * count)
    assert made.polygon.area == pytest.approx(shapely.Polygon(outer).area - count * 0.04)
    assert (len(asked), sum(points for points, _ in asked)) == (count, 5 * count)
    assert all(indexed for _, indexed in asked)
