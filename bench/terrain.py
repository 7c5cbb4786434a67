"""Slope and zonal shares beside gdaldem, xarray-spatial, exactextract and rasterstats.

    python -m bench.terrain [PIXELS_A_SIDE] [SITES]

All times are CPU seconds of the process (of the child for gdaldem), input read from the same
file and output written, one run after a warm-up. Ratios are ours over theirs: below 1 is faster.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS
from rasterstats import zonal_stats

from geo.measure.area import area_lonlat_m2
from geo.model import Grid
from geo.raster.terrain import slope_deg
from geo.raster.zonal import class_areas, covers, spread
from layers.builtin.noise import fractal_surface
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.cog import tiled_profile

STEP = Affine(30.0, 0.0, 500_000.0, 0.0, -30.0, 2_700_000.0)


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def child_cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def ground(size: int) -> Grid:
    part = fractal_surface(min(size, 2048), 3.0, 1)
    rows = np.arange(size) % len(part)
    values = (1900.0 + 150.0 * part[np.ix_(rows, rows)]).astype(np.float32)
    return Grid(values=values, transform=STEP, crs=CRS(4543), nodata=np.nan, unit="m")


def slopes(folder: Path, size: int) -> None:
    heights, path = ground(size), folder / "z.tif"
    with rasterio.open(path, "w", **tiled_profile(heights, count=1)) as file:
        file.write(heights.values, 1)

    def ours() -> None:
        with open_local(path) as file:
            read = Grid(
                values=file.read(1), transform=STEP, crs=heights.crs, nodata=np.nan, unit="m"
            )
        made = slope_deg(read)
        with rasterio.open(folder / "ours.tif", "w", **tiled_profile(made, count=1)) as out:
            out.write(made.values, 1)

    ours()
    mine, theirs = (
        cpu(ours),
        child_cpu(["gdaldem", "slope", "-q", str(path), str(folder / "gdal.tif")]),
    )
    alone = cpu(lambda: slope_deg(heights))
    with open_local(folder / "gdal.tif") as file:
        other = file.read(1)
    inside = slope_deg(heights).values[1:-1, 1:-1]
    apart = float(np.abs(inside - other[1:-1, 1:-1]).max())
    print(
        f"slope {size} x {size}: ours {mine:.2f} s, gdaldem {theirs:.2f} s, "
        f"ratio {mine / theirs:.2f}; in memory {alone:.2f} s; apart at most {apart:.1e} deg"
    )
    try:
        import xarray  # noqa: PLC0415 - an extra
        import xrspatial  # noqa: PLC0415 - an extra
    except ImportError:
        print("slope: xarray-spatial is not installed (extra: bench)")
        return
    array = xarray.DataArray(heights.values, dims=("y", "x"), attrs={"res": (30.0, 30.0)})
    xrspatial.slope(array)
    peer = cpu(lambda: xrspatial.slope(array))
    print(f"slope in memory: xarray-spatial {peer:.2f} s, ratio {alone / peer:.2f}")


def zones(size: int, count: int) -> None:
    step = Affine(0.0003, 0.0, 102.0, 0.0, -0.0003, 26.0)
    heights = Grid(
        values=ground(size).values, transform=step, crs=CRS(4490), nodata=np.nan, unit="m"
    )
    classes = np.random.default_rng(2).integers(1, 12, (size, size)).astype(np.uint16)
    cover = Grid(values=classes, transform=step, crs=CRS(4490), nodata=65535, unit="class")
    rng, reach = np.random.default_rng(1), size * 0.0003
    at = np.column_stack(
        [
            102.0 + rng.uniform(0.01, reach - 0.01, count),
            26.0 - rng.uniform(0.01, reach - 0.01, count),
        ]
    )
    sites = shapely.buffer(shapely.points(at), rng.uniform(0.0006, 0.004, count))
    areas_m2 = area_lonlat_m2(sites)

    def ours() -> list[float]:
        means = []
        for one in covers(sites, areas_m2, heights):
            means.append(spread(one, heights).mean or 0.0)
            class_areas(one, cover)
        return means

    frame = gpd.GeoDataFrame(geometry=sites, crs=4490)
    sources = [
        NumPyRasterSource(g.values, *g.bounds, srs_wkt=g.crs.to_wkt()) for g in (heights, cover)
    ]

    def exact() -> object:
        found = exact_extract(sources[0], frame, ["mean", "min", "max"], output="pandas")
        exact_extract(sources[1], frame, ["unique", "frac"], output="pandas")
        return found

    def stats() -> None:
        zonal_stats(sites, heights.values, affine=step, stats=["mean", "min", "max"], nodata=-9999)
        zonal_stats(sites, classes, affine=step, categorical=True, nodata=65535)

    apart = np.abs(np.array(ours()) / exact()["mean"].to_numpy() - 1.0).max()
    mine, theirs, third = cpu(ours), cpu(exact), cpu(stats)
    print(
        f"zonal, {count} sites, heights and 11 classes: ours {mine / count * 1e6:.0f} us a site, "
        f"exactextract {theirs / count * 1e6:.0f} (ratio {mine / theirs:.2f}), "
        f"rasterstats {third / count * 1e6:.0f} (ratio {mine / third:.2f}); "
        f"means apart at most {apart:.1e} (ours weigh by ground)"
    )


def main() -> None:
    size, count = (int(text) for text in (sys.argv[1:] + ["6000", "500"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        slopes(Path(folder), size)
    zones(min(size, 3000), count)


if __name__ == "__main__":
    main()
