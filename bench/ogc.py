"""Pages of features and vector tiles beside pygeoapi and tipg, on the same parcels in one run.

The others read a table of PostGIS with a spatial index; they need a Python environment of their
own (``pip install pygeoapi tipg psycopg2-binary geoalchemy2``), named by ``--peers``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
import shapely

from api.settings import Settings
from api.workspace.workspace import Workspace
from bench import ROOT, made_up
from bench.postgis import Psql, cluster
from bench.server import cpu_seconds, wait_until_ready
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity

EXTENT = (102.0, 24.0, 104.0, 26.0)
LAYER = "bench_parcels"
PAGE = 100
TILE_LEVEL = 13
_TILE = shapely.box(0, 0, 4096, 4096)
_CLEAR_STEPS2 = 16
"""Area in steps of a tile beyond which rounding cannot be why somebody lacks it."""


@dataclass(frozen=True)
class Peer:
    """A running server: where its features and tiles are, and the processes that do the work."""

    name: str
    items: str
    tile: str | None
    processes: tuple[int, ...]


def run(count: int, requests: int, peers: Path | None, port: int) -> None:
    parcels = made_up.parcels(count, EXTENT, 1)
    boxes, tiles = _boxes(requests), _tiles(requests)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ftzgis-bench-")))
        servers = [stack.enter_context(_ours(folder, parcels, port))]
        if peers is not None:
            psql = stack.enter_context(cluster(port + 9))
            _fill(psql, parcels)
            servers.append(stack.enter_context(_tipg(peers, psql, port + 1)))
            servers.append(stack.enter_context(_pygeoapi(peers, psql, port + 2)))
        _require_same_answers(servers, boxes[:20])
        _require_same_tiles([one for one in servers if one.tile], tiles[:20], folder)
        print(f"{count:,} parcels; CPU ms of the server for a request, median of 5 rounds")
        _compare("pages of 100 in a box", servers, lambda one: [_page(one, box) for box in boxes])
        _compare(
            f"vector tiles of level {TILE_LEVEL}",
            [one for one in servers if one.tile],
            lambda one: [_tile(one, place) for place in tiles],
        )


def _compare(title: str, servers: Sequence[Peer], addresses: Callable[[Peer], list[str]]) -> None:
    spent: dict[str, list[float]] = {one.name: [] for one in servers}
    for _ in range(6):
        for one in servers:
            asked = addresses(one)
            before = _cpu_seconds(one)
            for address in asked:
                _get(address)
            spent[one.name].append(1e3 * (_cpu_seconds(one) - before) / len(asked))
    # The first round compiles, cuts tiles and fills caches.
    ms = {name: median(rounds[1:]) for name, rounds in spent.items()}
    ours = ms["ours"]
    told = [f"{name} {own:.1f} ms (x{own / ours:.1f})" for name, own in ms.items()]
    print(f"{title}: {', '.join(told)}")


def _cpu_seconds(one: Peer) -> float:
    return sum(map(cpu_seconds, one.processes))


def _require_same_answers(servers: Sequence[Peer], boxes: Sequence[str]) -> None:
    """Refuse to compare the speed of answers that differ."""
    for box in boxes:
        found = {one.name: _matched(_page(one, box)) for one in servers}
        if len(set(found.values())) > 1:
            raise SystemExit(f"answers differ in {box}: {found}")


def _require_same_tiles(
    servers: Sequence[Peer], places: Sequence[tuple[int, int]], folder: Path
) -> None:
    """Refuse to compare tiles of which one lacks what another clearly shows.

    Servers draw more or less around a tile: what counts is what has an area inside of it.
    """
    for place in places:
        shown = {one.name: _parcels_of(_get(_tile(one, place)), folder) for one in servers}
        for name, (_, clear) in shown.items():
            for other, (drawn, _) in shown.items():
                if clear - drawn:
                    raise SystemExit(f"{other} lacks in {place} what {name} shows: {clear - drawn}")


def _parcels_of(tile: bytes, folder: Path) -> tuple[set[str], set[str]]:
    """Return the ids of all parcels of a tile, and of those with an area inside of it, by GDAL."""
    if not tile:
        return set(), set()
    path = folder / "tile.mvt"
    path.write_bytes(tile)
    command = ["ogr2ogr", "-f", "GeoJSON", "-oo", "CLIP=NO", "/vsistdout/", str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    found = gpd.GeoDataFrame.from_features(json.loads(done.stdout)["features"])
    ids = found["feature_id" if "feature_id" in found else "id"].astype(str)
    inside = shapely.area(shapely.intersection(found.geometry.to_numpy(), _TILE))
    return set(ids), set(ids[inside > _CLEAR_STEPS2])


def _tile(one: Peer, place: tuple[int, int]) -> str:
    return str(one.tile).format(z=TILE_LEVEL, x=place[0], y=place[1])


def _matched(address: str) -> int:
    return int(json.loads(_get(address))["numberMatched"])


def _page(one: Peer, box: str) -> str:
    return f"{one.items}?{urllib.parse.urlencode({'bbox': box, 'limit': PAGE})}"


def _get(address: str) -> bytes:
    asked = urllib.request.Request(address, headers={"accept": "application/geo+json, */*;q=0.5"})  # noqa: S310 - our own servers
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
        return bytes(answer.read())


def _boxes(count: int) -> list[str]:
    west, south, east, north = EXTENT
    corners = np.random.default_rng(2).uniform((west, south), (east - 0.1, north - 0.1), (count, 2))
    return [f"{x:.6f},{y:.6f},{x + 0.1:.6f},{y + 0.1:.6f}" for x, y in corners.tolist()]


def _tiles(count: int) -> list[tuple[int, int]]:
    west, south, east, north = EXTENT
    places = np.random.default_rng(3).uniform((west, south), (east, north), (count, 2))
    whole = 2**TILE_LEVEL
    x = (places[:, 0] + 180.0) / 360.0 * whole
    y = (1.0 - np.arcsinh(np.tan(np.radians(places[:, 1]))) / np.pi) / 2.0 * whole
    return list(zip(x.astype(int).tolist(), y.astype(int).tolist(), strict=True))


@contextmanager
def _ours(folder: Path, parcels: np.ndarray, port: int) -> Iterator[Peer]:
    data = folder / "data"
    table = {"feature_id": [str(at) for at in range(len(parcels))], "name": "parcel"}
    frame = gpd.GeoDataFrame(table, geometry=parcels, crs=4490)
    spec = LayerSpec(
        id=LAYER,
        kind="zone",
        title_zh="地块",
        title_en="Parcels",
        status=LayerStatus.DEMONSTRATION,
        sensitivity=Sensitivity.INTERNAL,
        source="bench.made_up",
        licence="CC0-1.0",
    )
    workspace = Workspace(Settings(data_dir=data))
    workspace.store.put_version(
        spec, LayerFrame(features=frame, coverage=None), report=None, now=datetime.now(UTC)
    )
    command = [sys.executable, "-P", "-m", "api", "serve", "--port", str(port)]
    own = {"FTZGIS_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}
    root = f"http://127.0.0.1:{port}/collections/{LAYER}"
    with _started(command, own, folder / "ours.log") as process:
        wait_until_ready(port)
        tile = f"{root}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"
        yield Peer("ours", f"{root}/items", tile, (process,))


@contextmanager
def _tipg(peers: Path, psql: Psql, port: int) -> Iterator[Peer]:
    command = _uvicorn(peers, "tipg.main:app", port)
    own = {"DATABASE_URL": f"postgresql://postgres@127.0.0.1:{psql.port}/postgres"}
    root = f"http://127.0.0.1:{port}/collections/public.parcels"
    with _started(command, own, None) as process:
        _wait_for(f"{root}/items?limit=1")
        tile = f"{root}/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}"
        yield Peer("tipg and PostGIS", f"{root}/items", tile, (process, psql.process))


@contextmanager
def _pygeoapi(peers: Path, psql: Psql, port: int) -> Iterator[Peer]:
    settings, contract = ROOT / "bench/pygeoapi.yml", psql.folder / "openapi.yml"
    own = {
        "BENCH_PORT": str(port),
        "BENCH_DATABASE_PORT": str(psql.port),
        "PYGEOAPI_CONFIG": str(settings),
        "PYGEOAPI_OPENAPI": str(contract),
    }
    program = str(peers.with_name("pygeoapi"))
    generate = [program, "openapi", "generate", str(settings), "--output-file", str(contract)]
    subprocess.run(generate, env={**os.environ, **own}, check=True, capture_output=True)
    command = _uvicorn(peers, "pygeoapi.starlette_app:APP", port)
    root = f"http://127.0.0.1:{port}/collections/parcels"
    with _started(command, own, None) as process:
        _wait_for(f"{root}/items?limit=1&f=json")
        yield Peer("pygeoapi and PostGIS", f"{root}/items", None, (process, psql.process))


def _uvicorn(peers: Path, app: str, port: int) -> list[str]:
    return [str(peers), "-m", "uvicorn", app, "--port", str(port), "--log-level", "error"]


def _fill(psql: Psql, parcels: np.ndarray) -> None:
    rows = psql.folder / "parcels.tsv"
    wkb = gpd.GeoSeries(parcels).to_wkb(hex=True)
    rows.write_text("".join(f"{at}\tparcel\t{one}\n" for at, one in enumerate(wkb)), "ascii")
    rows.chmod(0o644)
    psql("create table parcels (id integer primary key, name text, geom geometry(Polygon, 4326))")
    psql("create temporary table raw (id integer, name text, wkb text);"
         f"copy raw from '{rows}';"
         "insert into parcels select id, name, ST_SetSRID(wkb::geometry, 4326) from raw;"
         "create index on parcels using gist (geom); analyze parcels")  # fmt: skip


@contextmanager
def _started(command: list[str], own: dict[str, str], log: Path | None) -> Iterator[int]:
    with ExitStack() as stack:
        out = stack.enter_context(log.open("w")) if log else subprocess.DEVNULL
        server = subprocess.Popen(command, env={**os.environ, **own}, stdout=out, stderr=out)
        try:
            yield server.pid
        finally:
            server.terminate()
            server.wait()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            _get(address)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{address} does not answer")
