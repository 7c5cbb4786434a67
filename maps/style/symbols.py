"""The look of a kind of layer as steps of drawing: what QML, SLD and map tiles have in common."""

from dataclasses import dataclass
from typing import Final, Literal

from maps.style.styles import Look, styles

Dimension = Literal[0, 1, 2]
MARK_RADIUS_PX: Final = 4.0
"""As the page draws points."""
_MARK_STROKE_PX: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """A colour as #rrggbb, and how much of it: 1 hides what is below."""

    colour: str
    opacity: float = 1.0

    @property
    def rgba(self) -> tuple[int, int, int, int]:
        """Red, green, blue and opacity, each of 255."""
        red, green, blue = (int(self.colour[at : at + 2], 16) for at in (1, 3, 5))
        return red, green, blue, round(255 * self.opacity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """An area in a colour."""

    paint: Paint


@dataclass(frozen=True, slots=True, kw_only=True)
class Hatch:
    """Lines over an area that rise to the right, ``step_px`` apart along the horizontal."""

    paint: Paint
    step_px: float
    width_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots:
    """Dots over an area: one in each square of ``step_px``, one in its middle."""

    paint: Paint
    step_px: float
    diameter_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line, or the edge of an area; ``dash`` are lengths of pen and gap in turn."""

    paint: Paint
    width_px: float
    dash_px: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A round mark at a point."""

    fill: Paint
    stroke: Paint
    radius_px: float
    stroke_px: float


Step = Fill | Hatch | Dots | Line | Mark


def look_of_kind(kind: str) -> Look:
    """Return the look of a kind; one that has none is drawn as the page draws it."""
    return styles()["kinds"].get(kind, styles()["fallback"])


def symbol_of(kind: str, dimension: Dimension) -> tuple[Step, ...]:
    """Return the steps, from the bottom up, that draw points, lines or areas of a kind."""
    look = look_of_kind(kind)
    edge = Paint(colour=look["stroke"])
    if dimension == 0:
        fill = Paint(colour=look.get("fill", look["stroke"]))
        mark = Mark(fill=fill, stroke=edge, radius_px=MARK_RADIUS_PX, stroke_px=_MARK_STROKE_PX)
        return (mark,)
    line = Line(paint=edge, width_px=look["weight"], dash_px=_dash(look))
    return (line,) if dimension == 1 else (*_area(look), line)


def _area(look: Look) -> tuple[Step, ...]:
    pattern = styles()["patterns"].get(look.get("pattern", "none"))
    if pattern is None:
        fill, opacity = look.get("fill"), look.get("fill_opacity", 0.0)
        return (Fill(paint=Paint(colour=fill, opacity=opacity)),) if fill and opacity else ()
    ground = Fill(paint=Paint(colour=pattern["ground"], opacity=pattern["ground_opacity"]))
    ink = Paint(colour=pattern["ink"], opacity=pattern["ink_opacity"])
    step_px, size_px = pattern["step_px"], pattern["size_px"]
    if look["pattern"] == "hatch":
        return ground, Hatch(paint=ink, step_px=step_px, width_px=size_px)
    return ground, Dots(paint=ink, step_px=step_px, diameter_px=size_px)


def _dash(look: Look) -> tuple[float, ...]:
    text = look.get("dash", "none")
    return () if text == "none" else tuple(float(one) for one in text.replace(",", " ").split())
