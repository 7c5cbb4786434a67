"""Slope and suitability of the cells of a search, from the rasters that count."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from api.expansion.suitability import grading_on
from api.workspace.suitability_rules import DEFAULT_RULE, suitability_rule
from api.workspace.workspace import Workspace
from geo.expansion.suitability import UNKNOWN
from geo.model import Grid
from geo.raster.lattice import Lattice
from geo.raster.terrain import slope_deg
from layers.expansion.suitability import SuitabilityRule
from layers.rasters.model import RasterVersion
from layers.rasters.reading import read_onto

DEM = "dem"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellGround:
    """What is known of the ground of each cell.

    ``slope_deg`` is NaN, ``grade`` :data:`geo.suitability.UNKNOWN` where no raster tells
    heights; grades rest on the factors that are known, and ``missing`` names the others.
    """

    slope_deg: npt.NDArray[np.float64]
    grade: npt.NDArray[np.uint8]
    missing: tuple[str, ...]
    used: tuple[RasterVersion, ...]


def elevations_over(workspace: Workspace, area: shapely.Geometry) -> tuple[RasterVersion, ...]:
    """Return the elevation rasters that reach into an area of EPSG:4490, the finest first."""
    return tuple(
        version
        for version in workspace.rasters.in_use(DEM)
        if shapely.box(*version.facts.bounds_lonlat).intersects(area)
    )


def ground_of_cells(
    workspace: Workspace, lattice: Lattice, versions: Sequence[RasterVersion]
) -> CellGround:
    """Return slope and suitability of each cell.

    Heights are read onto the cells and a rim as wide as relief needs, each raster by
    itself, so that a seam between two rasters is no cliff; the finest one that tells
    anything of a cell decides.
    """
    rule: SuitabilityRule = suitability_rule(workspace, DEFAULT_RULE)
    rim = ceil(rule.relief_window_m / 2.0 / lattice.cell_m) + 1
    slope = np.full(lattice.shape, np.nan)
    grade = np.full(lattice.shape, UNKNOWN, dtype=np.uint8)
    missing, used = tuple[str, ...](), list[RasterVersion]()
    inner = (slice(rim, -rim), slice(rim, -rim))
    for version in versions:
        heights = _heights(workspace, version, lattice, rim)
        slopes = slope_deg(heights)
        grading, factors = grading_on(workspace, rule, heights, slopes)
        slope = np.where(np.isnan(slope), slopes.values[inner], slope)
        grade = np.where(grade == UNKNOWN, grading.known.values[inner], grade)
        missing = grading.missing
        used += [version, *factors]
    return CellGround(slope_deg=slope, grade=grade, missing=missing, used=tuple(used))


def _heights(workspace: Workspace, version: RasterVersion, lattice: Lattice, rim: int) -> Grid:
    wide = lattice.grown(rim)
    like: Any = np.empty(wide.shape, dtype=np.float32)
    grid = Grid(
        values=like, transform=wide.transform, crs=wide.plane, nodata=float("nan"), unit="m"
    )
    return read_onto(version, workspace.rasters.sound_path(version), grid)
