"""Features as artists: areas with pattern and colour, lines, points, and their names."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

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
from maps.figure.style import figure_styles, look_of

PATTERNS: Final = {"hatch": "/////", "dots": "..."}
_OVER: Final = 0.03
"""How far beyond the frame features are drawn, so that the cut edges stay out of sight."""
_GRAIN_MM: Final = 0.05
"""Detail below this is thinned out of what is drawn; no printer shows it."""
_LEAST_NAMED_MM: Final = 12.0


def draw_layer(axes: Any, layer: FigureLayer, extent: Extent, name_pt: float) -> bool:  # noqa: ANN401
    """Draw a layer and its names; tell whether anything of it is in the frame."""
    look = look_of(layer.look)
    seen, kept = _in_frame(layer.geometries, extent)
    if not len(seen):
        return False
    dimension = shapely.get_dimensions(seen)
    if (areas := seen[dimension == 2]).size:
        axes.add_patch(area_patch(_path_of(areas), look))
    if (lines := seen[dimension == 1]).size:
        axes.add_collection(_line_collection(lines, look))
    if (points := seen[dimension == 0]).size:
        xy = shapely.get_coordinates(points)
        axes.plot(*xy.T, "o", ms=5, mfc=look.get("fill", "none"), mec=look["stroke"], mew=1.0)
    if layer.names:
        places = _places(seen, [layer.names[at] for at in kept], extent)
        _draw_names(axes, places, name_pt)
    return True


def area_patch(path: Path, look: Mapping[str, Any], **options: Any) -> PathPatch:  # noqa: ANN401
    """Return an area in a look: a pattern stands for the fill, on a breath of its colour."""
    pattern = PATTERNS.get(look["pattern"])
    fill = look.get("fill", "#000000")
    opacity = 0.10 if pattern else look["fill_opacity"]
    return PathPatch(
        path,
        facecolor=to_rgba(fill, opacity),
        edgecolor=look["stroke"],
        linewidth=look["weight"] * 0.7,
        linestyle=_dashes(look),
        hatch=pattern,
        hatchcolor=to_rgba(fill, 0.9) if pattern else None,
        hatch_linewidth=0.55,
        joinstyle="round",
        **options,
    )


def line_of(look: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a line of a look is drawn."""
    return {
        "color": look["stroke"],
        "linewidth": look["weight"] * 0.7,
        "linestyle": _dashes(look),
    }


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


def _line_collection(lines: npt.NDArray[Any], look: Mapping[str, Any]) -> LineCollection:
    parts = shapely.get_parts(lines)
    drawn = line_of(look)
    return LineCollection(
        [shapely.get_coordinates(part) for part in parts],
        colors=drawn["color"],
        linewidths=drawn["linewidth"],
        linestyles=[drawn["linestyle"]],
        capstyle="round",
    )


def _draw_names(
    axes: Any,  # noqa: ANN401
    places: Iterator[tuple[tuple[float, float], str]],
    size_pt: float,
) -> None:
    frame = figure_styles()["frame"]
    for at, name in places:
        write(
            axes,
            at,
            name,
            size_pt,
            ha="center",
            va="center",
            color=frame["ink"],
            halo=frame["ground"],
            clip_on=True,
            zorder=30,
        )


def _places(
    seen: npt.NDArray[Any], names: list[str | None], extent: Extent
) -> Iterator[tuple[tuple[float, float], str]]:
    """Return where names stand: inside the frame, and not on what it cuts to a strip."""
    named = [at for at, name in enumerate(names) if name]
    inside = shapely.clip_by_rect(seen[named], *extent.bounds_m)
    spots = shapely.point_on_surface(inside)
    strip_m = _LEAST_NAMED_MM * extent.denominator / 1000.0
    sides_m = shapely.bounds(inside)[:, 2:] - shapely.bounds(inside)[:, :2]
    cut = (shapely.bounds(inside) != shapely.bounds(seen[named])).any(axis=1)
    dropped = shapely.is_empty(inside) | (cut & (sides_m < strip_m).any(axis=1))
    for spot, at, drop in zip(spots, named, dropped, strict=True):
        if not drop:
            yield (float(spot.x), float(spot.y)), str(names[at])


def _dashes(look: Mapping[str, Any]) -> Any:  # noqa: ANN401 - matplotlib's two ways to say it
    dash = look.get("dash")
    return (0, tuple(float(step) for step in dash.split())) if dash else "solid"
