"""A province from files: what a process that did not make the data needs of memory.

Anonymous memory is what a process has for itself; pages of mapped files are shared by all
processes that map the same layer, and the system takes them back when it needs room.
"""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa

from api.check.batch.overlap_table import PartitionWork, partition_overlaps
from bench import ROOT, made_up
from bench.overlap import EXTENT
from geo.kernel.join import box_grid
from geo.kernel.pairs import index_polygons
from geo.kernel.ragged import from_shapely
from layers.store.compiled.folder import Arrays, open_arrays
from layers.store.compiled.parcels import partitions

_KINDS = ("RssAnon", "RssFile")


def write(folder: Path, parcels: int, red_lines: int) -> None:
    """Write parcels as GeoParquet, and a compiled layer of red lines."""
    sites = gpd.GeoSeries(made_up.parcels(parcels, EXTENT, seed=1), crs="EPSG:4490")
    gpd.GeoDataFrame(geometry=sites).to_parquet(folder / "parcels.parquet")
    open_arrays(folder / "layer", lambda: _arrays(red_lines))


def measure(folder: Path, threads: int) -> None:
    """Work through the parcels in this process, and print time and the highest memory."""
    start, over = _memory_gb(), threading.Event()
    highest = dict(start)

    def watch() -> None:
        while not over.wait(0.01):
            for kind, size in _memory_gb().items():
                highest[kind] = max(highest[kind], size)

    watcher = threading.Thread(target=watch)
    watcher.start()
    wall, cpu = time.perf_counter(), time.process_time()
    found = sum(
        partition_overlaps(
            PartitionWork(
                partition=part,
                layer_folder=str(folder / "layer"),
                kernel_folder=str(ROOT / ".local/kernels"),
                id_column=None,
                threads=threads,
            )
        ).num_rows
        for part in partitions(folder / "parcels.parquet")
    )
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    over.set()
    watcher.join()
    print(f"from files  {wall:6.2f} s wall {cpu:6.2f} CPU s, {found:,} overlaps, {threads} threads")
    for when, sizes in (("at start", start), ("highest", highest)):
        print(f"{when:12}" + ", ".join(f"{kind} {size:.2f} GB" for kind, size in sizes.items()))


def _arrays(red_lines: int) -> Arrays:
    side = index_polygons(from_shapely(made_up.red_lines(red_lines, EXTENT, seed=2)))
    parts = {
        "polygons": side.polygons,
        "boxes": side.boxes,
        "grid": box_grid(side.boxes.bounds),
    }
    names = pa.array([f"red-{at}" for at in range(red_lines)], pa.large_string())
    _, ends, text = names.buffers()
    return {
        **{
            f"{part}_{name}": values
            for part, arrays in parts.items()
            for name, values in arrays._asdict().items()
        },
        "ids": np.frombuffer(text, dtype=np.uint8),
        "id_ends": np.frombuffer(ends, dtype=np.int64)[: red_lines + 1],
    }


def _memory_gb() -> dict[str, float]:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    said = dict(line.split(":", 1) for line in lines)
    return {kind: int(said[kind].split()[0]) * 1024 / 1e9 for kind in _KINDS}


def main() -> None:
    if sys.argv[1] == "measure":
        measure(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        write(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))


def run(parcels: int, red_lines: int, threads: int) -> None:
    """Make the data in one process and work through it in another."""

    with tempfile.TemporaryDirectory(prefix="ftzgis-bench-") as folder:
        program = [sys.executable, "-m", "bench.from_files"]
        for part in (("write", folder, parcels, red_lines), ("measure", folder, threads)):
            subprocess.run([*program, *map(str, part)], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
