"""Awkward overlaps, in the style of GEOS's own suite, moved to Yunnan.

Oracle: areas by hand on a grid of squares; each shape is drawn on the grid, laid out at 100 m
a square in EPSG:4543, at full double precision after a turn, and moved to lon/lat.
"""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.check.batch import Engine, overlap_pairs
from geo.check.control_index import index_controls
from geo.check.overlay import outsides, overlaps
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, to_lonlat
from geo.measure.restore import keep_valid

EAST, NORTH = 478_800.3, 2_752_900.7
SQUARE_M: Final = 100.0
BOX = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))"

CASES: Final[dict[str, tuple[str, str, float]]] = {
    # name: site, control, squares in both
    "equal": (BOX, BOX, 16.0),
    "corner": (BOX, "POLYGON ((2 2, 6 2, 6 6, 2 6, 2 2))", 4.0),
    "contained": (BOX, "POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))", 1.0),
    "containing": ("POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))", BOX, 1.0),
    "touch at a point": (BOX, "POLYGON ((4 4, 6 4, 6 6, 4 6, 4 4))", 0.0),
    "touch along an edge": (BOX, "POLYGON ((4 0, 6 0, 6 4, 4 4, 4 0))", 0.0),
    "part of an edge shared inside": (BOX, "POLYGON ((0 1, 2 1, 2 3, 0 3, 0 1))", 4.0),
    "edge with more corners": (
        BOX, "POLYGON ((4 0, 4 1, 4 2, 4 3, 4 4, 2 4, 2 0, 4 0))", 8.0),
    "apart": (BOX, "POLYGON ((5 0, 6 0, 6 1, 5 1, 5 0))", 0.0),
    "hole filled exactly": (
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 3 1, 3 3, 1 3, 1 1))",
        "POLYGON ((1 1, 3 1, 3 3, 1 3, 1 1))", 0.0),
    "hole that touches the shell": (
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (0 0, 2 1, 1 2, 0 0))", BOX, 14.5),
    "two holes in both": (
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))",
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (2 2, 3 2, 3 3, 2 3, 2 2))", 14.0),
    "cross": ("POLYGON ((0 1, 4 1, 4 2, 0 2, 0 1))", "POLYGON ((1 0, 2 0, 2 4, 1 4, 1 0))", 1.0),
    "comb": (
        "POLYGON ((0 0, 7 0, 7 3, 6 3, 6 1, 5 1, 5 3, 4 3, 4 1, 3 1, 3 3, 2 3, 2 1, 1 1, 1 3, 0 3, 0 0))",
        "POLYGON ((0 2, 7 2, 7 4, 0 4, 0 2))", 4.0),
    "parts that meet in a point": (
        "MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((2 2, 4 2, 4 4, 2 4, 2 2)))",
        "POLYGON ((1 1, 3 1, 3 3, 1 3, 1 1))", 2.0),
    "triangle on the diagonal": ("POLYGON ((0 0, 4 0, 4 4, 0 0))", "POLYGON ((0 0, 4 4, 0 4, 0 0))", 0.0),
    "sliver of a millionth": (BOX, "POLYGON ((3.999999 0, 6 0, 6 4, 3.999999 4, 3.999999 0))", 4e-6),
    "nearly parallel edges": (BOX, "POLYGON ((0 0, 4 0.000001, 4 4, 0 4, 0 0))", 16.0 - 2e-6),
}  # fmt: skip


def in_yunnan(text: str, turn_deg: float) -> np.ndarray[Any, Any]:
    turn = np.radians(turn_deg)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    drawn = np.array([shapely.from_wkt(text)], dtype=object)
    moved = shapely.transform(drawn, lambda xy: SQUARE_M * xy @ matrix + (EAST, NORTH))
    # A turn rounds each corner: it is a move like any other.
    return to_lonlat(gpd.GeoSeries(keep_valid(drawn, moved), crs="EPSG:4543")).to_numpy()


@pytest.mark.slow
@pytest.mark.parametrize("turn_deg", [0.0, 17.3, 45.0])
@pytest.mark.parametrize("case", CASES)
def test_overlaps_by_hand(case: str, turn_deg: float) -> None:
    first, second, squares = CASES[case]
    for left, right in ((first, second), (second, first)):
        site, control = in_yunnan(left, turn_deg), in_yunnan(right, turn_deg)
        index = index_controls(gpd.GeoSeries(control, crs=GEOGRAPHIC), ["c"])
        (inside,), (rest,) = overlaps(site, index), outsides(site, index)
        # The plane's scale here is within 2e-5 of 1; a turned corner is off by a nanometre.
        true_m2 = squares * SQUARE_M**2
        assert inside.area_m2 == pytest.approx(true_m2, rel=2e-5, abs=1e-4)
        whole_m2 = float(area_lonlat_m2(site)[0])
        assert inside.area_m2 + rest.area_m2 == pytest.approx(whole_m2, rel=1e-9, abs=1e-4)
        pairs = overlap_pairs(site, control, ellipsoidal=True, engine=Engine.KERNEL)
        assert float(pairs.area.sum()) == pytest.approx(inside.area_m2, rel=1e-9, abs=1e-4)
