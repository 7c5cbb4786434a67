"""One site against a large layer: from closed files to the first answer, and after that."""

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np

from bench import made_up
from bench.overlap import EXTENT
from geo.check.control_index import index_controls
from geo.check.overlay import overlap
from geo.kernel.pairs import index_polygons
from geo.kernel.ragged import from_shapely
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity
from layers.store.compiled.layer import open_compiled
from layers.store.geopackage import read_geopackage
from layers.store.layer_store import LayerStore


def run(red_lines: int, sites: int) -> None:
    lines = made_up.red_lines(red_lines, EXTENT, seed=2)
    asked = made_up.parcels(sites, EXTENT, seed=4)
    with tempfile.TemporaryDirectory(prefix="ftzgis-bench-") as folder:
        root = Path(folder)
        store, version = _stored(root, lines)
        start = time.perf_counter()
        open_compiled(root, store, version)
        print(f"{'compile':44}{time.perf_counter() - start:9.3f} s wall, once")
        _opened(root, store, version, asked)
        layer = open_compiled(root, store, version)
        ready = [from_shapely(np.array([site])) for site in asked]
        _say(
            "kernel, area",
            [_timed(lambda s=s: layer.overlaps(index_polygons(s), threads=1)) for s in ready],
        )
        controls = index_controls(
            gpd.GeoSeries(lines, crs="EPSG:4490"), [str(number) for number in range(len(lines))]
        )
        _say(
            "GEOS prepared, area, width and geometry",
            [_timed(lambda s=s: overlap(s, controls)) for s in asked],
        )


def _stored(root: Path, lines: np.ndarray) -> tuple:
    frame = gpd.GeoDataFrame(
        {"feature_id": [f"red-{number}" for number in range(len(lines))]},
        geometry=lines,
        crs="EPSG:4490",
    )
    spec = LayerSpec(
        id="red",
        kind="ecological_red_line",
        title_zh="红线",
        title_en="Red lines",
        status=LayerStatus.DEMONSTRATION,
        sensitivity=Sensitivity.INTERNAL,
        source="made up",
        licence="none",
    )
    store = LayerStore(root)
    put = store.put_version(
        spec, LayerFrame(features=frame, coverage=None), report=None, now=datetime.now(tz=UTC)
    )
    return store, put.version


def _opened(root: Path, store: LayerStore, version: object, asked: np.ndarray) -> None:
    site = index_polygons(from_shapely(asked[:1]))

    def compiled() -> None:
        open_compiled(root, store, version).overlaps(site, threads=1)

    ours = statistics.median(_timed(compiled) for _ in range(5))
    theirs = _timed(lambda: read_geopackage(version.path, covered=False))
    print(f"{'compiled: open to first answer':44}{ours:9.2f} ms")
    print(f"{'GeoPackage: read alone':44}{theirs:9.2f} ms   x{theirs / ours:.0f}")


def _timed(work: object) -> float:
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


def _say(who: str, milliseconds: list[float]) -> None:
    p50, p99 = np.percentile(milliseconds[1:], (50, 99))
    print(f"{'one site: ' + who:44}{p50:9.3f} ms p50 {p99:9.3f} ms p99")
