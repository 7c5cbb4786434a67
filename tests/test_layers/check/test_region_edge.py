"""Sites at the edge of the region. Oracle: the bounds of the region, by hand."""

import numpy as np
import pytest
import shapely

from geo.measure.sites import make_sites
from layers.check.site_limits import find_unjudgeable, site_limits
from layers.zones import shipped_zone

LIMITS = site_limits(shipped_zone().region)
WEST, SOUTH, EAST, NORTH = LIMITS.bounds_lonlat
WIDE = 0.01
CORNERS = {
    "south west": (WEST, SOUTH, WEST + WIDE, SOUTH + WIDE),
    "north east": (EAST - WIDE, NORTH - WIDE, EAST, NORTH),
}
BEYOND = {"west": (-1, 0), "east": (1, 0), "south": (0, -1), "north": (0, 1)}


def whys(*bounds: tuple[float, float, float, float]) -> dict[int, str]:
    shapes = np.array([shapely.box(*one) for one in bounds], dtype=object)
    names = [str(at) for at in range(len(bounds))]
    sites = make_sites(shapes, names, [None] * len(bounds), 0.001, ())
    return {at: why for at, (why, _) in find_unjudgeable(sites, LIMITS).items()}


def test_the_edge_belongs_to_the_region() -> None:
    assert whys(*CORNERS.values()) == {}


@pytest.mark.parametrize("side", BEYOND)
def test_a_hair_beyond_any_edge_is_outside(side: str) -> None:
    east, north = (1e-9 * step for step in BEYOND[side])
    corner = CORNERS["south west" if side in ("west", "south") else "north east"]
    moved = (corner[0] + east, corner[1] + north, corner[2] + east, corner[3] + north)
    assert whys(CORNERS["south west"], moved) == {1: "outside_region"}
