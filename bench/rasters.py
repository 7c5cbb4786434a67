"""Shares of pixels under parcels: the kernel beside exactextract and rasterstats.

Slope beside gdaldem, and whole plots as the product measures them: ``bench.terrain``.
"""

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS
from rasterstats import zonal_stats

from bench import made_up
from bench.table import Row, cpu_s, shown
from geo.kernel.ragged import Ragged, from_shapely
from geo.kernel.shares import pixel_shares

PIXEL_DEG = 30.0 / 111_000.0
EXTENT = (102.0, 25.0, 102.0 + 2000 * PIXEL_DEG, 25.0 + 2000 * PIXEL_DEG)


def run(count: int) -> None:
    shapes = made_up.parcels(count, EXTENT, seed=1)
    rows = columns = 2000
    heights = np.random.default_rng(1).uniform(1500.0, 2500.0, (rows, columns)).astype(np.float32)

    def in_pixels() -> Ragged:
        north_west = (EXTENT[0], EXTENT[3])
        return from_shapely(
            shapely.transform(shapes, lambda xy: (xy - north_west) / (PIXEL_DEG, -PIXEL_DEG))
        )

    def means(flat: Ragged) -> np.ndarray:
        starts, cells, shares = pixel_shares(flat, (rows, columns))
        owner = np.repeat(np.arange(count), np.diff(starts))
        sums = np.bincount(owner, shares * heights.ravel()[cells], minlength=count)
        weights = np.bincount(owner, shares, minlength=count)
        return np.divide(sums, weights, out=np.full(count, np.nan), where=weights > 0.0)

    crs = CRS(4326)
    source = NumPyRasterSource(heights, *EXTENT, srs_wkt=crs.to_wkt())
    frame = gpd.GeoDataFrame(geometry=shapes, crs=crs)
    flat = in_pixels()
    means(flat)
    ours_s, ours = cpu_s(lambda: means(flat), 3)
    whole_s, _ = cpu_s(lambda: means(in_pixels()), 3)
    exact_s, exact = cpu_s(lambda: exact_extract(source, frame, ["mean"], output="pandas"))
    centre_s, centre = cpu_s(
        lambda: zonal_stats(
            shapes[: count // 10],
            heights,
            affine=Affine(PIXEL_DEG, 0, EXTENT[0], 0, -PIXEL_DEG, EXTENT[3]),
            nodata=-1.0,
            stats=["mean"],
        )
    )
    mean = exact["mean"].to_numpy()
    inside = ~np.isnan(mean) & ~np.isnan(ours)
    apart = np.abs(ours[inside] / mean[inside] - 1.0)
    if apart.max() > 1e-6:
        raise SystemExit(f"exactextract disagrees: {apart.max():.1e}")
    what = f"mean, {count:,} parcels"
    shown([Row(what=what, who="kernel, from flat arrays", seconds=ours_s)], ours_s)
    shown([Row(what=what, who="kernel, from shapely objects", seconds=whole_s)], ours_s)
    note = f"means differ by {apart.max():.0e} at most"
    shown([Row(what=what, who="exactextract", seconds=exact_s, note=note)], ours_s)
    found = np.array([row["mean"] or np.nan for row in centre], dtype=float)
    off = np.nanmedian(np.abs(found / mean[: len(found)] - 1.0))
    note = f"a tenth of them, times ten; off by {off:.1e} in the median: centre rule"
    shown([Row(what=what, who="rasterstats", seconds=10 * centre_s, note=note)], ours_s)
