"""How steep a site is, by exact shares of the pixels of heights that count."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from api.expansion.ground import Plot, refuse_coarse
from api.expansion.mosaic import lay, mosaic_at
from api.workspace.needs import RasterSource
from geo.errors import CoarseGridError
from geo.raster.terrain import classify_slopes, slope_deg
from geo.raster.zonal import class_areas, covers, spread
from layers.expansion.siting import siting_terms
from layers.rasters.model import RasterVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopesUnder:
    """Slopes of the ground of a site; ``steep_m2`` is what is steeper than was asked.

    ``mean_deg`` is None where nothing is known; ``unknown_m2`` is ground without heights.
    """

    mean_deg: float | None
    steep_m2: float
    known_m2: float
    unknown_m2: float
    used: tuple[RasterVersion, ...]


def slopes_under(workspace: RasterSource, plot: Plot, above_deg: float) -> SlopesUnder | str:
    """Return how steep a site is, or why nobody can tell: ``raster_too_coarse``.

    Raises
    ------
    NoRasterError, RasterGoneError
        No heights lie there, or official ones are lost or withdrawn.
    """
    terms, mosaic = siting_terms(), mosaic_at(workspace, "dem", plot, None)
    try:
        mosaic = mosaic.fine(
            plot,
            lambda pixel_m: pixel_m <= plot.width_m / terms.pixels_across,
            partial(refuse_coarse, least=f"1/{terms.pixels_across:g}"),
        )
    except CoarseGridError:
        return "raster_too_coarse"
    shapes = np.array([plot.shape], dtype=object)
    laid = lay(workspace, mosaic, shapes)
    slopes = laid.derive(slope_deg)
    (cover,) = covers(shapes, np.array([plot.area_m2]), slopes)
    found = spread(cover, slopes)
    steep = class_areas(cover, classify_slopes(slopes, [above_deg]))
    return SlopesUnder(
        mean_deg=found.mean,
        steep_m2=steep.by_class.get(1, 0.0),
        known_m2=found.known_m2,
        unknown_m2=found.unknown_m2 + cover.outside_m2,
        used=tuple(laid.used(plot, cover)),
    )
