"""Overlap of parcels with red lines: the kernel beside what people use instead."""

import time
import warnings
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from bench import made_up, postgis
from bench.table import Row, cpu_s, require_agreement, shown
from geo.check.batch import Engine, overlap_pairs
from geo.kernel.join import box_grid
from geo.kernel.pairs import index_polygons, overlaps
from geo.kernel.ragged import Ragged, from_shapely

EXTENT = (98.0, 22.0, 106.0, 28.0)
M2_PER_DEG2 = 111_000.0 * 100_000.0
Areas = dict[tuple[int, int], float]


def run(parcels: int, red_lines: int, repeats: int, *, slow: bool) -> None:
    sites = made_up.parcels(parcels, EXTENT, seed=1)
    lines = made_up.red_lines(red_lines, EXTENT, seed=2)
    count = int(shapely.get_num_coordinates(lines).sum())
    what = f"{parcels // 1000}k x {red_lines // 1000}k"
    print(f"{parcels:,} parcels x {red_lines:,} red lines of {count:,} vertices")
    cold, warm, answer = ours(from_shapely(sites), from_shapely(lines), repeats)
    shown([Row(what=what, who="kernel, cold (all indexes built)", seconds=cold)], cold)
    shown([Row(what=what, who="kernel, warm (layer compiled)", seconds=warm)], cold)
    for who, seconds, theirs in _peers(sites, lines, slow=slow):
        require_agreement(who, answer, theirs, M2_PER_DEG2)
        note = f"x{seconds / warm:.0f} of warm"
        shown([Row(what=what, who=who, seconds=seconds, note=note)], cold)


def ours(sites: Ragged, lines: Ragged, repeats: int) -> tuple[float, float, Areas]:
    """Return cold and warm CPU seconds, and planar areas as the peers give them."""

    def cold() -> tuple:
        layer = index_polygons(lines)
        return overlaps(
            index_polygons(sites), layer, box_grid(layer.boxes.bounds), ellipsoidal=False, threads=1
        )

    cold()  # compiles, or fetches what was compiled
    cold_s, _ = cpu_s(cold, repeats)
    layer = index_polygons(lines)
    grid = box_grid(layer.boxes.bounds)
    warm_s, found = cpu_s(
        lambda: overlaps(index_polygons(sites), layer, grid, ellipsoidal=False, threads=1), repeats
    )
    return cold_s, warm_s, _areas(found[0], found[1], found[2])


def _areas(site: np.ndarray, control: np.ndarray, area: np.ndarray) -> Areas:
    keys = zip(site.tolist(), control.tolist(), strict=True)
    return dict(zip(keys, area.tolist(), strict=True))


def _peers(
    sites: np.ndarray, lines: np.ndarray, *, slow: bool
) -> Iterator[tuple[str, float, Areas]]:
    seconds, pairs = cpu_s(lambda: _prepared(sites, lines))
    yield "shapely: tree, prepared, covers", seconds, _areas(pairs.site, pairs.control, pairs.area)
    yield ("geopandas.overlay", *_geopandas(sites, lines))
    for who, work in (("DuckDB spatial join", _duckdb), ("SedonaDB join", _sedonadb)):
        try:
            yield (who, *work(sites, lines))
        except ImportError:
            print(f"{who}: not installed (extra: bench)")
    if not postgis.binaries():
        print("PostGIS: not installed")
    else:
        yield ("PostGIS tuned: lines outer, covers", *_postgis(sites, lines, _TUNED))
        yield ("PostGIS subdivided (128), prebuilt", *_postgis(sites, lines, _SUBDIVIDED))
        if slow:
            yield ("PostGIS plain: parcels outer", *_postgis(sites, lines, _PLAIN))


def _prepared(sites: np.ndarray, lines: np.ndarray) -> object:
    fresh = lines.copy()
    shapely.destroy_prepared(fresh)
    return overlap_pairs(sites, fresh, ellipsoidal=False, engine=Engine.GEOS)


def _geopandas(sites: np.ndarray, lines: np.ndarray) -> tuple[float, Areas]:
    left = gpd.GeoDataFrame({"s": range(len(sites))}, geometry=sites, crs="EPSG:4490")
    right = gpd.GeoDataFrame({"c": range(len(lines))}, geometry=lines, crs="EPSG:4490")
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both = gpd.overlay(left, right, how="intersection")
        area = both.geometry.area
    seconds = time.process_time() - start
    return seconds, _areas(both["s"].to_numpy(), both["c"].to_numpy(), area.to_numpy())


def _duckdb(sites: np.ndarray, lines: np.ndarray) -> tuple[float, Areas]:
    import duckdb  # noqa: PLC0415 - optional
    import pyarrow as pa  # noqa: PLC0415
    from duckdb_extensions import import_extension  # noqa: PLC0415

    import_extension("spatial")
    database = duckdb.connect(config={"threads": 1})
    database.load_extension("spatial")
    for name, shapes in (("parcel", sites), ("red", lines)):
        table = pa.table({"id": np.arange(len(shapes)), "w": shapely.to_wkb(shapes)})
        database.register("given", table)
        database.execute(f"create table {name} as select id, ST_GeomFromWKB(w) g from given")
    start = time.process_time()
    rows = database.execute(
        "select p.id, r.id, ST_Area(ST_Intersection(p.g, r.g)) a from parcel p"
        " join red r on ST_Intersects(p.g, r.g)"
    ).fetchnumpy()
    seconds = time.process_time() - start
    site, control, area = rows.values()
    return seconds, _areas(site, control, area)


def _sedonadb(sites: np.ndarray, lines: np.ndarray) -> tuple[float, Areas]:
    import sedonadb  # noqa: PLC0415 - optional

    database = sedonadb.connect()
    for name, shapes in (("parcel", sites), ("red", lines)):
        frame = gpd.GeoDataFrame({"id": range(len(shapes))}, geometry=shapes)
        database.create_data_frame(frame).to_memtable().to_view(name)
    start = time.process_time()
    rows = database.sql(
        "select p.id s, r.id c, ST_Area(ST_Intersection(p.geometry, r.geometry)) a"
        " from parcel p join red r on ST_Intersects(p.geometry, r.geometry)"
    ).to_pandas()
    seconds = time.process_time() - start
    return seconds, _areas(*(rows[name].to_numpy() for name in ("s", "c", "a")))


def _postgis(sites: np.ndarray, lines: np.ndarray, sql: str) -> tuple[float, Areas]:
    with postgis.cluster() as psql:
        for table, geometries in (("parcel", sites), ("red", lines)):
            psql(f"create table {table} (id int, g geometry)")
            if table == "red" and sql is not _PLAIN:
                psql("alter table red alter column g set storage external")
            rows = "\n".join(
                f"{at}\t{text}" for at, text in enumerate(shapely.to_wkb(geometries, hex=True))
            )
            psql(f"copy {table} from stdin;\n{rows}\n\\.\n")
            psql(f"create index on {table} using gist (g)")
        if sql is _SUBDIVIDED:
            psql("create table piece as select id, st_subdivide(g, 128) g from red")
            psql("create index on piece using gist (g); analyze piece")
        answer = psql("analyze parcel; analyze red;" + sql + _HOW_LONG)
    *rows, seconds = answer.splitlines()
    split = (row.split("|") for row in rows)
    return float(seconds), {(int(s), int(c)): float(a) for s, c, a in split if float(a) > 0.0}


_ONE = """case when st_covers(r.g, p.g) then st_area(p.g)
       else st_area(st_intersection(p.g, r.g)) end"""
_TUNED = f"""
create temp table answer as select p.id s, r.id c, {_ONE} a
from red r join lateral (select * from parcel p where st_intersects(r.g, p.g)) p on true;
select * from answer;"""
_SUBDIVIDED = f"""
create temp table answer as select p.id s, r.id c, sum({_ONE}) a
from piece r join lateral (select * from parcel p where st_intersects(r.g, p.g)) p on true
group by 1, 2;
select * from answer;"""
_PLAIN = """
create temp table answer as select p.id s, r.id c, st_area(st_intersection(p.g, r.g)) a
from parcel p join red r on st_intersects(p.g, r.g);
select * from answer;"""
_HOW_LONG = """
select sum(split_part(x, ' ', n)::float) / 100
from (select pg_read_file('/proc/' || pg_backend_pid() || '/stat') x) t, (values (14), (15)) v(n);
"""


def growth(parcels: int, red_lines: int) -> dict[str, list[tuple[int, float, float, float]]]:
    """Return CPU seconds cold, warm and of prepared shapely as each number grows."""
    found: dict[str, list[tuple[int, float, float, float]]] = {}
    few = [round(parcels * share) for share in (0.01, 0.1, 1.0)]
    found["parcels"] = [(n, *_three(n, red_lines)) for n in few]
    few = [max(round(red_lines * share), 1) for share in (0.01, 0.1, 1.0)]
    found["red lines"] = [(n, *_three(parcels, n)) for n in few]
    found["vertices a polygon"] = [
        (n, *_compared(made_up.parcels(20_000, EXTENT, seed=1), made_up.alike(200, n, EXTENT, 2)))
        for n in (30, 300, 3_000, 30_000)
    ]
    for what, rows in found.items():
        for n, *seconds in rows:
            print(f"{n:>9,} {what:20}" + "".join(f"{s:10.4f}" for s in seconds), flush=True)
    return found


def _three(parcels: int, red_lines: int) -> tuple[float, float, float]:
    lines = made_up.red_lines(red_lines, EXTENT, seed=2)
    return _compared(made_up.parcels(parcels, EXTENT, seed=1), lines)


def _compared(sites: np.ndarray, lines: np.ndarray) -> tuple[float, float, float]:
    cold, warm, _ = ours(from_shapely(sites), from_shapely(lines), 3)
    prepared, _ = cpu_s(lambda: _prepared(sites, lines))
    return cold, warm, prepared
