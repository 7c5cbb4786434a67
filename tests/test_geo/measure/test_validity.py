"""geo.validity. Oracle: areas of metre-sized figures in a Gauss-Krueger plane by hand."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import (
    MissingCrsError,
    NonFiniteCoordinateError,
    NotPolygonalError,
)
from geo.measure.area import ellipsoidal_area_m2
from geo.measure.restore import polygonal
from geo.measure.validity import repair

EAST, NORTH = 580_000.0, 2_760_000.0


def figure(*rings):
    """Polygon near Kunming from rings in metres."""
    shell, *holes = [np.add(ring, (EAST, NORTH), dtype=float) for ring in rings]
    return shapely.Polygon(shell, holes)


def repaired(*polygons, crs="EPSG:4543"):
    return repair(gpd.GeoSeries(list(polygons), crs=crs))


# The plane is 0.016 % larger than the ground 80 km from its meridian: (80 km / 6370 km)^2.
GROUND = 2e-4

SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100)]


@pytest.mark.parametrize(
    ("polygon", "before_m2", "after_m2", "why"),
    [
        pytest.param(
            # Two triangles of 2500 m2, wound against each other.
            figure([(0, 0), (100, 100), (100, 0), (0, 100)]),
            0.0,
            5000.0,
            "Self-intersection",
            id="bow tie",
        ),
        pytest.param(
            # A shell that runs twice round: 100 x 100 and again 50 x 50 inside of it.
            figure([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0), (50, 0), (50, 50), (0, 50)]),
            12_500.0,
            10_000.0,
            "Ring Self-intersection",
            id="overlapping lobes",
        ),
        pytest.param(
            figure([(0, 0), (100, 0), (100, 50), (180, 50), (100, 50), (100, 100), (0, 100)]),
            10_000.0,
            10_000.0,
            "Self-intersection",
            id="collapsed spike",
        ),
        pytest.param(
            figure(SQUARE, [(200, 0), (250, 0), (250, 50), (200, 50)]),
            7500.0,
            12_500.0,
            "Hole lies outside shell",
            id="hole outside the shell",
        ),
        pytest.param(
            shapely.MultiPolygon(
                [figure(SQUARE), figure([(50, 0), (150, 0), (150, 100), (50, 100)])]
            ),
            20_000.0,
            15_000.0,
            "Self-intersection",
            id="overlapping parts",
        ),
        pytest.param(
            figure([(0, 0), (0, 0), (0, 0), (0, 0)]), 0.0, 0.0, "Too few points", id="one point"
        ),
        pytest.param(
            figure([(0, 0), (100, 0), (50, 0), (0, 0)]), 0.0, 0.0, "", id="collapsed to a line"
        ),
    ],
)
def test_repairs_by_hand(polygon, before_m2, after_m2, why):
    result = repaired(polygon)
    (change,) = result.changes
    assert change.position == 0
    assert change.why.startswith(why)
    assert change.area_before_m2 == pytest.approx(before_m2, rel=GROUND, abs=1e-3)
    assert change.area_after_m2 == pytest.approx(after_m2, rel=GROUND, abs=1e-3)
    assert result.polygons.is_valid.all()
    assert ellipsoidal_area_m2(result.polygons).iloc[0] == pytest.approx(change.area_after_m2)
    assert set(result.polygons.geom_type) <= {"Polygon", "MultiPolygon"}


def test_a_bow_tie_is_the_same_after_densification():
    # GEOS drops a lobe when it densifies an invalid polygon whole; 2 x 25 ha by hand.
    big = figure([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    (change,) = repaired(big).changes
    assert change.area_before_m2 == pytest.approx(0.0, abs=1.0)
    assert change.area_after_m2 == pytest.approx(500_000.0, rel=GROUND)


def test_valid_and_missing_features_are_untouched():
    good, bad = figure(SQUARE), figure([(0, 0), (100, 100), (100, 0), (0, 100)])
    given_ = gpd.GeoSeries([good, None, bad], index=["x", "y", "z"], crs="EPSG:4543")
    copy = given_.copy()
    result = repair(given_)
    assert [change.position for change in result.changes] == [2]
    assert result.polygons.iloc[0].equals_exact(good)
    assert result.polygons.iloc[1] is None
    assert list(result.polygons.index) == ["x", "y", "z"]
    assert result.polygons.crs == given_.crs
    assert given_.geom_equals_exact(copy, 0.0).drop("y").all(), "the input was changed"


@pytest.mark.parametrize("crs", ["EPSG:4543", "EPSG:4490"])
def test_no_features(crs):
    result = repair(gpd.GeoSeries([], crs=crs))
    assert len(result.polygons) == 0
    assert result.changes == ()


def test_height_is_no_hindrance():
    flat = figure([(0, 0), (100, 100), (100, 0), (0, 100)])
    (change,) = repaired(shapely.force_3d(flat, 1900.0)).changes
    assert change.area_after_m2 == pytest.approx(5000.0, rel=GROUND)


def test_refusals():
    with pytest.raises(MissingCrsError):
        repaired(figure(SQUARE), crs=None)
    with np.errstate(invalid="ignore"):
        broken = shapely.polygons([(EAST, NORTH), (EAST, np.nan), (EAST + 1, NORTH), (EAST, NORTH)])
    with pytest.raises(NonFiniteCoordinateError) as caught:
        repaired(figure(SQUARE), broken)
    assert caught.value.params["feature"] >= 1
    with pytest.raises(NotPolygonalError):
        repaired(shapely.LineString([(EAST, NORTH), (EAST, NORTH)]))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=4, max_size=12, unique=True
    )
)
def test_any_ring_becomes_valid_within_its_hull(points):
    # Property: valid polygons, never more ground than the convex hull, done once.
    ring = figure([(10 * x, 10 * y) for x, y in points])
    first = repaired(ring)
    assert first.polygons.is_valid.all()
    assert first.polygons.iloc[0].area <= ring.convex_hull.area * (1 + 1e-9)
    assert repair(first.polygons).changes == ()


def test_only_polygons_remain():
    line, square = shapely.LineString([(0, 0), (9, 9)]), shapely.box(0, 0, 1, 1)
    two = shapely.MultiPolygon([shapely.box(2, 0, 3, 1), shapely.box(4, 0, 5, 1)])
    mixed = np.array(
        [
            shapely.GeometryCollection([line, square]),
            shapely.GeometryCollection([line, square, two]),
            line,
            square,
            None,
            shapely.GeometryCollection(),
        ],
        dtype=object,
    )
    found = polygonal(mixed)
    assert shapely.area(found[:4]).tolist() == [1.0, 3.0, 0.0, 1.0]
    assert [each.geom_type for each in found[[0, 1, 2, 5]]] == [
        "Polygon",
        "MultiPolygon",
        "Polygon",
        "Polygon",
    ]
    assert found[4] is None
    assert mixed[2] is line, "the input was changed"
