"""What a printed map shows: layers in lon/lat, what must be in view, and what is written."""

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy.typing as npt
import shapely

REPORT_MM: Final = (165.0, 112.0)
A4_MM: Final = (297.0, 210.0)
A3_MM: Final = (420.0, 297.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLayer:
    """A layer of a map, drawn from the bottom up.

    ``look`` is a kind of :mod:`maps.style` or a role of ``styles/figure.toml``.
    ``geometries`` are in EPSG:4490, lon/lat; ``names``, where there are any, are written
    on the map where no other name stands: if ``all_named`` a note counts those without room, else
    those only that have room
    on their feature. ``dimension`` (0 points, 1 lines, 2 areas) tells how
    the legend shows the layer. Where nothing of it is in the frame the legend leaves it out,
    and a note counts it if ``missed``.
    """

    look: str
    title: str
    geometries: npt.NDArray[Any]
    names: tuple[str | None, ...] = ()
    all_named: bool = False
    dimension: int = 2
    missed: bool = False

    def without_points(self) -> "FigureLayer":
        """Return the layer without its points, where it is one of areas, and without names."""
        keep = shapely.get_dimensions(self.geometries) > 0
        shapes = self.geometries[keep] if keep.any() else self.geometries
        return replace(self, geometries=shapes, names=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Inset:
    """A panel below a map that shows one place of it at a scale of its own.

    ``focus`` are the geometries in EPSG:4490 that must be in view.
    """

    title: str
    focus: npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSheet:
    """A map to be printed.

    ``focus`` are the geometries in EPSG:4490 that must be in view; the frame shows them
    at the largest scale of the usual series, but never less ground than ``least_width_m``.
    ``notes`` stand under the legend, ``foot`` under the map (map review number,
    disclaimer). ``mark`` is written across the map: that it rests on demonstration data.
    ``insets`` show what lies too far apart to be seen at one scale.
    """

    lang: str
    layers: tuple[FigureLayer, ...]
    focus: npt.NDArray[Any]
    title: str | None = None
    size_mm: tuple[float, float] = REPORT_MM
    least_width_m: float = 0.0
    margin: float = 0.12
    mark: str | None = None
    notes: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    insets: tuple[Inset, ...] = ()

    @property
    def letter(self) -> float:
        """How much larger than in a report the letters are: a wall map is read from afar."""
        return max(1.0, math.pow(self.size_mm[0] / REPORT_MM[0], 0.6))
