"""Overlap of parcels with red lines: our engine beside geopandas.overlay and PostGIS.

One run, one data set, CPU seconds of the process that does the work (for PostGIS of its
backend). Answers must agree before a ratio is printed.

    python bench/overlap.py                                     100k parcels x 20k red lines
    python bench/overlap.py --parcels 5000 --red-lines 1000     small, for continuous testing
    python bench/overlap.py --growth                            and how it grows
"""

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import made_up, postgis
from geo.batch import Engine, overlap_pairs
from geo.overlay import index_controls, overlap

EXTENT = (98.0, 22.0, 106.0, 28.0)
M2_PER_DEG2 = 111_000.0 * 100_000.0
Areas = dict[tuple[int, int], float]


def main() -> None:
    options = _arguments()
    parcels = made_up.parcels(options.parcels, EXTENT, seed=1)
    lines = made_up.red_lines(options.red_lines, EXTENT, seed=2)
    _say(parcels, lines)
    ours_s, answer = _ours(parcels, lines, options.repeats)
    print(f"{'ours, planar areas':44}{ours_s:9.3f} CPU s")
    for name, peer in _peers(options):
        seconds, theirs = peer(parcels, lines)
        _require_agreement(name, answer, theirs)
        print(f"{name:44}{seconds:9.3f} CPU s   x{seconds / ours_s:.1f}")
    _latency(lines, options.sites)
    if options.growth:
        _growth(options)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--red-lines", type=int, default=20_000)
    parser.add_argument("--sites", type=int, default=500, help="single checks for the latency")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-postgis", action="store_true")
    parser.add_argument("--growth", action="store_true")
    return parser.parse_args()


def _say(parcels: np.ndarray, lines: np.ndarray) -> None:
    vertices = int(shapely.get_num_coordinates(lines).sum())
    print(f"{len(parcels):,} parcels x {len(lines):,} red lines of {vertices:,} vertices")


def _peers(options: argparse.Namespace) -> list[tuple[str, Callable]]:
    peers: list[tuple[str, Callable]] = [("geopandas.overlay", _geopandas)]
    if postgis.binaries() and not options.no_postgis:
        peers.append(("PostGIS, lines outer, EXTERNAL, covers", _postgis))
    return peers


def _ours(parcels: np.ndarray, lines: np.ndarray, repeats: int) -> tuple[float, Areas]:
    """Planar areas as the peers give them, from unprepared geometries each time."""
    seconds = []
    for _ in range(repeats):
        fresh = lines.copy()
        shapely.destroy_prepared(fresh)
        start = time.process_time()
        pairs = overlap_pairs(parcels, fresh, ellipsoidal=False, engine=Engine.KERNEL)
        seconds.append(time.process_time() - start)
    keys = zip(pairs.site.tolist(), pairs.control.tolist(), strict=True)
    return statistics.median(seconds), dict(zip(keys, pairs.area.tolist(), strict=True))


def _geopandas(parcels: np.ndarray, lines: np.ndarray) -> tuple[float, Areas]:
    left = gpd.GeoDataFrame({"s": range(len(parcels))}, geometry=parcels, crs="EPSG:4490")
    right = gpd.GeoDataFrame({"c": range(len(lines))}, geometry=lines, crs="EPSG:4490")
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both = gpd.overlay(left, right, how="intersection")
        area = both.geometry.area
    seconds = time.process_time() - start
    return seconds, dict(zip(zip(both["s"], both["c"], strict=True), area, strict=True))


def _postgis(parcels: np.ndarray, lines: np.ndarray) -> tuple[float, Areas]:
    with postgis.cluster() as psql:
        for table, geometries in (("parcel", parcels), ("red", lines)):
            psql(f"create table {table} (id int, g geometry)")
            if table == "red":
                psql("alter table red alter column g set storage external")
            rows = "\n".join(
                f"{at}\t{text}" for at, text in enumerate(shapely.to_wkb(geometries, hex=True))
            )
            psql(f"copy {table} from stdin;\n{rows}\n\\.\n")
        psql("create index on parcel using gist (g); analyze parcel; analyze red;")
        answer = psql(_POSTGIS_SQL)
    *rows, seconds = answer.splitlines()
    split = (row.split("|") for row in rows)
    return float(seconds), {(int(s), int(c)): float(a) for s, c, a in split if float(a) > 0.0}


_POSTGIS_SQL = """
create temp table answer as
select p.id s, r.id c,
  case when st_covers(r.g, p.g) then st_area(p.g)
       else st_area(st_intersection(p.g, r.g)) end a
from red r join lateral (select * from parcel p where st_intersects(r.g, p.g)) p on true;
select * from answer;
select sum(split_part(x, ' ', n)::float) / 100
from (select pg_read_file('/proc/' || pg_backend_pid() || '/stat') x) t, (values (14), (15)) v(n);
"""


def _require_agreement(name: str, ours: Areas, theirs: Areas) -> None:
    """Compare areas in m2: |d| <= 1e-9 a + 1e-6 m2, with slivers that one side drops."""
    worst = 0.0
    for key in ours.keys() | theirs.keys():
        a, b = ours.get(key, 0.0) * M2_PER_DEG2, theirs.get(key, 0.0) * M2_PER_DEG2
        worst = max(worst, abs(a - b) / (1e-9 * max(a, b) + 1e-6))
    if worst > 1.0:
        raise SystemExit(f"{name} disagrees: {worst:.1f} times the allowed difference")


def _latency(lines: np.ndarray, count: int) -> None:
    """One-site checks against the layer in memory, as the running server does them."""
    rng = np.random.default_rng(3)
    controls = index_controls(
        gpd.GeoSeries(lines, crs="EPSG:4490"), list(map(str, range(len(lines))))
    )
    sites = made_up.parcels(count, EXTENT, seed=4)
    rng.shuffle(sites)
    milliseconds = []
    for site in sites:
        start = time.perf_counter()
        overlap(site, controls)
        milliseconds.append(1e3 * (time.perf_counter() - start))
    p50, p99 = np.percentile(milliseconds, (50, 99))
    print(f"{'one site against the layer in memory':44}{p50:9.3f} ms p50 {p99:9.3f} ms p99")


def _growth(options: argparse.Namespace) -> None:
    print("growth, CPU s")
    for share in (0.01, 0.1, 1.0):
        parcels = made_up.parcels(int(options.parcels * share), EXTENT, seed=1)
        lines = made_up.red_lines(options.red_lines, EXTENT, seed=2)
        print(f"  {len(parcels):>9,} parcels      {_ours(parcels, lines, 1)[0]:8.3f}")
    for share in (0.01, 0.1, 1.0):
        parcels = made_up.parcels(options.parcels, EXTENT, seed=1)
        lines = made_up.red_lines(max(int(options.red_lines * share), 1), EXTENT, seed=2)
        print(f"  {len(lines):>9,} red lines    {_ours(parcels, lines, 1)[0]:8.3f}")


if __name__ == "__main__":
    main()
