"""geo.overlay. Oracles: cells by hand, areas by a second path, GeographicLib, properties."""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geo.check.control_index import index_controls
from geo.check.nearest import nearest_distances_m, nearest_m
from geo.check.overlay import outside, outsides, overlap, overlaps
from geo.check.verdict import is_contact
from geo.errors import CrsMismatchError, MissingCrsError
from geo.measure.area import NOISE_M2, area_lonlat_m2
from geo.measure.crs import to_lonlat
from geo.model import ContactTolerance

GEOD = Geod(ellps="GRS80")
WEST, SOUTH, CELL = 102.5, 25.0, 0.01
TOLERANCE = ContactTolerance(width_m=0.01, precision_factor=3.0, area_m2=200.0)


def cells(west, south, east, north):
    """Box in cells of 0.01 degrees, about 1.0 km x 1.1 km, near Kunming."""
    return shapely.box(
        WEST + west * CELL, SOUTH + south * CELL, WEST + east * CELL, SOUTH + north * CELL
    )


def m2(*geometries):
    return float(area_lonlat_m2(np.array(geometries, dtype=object)).sum())


def snap_m2(*geometries):
    """Ground within 0.01 mm of the outlines: how far GEOS may snap nearly equal vertices."""
    return 1e-5 * 111_000.0 * float(shapely.length(geometries).sum())


def layer(*features):
    series = gpd.GeoSeries(list(features), crs="EPSG:4490")
    return index_controls(series, [f"f{number}" for number in range(1, len(features) + 1)])


def areas(found):
    return {part.feature_id: part.area_m2 for part in found.parts}


SITE = cells(0, 0, 4, 4)


def test_cells_by_hand():
    # f1 takes a corner of 2 x 2 cells, f2 a strip of 4 x 1, f3 is elsewhere.
    found = overlap(SITE, layer(cells(-2, -2, 2, 2), cells(0, 3, 4, 9), cells(7, 7, 8, 8)))
    assert areas(found) == pytest.approx(
        {"f1": m2(cells(0, 0, 2, 2)), "f2": m2(cells(0, 3, 4, 4))}, rel=1e-12
    )
    assert found.area_m2 == pytest.approx(sum(areas(found).values()), rel=1e-15)
    # Widths by GeographicLib: 2 cells east to west at the middle of the corner; 1 cell north.
    corner_m = GEOD.inv(WEST, SOUTH + CELL, WEST + 2 * CELL, SOUTH + CELL)[2]
    strip_m = GEOD.inv(WEST, SOUTH + 3 * CELL, WEST, SOUTH + 4 * CELL)[2]
    assert [part.max_width_m for part in found.parts] == pytest.approx(
        [corner_m, strip_m], rel=0.01
    )
    assert found.max_width_m == max(part.max_width_m for part in found.parts)
    assert {part.shared_area_m2 for part in found.parts} == {0.0}


def test_the_whole_site():
    for controls in (layer(SITE), layer(cells(-1, -1, 9, 9))):
        found = overlap(SITE, controls)
        assert areas(found) == {"f1": m2(SITE)}
        assert found.parts[0].geometry.equals(SITE)
        assert outside(SITE, controls).parts == ()


@pytest.mark.parametrize(
    "control",
    [
        pytest.param(cells(4, 0, 8, 4), id="shared edge"),
        pytest.param(cells(4, 1, 8, 2), id="part of an edge"),
        pytest.param(cells(4, 4, 8, 8), id="corner"),
        pytest.param(cells(-9, -9, 9, 9).difference(SITE), id="in its hole"),
        pytest.param(cells(20, 20, 21, 21), id="far"),
        pytest.param(shapely.Polygon(), id="empty"),
        pytest.param(None, id="missing"),
    ],
)
def test_what_only_touches_takes_nothing(control):
    controls = layer(control)
    found = overlap(SITE, controls)
    assert (found.area_m2, found.max_width_m, found.parts) == (0.0, 0.0, ())
    assert areas(outside(SITE, controls)) == {"outside-1": pytest.approx(m2(SITE), rel=1e-12)}


def test_no_features_at_all():
    assert overlap(SITE, layer()).parts == ()
    assert outside(SITE, layer()).area_m2 == pytest.approx(m2(SITE), rel=1e-12)
    assert nearest_m(SITE, layer()) is None
    assert nearest_m(SITE, layer(None, shapely.Polygon())) is None
    assert overlap(shapely.Polygon(), layer(SITE)).parts == ()


def test_holes_and_parts_on_both_sides():
    # By hand in cells: the site lacks 1 x 1, the control is two boxes, one over the hole.
    pierced = SITE.difference(cells(1, 1, 2, 2))
    control = shapely.MultiPolygon([cells(0, 0, 3, 2), cells(3, 3, 9, 9)])
    found = overlap(pierced, layer(control))
    expected = m2(cells(0, 0, 3, 2), cells(3, 3, 4, 4)) - m2(cells(1, 1, 2, 2))
    assert found.area_m2 == pytest.approx(expected, rel=1e-12)
    rest = outside(pierced, layer(control))
    assert rest.area_m2 == pytest.approx(m2(pierced) - expected, rel=1e-12)


def test_the_site_may_have_parts():
    site = shapely.MultiPolygon([cells(0, 0, 1, 1), cells(3, 0, 4, 1)])
    found = overlap(site, layer(cells(-1, -1, 9, 9), cells(3, 0, 9, 9)))
    assert areas(found) == pytest.approx({"f1": m2(site), "f2": 0.0}, rel=1e-12)
    assert found.parts[1].shared_area_m2 == pytest.approx(m2(cells(3, 0, 4, 1)), rel=1e-12)


def test_ground_that_features_share_is_counted_once():
    # By hand: f1 takes columns 0-2, f2 columns 1-3, f3 is f1 again.
    one, two = cells(0, -1, 2, 9), cells(1, -1, 3, 9)
    found = overlap(SITE, layer(one, two, one))
    assert areas(found) == pytest.approx(
        {"f1": m2(cells(0, 0, 2, 4)), "f2": m2(cells(2, 0, 3, 4)), "f3": 0.0}, abs=1e-6
    )
    shared = [part.shared_area_m2 for part in found.parts]
    column = m2(cells(1, 0, 2, 4))
    assert shared == pytest.approx([0.0, column, 2 * column], rel=1e-9, abs=1e-6)
    assert found.area_m2 == pytest.approx(m2(cells(0, 0, 3, 4)), rel=1e-12)
    for one_part, other in itertools.combinations(found.parts, 2):
        assert m2(one_part.geometry.intersection(other.geometry).buffer(0)) < NOISE_M2


def test_features_that_adjoin_form_one_width():
    # Twenty strips of a fifth of a cell each: no strip is wide, together they are 4 cells.
    strips = [cells(at / 5, 0, (at + 1) / 5, 4) for at in range(20)]
    found = overlap(SITE, layer(*strips))
    strip_m = GEOD.inv(WEST, SOUTH, WEST + CELL / 5, SOUTH)[2]
    assert max(part.max_width_m for part in found.parts) == pytest.approx(strip_m, rel=0.01)
    assert found.max_width_m == pytest.approx(20 * strip_m, rel=0.01)
    assert found.area_m2 == pytest.approx(m2(SITE), rel=1e-9)


@st.composite
def shapes(draw, size=4.0):
    """Draw a valid polygon of a few corners within ``size`` cells, off the grid."""
    corner = st.tuples(st.floats(-1.0, size + 1.0), st.floats(-1.0, size + 1.0))
    corners = draw(st.lists(corner, min_size=3, max_size=7, unique=True))
    xy = np.array([WEST, SOUTH]) + np.array(corners) * CELL
    shape = shapely.make_valid(shapely.Polygon(xy), method="structure", keep_collapsed=False)
    return shape if m2(shape) > 100.0 else cells(0.5, 0.5, 2.25, 1.5)


@settings(max_examples=80, deadline=None)
@given(shapes(), st.lists(shapes(), max_size=4))
def test_inside_and_outside_make_the_site(site, features):
    # Property, by two paths that share no cut: intersections part by part, one difference.
    controls = layer(*features)
    inside, beyond = overlap(site, controls), outside(site, controls)
    assert inside.area_m2 + beyond.area_m2 == pytest.approx(m2(site), rel=1e-9, abs=snap_m2(site))


@settings(max_examples=60, deadline=None)
@given(shapes(), st.lists(shapes(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_features_never_count_twice_in_any_order(site, features, random):
    whole = shapely.intersection(site, shapely.union_all(features))
    expected = m2(*[part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"])
    found = overlap(site, layer(*features))
    slack_m2 = snap_m2(site, *features)
    assert found.area_m2 == pytest.approx(expected, rel=1e-9, abs=slack_m2)
    assert found.area_m2 == pytest.approx(sum(areas(found).values()), rel=1e-12)
    assert all(part.area_m2 >= 0.0 and part.shared_area_m2 >= 0.0 for part in found.parts)
    gross = {
        f"f{number}": m2(shapely.intersection(site, feature).buffer(0))
        for number, feature in enumerate(features, start=1)
    }
    for part in found.parts:
        assert part.area_m2 + part.shared_area_m2 == pytest.approx(
            gross[part.feature_id], rel=1e-9, abs=slack_m2
        )
    shuffled = random.sample(features, len(features))
    again = overlap(site, layer(*shuffled))
    assert again.area_m2 == pytest.approx(found.area_m2, rel=1e-9, abs=slack_m2)
    assert again.max_width_m == pytest.approx(found.max_width_m, rel=0.03, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(shapes(), shapes())
def test_overlap_is_symmetric(one, other):
    assert overlap(one, layer(other)).area_m2 == pytest.approx(
        overlap(other, layer(one)).area_m2, rel=1e-9, abs=snap_m2(one, other)
    )


def test_outside_is_asked_only_where_the_layer_speaks():
    # By hand: the layer speaks of columns 0-2, and allows column 0.
    found = outside(SITE, layer(cells(0, -1, 1, 9)), cells(-5, -5, 2, 9))
    assert areas(found) == pytest.approx({"outside-1": m2(cells(1, 0, 2, 4))}, rel=1e-12)
    # Coverage that leaves a mere line or nothing of the site asks nothing.
    for within in (cells(4, 0, 8, 4), cells(20, 20, 21, 21)):
        assert outside(SITE, layer(cells(0, 0, 1, 1)), within).parts == ()
    # Coverage that meets the site in an area and in a line.
    mixed = shapely.union(cells(4, 0, 9, 1), cells(3, 2, 9, 4))
    found = outside(SITE, layer(cells(0, 0, 3.5, 4)), mixed)
    assert found.area_m2 == pytest.approx(m2(cells(3.5, 2, 4, 4)), rel=1e-9)


def test_outside_parts_are_numbered():
    found = outside(SITE, layer(cells(1, -1, 3, 9)))
    assert sorted(areas(found)) == ["outside-1", "outside-2"]
    column = m2(cells(0, 0, 1, 4))
    assert list(areas(found).values()) == pytest.approx([column, column], rel=1e-9)


def wavy_edge():
    """An edge of about 11.3 km with 800 vertices, south to north near Kunming."""
    rng = np.random.default_rng(11)
    lat = np.linspace(24.90, 25.00, 800)
    return np.column_stack([102.7 + np.cumsum(rng.normal(0.0, 1.2e-5, 800)), lat])


@pytest.mark.parametrize("rounded", ["site", "control"])
@pytest.mark.parametrize(
    ("decimals", "contact", "at_most_m2"),
    [(8, True, 3.0), (7, True, 20.0), (6, False, 200.0)],
)
def test_a_shared_edge_stored_with_fewer_decimals(decimals, rounded, contact, at_most_m2):
    # domain.md, finding 1: the true overlap is 0. At 7 and 8 decimals coordinates alone
    # explain it; at 6 only once the layer's precision of 0.1 m is declared.
    edge = wavy_edge()
    site = shapely.Polygon([*edge, (102.8, 25.00), (102.8, 24.90)])
    control = shapely.Polygon([*edge, (102.6, 25.00), (102.6, 24.90)])
    if rounded == "site":
        site = shapely.transform(site, lambda xy: xy.round(decimals))
    else:
        control = shapely.transform(control, lambda xy: xy.round(decimals))
    found = overlap(site, layer(control))
    assert 0.0 < found.area_m2 < at_most_m2
    assert is_contact(found, TOLERANCE, None) is contact
    assert is_contact(found, TOLERANCE, 111_320.0 * 10.0**-decimals)
    bitten = shapely.union(control, shapely.box(*edge[400], *(edge[400] + 4e-5)))
    assert not is_contact(overlap(site, layer(bitten)), TOLERANCE, None)


def test_features_of_several_zones_meet_one_site():
    # A plot on each side of the border of zones 33 and 34, each in its own plane; the site
    # reaches over both. By hand: the plots lie wholly inside.
    plots = []
    for code, lon in ((4542, 100.49), (4543, 100.51), (4522, 100.53)):
        east, north = Transformer.from_crs(4490, code, always_xy=True).transform(lon, 24.0)
        plot = gpd.GeoSeries([shapely.box(east, north, east + 300.0, north + 200.0)], crs=code)
        plots.append(to_lonlat(plot))
    features = pd.concat(plots)
    found = overlap(
        shapely.box(100.4, 23.9, 100.6, 24.1), index_controls(features, ["a", "b", "c"])
    )
    # 140 to 155 km from the meridian the plane is 0.05 % larger than the ground.
    assert areas(found) == pytest.approx(dict.fromkeys("abc", 60_000.0), rel=7e-4)
    assert [part.max_width_m for part in found.parts] == pytest.approx([200.0] * 3, rel=0.01)


def test_controls_must_be_lonlat():
    with pytest.raises(MissingCrsError):
        index_controls(gpd.GeoSeries([SITE]), ["a"])
    for crs in ("EPSG:4326", "EPSG:4543"):
        with pytest.raises(CrsMismatchError):
            index_controls(gpd.GeoSeries([SITE], crs=crs), ["a"])


# Distances.


def dense(polygon, pieces=400):
    line = polygon.exterior
    return shapely.get_coordinates(shapely.segmentize(line, line.length / pieces))


def brute_force_m(site, *features):
    here = dense(site)
    there = np.vstack([dense(feature) for feature in features])
    lon1, lon2 = (each.ravel() for each in np.meshgrid(here[:, 0], there[:, 0]))
    lat1, lat2 = (each.ravel() for each in np.meshgrid(here[:, 1], there[:, 1]))
    return float(GEOD.inv(lon1, lat1, lon2, lat2)[2].min())


@settings(max_examples=8, deadline=None)
@given(st.floats(5.0, 40.0), st.floats(0.0, 6.28), shapes(size=2.0), shapes(size=2.0))
def test_distance_by_brute_force(cells_away, angle, site, feature):
    site, feature = (shapely.get_parts(each)[0] for each in (site, feature))
    step = cells_away * CELL
    feature = shapely.affinity.translate(feature, step * np.cos(angle), step * np.sin(angle))
    found, expected = nearest_m(site, layer(feature)), brute_force_m(site, feature)
    if site.intersects(feature):
        assert found == 0.0
    else:
        # Points 20 to 50 m apart miss the nearest pair by little, and never undercut it.
        assert expected * (1 - 1e-6) - 30.0 <= found <= expected * (1 + 1e-6)


def test_nearest_in_degrees_is_not_nearest_in_metres():
    # By hand at 25 N: 0.0100 degrees east are 1009 m, 0.0095 degrees north are 1052 m.
    site = cells(0, 0, 1, 1)
    east, north = cells(2.0, 0, 3, 1), cells(0, 1.95, 1, 3)
    for features in ((east, north), (north, east)):
        found = nearest_m(site, layer(*features))
        top = SOUTH + CELL
        assert found == pytest.approx(GEOD.inv(WEST + CELL, top, WEST + 2 * CELL, top)[2], rel=1e-6)
        assert found < 1010.0


@pytest.mark.parametrize("length_deg", [0.2, 1.0])
def test_distance_to_a_long_edge(length_deg):
    # By GeographicLib along the meridian; an uncut 1 degree edge would sag by 93 m.
    middle = 102.0 + length_deg / 2.0
    site = shapely.box(middle - 0.001, 24.94, middle + 0.001, 24.95)
    far = shapely.box(102.0, 25.0, 102.0 + length_deg, 25.5)
    expected = GEOD.inv(middle, 24.95, middle, 25.0)[2]
    assert nearest_m(site, layer(far)) == pytest.approx(expected, abs=0.01)


def test_distance_is_zero_where_they_meet_and_from_a_hole_to_its_ring():
    assert nearest_m(SITE, layer(cells(3, 3, 9, 9))) == 0.0
    assert nearest_m(SITE, layer(cells(4, 0, 8, 4))) == 0.0
    ring = cells(-2, -2, 6, 6).difference(cells(-1, -1, 5, 5))
    lat = SOUTH + 5 * CELL
    east_m = GEOD.inv(WEST + 4 * CELL, lat - CELL, WEST + 5 * CELL, lat - CELL)[2]
    assert nearest_m(SITE, layer(ring)) == pytest.approx(east_m, rel=1e-6)


def test_distance_over_the_border_of_two_zones():
    site, feature = shapely.box(100.3, 24.0, 100.4, 24.1), shapely.box(101.0, 24.0, 101.1, 24.1)
    found = nearest_m(site, layer(feature))
    assert found == pytest.approx(brute_force_m(site, feature), rel=1e-6)


@given(st.lists(shapes(), min_size=1, max_size=5), st.lists(shapes(), max_size=4))
@settings(max_examples=40, deadline=None)
def test_many_sites_at_once_come_out_like_one_by_one(sites, features):
    """Second path: each site alone; and every site in itself is inside plus outside."""
    controls, many = layer(*features), np.array(sites, dtype=object)
    together = zip(
        overlaps(many, controls), outsides(many, controls), nearest_distances_m(many, controls),
        strict=True,
    )  # fmt: skip
    for site, (inside, rest, distance_m) in zip(sites, together, strict=True):
        assert areas(inside) == pytest.approx(areas(overlap(site, controls)), rel=1e-9, abs=1e-6)
        assert areas(rest) == pytest.approx(areas(outside(site, controls)), rel=1e-9, abs=1e-6)
        alone_m = nearest_m(site, controls)
        assert distance_m == pytest.approx(np.nan if alone_m is None else alone_m, nan_ok=True)
        assert inside.area_m2 + rest.area_m2 == pytest.approx(m2(site), rel=1e-9, abs=snap_m2(site))


def test_each_site_has_its_own_distance_whichever_feature_it_meets():
    # The second site meets the first feature, the first site meets none.
    apart, meets = cells(20, 0, 22, 2), cells(0, 0, 2, 2)
    controls = layer(cells(1, 1, 3, 3), cells(40, 0, 41, 1))
    found = nearest_distances_m(np.array([apart, meets], dtype=object), controls)
    assert found[1] == 0.0
    assert found[0] == pytest.approx(nearest_m(apart, controls), abs=1e-6)
    assert found[0] > 10_000.0
