"""DXF from CAD: what closed lines enclose, by layer, with the texts that lie inside.

A drawing has neither polygons nor a reference system. Closed lines of one layer are its
areas; one inside another is a hole. Lines that close only together are joined.
"""

import io
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.measure.rings import assemble
from layers.errors import DamagedFileError, NoClosedLinesError
from layers.model import Issue, LeftOut, Severity
from layers.readers._translate import translated
from layers.readers.dxf_classes import with_class_marks
from layers.readers.dxf_lines import Drawn, collect_drawn, collect_paper
from layers.readers.encoding import EncodingGuess, named_encoding, sniffing_issues, stated_encoding
from layers.readers.errors import PaperSpaceError, choice_error
from layers.readers.ledger import entries_beside, may_be_plot
from layers.readers.parsed import Account, Parsed
from layers.readers.shapes import spans_area
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits

ALL_LAYERS: Final = "*"

_FORMAT: Final = str(FileFormat.DXF)
_BINARY: Final = b"AutoCAD Binary DXF"
_FIRST_UTF8: Final = b"AC1021"
_VERSION: Final = re.compile(rb"\$ACADVER\s+1\s+(AC\d{4})")
_CODEPAGE: Final = re.compile(rb"\$DWGCODEPAGE\s+3\s+(?:ANSI_|DOS)?(\S+)", re.I)
_READ: Final = frozenset({"line_repeated"})
"""Reasons of lines that count among the closed ones already."""

_NO_GROUND: Final = frozenset({"kind_beside", "too_few_points", "no_area", "block_external"})
"""Reasons of what can enclose nothing, or is another file."""

_LARGEST_SHEET: Final = 10_000.0
"""No sheet of paper reaches farther from the origin, in millimetres."""

_HEAD_BYTES: Final = 64 * 1024


def parse_dxf(
    name: str,
    data: bytes,
    *,
    declared_encoding: str | None,
    layer: str | None,
    limits: ReadLimits,
) -> Parsed:
    """Parse the areas of one layer of a drawing, or of all (``*``).

    Raises
    ------
    AmbiguousFileError
        Several layers have closed lines and none was chosen.
    NoClosedLinesError, PaperSpaceError
        No lines enclose anything, or only such on sheets for printing.
    DamagedFileError, EncodingUndecidedError, TooComplexError
    """
    with translated(name, _FORMAT), _sound_drawing(name):
        drawing, guess, issues = _opened(name, data, declared_encoding)
        drawn = collect_drawn(name, drawing, limits)
        paper = collect_paper(name, drawing, limits)
        layers = _chosen(name, drawn, paper, layer)
        shapes: list[Any] = []
        rows: list[dict[str, str | None]] = []
        lost = list(_other_layers(drawn, layers, told=layer not in (None, ALL_LAYERS)))
        told = None if layer in (None, ALL_LAYERS) else layer
        lost += _on_paper(paper, drawn, told)
        for one in layers:
            found, more = _areas(one, drawn)
            shapes += found
            rows += [{"layer": one, "text": text} for text in drawn.texts_in(found)]
            issues += more
            lost += _lost(one, drawn)
        geometry = np.empty(len(shapes), dtype=object)
        geometry[:] = shapes
    return Parsed(
        format=_FORMAT,
        geometry=geometry,
        attributes=pd.DataFrame(rows, dtype=object),
        own_crs=None,
        own_crs_how=None,
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=(*sniffing_issues(guess), *issues),
        account=Account(
            unit="ring",
            found=sum(_ring_count(one, drawn) for one in layers)
            + sum(entry.count for entry in lost if not entry.part and entry.reason not in _READ),
            left_out=tuple(lost),
            made_of=tuple(len(shapely.get_rings(shape)) for shape in shapes),
        ),
    )


@contextmanager
def _sound_drawing(name: str) -> Iterator[None]:
    """Turn what ezdxf finds wrong with an entity into our error."""
    from ezdxf.lldxf.const import DXFError  # noqa: PLC0415 - heavy

    try:
        yield
    except DXFError as exc:
        raise DamagedFileError(name=name, format=_FORMAT) from exc


def _other_layers(drawn: Drawn, chosen: Sequence[str], *, told: bool) -> Iterator[LeftOut]:
    """Name layers that were not read: lines that may be plots, where nobody put them aside."""
    for one in sorted({*drawn.layers(), *drawn.hidden} - set(chosen)):
        if one in drawn.hidden:
            yield LeftOut(what="layer", label=one, reason=drawn.hidden[one], part=True)
        elif not told:
            yield from _open_entries(one, drawn)
        elif _rings(one, drawn) or any(map(may_be_plot, _open_entries(one, drawn))):
            yield from entries_beside([one])


def _ring_count(layer: str, drawn: Drawn) -> int:
    polygons, _ = _polygonized(drawn.open.get(layer, ()))
    return len(drawn.closed.get(layer, ())) + len(polygons)


def _lost(layer: str, drawn: Drawn) -> Iterator[LeftOut]:
    """Name what of a layer bounds no area: repeated rings, open lines, other entities."""
    closed = drawn.closed.get(layer, ())
    if repeated := len(closed) - len(_distinct(closed)):
        yield LeftOut(what="layer", label=layer, reason="line_repeated", count=repeated)
    yield from _open_entries(layer, drawn)
    for (own, reason, kind), count in sorted(drawn.lost.items()):
        if own == layer:
            part, params = reason in _NO_GROUND, {"found": kind}
            yield LeftOut(
                what="layer", label=layer, reason=reason, part=part, count=count, params=params
            )


def _open_entries(layer: str, drawn: Drawn) -> Iterator[LeftOut]:
    """Name the open lines of a layer, by whether they could be an outline, closed or joined."""
    left = _polygonized(drawn.open.get(layer, ()))[1]
    if not left:
        return
    bent = spans_area(shapely.GeometryCollection(left))
    reason = "line_open" if bent else "line_straight"
    yield LeftOut(what="layer", label=layer, reason=reason, part=not bent, count=len(left))


def _opened(name: str, data: bytes, declared: str | None) -> tuple[Any, EncodingGuess, list[Issue]]:
    """Return the drawing, with the encoding of its texts."""
    # 0.5 s, and only for those who bring a drawing.
    from ezdxf import recover  # noqa: PLC0415
    from ezdxf.document import Drawing  # noqa: PLC0415
    from ezdxf.lldxf.const import DXFError  # noqa: PLC0415
    from ezdxf.lldxf.tagger import binary_tags_loader  # noqa: PLC0415

    # It reports every oddity of every entity, with words from the file.
    logging.getLogger("ezdxf").setLevel(logging.CRITICAL)
    try:
        if data.startswith(_BINARY):
            guess = EncodingGuess(encoding=None, how="format_rule", tried=())
            return Drawing.load(binary_tags_loader(data)), guess, []
        guess, issues = _encoding(name, data, declared)
        text = data.decode(guess.encoding or "ASCII", "replace")
        try:
            # CAD ends its lines as Windows does.
            return Drawing.read(io.StringIO(text, newline=None)), guess, issues
        except (DXFError, AttributeError, LookupError):
            marked = with_class_marks(text)
            whole, _ = recover.read(io.BytesIO(marked.encode("utf-8", "replace")))
            return whole, guess, issues
    except (DXFError, AttributeError, AssertionError, LookupError) as exc:
        raise DamagedFileError(name=name, format=_FORMAT) from exc


def _encoding(name: str, data: bytes, declared: str | None) -> tuple[EncodingGuess, list[Issue]]:
    """Decide by the version (UTF-8 from R2007 on), the code page, and the bytes."""
    head = data[:_HEAD_BYTES]
    version = _VERSION.search(head)
    page = _CODEPAGE.search(head)
    modern = version is not None and version.group(1) >= _FIRST_UTF8
    stated = None if page is None else named_encoding(page.group(1).decode("latin-1"))
    lines = {line.strip() for line in data.split(b"\n") if not line.isascii()}
    statements = (("UTF-8", "format_rule"),) if modern else ((stated, "dxf_header"),)
    return stated_encoding(name, lines, declared, statements)


def _on_paper(paper: Drawn, drawn: Drawn, told: str | None) -> Iterator[LeftOut]:
    """Name the closed lines of sheets for printing: frames, unless they lie on the ground."""
    ground = shapely.total_bounds([line for one in drawn.layers() for line in _lines(one, drawn)])
    for one in sorted(paper.layers()):
        lines = [*_rings(one, paper), *_polygonized(paper.open.get(one, ()))[1]]
        rings = [line for line in lines if spans_area(line)]
        plots = (
            [ring for ring in rings if _is_on_ground(ring, ground)] if told in (None, one) else []
        )
        for reason, count in (
            ("paper_space", len(plots)),
            ("paper_frame", len(rings) - len(plots)),
        ):
            if count:
                yield LeftOut(what="layer", label=one, reason=reason, part=True, count=count)


def _is_on_ground(line: Any, ground: Any) -> bool:  # noqa: ANN401 - shapely is untyped
    far = max(map(abs, line.bounds)) > _LARGEST_SHEET
    return far or bool(shapely.intersects(shapely.box(*ground), line))


def _lines(layer: str, drawn: Drawn) -> Iterator[Any]:
    yield from drawn.closed.get(layer, ())
    yield from drawn.open.get(layer, ())


def _chosen(name: str, drawn: Drawn, paper: Drawn, layer: str | None) -> Sequence[str]:
    every = [one for one in sorted(drawn.layers()) if _rings(one, drawn)]
    # A layer that does not show is read only where it is asked for.
    shown = [one for one in every if one not in drawn.hidden]
    choices = every if layer in every else shown or every
    if not choices and (sheets := [one for one in sorted(paper.layers()) if _rings(one, paper)]):
        raise PaperSpaceError(name=name, layers=sheets)
    if not choices:
        raise NoClosedLinesError(name=name, layers=sorted(drawn.layers()))
    if layer == ALL_LAYERS:
        return choices
    if layer in choices:
        return [layer]
    if len(choices) > 1 or layer is not None:
        raise choice_error(name, choices, layer)
    return choices


def _areas(layer: str, drawn: Drawn) -> tuple[list[Any], list[Issue]]:
    """Return the polygons of a layer, holes cut out, and what was done for them."""
    rings = _rings(layer, drawn)
    made = assemble([shapely.get_coordinates(ring) for ring in rings])
    joined = len(rings) - len(_distinct(drawn.closed.get(layer, ())))
    counts = (
        ("holes_by_containment", Severity.WARNING, sum(made.holes)),
        ("lines_joined", Severity.INFO, joined),
        ("lines_invisible", Severity.WARNING, drawn.unseen[layer]),
    )
    issues = [
        Issue(code=code, severity=severity, params={"layer": layer, "count": count})
        for code, severity, count in counts
        if count
    ]
    return list(shapely.get_parts(made.polygon)), issues


def _rings(layer: str, drawn: Drawn) -> list[Any]:
    """Return the closed lines of a layer, and what its open lines enclose together."""
    polygons, *_ = _polygonized(drawn.open.get(layer, ()))
    return [*_distinct(drawn.closed.get(layer, ())), *(polygon.exterior for polygon in polygons)]


def _polygonized(lines: Iterable[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    found, *left = shapely.polygonize_full(np.array(list(lines), dtype=object))
    return shapely.get_parts(found), [one for lost in left for one in shapely.get_parts(lost)]


def _distinct(rings: Sequence[Any]) -> list[Any]:
    """Return rings once each: hatches repeat the lines around them."""
    seen: dict[bytes, Any] = {}
    for ring, key in zip(rings, _keys(rings), strict=True):
        seen.setdefault(key, ring)
    return list(seen.values())


def _keys(rings: Sequence[Any]) -> Iterator[bytes]:
    polygons = shapely.normalize(shapely.polygons(list(rings))) if rings else ()
    for polygon in polygons:
        yield np.round(shapely.get_coordinates(polygon), 6).tobytes()
