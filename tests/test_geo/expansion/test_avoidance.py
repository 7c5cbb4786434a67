"""Avoidance: by hand on squares, against brute force on small grids, and as properties."""

from itertools import product
from math import hypot

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from geo.check.control_index import index_controls
from geo.check.overlay import overlap
from geo.errors import AvoidanceError
from geo.expansion.avoidance import AvoidanceTerms, shift, trim
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform

PLANE, LONLAT = local_plane(102.0), parse_crs(GEOGRAPHIC)
CORNER, CELL = np.array([500_000.0, 2_760_000.0]), 50.0


def lonlat(*shapes) -> np.ndarray:
    """Shapes in metres from a corner on the central meridian, as lon/lat."""
    moved = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy + CORNER)
    return transform(moved, PLANE, LONLAT)


def metres(shape) -> shapely.Geometry:
    (flat,) = transform(np.array([shape], dtype=object), LONLAT, PLANE)
    return shapely.transform(flat, lambda xy: xy - CORNER)


def terms(**changes: float) -> AvoidanceTerms:
    given = {"margin_m": 0.0, "width_m": 0.0, "target_m2": 0.0, "reach_m": 500.0, "accuracy_m": 0.0}
    return AvoidanceTerms(**{**given, **changes})


def cells(mask: np.ndarray) -> shapely.Geometry:
    rows, columns = np.nonzero(mask)
    x, y = columns * CELL, rows * CELL
    return shapely.union_all(shapely.box(x, y, x + CELL, y + CELL))


SITE = shapely.box(0, 0, 400, 300)
(SITE_LONLAT,) = lonlat(SITE)


def test_a_strip_at_the_edge_is_cut_with_its_margin() -> None:
    # 400 m x 300 m; a line over the eastern 100 m, kept 10 m away: 290 x 300 stays.
    found = trim(
        SITE_LONLAT, {"red": lonlat(shapely.box(300, -50, 900, 350))}, terms(margin_m=10.0)
    )
    assert found.why is None
    assert found.area_m2 == pytest.approx(290 * 300, rel=1e-5)
    assert found.lost_m2["red"] == pytest.approx(110 * 300, rel=1e-4)
    assert found.width_m == pytest.approx(290, rel=0.011)
    assert found.cut_off_m2 == 0.0


def test_ground_under_two_lines_is_told_once() -> None:
    lines = {
        "red": lonlat(shapely.box(300, -50, 900, 350)),
        "farm": lonlat(shapely.box(200, -50, 900, 350)),
        "far": lonlat(shapely.box(9000, 0, 9100, 100)),
        "none": np.array([], dtype=object),
    }
    found = trim(SITE_LONLAT, lines, terms())
    lost = found.lost_m2
    assert lost["red"] == pytest.approx(100 * 300, rel=1e-4)
    assert lost["farm"] == pytest.approx(100 * 300, rel=1e-4)
    assert (lost["far"], lost["none"]) == (0.0, 0.0)
    site_m2 = area_lonlat_m2(np.array([SITE_LONLAT]))[0]
    assert found.area_m2 + sum(lost.values()) + found.cut_off_m2 == pytest.approx(
        site_m2, rel=1e-12
    )


def test_what_hangs_on_a_neck_is_cut_off() -> None:
    # The line leaves a 20 m neck between 150 x 300 and 200 x 300.
    line = lonlat(shapely.box(150, 0, 200, 280))
    wide = trim(SITE_LONLAT, {"red": line}, terms(width_m=60.0))
    assert wide.area_m2 == pytest.approx(200 * 300, rel=0.002)
    assert wide.cut_off_m2 == pytest.approx(150 * 300 + 50 * 20, rel=0.01)
    loose = trim(SITE_LONLAT, {"red": line}, terms(width_m=15.0))
    assert loose.area_m2 == pytest.approx(400 * 300 - 50 * 280, rel=0.002)


def test_corners_of_the_site_stay_corners() -> None:
    found = trim(SITE_LONLAT, {}, terms(width_m=250.0))
    assert found.geometry is not None
    assert metres(found.geometry).symmetric_difference(SITE).area < 1e-3
    assert found.cut_off_m2 == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("line", "changes", "why"),
    [
        (shapely.box(-10, -10, 500, 500), {}, "nothing_left"),
        (shapely.box(40, -10, 500, 500), {"width_m": 50.0}, "too_narrow"),
        (shapely.box(200, -10, 500, 500), {"target_m2": 70_000.0}, "too_small"),
    ],
)
def test_why_nothing_can_be_kept(line, changes, why) -> None:
    found = trim(SITE_LONLAT, {"red": lonlat(line)}, terms(**changes))
    assert (found.geometry, found.why) == (None, why)
    if why == "too_small":
        assert found.area_m2 == pytest.approx(200 * 300, rel=1e-4)


def masks(rows: int, columns: int) -> st.SearchStrategy[np.ndarray]:
    bits = st.lists(st.booleans(), min_size=rows * columns, max_size=rows * columns)
    return bits.map(lambda one: np.array(one).reshape(rows, columns))


@settings(max_examples=25, deadline=None)
@given(masks(5, 6))
def test_trim_against_brute_force_on_cells(blocked: np.ndarray) -> None:
    # Second method: the largest group of free cells that share edges.
    (site,) = lonlat(cells(np.ones_like(blocked)))
    line = lonlat(cells(blocked)) if blocked.any() else np.array([], dtype=object)
    found = trim(site, {"red": line}, terms())
    groups, count = ndimage.label(~blocked)
    largest = max((int((groups == at + 1).sum()) for at in range(count)), default=0)
    assert found.area_m2 == pytest.approx(largest * CELL**2, rel=1e-4, abs=1.0)
    assert (found.why == "nothing_left") == (largest == 0)


@settings(max_examples=15, deadline=None)
@given(masks(6, 6))
def test_a_wide_trim_holds_every_square_that_moves_without_a_stop(blocked: np.ndarray) -> None:
    # Second method, from below: squares of 2 x 2 free cells that overlap by a side form
    # ground through which a circle of 2 cells passes; from above: the free ground.
    (site,) = lonlat(cells(np.ones_like(blocked)))
    line = lonlat(cells(blocked)) if blocked.any() else np.array([], dtype=object)
    # GEOS simplifies what it erodes by a hundredth of the distance: 3 % leave it room.
    found = trim(site, {"red": line}, terms(width_m=2 * CELL * 0.97))
    corners = ndimage.binary_erosion(np.pad(~blocked, ((0, 1), (0, 1))), np.ones((2, 2)), origin=-1)
    groups, count = ndimage.label(corners)
    spread = [
        ndimage.binary_dilation(groups == n + 1, np.ones((2, 2)), origin=-1) for n in range(count)
    ]
    least = max((int(one.sum()) for one in spread), default=0) * CELL**2
    assert found.area_m2 >= least * (1 - 1e-3)
    assert found.area_m2 <= (~blocked).sum() * CELL**2 * (1 + 1e-4)
    if found.geometry is not None:
        flat = metres(found.geometry)
        assert flat.intersection(cells(blocked)).area < 1.0
        assert flat.buffer(-CELL * 0.96).geom_type == "Polygon"


def test_a_shift_by_hand() -> None:
    # 100 m of the east are blocked, 20 m of the south as well: west by 110 and north by 30.
    lines = {
        "red": lonlat(shapely.box(300, -600, 900, 600)),
        "farm": lonlat(shapely.box(-600, -500, 600, 20)),
    }
    found = shift(SITE_LONLAT, lines, terms(margin_m=10.0))
    assert found.distance_m == pytest.approx(hypot(110, 30), abs=0.01)
    assert found.bearing_deg == pytest.approx(np.degrees(np.arctan2(-110, 30)) % 360, abs=0.01)
    assert found.area_m2 == pytest.approx(area_lonlat_m2(np.array([SITE_LONLAT]))[0], rel=1e-9)
    assert metres(found.geometry).bounds == pytest.approx((-110, 30, 290, 330), abs=0.1)


def test_a_clear_site_is_not_moved() -> None:
    found = shift(SITE_LONLAT, {"red": lonlat(shapely.box(500, 0, 600, 100))}, terms(margin_m=10.0))
    assert found.distance_m == 0.0


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"reach_m": 50.0}, "none_within_reach"), ({"target_m2": 1e9}, "too_small")],
)
def test_why_a_site_cannot_be_moved(changes, why) -> None:
    found = shift(SITE_LONLAT, {"red": lonlat(shapely.box(300, -900, 900, 900))}, terms(**changes))
    assert (found.geometry, found.why) == (None, why)


@settings(max_examples=20, deadline=None)
@given(masks(6, 7), masks(2, 3))
def test_shift_against_brute_force_on_cells(blocked: np.ndarray, shape: np.ndarray) -> None:
    # Second method: every translation by whole cells; obstacles and site lie on cells, so
    # the smallest move along an axis is whole, and no move is longer than the best of these.
    if not shape.any() or not blocked.any():
        return
    site = np.zeros((6, 7), dtype=bool)
    site[2:4, 2:5] = shape
    # A little smaller than its cells: what fits exactly between two walls has no way out.
    body = cells(site).buffer(-0.1, join_style="mitre")
    found = shift(lonlat(body)[0], {"red": lonlat(cells(blocked))}, terms(reach_m=1000.0))
    wide = np.pad(blocked, 8)
    here = np.pad(site, 8)
    moves = [
        (hypot(dx, dy) * CELL, dx, dy)
        for dx, dy in product(range(-8, 9), repeat=2)
        if not (np.roll(here, (dy, dx), axis=(0, 1)) & wide).any()
    ]
    best = min(moves)
    assert found.distance_m is not None
    assert found.distance_m <= best[0] + 0.01
    assert metres(found.geometry).intersection(cells(blocked)).area < 1.0
    # No smaller move is free: half the distance in any direction still meets an obstacle.
    for angle in np.linspace(0, 2 * np.pi, 16, endpoint=False):
        step = 0.9 * found.distance_m * np.array([np.cos(angle), np.sin(angle)])
        moved = shapely.transform(body, lambda xy, step=step: xy + step)
        assert found.distance_m < 0.01 or moved.intersection(cells(blocked)).area > 1e-3


def curved(seed: int, count: int, reach: float, size: float) -> list[shapely.Geometry]:
    draw = np.random.default_rng(seed)
    return [
        shapely.Point(*draw.uniform(-reach, reach, 2)).buffer(
            draw.uniform(0.2, 1.0) * size, quad_segs=8
        )
        for _ in range(count)
    ]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_after_either_the_overlay_of_the_product_finds_nothing(seed: int) -> None:
    draw = np.random.default_rng(seed)
    angles = np.sort(draw.uniform(0, 2 * np.pi, 9))
    site = shapely.Polygon(
        np.column_stack([np.cos(angles), np.sin(angles)]) * draw.uniform(150, 300, (9, 1))
    )
    (here,) = lonlat(site)
    # Two corners a hair apart may cross in lon/lat: sites are read valid.
    assume(here.is_valid)
    lines = {
        "red": lonlat(*curved(seed, 4, 300, 120)),
        "farm": lonlat(*curved(seed + 1, 3, 400, 90)),
    }
    asked = terms(margin_m=1.0, width_m=20.0, reach_m=1500.0, accuracy_m=2.0)
    for found in (trim(here, lines, asked), shift(here, lines, asked)):
        if found.geometry is None:
            continue
        assert found.geometry.is_valid
        for shapes in lines.values():
            index = index_controls(_series(shapes), [str(n) for n in range(len(shapes))])
            assert overlap(found.geometry, index).parts == ()
            # And the margin is kept, but for the flat sides of its round corners.
            assert (
                metres(found.geometry).distance(shapely.union_all([metres(s) for s in shapes]))
                > 0.99
            )


def _series(shapes):
    import geopandas as gpd

    return gpd.GeoSeries(shapes, crs=GEOGRAPHIC)


@pytest.mark.parametrize("field", ["margin_m", "width_m", "target_m2", "reach_m", "accuracy_m"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_terms_that_are_no_lengths_are_refused(field, value) -> None:
    for act in (trim, shift):
        with pytest.raises(AvoidanceError) as caught:
            act(SITE_LONLAT, {}, terms(**{field: value}))
        assert caught.value.params["field"] == field


def test_a_site_that_keeps_its_margin_is_not_moved_for_the_sake_of_simpler_outlines() -> None:
    # 10.0 m from the line, to half a millimetre; outlines are simplified by 4 m.
    line = {"red": lonlat(shapely.box(410 - 0.0005, -50, 900, 350))}
    keeps = terms(margin_m=10.0, accuracy_m=4.0)
    found = shift(SITE_LONLAT, line, keeps)
    assert (found.distance_m, found.why, found.accuracy_m) == (0.0, None, 0.0)
    assert found.geometry.equals(SITE_LONLAT)
    nearer = {"red": lonlat(shapely.box(409.9, -50, 900, 350))}
    assert shift(SITE_LONLAT, nearer, keeps).distance_m >= 0.1
