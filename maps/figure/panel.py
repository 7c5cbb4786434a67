"""A part of a sheet with units of its own, on which a map or its legend is drawn.

It stands for axes of matplotlib, which make ticks, spines and limits that no map shows: that
took as long as the drawing itself.
"""

from typing import Any, Final, TypeAlias

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxTransform, TransformedBbox

Place: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, width and height on the sheet, in millimetres."""

MM_PER_INCH: Final = 25.4

_FRAME_PT: Final = 0.8
_FRAME_ORDER: Final = 2.5


class Panel:
    """A rectangle of a figure: ``place_mm`` is where on the sheet.

    ``bounds`` are west, south, east and north in the panel's own units; without them it
    counts millimetres from its lower left corner.
    """

    def __init__(
        self,
        figure: Any,  # noqa: ANN401 - matplotlib is untyped
        place_mm: Place,
        bounds: tuple[float, float, float, float] | None = None,
    ) -> None:
        left, bottom, self.width_mm, self.height_mm = place_mm
        self.bounds = bounds or (0.0, 0.0, self.width_mm, self.height_mm)
        inches = Bbox.from_bounds(
            *(mm / MM_PER_INCH for mm in (left, bottom, self.width_mm, self.height_mm))
        )
        self.units: Any = (
            BboxTransform(Bbox.from_extents(*self.bounds), inches) + figure.dpi_scale_trans
        )
        self._edge = TransformedBbox(inches, figure.dpi_scale_trans)
        self._figure = figure
        self._artists = list[Any]()

    def add(self, artist: Any, *, clipped: bool = True) -> None:  # noqa: ANN401
        """Put an artist, given in the panel's units, on the sheet; later ones lie above it."""
        if not artist.is_transform_set():
            artist.set_transform(self.units)
        self._figure.add_artist(artist)
        if clipped:
            artist.set_clip_box(self._edge)
        self._artists.append(artist)

    def line(self, xy: Any, **look: Any) -> None:  # noqa: ANN401 - points, shape (n, 2)
        """Draw a line, or marks, through points."""
        xs, ys = zip(*xy, strict=True)
        self.add(Line2D(xs, ys, **look))

    def text(
        self,
        at: tuple[float, float],
        text: str,
        *,
        clip_on: bool = False,
        **look: Any,  # noqa: ANN401
    ) -> None:
        """Write a text at a place."""
        self.add(Text(*at, text, clip_on=clip_on, **look), clipped=clip_on)

    def fill(self, colour: str) -> None:
        """Give the panel a ground and a frame."""
        west, south, east, north = self.bounds
        box = (west, south), east - west, north - south
        self.add(Rectangle(*box, facecolor=colour, edgecolor="none", linewidth=0.0, zorder=0.0))
        frame = Rectangle(
            *box, facecolor="none", edgecolor="black", linewidth=_FRAME_PT, zorder=_FRAME_ORDER
        )
        self.add(frame, clipped=False)

    def clear(self) -> None:
        """Take off all that was put on the panel."""
        for artist in self._artists:
            artist.remove()
        self._artists.clear()
