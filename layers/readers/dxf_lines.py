"""The lines and texts of a CAD drawing, blocks unfolded."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
_NO_PLOTS: Final = frozenset(
    {
        *("DIMENSION", "ARC_DIMENSION", "LARGE_RADIAL_DIMENSION", "TOLERANCE"),
        *("LEADER", "MULTILEADER", "MLEADER", "ATTRIB", "ATTDEF", "RTEXT", "ARCALIGNEDTEXT"),
        *("POINT", "RAY", "XLINE", "VIEWPORT", "IMAGE", "WIPEOUT", "LIGHT", "SUN", "CAMERA"),
        *("ACAD_TABLE", "OLEFRAME", "OLE2FRAME", "SEQEND", "VERTEX"),
    }
)
"""What annotates a drawing: texts, dimensions, points, pictures; none of it bounds ground."""

_MAX_DEPTH: Final = 5


@dataclass(slots=True, kw_only=True)
class Drawn:
    """Closed rings, open lines and texts of a drawing by layer, in drawing coordinates.

    ``lost`` counts what is no line, or no line that can be read: by layer, reason (a code)
    and kind of entity. ``hidden`` are layers that hold something and are switched off or
    frozen, with the code for which, ``unseen`` counts lines of a layer that are invisible
    themselves; they are read as all others.
    """

    closed: dict[str, list[Any]] = field(default_factory=dict)
    open: dict[str, list[Any]] = field(default_factory=dict)
    texts: list[tuple[str, float, float]] = field(default_factory=list)
    lost: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    hidden: dict[str, str] = field(default_factory=dict)
    unseen: Counter[str] = field(default_factory=Counter)

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


def collect_drawn(name: str, drawing: Any, limits: ReadLimits) -> Drawn:  # noqa: ANN401 - untyped
    """Collect what the model space shows.

    Raises
    ------
    TooComplexError
        Blocks in blocks unfold to too much.
    """
    return _collected(name, drawing, drawing.modelspace(), limits)


def collect_paper(name: str, drawing: Any, limits: ReadLimits) -> Drawn:  # noqa: ANN401 - untyped
    """Collect what the sheets for printing show (paper space), all of them together.

    Raises
    ------
    TooComplexError
        Blocks in blocks unfold to too much.
    """
    sheets = (layout for layout in drawing.layouts if layout.is_any_paperspace)
    return _collected(name, drawing, (entity for sheet in sheets for entity in sheet), limits)


def _collected(
    name: str,
    drawing: Any,  # noqa: ANN401
    space: Iterable[Any],
    limits: ReadLimits,
) -> Drawn:
    drawn = Drawn()
    vertices = 0
    for number, (entity, layer) in enumerate(_expand_blocks(name, space, None, 0, limits)):
        if number > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        kind = entity.dxftype()
        if layer not in drawn.hidden and (why := _why_hidden(drawing, layer)):
            drawn.hidden[layer] = why
        if kind in _TEXTS:
            drawn.texts.extend(_text(entity))
            continue
        if kind not in _LINES:
            drawn.lost[layer, *_why_no_line(entity)] += 1
            continue
        drawn.unseen[layer] += bool(entity.dxf.get("invisible", 0))
        paths = 0
        for xy, is_closed in paths_of(entity):
            paths += 1
            vertices += len(xy)
            if vertices > limits.max_vertices:
                raise TooComplexError(name=name, what="vertices", limit=limits.max_vertices)
            if why := _take(drawn, layer, xy, is_closed=is_closed):
                drawn.lost[layer, why, kind] += 1
        if not paths:
            drawn.lost[layer, "no_path", kind] += 1
    return drawn


def _why_no_line(entity: Any) -> tuple[str, str]:  # noqa: ANN401 - ezdxf is untyped
    """Return the code of why an entity is not read, and what it is."""
    kind = str(entity.dxftype())
    if kind == "INSERT":
        return _why_no_block(entity), str(entity.dxf.name)[:40]
    return "kind_beside" if kind in _NO_PLOTS else "kind_not_read", kind


def _why_no_block(insert: Any) -> str:  # noqa: ANN401 - ezdxf is untyped
    """Return the code of why a block is not here, empty where it is."""
    block = insert.block()
    if block is None:
        return "block_missing"
    return "block_external" if block.block.is_xref or block.block.is_xref_overlay else ""


def _why_hidden(drawing: Any, layer: str) -> str | None:  # noqa: ANN401 - ezdxf is untyped
    """Return the code of why a layer does not show, None where it does."""
    if not drawing.layers.has_entry(layer):
        return None
    entry = drawing.layers.get(layer)
    return "layer_frozen" if entry.is_frozen() else "layer_off" if entry.is_off() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The layer that a block is placed on, and whether that is frozen."""

    layer: str
    frozen: bool


def _expand_blocks(
    name: str,
    entities: Any,  # noqa: ANN401
    around: _Place | None,
    depth: int,
    limits: ReadLimits,
) -> Iterator[tuple[Any, str]]:
    """Return entities with their layer; layer 0 in a block is that of the block's place.

    A frozen layer hides all of the blocks on it, whatever layers are in them; one that is
    switched off hides only what has no layer of its own there.
    """
    if depth > _MAX_DEPTH:
        raise TooComplexError(name=name, what="depth", limit=_MAX_DEPTH)
    for entity in entities:
        kind = entity.dxftype()
        layer = own = str(entity.dxf.get("layer", "0"))
        if around is not None and (around.frozen or own == "0"):
            layer = around.layer
        if kind == "INSERT" and _why_no_block(entity):
            yield entity, layer
        elif kind == "INSERT":
            if entity.mcount > limits.max_features:
                raise TooComplexError(name=name, what="features", limit=limits.max_features)
            copies = entity.multi_insert() if entity.mcount > 1 else (entity,)
            place = _Place(layer=layer, frozen=_why_hidden(entity.doc, layer) == "layer_frozen")
            for copy in copies:
                yield from _expand_blocks(name, copy.virtual_entities(), place, depth + 1, limits)
        else:
            yield entity, layer


def _take(drawn: Drawn, layer: str, xy: npt.NDArray[np.float64], *, is_closed: bool) -> str | None:
    """Add a path; return the code of why it cannot be one."""
    if len(xy) < 2:
        return "too_few_points"
    if not np.isfinite(xy).all():
        return "not_finite"
    if is_closed or float(np.hypot(*(xy[0] - xy[-1]))) <= CLOSING_GAP:
        ring = xy[:-1] if float(np.hypot(*(xy[0] - xy[-1]))) <= CLOSING_GAP else xy
        if len(ring) < 3:
            return "too_few_points"
        made = shapely.linearrings([*ring, ring[0]])
        if not shapely.polygons(made).envelope.area > 0.0:
            return "no_area"
        drawn.closed.setdefault(layer, []).append(made)
        return None
    drawn.open.setdefault(layer, []).append(shapely.linestrings(xy))
    return None


def _text(entity: Any) -> Iterator[tuple[str, float, float]]:  # noqa: ANN401
    text = " ".join(str(entity.plain_text()).split())
    if text:
        yield text, float(entity.dxf.insert.x), float(entity.dxf.insert.y)
