"""Features as artists: areas with pattern and colour, lines, points, and their names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from maps.figure.extent import Extent, in_plane
from maps.figure.lettering import write
from maps.figure.model import FigureLayer
from maps.figure.panel import Panel
from maps.figure.pattern import POINTS_PER_MM, Paper, pattern_lines
from maps.figure.style import figure_styles, look_of
from maps.numbers import columns_of
from maps.style.styles import Look

_OVER: Final = 0.03
"""How far beyond the frame features are drawn, so that the cut edges stay out of sight."""
_GRAIN_MM: Final = 0.05
"""Detail below this is thinned out of what is drawn; no printer shows it."""
_BREATH: Final = 0.10


_LINE_HEIGHT: Final = 1.25
_SHIFTS: Final = (
    (0.0, 0.0),
    (0.0, 1.0),
    (0.0, -1.0),
    (0.55, 0.0),
    (-0.55, 0.0),
    (0.0, 2.0),
    (0.0, -2.0),
)
"""Where a name may stand beside its place, in its own widths and heights, the best first."""

Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What of a layer is in the frame, in its plane, with its places in the layer."""

    shapes: npt.NDArray[Any]
    kept: npt.NDArray[np.intp]


def draw_layer(panel: Panel, layer: FigureLayer, extent: Extent) -> Seen | None:
    """Draw a layer without its names; return what of it is in the frame, None if nothing is."""
    look = look_of(layer.look)
    seen, kept = _in_frame(layer.geometries, extent)
    if not len(seen):
        return None
    dimension = shapely.get_dimensions(seen)
    if (areas := seen[dimension == 2]).size:
        draw_area(panel, _path_of(areas), look, paper_of(extent))
    if (lines := seen[dimension == 1]).size:
        panel.add(_line_collection(lines, look))
    if (points := seen[dimension == 0]).size:
        draw_points(panel, shapely.get_coordinates(points), look)
    return Seen(shapes=seen, kept=kept)


def draw_names(
    panel: Panel,
    layer: FigureLayer,
    seen: Seen,
    extent: Extent,
    lettering: tuple[float, list[Box]],
) -> int:
    """Write the names of a layer where no other name stands; return how many found no room.

    ``lettering`` is their size in points and the boxes of names that stand already, in metres
    of the plane, to which those that are written are added.
    """
    size_pt, taken = lettering
    frame, left_out = figure_styles()["frame"], 0
    names = [layer.names[at] or "" for at in seen.kept]
    room_pt = 0.0 if layer.all_named else size_pt
    marks = _marks(seen.shapes) if layer.all_named else frozenset()
    for place, name in _places(seen.shapes, names, extent, room_pt):
        # A name over its own mark would hide the one thing that has a colour.
        shifts = _SHIFTS[1:] if place in marks else _SHIFTS
        box = _free_box(place, name, (extent, shifts), (size_pt, taken))
        if box is None:
            left_out += layer.all_named
            continue
        taken.append(box)
        write(
            panel,
            ((box[0] + box[2]) / 2.0, (box[1] + box[3]) / 2.0),
            name,
            size_pt,
            ha="center",
            va="center",
            color=frame["ink"],
            halo=frame["ground"],
            clip_on=True,
            zorder=30,
        )
    return left_out


def _marks(shapes: npt.NDArray[Any]) -> frozenset[tuple[float, float]]:
    """Return where points are drawn as marks."""
    points = shapes[shapely.get_dimensions(shapes) == 0]
    return frozenset((float(x), float(y)) for x, y in shapely.get_coordinates(points))


def _free_box(
    at: tuple[float, float],
    name: str,
    ground: tuple[Extent, tuple[tuple[float, float], ...]],
    lettering: tuple[float, list[Box]],
) -> Box | None:
    """Return where a name stands near its place without covering another one."""
    (extent, shifts), (size_pt, taken) = ground, lettering
    pt_m = extent.denominator / 1000.0 / POINTS_PER_MM
    wide, high = 0.5 * columns_of(name) * size_pt * pt_m, _LINE_HEIGHT * size_pt * pt_m
    for across, up in shifts:
        x, y = at[0] + across * wide, at[1] + up * high
        box = (x - wide / 2.0, y - high / 2.0, x + wide / 2.0, y + high / 2.0)
        if _is_within(box, extent) and not any(_meet(box, other) for other in taken):
            return box
    return None


def _is_within(box: Box, extent: Extent) -> bool:
    west, south, east, north = extent.bounds_m
    return box[0] >= west and box[1] >= south and box[2] <= east and box[3] <= north


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def draw_area(panel: Panel, path: Path, look: Look, paper: Paper) -> None:
    """Draw an area in a look: a pattern stands for the fill, on a breath of its colour.

    Patterns are lines of our own, clipped to the area: hatches of matplotlib show the seams
    of their tiles in SVG.
    """
    pattern, fill = look["pattern"], look.get("fill", "#000000")
    opacity = look["fill_opacity"] if pattern == "none" else _BREATH
    ground = PathPatch(path, facecolor=to_rgba(fill, opacity), edgecolor="none", linewidth=0.0)
    panel.add(ground)
    if pattern != "none":
        lines = pattern_lines(pattern, fill, paper)
        panel.add(lines)
        lines.set_clip_path(path, panel.units)
    panel.add(PathPatch(path, facecolor="none", joinstyle="round", **_edge(look)))


def draw_points(panel: Panel, xy: npt.NDArray[np.float64], look: Look) -> None:
    """Draw points, shape (n, 2), as round marks."""
    fill, edge = look.get("fill", "none"), look["stroke"]
    panel.line(xy, marker="o", linestyle="none", ms=5, mfc=fill, mec=edge, mew=1.0)


def _edge(look: Look) -> dict[str, object]:
    drawn = line_of(look)
    return {"edgecolor": drawn["color"], "lw": drawn["linewidth"], "ls": drawn["linestyle"]}


def line_of(look: Look) -> dict[str, object]:
    """Return how a line of a look is drawn."""
    return {
        "color": look["stroke"],
        "linewidth": look["weight"] * 0.7,
        "linestyle": _dashes(look),
    }


def paper_of(extent: Extent) -> Paper:
    """Return the frame of a map as paper on which a millimetre is so many metres."""
    return Paper(box=extent.bounds_m, mm=extent.denominator / 1000.0)


def _in_frame(
    geometries: npt.NDArray[Any], extent: Extent
) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Return what of geometries is in the frame, in its plane, with their places."""
    west, south, east, north = extent.bounds_m
    over_x, over_y = extent.width_m * _OVER, extent.height_m * _OVER
    grain_m = _GRAIN_MM * extent.denominator / 1000.0
    moved = shapely.simplify(in_plane(geometries, extent.plane), grain_m)
    cut = shapely.clip_by_rect(moved, west - over_x, south - over_y, east + over_x, north + over_y)
    kept = np.flatnonzero(~shapely.is_empty(cut))
    return cut[kept], kept


def _path_of(areas: npt.NDArray[Any]) -> Path:
    """Return areas as one path; holes run the other way round, so that they stay open."""
    parts = shapely.get_parts(shapely.orient_polygons(areas))
    rings = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])
    paths = [Path(shapely.get_coordinates(ring), closed=True) for ring in rings]
    return Path.make_compound_path(*paths)


def _line_collection(lines: npt.NDArray[Any], look: Look) -> LineCollection:
    parts = shapely.get_parts(lines)
    drawn = line_of(look)
    return LineCollection(
        [shapely.get_coordinates(part) for part in parts],
        colors=drawn["color"],
        linewidths=drawn["linewidth"],
        linestyles=[drawn["linestyle"]],
        capstyle="round",
    )


def _places(
    seen: npt.NDArray[Any], names: list[str], extent: Extent, room_pt: float
) -> Iterator[tuple[tuple[float, float], str]]:
    """Return where names stand: inside the frame, where letters of a size have room."""
    inside = shapely.clip_by_rect(seen, *extent.bounds_m)
    bounds = shapely.bounds(inside)
    sides_pt = (bounds[:, 2:] - bounds[:, :2]) / extent.denominator * 1000.0 * POINTS_PER_MM
    for spot, name, side_pt in zip(shapely.point_on_surface(inside), names, sides_pt, strict=True):
        # A wide character is as wide as it is high; some air keeps neighbours apart.
        wide_pt = 0.5 * room_pt * columns_of(name)
        if name and not spot.is_empty and (side_pt >= (1.2 * wide_pt, 2.0 * room_pt)).all():
            yield (float(spot.x), float(spot.y)), name


def _dashes(look: Look) -> Any:  # noqa: ANN401 - matplotlib's two ways to say it
    dash = look.get("dash")
    return (0, tuple(float(step) for step in dash.split())) if dash else "solid"
