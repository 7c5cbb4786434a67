"""Which raster speaks about a site, and its pixels there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from api.workspace.needs import RasterSource
from geo.errors import CoarseGridError, NarrowSiteError
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import to_lonlat
from geo.measure.width import largest_width_m
from layers.rasters.errors import WrongRasterKindError
from layers.rasters.model import RasterVersion
from layers.readers.field_names import read_names
from maps.answers import Title

_BATCH_PIXELS: Final = 4_000_000
_TILE_DEG: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A site as the raster jobs see it: EPSG:4490, its area and its largest width."""

    id: str
    name: Title | None = None
    shape: Any
    area_m2: float
    width_m: float


def plots_of(features: gpd.GeoDataFrame, id_column: str) -> list[Plot]:
    """Return features as plots, in their order.

    Raises
    ------
    NotPolygonalError
        A feature is no polygon.
    """
    shapes = to_lonlat(features.geometry).to_numpy()
    areas_m2 = area_lonlat_m2(shapes)
    # One by one: each in the plane of its own zone.
    widths_m = [largest_width_m(shapes[at : at + 1]) for at in range(len(shapes))]
    return [
        Plot(id=str(own_id), name=name, shape=shape, area_m2=float(area_m2), width_m=width_m)
        for own_id, name, shape, area_m2, width_m in zip(
            features[id_column], _names(features), shapes, areas_m2, widths_m, strict=True
        )
    ]


def _names(features: gpd.GeoDataFrame) -> list[Title | None]:
    """Return what features are called, in both languages where a layer says it in both."""
    found = read_names(features)
    return [Title(zh=names[0], en=names[1]) if names else None for names in found]


def require_raster_kind(workspace: RasterSource, raster_id: str, kind: str) -> RasterVersion:
    """Return the newest version of a raster of a kind.

    Raises
    ------
    UnknownRasterError, WrongRasterKindError
        There is no such raster, or it is of another kind.
    """
    named = workspace.rasters.get(raster_id)
    if named.spec.kind != kind:
        raise WrongRasterKindError(raster=raster_id, needed=kind, found=named.spec.kind)
    return named


def refuse_coarse(plot: Plot, pixel_m: float, least: str) -> CoarseGridError:
    """Return the refusal of a plot that is too narrow for a raster's pixels."""
    width_m = round(plot.width_m, 1)
    return CoarseGridError(site=plot.id, pixel_m=round(pixel_m, 1), width_m=width_m, least=least)


def narrow(plot: Plot, pixel_m: float) -> NarrowSiteError:
    """Return the refusal of a plot that is narrower than a pixel: it says of its neighbours."""
    width_m = round(plot.width_m, 1)
    return NarrowSiteError(site=plot.id, pixel_m=round(pixel_m, 1), width_m=width_m)


def margin_pixels(pixel_m: float, reach_m: float) -> int:
    """Return how many pixels reach as far, and one more for the slope at their edge.

    Pixels may be half as high as wide, which is more than lon/lat makes of them in China.
    """
    return ceil(2.0 * reach_m / pixel_m) + 1


def batches(plots: Sequence[Plot], pixel_m: float) -> Iterator[list[Plot]]:
    """Yield plots together whose common window is not too large, neighbours first."""
    pixel_deg = pixel_m / 111_000.0
    batch: list[Plot] = []
    bounds = np.array([np.inf, np.inf, -np.inf, -np.inf])
    for plot in sorted(plots, key=_tile):
        own = np.array(shapely.bounds(plot.shape))
        wider = np.r_[np.minimum(bounds[:2], own[:2]), np.maximum(bounds[2:], own[2:])]
        if batch and np.prod((wider[2:] - wider[:2]) / pixel_deg) > _BATCH_PIXELS:
            yield batch
            batch, wider = [], own
        batch.append(plot)
        bounds = wider
    if batch:
        yield batch


def _tile(plot: Plot) -> tuple[int, int]:
    west, south, _, _ = shapely.bounds(plot.shape)
    return int(south / _TILE_DEG), int(west / _TILE_DEG)
