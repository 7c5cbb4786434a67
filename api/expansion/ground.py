"""Which raster speaks about a site, and its pixels there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from api.workspace.workspace import Workspace
from geo.errors import CoarseGridError, NarrowSiteError, NoGridOverlapError
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import to_lonlat
from geo.measure.width import largest_width_m
from geo.model import Grid
from geo.raster.grid import into_grid
from layers.rasters.errors import NoRasterError, WrongRasterKindError
from layers.rasters.model import RasterVersion
from layers.rasters.reading import read_window
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


def raster_at(
    workspace: Workspace, kind: str, plot: Plot, raster_id: str | None = None
) -> RasterVersion:
    """Return the raster of a kind that speaks about a plot.

    Of those in use the one that covers the whole plot, then the one with the finest
    pixels. A named raster is taken as it is.

    Raises
    ------
    UnknownRasterError, WrongRasterKindError
        The named raster does not exist, or is of another kind.
    NoRasterError, NoGridOverlapError
        There is none of the kind, or none at the plot.
    """
    box = shapely.box(*shapely.bounds(plot.shape))
    if raster_id is not None:
        found: Sequence[RasterVersion] = (require_raster_kind(workspace, raster_id, kind),)
    else:
        found = workspace.rasters.in_use(kind)
    if not found:
        raise NoRasterError(kind=kind, site=plot.id)
    near = [v for v in found if shapely.intersects(shapely.box(*v.facts.bounds_lonlat), box)]
    if not near:
        raise NoGridOverlapError(site=plot.id, raster=", ".join(v.raster_id for v in found))
    whole = [v for v in near if shapely.covers(shapely.box(*v.facts.bounds_lonlat), box)]
    return (whole or near)[0]


def require_raster_kind(workspace: Workspace, raster_id: str, kind: str) -> RasterVersion:
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


def require_pixel_in(plot: Plot, version: RasterVersion) -> None:
    """Refuse a plot that is narrower than a pixel.

    Raises
    ------
    NarrowSiteError
        Whatever the raster says would be about the neighbours.
    """
    pixel_m = version.facts.pixel_m
    if plot.width_m < pixel_m:
        said = {"pixel_m": round(pixel_m, 1), "width_m": round(plot.width_m, 1)}
        raise NarrowSiteError(site=plot.id, **said)


def coarse(plot: Plot, version: RasterVersion, least: str) -> CoarseGridError:
    """Return the refusal of a plot that is too narrow for a raster's pixels."""
    return CoarseGridError(
        site=plot.id,
        pixel_m=round(version.facts.pixel_m, 1),
        width_m=round(plot.width_m, 1),
        least=least,
    )


def margin_pixels(version: RasterVersion, reach_m: float) -> int:
    """Return how many pixels reach as far, and one more for the slope at their edge.

    Pixels may be half as high as wide, which is more than lon/lat makes of them in China.
    """
    return ceil(2.0 * reach_m / version.facts.pixel_m) + 1


def window_around(
    workspace: Workspace, version: RasterVersion, shapes: npt.NDArray[Any], *, margin: int
) -> Grid:
    """Return the pixels of a raster under some lon/lat shapes, and a margin.

    Raises
    ------
    NoGridOverlapError, WindowTooLargeError, DamagedVersionError
        There are none, too many, or the file is not what was stored.
    """
    path = workspace.rasters.sound_path(version)
    # The place of the first pixel is enough to bring the shapes into the raster's CRS.
    frame = read_window(version, path, _corner(version))
    left, bottom, right, top = shapely.total_bounds(into_grid(shapes, frame))
    return read_window(
        version, path, (float(left), float(bottom), float(right), float(top)), margin=margin
    )


def batches(plots: Sequence[Plot], version: RasterVersion) -> Iterator[list[Plot]]:
    """Yield plots together whose common window is not too large, neighbours first."""
    pixel_deg = version.facts.pixel_m / 111_000.0
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


def _corner(version: RasterVersion) -> tuple[float, float, float, float]:
    step = version.facts.affine
    xs, ys = sorted((step.c, step.c + step.a)), sorted((step.f, step.f + step.e))
    return xs[0], ys[0], xs[1], ys[1]


def _tile(plot: Plot) -> tuple[int, int]:
    west, south, _, _ = shapely.bounds(plot.shape)
    return int(south / _TILE_DEG), int(west / _TILE_DEG)
