"""How vertices fit known lines, in three positions. Oracle: distances to whole lines by GEOS."""

import numpy as np
import pytest
import shapely

from geo.measure.crs import local_plane, parse_crs, transform
from geo.measure.gcj02 import from_true, to_true
from geo.measure.shift_evidence import shift_evidence

NOTHING = np.empty(0, dtype=object)
TOLERANCE_M = 2.0


def count_on_lines(sites: np.ndarray, lines: np.ndarray) -> tuple[int, ...]:
    xy = np.unique(shapely.get_coordinates(sites), axis=0)
    plane, lonlat = local_plane(float(xy[:, 0].mean())), parse_crs("EPSG:4490")
    flat_lines = transform(lines, lonlat, plane)

    def count(lonlat_xy: np.ndarray) -> int:
        points = transform(shapely.points(lonlat_xy), lonlat, plane)
        distances_m = shapely.distance(points[:, None], flat_lines[None, :])
        return int((distances_m <= TOLERANCE_M).any(axis=1).sum())

    back = np.column_stack(to_true(xy[:, 0], xy[:, 1], datum="gcj02"))
    again = np.column_stack(from_true(xy[:, 0], xy[:, 1], datum="gcj02"))
    return count(xy), count(back), count(again)


@pytest.mark.parametrize("seed", range(12))
def test_vertices_near_a_line_are_those_that_its_whole_is_near(seed: int) -> None:
    rng = np.random.default_rng(seed)
    middle = rng.uniform((102.7, 24.9), (102.9, 25.1))
    ring = shapely.Point(middle).buffer(rng.uniform(0.001, 0.05), quad_segs=80)
    holed = shapely.box(*(middle - 0.01), *(middle + 0.08)).difference(ring)
    lines = shapely.boundary(np.array([ring, holed], dtype=object))
    noise = rng.normal(0.0, 1e-5, (12, 2))
    along = shapely.Polygon(shapely.get_coordinates(ring)[:12] + noise)
    shifted = shapely.transform(
        along, lambda xy: np.column_stack(from_true(xy[:, 0], xy[:, 1], datum="gcj02"))
    )
    sites = np.array([along, shifted, shapely.box(*middle, *(middle + 0.001))], dtype=object)
    found = shift_evidence(sites, lines, NOTHING, tolerance_m=TOLERANCE_M)
    assert found.on_lines == count_on_lines(sites, lines)
    assert found.on_lines[0]


def test_without_lines_nothing_lies_on_one() -> None:
    sites = np.array([shapely.box(102.8, 24.9, 102.9, 25.0)], dtype=object)
    assert shift_evidence(sites, NOTHING, NOTHING, tolerance_m=1.0).on_lines == (0, 0, 0)
