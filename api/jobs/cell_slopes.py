"""The slope of the ground, from the elevation rasters that count."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from api.jobs.workspace import Workspace
from geo.lattice import Lattice
from geo.model import Grid
from geo.terrain import slope_deg
from layers.rasters.model import RasterVersion
from layers.rasters.reading import read_onto

DEM = "dem"


def elevations_over(workspace: Workspace, area: shapely.Geometry) -> tuple[RasterVersion, ...]:
    """Return the elevation rasters that reach into an area of EPSG:4490, the finest first."""
    return tuple(
        version
        for version in workspace.rasters.in_use(DEM)
        if shapely.box(*version.facts.bounds_lonlat).intersects(area)
    )


def slope_of_cells(
    workspace: Workspace, lattice: Lattice, versions: Sequence[RasterVersion]
) -> npt.NDArray[np.float64]:
    """Return the slope of each cell in degrees; NaN where no raster tells heights.

    Heights are read onto the cells and one more around, each raster by itself, so that a
    seam between two rasters is no cliff; the finest raster that tells a slope decides.
    """
    rim = Lattice(
        plane=lattice.plane,
        west_m=lattice.west_m - lattice.cell_m,
        north_m=lattice.north_m + lattice.cell_m,
        cell_m=lattice.cell_m,
        rows=lattice.rows + 2,
        columns=lattice.columns + 2,
    )
    slope = np.full(lattice.shape, np.nan)
    for version in versions:
        like = Grid(
            values=np.empty(rim.shape, dtype=np.float32),
            transform=rim.transform,
            crs=rim.plane,
            nodata=float("nan"),
            unit="m",
        )
        heights = read_onto(version, workspace.rasters.sound_path(version), like)
        own = slope_deg(heights).values[1:-1, 1:-1]
        slope = np.where(np.isnan(slope), own, slope)
    return slope
