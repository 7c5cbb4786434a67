"""Lines along which large ground may be cut: roads, else contours of the heights."""

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS

from api.expansion.cell_ground import CellGround
from api.expansion.search_area import Area
from api.expansion.travel.roads import layers_of
from api.workspace.needs import GroundNeeds
from geo.expansion.cuts import CutLines
from geo.measure.necks import to_plane
from geo.raster.isolines import contour_lines
from layers.model import LayerVersion

ROAD = "road"
_LINES = (1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaCuts:
    """Lines to cut along, those that are tried first before others, with the layers of roads."""

    cuts: tuple[CutLines, ...] = ()
    versions: tuple[LayerVersion, ...] = ()


def cuts_in(
    workspace: GroundNeeds, area: Area, plane: CRS, cells: CellGround | None, interval_m: float
) -> AreaCuts:
    """Return the roads and contours in an area, in its plane; none where nobody knows any."""
    found: list[CutLines] = []
    versions: list[LayerVersion] = []
    for version in layers_of(workspace, ROAD).used:
        shapes = workspace.load(version).controls.geometries
        lines = shapes[np.isin(shapely.get_type_id(shapes), _LINES)]
        near = lines[shapely.intersects(lines, area.geometry)]
        if len(near):
            found.append(CutLines(kind=ROAD, lines=to_plane(near, plane)))
            versions.append(version)
    if cells is not None:
        lines = contour_lines(cells.lattice, cells.heights_m, interval_m)
        if len(lines):
            found.append(CutLines(kind="contour", lines=lines))
    return AreaCuts(cuts=tuple(found), versions=tuple(versions))
