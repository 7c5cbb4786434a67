"""Slope and suitability of the cells of a search, from the rasters that count."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from api.expansion.mosaic import laid_on, sheets_near
from api.expansion.suitability import grading_on
from api.workspace.needs import RasterSource
from api.workspace.suitability_rules import DEFAULT_RULE, suitability_rule
from geo.expansion.suitability import UNKNOWN
from geo.model import Grid
from geo.raster.isolines import ground_up_to
from geo.raster.lattice import Lattice
from geo.raster.refining import refine
from geo.raster.terrain import slope_deg
from layers.expansion.suitability import SuitabilityRule
from layers.rasters.model import RasterVersion
from layers.rasters.mosaic import footprint

DEM = "dem"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellGround:
    """What is known of the ground of each cell.

    ``slope_deg`` is NaN, ``grade`` :data:`geo.suitability.UNKNOWN` where no raster tells
    heights; grades rest on the factors that are known, and ``missing`` names the others.
    ``grade`` is None where nobody asked for it; ``heights_m`` is NaN where they are not known.
    """

    lattice: Lattice
    slope_deg: npt.NDArray[np.float64]
    heights_m: npt.NDArray[np.float64]
    grade: npt.NDArray[np.uint8] | None
    missing: tuple[str, ...]
    used: tuple[RasterVersion, ...]


def gentle_ground(cells: CellGround, most_deg: float, cell_m: float) -> npt.NDArray[Any]:
    """Return where slopes are at most a limit, drawn as from cells of a length at most."""
    return ground_up_to(*refine(cells.lattice, cells.slope_deg, cell_m), most_deg)


def elevations_over(workspace: RasterSource, area: shapely.Geometry) -> tuple[RasterVersion, ...]:
    """Return the elevation rasters that reach into an area of EPSG:4490, the finest first."""
    return tuple(
        version
        for version in workspace.rasters.in_use(DEM)
        if shapely.intersects(footprint(version), area)
    )


def ground_of_cells(
    workspace: RasterSource, lattice: Lattice, area: shapely.Geometry, *, graded: bool = True
) -> CellGround:
    """Return slope and, if asked, suitability of each cell over an area of EPSG:4490.

    Heights are read onto the cells and a rim as wide as relief needs, each sheet of rasters by
    itself, so that a seam between two of them is no cliff; the first that tells anything of a
    cell decides.

    Raises
    ------
    RasterGoneError
        Official heights stood here and are lost or withdrawn.
    """
    rule: SuitabilityRule = suitability_rule(workspace, DEFAULT_RULE)
    rim = ceil(rule.relief_window_m / 2.0 / lattice.cell_m) + 1
    inner = (slice(rim, -rim), slice(rim, -rim))
    wide = lattice.extend(rim)
    sheets = sheets_near(workspace.rasters.require_in_use(DEM), area, rim * lattice.cell_m)
    if not sheets:
        return CellGround(
            lattice=lattice,
            slope_deg=np.full(lattice.shape, np.nan),
            heights_m=np.full(lattice.shape, np.nan),
            grade=np.full(lattice.shape, UNKNOWN, dtype=np.uint8) if graded else None,
            missing=(),
            used=(),
        )
    laid = laid_on(workspace, sheets, _cells(wide))
    slopes = np.asarray(laid.derive(slope_deg).values[inner], dtype=np.float64)
    heights = np.where(laid.values.known, laid.values.values, np.nan)[inner]
    if not graded:
        return CellGround(
            lattice=lattice,
            slope_deg=slopes,
            heights_m=heights,
            grade=None,
            missing=(),
            used=laid.telling,
        )
    grading, factors = grading_on(workspace, rule, laid)
    return CellGround(
        lattice=lattice,
        slope_deg=slopes,
        heights_m=heights,
        grade=grading.known.values[inner],
        missing=grading.missing,
        used=(*laid.telling, *factors),
    )


def _cells(lattice: Lattice) -> Grid:
    """Return the pixels of a lattice as a grid that holds nothing yet."""
    like: Any = np.empty(lattice.shape, dtype=np.float32)
    return Grid(
        values=like, transform=lattice.transform, crs=lattice.plane, nodata=float("nan"), unit="m"
    )
