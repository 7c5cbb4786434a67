"""Features drawn as a picture of a tile, in the steps that the page and QGIS draw them."""

import io
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform, TransformedPath
from PIL import Image

from maps.style.symbols import Dimension, Dots, Fill, Hatch, Line, Mark, Paint, Step, symbol_of

MEDIA_TYPE: Final = "image/png"
AROUND_PX: Final = 16
"""How far beyond the tile shapes must be known: the widest line and the largest mark reach in."""
_DPI: Final = 72
"""At which a point of matplotlib is a pixel."""


def draw_tile(kind: str, shapes: npt.NDArray[Any], side_px: int) -> bytes:
    """Return a PNG of shapes of a kind, on nothing.

    Parameters
    ----------
    kind : str
        Whose look they have.
    shapes : array of geometries
        In pixels from the south-west of the tile.
    side_px : int
        Side of the tile.
    """
    canvas: Any = RendererAgg(side_px, side_px, _DPI)  # type: ignore[no-untyped-call]
    around = (-AROUND_PX, -AROUND_PX, side_px + AROUND_PX, side_px + AROUND_PX)
    parts = shapely.get_parts(shapely.clip_by_rect(shapes, *around))
    parts = parts[~shapely.is_empty(parts)]
    dimensions = shapely.get_dimensions(parts)
    all_dimensions: tuple[Dimension, ...] = (2, 1, 0)
    for dimension in all_dimensions:
        chosen = parts[dimensions == dimension]
        if len(chosen):
            path = _path_of(chosen, dimension)
            for step in symbol_of(kind, dimension):
                _draw(canvas, step, path, side_px)
    data = io.BytesIO()
    Image.fromarray(np.asarray(canvas.buffer_rgba())).save(data, "PNG", compress_level=4)
    return data.getvalue()


def _draw(canvas: Any, step: Step, path: Path, side_px: int) -> None:  # noqa: ANN401 - untyped
    pen = canvas.new_gc()
    pen.set_snap(False)
    pen.set_linewidth(0.0)
    if isinstance(step, Fill):
        canvas.draw_path(pen, path, IdentityTransform(), _share(step.paint))
    elif isinstance(step, Line):
        _set_pen(pen, step.paint, step.width_px)
        pen.set_joinstyle("round")
        if step.dash_px:
            pen.set_dashes(0.0, list(step.dash_px))
        canvas.draw_path(pen, path, IdentityTransform(), None)
    elif isinstance(step, Mark):
        _set_pen(pen, step.stroke, step.stroke_px)
        circle = Path.unit_circle()
        size = Affine2D().scale(step.radius_px)
        canvas.draw_markers(pen, circle, size, path, IdentityTransform(), _share(step.fill))
    else:
        pen.set_clip_path(TransformedPath(path, IdentityTransform()))
        if isinstance(step, Hatch):
            _set_pen(pen, step.paint, step.width_px)
            canvas.draw_path(pen, _rising(side_px, step.step_px), IdentityTransform(), None)
        else:
            _draw_dots(canvas, pen, step, side_px)
    pen.restore()


def _draw_dots(canvas: Any, pen: Any, step: Dots, side_px: int) -> None:  # noqa: ANN401
    """Draw dots of a square of the pattern as on the page: one high, one to its right low."""
    half = 0.5 * step.step_px
    whole = np.arange(0.5 * half, side_px + step.step_px, step.step_px)
    east, north = (one.ravel() for one in np.meshgrid(whole, whole))
    dots = np.column_stack([np.r_[east, east + half], np.r_[north + half, north]])
    size = Affine2D().scale(step.diameter_px / 2.0)
    circle = Path.unit_circle()
    canvas.draw_markers(pen, circle, size, Path(dots), IdentityTransform(), _share(step.paint))


def _rising(side_px: int, step_px: float) -> Path:
    """Return lines of 45 degrees whose neighbours in the next tile go on where these end."""
    starts = np.arange(-side_px, side_px + step_px, step_px)
    high = side_px + step_px
    ends = [[(x - step_px, -step_px), (x + high, high)] for x in starts]
    codes = np.tile([Path.MOVETO, Path.LINETO], len(starts))
    return Path(np.array(ends).reshape(-1, 2), codes)


def _set_pen(pen: Any, paint: Paint, width_px: float) -> None:  # noqa: ANN401 - of matplotlib
    pen.set_foreground(_share(paint), isRGBA=True)
    pen.set_linewidth(width_px)


def _share(paint: Paint) -> tuple[float, ...]:
    return (*(one / 255.0 for one in paint.rgba[:3]), paint.opacity)


def _path_of(parts: npt.NDArray[Any], dimension: Dimension) -> Path:
    """Return shapes as one path; holes run the other way round, so that they stay open."""
    if dimension == 0:
        return Path(shapely.get_coordinates(parts))
    if dimension == 1:
        paths = [Path(shapely.get_coordinates(part)) for part in parts]
    else:
        rings = shapely.get_rings(shapely.orient_polygons(parts))
        paths = [Path(shapely.get_coordinates(ring), closed=True) for ring in rings]
    return Path.make_compound_path(*paths)
