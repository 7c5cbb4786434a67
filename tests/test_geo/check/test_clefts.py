"""geo.clefts. Oracles: slits by hand, in metres of a plane."""

import numpy as np
import pytest
import shapely

from geo.check.clefts import find_narrow_gaps
from geo.measure.crs import parse_crs, transform

PLANE = parse_crs("EPSG:4543")
EAST, NORTH = 580_000.0, 2_760_000.0


def shape(*rings: list[tuple[float, float]]) -> shapely.Geometry:
    shell, *holes = [[(EAST + x, NORTH + y) for x, y in ring] for ring in rings]
    polygon = np.array([shapely.Polygon(shell, holes)], dtype=object)
    return transform(polygon, PLANE, parse_crs("EPSG:4490"))[0]


def box(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    return shape([(west, south), (east, south), (east, north), (west, north)])


def found(*shapes: shapely.Geometry) -> list[tuple[int, float, float]]:
    places = find_narrow_gaps(np.array(shapes, dtype=object), 0.5, 1.0)
    return list(
        zip(places.owner.tolist(), places.area_m2.tolist(), places.width_m.tolist(), strict=True)
    )


def test_a_slit_between_neighbours_is_found_with_its_area_and_width() -> None:
    # 0.3 m x 100 m, less the two ends, where closing by a circle of 0.5 m falls short.
    ((owner, area_m2, width_m),) = found(box(0, 0, 100, 100), box(100.3, 0, 200, 100))
    assert owner == 0
    assert area_m2 == pytest.approx(30.0, abs=0.15)
    assert width_m == pytest.approx(0.3, rel=0.02)


def test_a_wedge_is_closed_as_far_as_the_circle_does_not_fit() -> None:
    # Opens from 0 to 2 m over 100 m: a circle of 0.5 m fits from about 25 m on.
    wedge = shape([(100, 0), (200, 0), (200, 100), (102, 100)])
    ((_, area_m2, width_m),) = found(box(0, 0, 100, 100), wedge)
    assert area_m2 == pytest.approx(0.5 * 25.0 * 0.5, rel=0.03)
    assert width_m == pytest.approx(0.5, rel=0.06)


@pytest.mark.parametrize(
    "shapes",
    [
        (box(0, 0, 100, 100), box(100, 0, 200, 100)),
        (box(0, 0, 100, 100), box(100.6, 0, 200, 100)),
        (box(0, 0, 100, 100), box(100, 100, 200, 200)),
        (box(0, 0, 100, 100), box(102, 0, 200, 100)),
    ],
)
def test_sound_neighbours_and_wide_ground_are_none(shapes) -> None:
    assert found(*shapes) == []


def test_a_notch_of_one_feature_and_a_hole_are_none() -> None:
    notched = shape(
        [(0, 0), (100, 0), (100, 49.9), (20, 49.9), (20, 50.1), (100, 50.1), (100, 100), (0, 100)]
    )
    assert found(notched, box(200, 0, 300, 100)) == []
    # Closed by a third feature above and a fourth below, the slit is a gap of the layer. They
    # have its corners too: in degrees their edges would else pass by the corners.
    above = shape([(0, 100), (100, 100), (100.3, 100), (200, 100), (200, 110), (0, 110)])
    below = shape([(0, -10), (200, -10), (200, 0), (100.3, 0), (100, 0), (0, 0)])
    closed = (box(0, 0, 100, 100), box(100.3, 0, 200, 100), above, below)
    assert found(*closed) == []


def test_a_place_between_three_is_found_once() -> None:
    three = (box(0, 0, 100, 100), box(100.2, 0, 200, 50), box(100.2, 50, 200, 100))
    assert sum(area for _, area, _ in found(*three)) == pytest.approx(20.0, abs=0.1)
