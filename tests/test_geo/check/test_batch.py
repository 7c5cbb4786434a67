"""The batch engine against the one-site engine, by hand, and against other programs."""

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.check.batch import Engine, overlap_pairs
from geo.check.control_index import index_controls
from geo.check.overlay import overlap
from geo.measure.area import area_lonlat_m2

ROOT = Path(__file__).parents[3]
RNG = np.random.default_rng(7)


def squares(count: int, size: float) -> np.ndarray:
    west, south = RNG.uniform((102.0, 24.0), (102.3, 24.3), (count, 2)).T
    return shapely.box(west, south, west + size, south + size)


@pytest.mark.parametrize("engine", Engine)
def test_two_squares_by_hand(engine: Engine) -> None:
    sites = np.array([shapely.box(0, 0, 2, 2), shapely.box(5, 5, 6, 6)])
    controls = np.array([shapely.box(1, 1, 3, 3), shapely.box(-1, -1, 4, 4)])
    pairs = overlap_pairs(sites, controls, ellipsoidal=False, engine=engine)
    assert pairs.site.tolist() == [0, 0]
    assert pairs.control.tolist() == [0, 1]
    assert pairs.area.tolist() == [1.0, 4.0]
    assert pairs.covered.tolist() == [False, True]


@pytest.mark.parametrize("engine", Engine)
def test_touching_squares_are_no_pair_and_nothing_is_nothing(engine: Engine) -> None:
    sites = np.array([shapely.box(0, 0, 1, 1)])
    for controls in (np.array([shapely.box(1, 0, 2, 1)]), np.array([], dtype=object)):
        assert len(overlap_pairs(sites, controls, ellipsoidal=True, engine=engine).site) == 0


@pytest.mark.parametrize("engine", Engine)
def test_every_site_has_the_area_that_the_one_site_engine_gives(engine: Engine) -> None:
    # Second method. The controls are apart, so that no ground is counted twice.
    sites = squares(200, 0.02)
    controls = shapely.get_parts(shapely.union_all(squares(60, 0.03)))
    index = index_controls(
        gpd.GeoSeries(controls, crs="EPSG:4490"), [str(n) for n in range(len(controls))]
    )
    pairs = overlap_pairs(sites, controls, ellipsoidal=True, engine=engine)
    total = np.bincount(pairs.site, weights=pairs.area, minlength=len(sites))
    expected = [overlap(site, index).area_m2 for site in sites]
    assert np.allclose(total, expected, rtol=1e-11, atol=1e-6)


@pytest.mark.parametrize("engine", Engine)
def test_a_swallowed_site_has_its_own_area(engine: Engine) -> None:
    sites = np.array([shapely.box(102.1, 24.1, 102.11, 24.11)])
    controls = np.array([shapely.box(102, 24, 103, 25)])
    pairs = overlap_pairs(sites, controls, ellipsoidal=True, engine=engine)
    assert pairs.covered.all()
    assert pairs.area == pytest.approx(area_lonlat_m2(sites))


@pytest.mark.slow
def test_other_programs_agree_in_the_benchmark() -> None:
    # geopandas.overlay, shapely, and PostGIS where a server is installed: the benchmark stops
    # if one of them differs by more than 1e-9 a + 1e-6 m2, and so do the other parts of it.
    command = [sys.executable, "-m", "bench", "--small"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for who in ("geopandas.overlay", "pyproj.Geod", "one site: kernel"):
        assert who in done.stdout
