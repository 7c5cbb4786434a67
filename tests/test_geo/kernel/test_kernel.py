"""The compiled area kernel against exact rational arithmetic, GEOS, and itself."""

import math
from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import scale, translate

from geo.errors import NotPolygonalError
from geo.kernel.join import box_grid, find_meeting_pairs
from geo.kernel.pairs import areas_of_pairs, index_polygons, overlaps, polygon_areas
from geo.kernel.ragged import from_shapely
from geo.kernel.series import MOST_TERMS, terms_for
from geo.measure.ellipsoid import ECCENTRICITY_2, SEMI_MINOR_M

RNG = np.random.default_rng(11)
M2_PER_DEG2 = 1.2e10
NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)

Polygons = list[Any]


def shared(a: Any, b: Any, *, ellipsoidal: bool = False) -> float:
    """The kernel's area of one pair."""
    sites, controls = (index_polygons(from_shapely(np.array([g]))) for g in (a, b))
    first = np.zeros(1, dtype=np.int32)
    area, _ = areas_of_pairs(sites, controls, (first, first), ellipsoidal=ellipsoidal, threads=1)
    return float(area[0])


# An oracle of its own: slabs between all vertices and crossings, in exact fractions.


def edges_of(polygon: Any) -> list[tuple[Fraction, ...]]:
    rings = shapely.get_rings(shapely.get_parts(polygon))
    coordinates = [[tuple(map(Fraction, xy)) for xy in shapely.get_coordinates(r)] for r in rings]
    ends = [(*p, *q) for ring in coordinates for p, q in pairwise(ring) if p[0] != q[0]]
    return [e if e[0] < e[2] else (e[2], e[3], e[0], e[1]) for e in ends]


def height(edge: tuple[Fraction, ...], x: Fraction) -> Fraction:
    x0, y0, x1, y1 = edge
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def crossings(edges: list[tuple[Fraction, ...]]) -> Iterable[Fraction]:
    for e, f in combinations(edges, 2):
        west, east = max(e[0], f[0]), min(e[2], f[2])
        if west < east:
            d0, d1 = height(e, west) - height(f, west), height(e, east) - height(f, east)
            if d0 * d1 < 0:
                yield west + (east - west) * d0 / (d0 - d1)


def slabs(a: Any, b: Any) -> Iterable[tuple[Fraction, ...]]:
    """Trapezoids (x0, x1, and four heights) that the two polygons have in common."""
    sides = [edges_of(a), edges_of(b)]
    every = sides[0] + sides[1]
    stops = sorted({x for e in every for x in (e[0], e[2])} | set(crossings(every)))
    for x0, x1 in pairwise(stops):
        middle = (x0 + x1) / 2
        runs = []
        for edges in sides:
            here = sorted(
                (e for e in edges if e[0] < middle < e[2]), key=lambda e: height(e, middle)
            )
            runs.append(list(zip(here[::2], here[1::2], strict=True)))
        for low, high in runs[0]:
            for low2, high2 in runs[1]:
                bottom = max(low, low2, key=lambda e: height(e, middle))
                top = min(high, high2, key=lambda e: height(e, middle))
                if height(top, middle) > height(bottom, middle):
                    yield (x0, x1, *(height(e, x) for e in (bottom, top) for x in (x0, x1)))


def exact(a: Any, b: Any) -> Fraction:
    return sum(
        ((x1 - x0) * (t0 + t1 - b0 - b1) / 2 for x0, x1, b0, b1, t0, t1 in slabs(a, b)),
        Fraction(0),
    )


def exact_ellipsoidal_m2(a: Any, b: Any) -> float:
    """Gauss quadrature of M N cos B over exact trapezoids: no term cancels another."""
    total = 0.0
    for x0, x1, *heights in slabs(a, b):
        b0, b1 = float(heights[0]), float(heights[1])
        thickness0, thickness1 = float(heights[2] - heights[0]), float(heights[3] - heights[1])
        for node, weight in zip((NODES + 1) / 2, WEIGHTS / 2, strict=True):
            low, thick = b0 + (b1 - b0) * node, thickness0 + (thickness1 - thickness0) * node
            lat = np.radians(low + thick * (NODES + 1) / 2)
            density = SEMI_MINOR_M**2 * np.cos(lat) / (1 - ECCENTRICITY_2 * np.sin(lat) ** 2) ** 2
            area = weight * float(x1 - x0) * thick * float(np.dot(WEIGHTS / 2, density))
            total += area * np.radians(1.0) ** 2
    return total


def star(
    at: tuple[float, float], radius: float, corners: int, rng: np.random.Generator
) -> shapely.Polygon:
    angle = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    reach = radius * rng.uniform(0.4, 1.0, corners)
    return shapely.Polygon(
        np.column_stack([at[0] + reach * np.cos(angle), at[1] + reach * np.sin(angle)])
    )


def pairs_near(lon: float, lat: float, size: float, count: int) -> Iterable[tuple[Any, Any]]:
    for _ in range(count):
        a = star((lon, lat), size, int(RNG.integers(4, 14)), RNG)
        b = star(tuple(RNG.normal((lon, lat), size)), size * 2, int(RNG.integers(4, 40)), RNG)
        if RNG.random() < 0.5:
            inner = scale(b, 0.2, 0.2)
            b = b.difference(inner) if b.contains(inner) else b
        yield a, b


@pytest.mark.parametrize("place", [(97.6, 24.0), (102.7, 25.1), (106.9, 22.5)])
@pytest.mark.parametrize("size", [8e-4, 3e-2])
def test_exact_fractions_agree_to_1e_12(place: tuple[float, float], size: float) -> None:
    # Oracle: exact rational arithmetic over the very coordinates.
    seen = 0
    for a, b in pairs_near(*place, size, 25):
        truth = exact(a, b)
        if truth * M2_PER_DEG2 >= 1:
            seen += 1
            assert abs(Fraction(shared(a, b)) / truth - 1) <= Fraction(1, 10**12)
    assert seen > 5


@pytest.mark.parametrize("place", [(97.6, 24.0), (102.7, 25.1)])
@pytest.mark.parametrize("size", [8e-4, 0.3, 4.0])
def test_ellipsoidal_ground_agrees_with_quadrature(place: tuple[float, float], size: float) -> None:
    # Oracle: quadrature of the density over exact trapezoids.
    for a, b in pairs_near(*place, size, 8):
        truth = exact_ellipsoidal_m2(a, b)
        found = shared(a, b, ellipsoidal=True)
        assert found == pytest.approx(truth, rel=1e-12, abs=1e-6)


def test_a_sliver_of_one_square_metre_is_exact() -> None:
    # 2 km of common border, off by half a millimetre: 1 m2 of 4 km2.
    a = shapely.box(102.7, 25.0, 102.72, 25.018)
    b = translate(shapely.box(102.72, 25.0, 102.74, 25.018), xoff=-5e-9)
    truth = exact(a, b)
    assert abs(Fraction(shared(a, b)) / truth - 1) <= Fraction(1, 10**12)


unit = st.integers(-6, 6)


@st.composite
def lattice_polygons(draw: st.DrawFn) -> Any:
    """Polygons on a small lattice: shared edges, corners and verticals are the rule."""
    kind = draw(st.sampled_from(["box", "triangle", "holed", "parts"]))
    x, y = draw(unit), draw(unit)
    w, h = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    box = shapely.box(x, y, x + w, y + h)
    if kind == "triangle":
        return shapely.Polygon([(x, y), (x + w, y), (x + draw(st.integers(0, w)), y + h)])
    if kind == "holed" and w > 2 and h > 2:
        return box.difference(shapely.box(x + 1, y + 1, x + w - 1, y + h - 1))
    if kind == "parts":
        return shapely.union_all([box, shapely.box(x + w + 1, y, x + w + 2, y + h)])
    return box


@settings(max_examples=150, deadline=None)
@given(
    lattice_polygons(), lattice_polygons(), st.sampled_from([(0.0, 0.0, 1.0), (102.7, 25.0, 1e-4)])
)
def test_degenerate_neighbours_have_the_exact_area(
    a: Any, b: Any, frame: tuple[float, float, float]
) -> None:
    # Oracle: exact fractions, on the coordinates as rounded to lon/lat.
    x, y, size = frame
    a, b = (translate(scale(g, size, size, origin=(0, 0)), x, y) for g in (a, b))
    truth = exact(a, b)
    found = shared(a, b)
    if truth == 0:
        assert found * M2_PER_DEG2 <= 1e-6
    else:
        assert abs(Fraction(found) - truth) <= truth * Fraction(1, 10**12) + Fraction(1, 10**24)
    assert found == pytest.approx(shared(b, a), rel=1e-13, abs=1e-24)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(3, 400),
    st.integers(3, 60),
    st.floats(-2.0, 2.0),
    st.floats(-2.0, 2.0),
    st.integers(0, 2**32 - 1),
)
def test_geos_agrees_on_ragged_polygons(
    many: int, few: int, dx: float, dy: float, seed: int
) -> None:
    # Oracle: GEOS, |d| <= 1e-9 a + 1e-6 m2. Long boundaries go through boxes of boxes.
    rng = np.random.default_rng(seed)
    a = star((100.0 + 0.01 * dx, 25.0 + 0.01 * dy), 0.01, few, rng)
    b = star((100.0, 25.0), 0.02, many, rng)
    truth = shapely.area(shapely.intersection(a, b)) * M2_PER_DEG2
    for found in (shared(a, b), shared(b, a)):
        assert abs(found * M2_PER_DEG2 - truth) <= 1e-9 * truth + 1e-6


def test_a_long_boundary_of_many_rings_is_walked_whole() -> None:
    # 2000 islands with lakes as one feature: boxes of boxes that straddle rings. Oracle: GEOS.
    x, y = np.meshgrid(np.arange(50), np.arange(40))
    islands = shapely.buffer(shapely.points(x.ravel(), y.ravel()), 0.4, quad_segs=3)
    lakes = shapely.buffer(shapely.points(x.ravel(), y.ravel()), 0.2, quad_segs=2)
    many = shapely.multipolygons(shapely.difference(islands, lakes))
    for _ in range(40):
        site = star(tuple(RNG.uniform((-1, -1), (51, 41))), float(RNG.uniform(0.1, 30)), 9, RNG)
        truth = shapely.area(shapely.intersection(site, many))
        assert shared(site, many) == pytest.approx(truth, rel=1e-11, abs=1e-12)


def test_identical_and_touching_and_apart() -> None:
    a = star((102.7, 25.0), 0.01, 200, RNG)
    assert shared(a, a, ellipsoidal=True) == pytest.approx(
        float(polygon_areas(from_shapely(np.array([a])), ellipsoidal=True)[0]), rel=1e-13
    )
    west, east = shapely.box(102.0, 25.0, 102.1, 25.1), shapely.box(102.1, 25.0, 102.2, 25.1)
    assert shared(west, east) == 0.0
    assert shared(west, translate(east, 1.0)) == 0.0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 0.9))
def test_parts_of_a_cut_site_add_up(seed: int, share: float) -> None:
    # Property: additivity. The cut is along a meridian through a vertex-free place.
    rng = np.random.default_rng(seed)
    a, b = star((102.7, 25.0), 0.01, 30, rng), star((102.705, 25.0), 0.02, 300, rng)
    west, south, east, north = a.bounds
    middle = west + share * (east - west)
    halves = [
        a & shapely.box(west, south, middle, north),
        a & shapely.box(middle, south, east, north),
    ]
    total = sum(shared(half, b, ellipsoidal=True) for half in halves)
    assert total == pytest.approx(shared(a, b, ellipsoidal=True), rel=1e-9, abs=1e-6)


def test_all_pairs_are_those_of_geos_and_threads_change_nothing() -> None:
    sites = np.array(
        [star(tuple(RNG.uniform((102, 24), (103, 25))), 0.01, 9, RNG) for _ in range(400)]
    )
    controls = np.array(
        [star(tuple(RNG.uniform((102, 24), (103, 25))), 0.06, 90, RNG) for _ in range(60)]
    )
    left, right = index_polygons(from_shapely(sites)), index_polygons(from_shapely(controls))
    grid = box_grid(right.boxes.bounds)
    one, two = (overlaps(left, right, grid, ellipsoidal=True, threads=n) for n in (1, 2))
    assert all(np.array_equal(x, y) for x, y in zip(one, two, strict=True))
    c, s = shapely.STRtree(sites).query(controls, predicate="intersects")
    cut = shapely.area(shapely.intersection(sites[s], controls[c])) > 0
    assert set(zip(one[0], one[1], strict=True)) == set(zip(s[cut], c[cut], strict=True))
    covered = shapely.covers(controls[one[1]], sites[one[0]])
    assert np.array_equal(one[3], covered)


def test_boxes_that_meet_are_found_once() -> None:
    # Oracle: every box with every box.
    def boxes(count: int) -> np.ndarray:
        corner, size = RNG.uniform(0, 10, (count, 2)), RNG.uniform(0, 1, (count, 2)) ** 4 * 8
        return np.hstack([corner, corner + size])

    a, b = boxes(150), boxes(120)
    a[7] = np.nan
    a[8] = (*b[3][2:], *b[3][2:])
    found = list(zip(*(x.tolist() for x in find_meeting_pairs(a, box_grid(b))), strict=True))
    meets = (a[:, None, 0] <= b[:, 2]) & (a[:, None, 2] >= b[:, 0])
    meets &= (a[:, None, 1] <= b[:, 3]) & (a[:, None, 3] >= b[:, 1])
    assert sorted(found) == sorted(zip(*(x.tolist() for x in np.nonzero(meets)), strict=True))
    assert len(find_meeting_pairs(a, box_grid(np.empty((0, 4))))[0]) == 0


def test_ragged_arrays_give_the_same_geometries_back() -> None:
    holed = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    several = shapely.MultiPolygon([holed, shapely.box(5, 5, 6, 6)])
    given_ = np.array([shapely.box(0, 0, 1, 1), holed, several, shapely.Polygon()])
    ragged = from_shapely(given_)
    assert ragged.size == 4
    back = ragged.geometries(np.arange(3))
    assert shapely.equals(back, given_[:3]).all()
    assert not ragged.xy.flags.writeable


def test_lines_and_nothing_are_refused() -> None:
    for wrong in (shapely.LineString([(0, 0), (1, 1)]), None):
        with pytest.raises(NotPolygonalError) as caught:
            from_shapely(np.array([shapely.box(0, 0, 1, 1), wrong], dtype=object))
        assert caught.value.params["feature"] == 2


@pytest.mark.parametrize("height_deg", [1e-5, 1e-3, 0.1, 1.0, 36.0])
def test_series_is_as_long_as_it_must_be(height_deg: float) -> None:
    # By hand: the first dropped term of a cosine series.
    terms = terms_for(height_deg)
    assert np.radians(height_deg) ** terms / math.factorial(terms) < 1e-17
    assert terms < MOST_TERMS - 1
