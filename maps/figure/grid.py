"""The grid of a map with its labels: metres of the plane, or longitude and latitude."""

import math
from collections.abc import Iterator
from typing import Any, Final

import shapely

from maps.figure.extent import (
    Extent,
    bounds_lonlat,
    grid_step_deg,
    grid_step_m,
    line_in_plane,
)
from maps.figure.lettering import write
from maps.figure.panel import Panel
from maps.figure.style import figure_styles

_TURNED: Final = {"ha": "right", "va": "center", "rotation": 90}
_GAP: Final = 0.012
"""Between frame and label, as a share of the frame's height."""


def draw_grid(panel: Panel, extent: Extent, label_pt: float) -> None:
    """Draw lines across the frame and write their values at its bottom and its left."""
    lines = _graticule(extent) if extent.geographic_grid else _plane_lines(extent)
    frame = figure_styles()["frame"]
    box, gap_m = shapely.box(*extent.bounds_m), extent.height_m * _GAP
    for line, label, upright in lines:
        inside = line.intersection(box)
        if inside.is_empty or inside.geom_type != "LineString":
            continue
        xy = shapely.get_coordinates(inside)
        panel.line(xy, color=frame["grid"], lw=0.4, alpha=0.7, zorder=20)
        at = xy[xy[:, 1].argmin()] if upright else xy[xy[:, 0].argmin()]
        # Beside the frame, at the left turned to run along it.
        shift = (0.0, -gap_m) if upright else (-gap_m, 0.0)
        turned = {"ha": "center", "va": "top"} if upright else _TURNED
        spot = (float(at[0]) + shift[0], float(at[1]) + shift[1])
        write(panel, spot, label, label_pt, color=frame["quiet"], **turned)


def _plane_lines(extent: Extent) -> Iterator[tuple[Any, str, bool]]:
    west, south, east, north = extent.bounds_m
    step_m = grid_step_m(extent.width_m)
    for x in _multiples(west, east, step_m):
        yield shapely.LineString([(x, south), (x, north)]), f"{x:.0f}", True
    for y in _multiples(south, north, step_m):
        yield shapely.LineString([(west, y), (east, y)]), f"{y:.0f}", False


def _graticule(extent: Extent) -> Iterator[tuple[Any, str, bool]]:
    west, south, east, north = bounds_lonlat(extent)
    step = grid_step_deg(east - west)
    for lon in _multiples(west, east, step):
        yield line_in_plane((lon, south), (lon, north), extent.plane), _degrees(lon, "E"), True
    for lat in _multiples(south, north, step):
        yield line_in_plane((west, lat), (east, lat), extent.plane), _degrees(lat, "N"), False


def _multiples(low: float, high: float, step: float) -> Iterator[float]:
    for at in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield at * step


def _degrees(value: float, side: str) -> str:
    """Return an angle in degrees and minutes, as they stand on Chinese maps."""
    minutes = round(value * 60.0)
    return f"{minutes // 60}°{minutes % 60:02d}′{side}"
