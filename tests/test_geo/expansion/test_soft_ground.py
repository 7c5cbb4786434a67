"""Parcels within their shares of soft ground. Oracles: areas by hand, and what must hold always."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.expansion.soft_ground import ShareLimit, trim_to_shares

FIELD = shapely.box(0, 0, 1000, 400)
places = st.tuples(
    st.integers(0, 900), st.integers(0, 360), st.integers(20, 600), st.integers(20, 300)
)


def limit(shape: shapely.Geometry, most: float) -> ShareLimit:
    return ShareLimit(soft=shape, most=most)


def test_a_strip_of_soft_ground_is_kept_to_its_share() -> None:
    # 600 m of firm ground; a quarter of the whole may be soft: 200 m of 400 m.
    (kept,) = trim_to_shares(FIELD, [limit(shapely.box(600, 0, 1000, 400), 0.25)], 50.0)
    assert kept.area == pytest.approx(800 * 400, rel=1e-4)
    assert kept.bounds == pytest.approx((0, 0, 800, 400), abs=0.1)


def test_what_keeps_its_share_is_left_as_it_is() -> None:
    soft = limit(shapely.box(900, 0, 1000, 400), 0.1)
    assert trim_to_shares(FIELD, [soft], 50.0) == [FIELD]


def test_nothing_is_left_of_soft_ground_alone() -> None:
    assert trim_to_shares(FIELD, [limit(FIELD, 0.5)], 0.0) == []


def test_none_of_it_is_kept_where_none_may_be() -> None:
    (kept,) = trim_to_shares(FIELD, [limit(shapely.box(500, 0, 1000, 400), 0.0)], 0.0)
    assert kept.area == 500 * 400


@settings(max_examples=150)
@given(
    soft=st.lists(places, min_size=1, max_size=4),
    other=st.lists(places, max_size=2),
    most=st.floats(0.0, 0.9),
    width_m=st.sampled_from([0.0, 30.0, 120.0]),
)
def test_every_part_keeps_every_limit_and_lies_inside(soft, other, most, width_m) -> None:
    def ground(boxes):
        return shapely.union_all([shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes])

    limits = [limit(ground(soft), most), limit(ground(other), 0.3)]
    parts = trim_to_shares(FIELD, limits, width_m)
    for part in parts:
        assert part.geom_type == "Polygon"
        assert part.is_valid
        assert shapely.difference(part, FIELD).area < 1e-3
        for one in limits:
            assert shapely.intersection(part, one.soft).area <= one.most * part.area + 1e-3
        if width_m:
            assert not shapely.buffer(part, -width_m / 2.0 * 0.99).is_empty
    together = shapely.union_all(parts)
    assert together.area == pytest.approx(sum(part.area for part in parts), abs=0.1)
    if width_m == 0.0:
        # Firm ground is never given up.
        firm = shapely.difference(FIELD, shapely.union_all([one.soft for one in limits]))
        assert shapely.difference(firm, together).area < 1e-3
