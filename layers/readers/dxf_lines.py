"""The lines and texts of a CAD drawing, blocks unfolded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from layers.errors import TooComplexError
from layers.readers.dxf_paths import paths_of
from layers.readers.source import ReadLimits

CLOSING_GAP: Final = 1e-3
"""How far apart the ends of a closed line may be, in units of the drawing: 1 mm."""

_LINES: Final = frozenset(
    {"LWPOLYLINE", "POLYLINE", "LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "HATCH", "MPOLYGON"}
)
_TEXTS: Final = frozenset({"TEXT", "MTEXT"})
_MAX_DEPTH: Final = 5


@dataclass(slots=True, kw_only=True)
class Drawn:
    """Closed rings, open lines and texts of a drawing by layer, in drawing coordinates."""

    closed: dict[str, list[Any]] = field(default_factory=dict)
    open: dict[str, list[Any]] = field(default_factory=dict)
    texts: list[tuple[str, float, float]] = field(default_factory=list)

    def layers(self) -> set[str]:
        """Return the layers that have lines."""
        return {*self.closed, *self.open}

    def texts_in(self, polygons: Sequence[Any]) -> list[str | None]:
        """Return for each polygon the texts of any layer that begin inside it."""
        if not self.texts or not polygons:
            return [None] * len(polygons)
        points = shapely.points([(x, y) for _, x, y in self.texts])
        inside: list[list[str]] = [[] for _ in polygons]
        pairs = shapely.STRtree(points).query(np.array(polygons), predicate="intersects").T
        for polygon, text in sorted(pairs.tolist()):
            inside[polygon].append(self.texts[text][0])
        return [" ".join(found) or None for found in inside]


def drawn_in(name: str, drawing: Any, limits: ReadLimits) -> Drawn:  # noqa: ANN401 - untyped
    """Collect what the model space shows.

    Raises
    ------
    TooComplexError
        Blocks in blocks unfold to too much.
    """
    drawn = Drawn()
    vertices = 0
    for number, entity in enumerate(_unfolded(name, drawing.modelspace(), 0, limits)):
        if number > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        kind = entity.dxftype()
        if kind in _TEXTS:
            drawn.texts.extend(_text(entity))
            continue
        layer = str(entity.dxf.layer)
        for xy, is_closed in paths_of(entity):
            vertices += len(xy)
            if vertices > limits.max_vertices:
                raise TooComplexError(name=name, what="vertices", limit=limits.max_vertices)
            _take(drawn, layer, xy, is_closed=is_closed)
    return drawn


def _unfolded(name: str, entities: Any, depth: int, limits: ReadLimits) -> Iterator[Any]:  # noqa: ANN401
    if depth > _MAX_DEPTH:
        raise TooComplexError(name=name, what="depth", limit=_MAX_DEPTH)
    for entity in entities:
        kind = entity.dxftype()
        if kind == "INSERT":
            if entity.mcount > limits.max_features:
                raise TooComplexError(name=name, what="features", limit=limits.max_features)
            copies = entity.multi_insert() if entity.mcount > 1 else (entity,)
            for copy in copies:
                yield from _unfolded(name, copy.virtual_entities(), depth + 1, limits)
        elif kind in _LINES or kind in _TEXTS:
            yield entity


def _take(drawn: Drawn, layer: str, xy: npt.NDArray[np.float64], *, is_closed: bool) -> None:
    if len(xy) < 2 or not np.isfinite(xy).all():
        return
    if is_closed or float(np.hypot(*(xy[0] - xy[-1]))) <= CLOSING_GAP:
        ring = xy[:-1] if float(np.hypot(*(xy[0] - xy[-1]))) <= CLOSING_GAP else xy
        if len(ring) >= 3:
            drawn.closed.setdefault(layer, []).append(shapely.linearrings([*ring, ring[0]]))
        return
    drawn.open.setdefault(layer, []).append(shapely.linestrings(xy))


def _text(entity: Any) -> Iterator[tuple[str, float, float]]:  # noqa: ANN401
    text = " ".join(str(entity.plain_text()).split())
    if text:
        yield text, float(entity.dxf.insert.x), float(entity.dxf.insert.y)
