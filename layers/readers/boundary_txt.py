"""The national list of boundary points (勘测定界界址点, 报备坐标), in all its dialects.

Sections in brackets, a header line ending in ``@`` for each plot, then its points
``J1,1,x,y`` with the northing first. Which field means what differs between programs;
what is certain is decided from the numbers themselves, and every doubt is an issue.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.errors import EmptyGeometryError
from geo.measure.rings import assemble
from geo.units import M2_PER_HA
from layers.errors import BadLineError, EmptyFileError, TooComplexError
from layers.model import Issue, LeftOut, Severity
from layers.readers._translate import translated
from layers.readers.axes import Order, is_lonlat, order_of, zone_prefix
from layers.readers.boundary_header import UNIT, header_issues, header_reference, header_values
from layers.readers.boundary_rings import PlotRings, Point, left_out_rings, rings_of
from layers.readers.drawn import numbers_along
from layers.readers.encoding import decode_text, sniffing_issues
from layers.readers.errors import PlotLineError, PlotSectionError
from layers.readers.packed_degrees import detect_packed, unit_in, unpacked_degrees
from layers.readers.parsed import Account, Parsed, StatedArea, StatedPoints
from layers.readers.point_numbers import missing_numbers
from layers.readers.rounded_numbers import is_rounded
from layers.readers.signed_degrees import Notation, has_sign, number_in
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits

HEADER_SECTION: Final = "属性描述"
PLOT_SECTION: Final = "地块坐标"
NUMBER, NAME, SHEET, USE, CLASS = "地块编号", "地块名称", "图幅号", "地块用途", "地类编码"
STATED_AREA: Final = "申报面积"

_HALF_WIDTH: Final = str.maketrans({"【": "[", "】": "]", "［": "[", "］": "]", "＠": "@"})
_FORMAT: Final = str(FileFormat.BOUNDARY_TXT)
_SHAPES: Final = ("面", "线", "点")
_AFTER_SHAPE: Final = (SHEET, USE, CLASS, "TBLX", "DL", "GZQ", "GZH", "BZ")
_SEPARATORS: Final = re.compile(r"[,，]")
_BLANKS: Final = re.compile(r"[;；\s]+")
_LONGEST_AREA: Final = 40
_FEWEST_FIELDS, _LARGEST_RING = 6, 9999
_AREA: Final = re.compile(r"\s*(\d+(?:\.(\d*))?)\s*(\D*)")
_AREA_UNITS: Final = (("亩", 2000.0 / 3.0), ("平方米", 1.0), ("㎡", 1.0), ("m", 1.0))


@dataclass(slots=True, kw_only=True)
class _Plot:
    """The header fields of a plot and its points as they stand."""

    line: int
    header: list[str]
    points: list[Point] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What the file calls the plot: its number or name, or else its line."""
        attributes = _attributes(self)
        return attributes.get(NUMBER) or attributes.get(NAME) or str(self.line)


def parse_boundary_txt(
    name: str, data: bytes, *, declared_encoding: str | None, limits: ReadLimits
) -> Parsed:
    """Parse the plots of a list of boundary points.

    Raises
    ------
    BadLineError
        A line of a plot is no point. Params: ``name``, ``line``, ``text``.
    EmptyFileError, EncodingUndecidedError, DamagedFileError, TooComplexError
    """
    with translated(name, _FORMAT):
        text, guess = decode_text(name, data, declared_encoding)
        lines = _Lines(name)
        statements, every = lines.read(text)
        headers = lines.headers or len(every)
        plots = [plot for plot in every if plot.points]
        bare = [plot for plot in every if not plot.points]
        if not plots:
            raise EmptyFileError(name=name)
        if len(plots) > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        if sum(len(plot.points) for plot in plots) > limits.max_vertices:
            raise TooComplexError(name=name, what="vertices", limit=limits.max_vertices)
        header = header_values(statements.get(HEADER_SECTION, ()))
        # Signs in the points go before what a header says of their unit.
        unit = "decimal" if lines.notation.is_signed else unit_in(header.get(UNIT, ""))
        first, second = _columns(plots)
        packed = detect_packed(first, second, unit)
        if packed.read:
            plots = [_unpacked(plot) for plot in plots]
            first, second = _columns(plots)
        order = order_of(first, second)
        east, north = (first, second) if order is Order.EAST_NORTH else (second, first)
        told = header_reference(
            header,
            lonlat=is_lonlat(east, north),
            carried_zone=zone_prefix(east),
        )
        found = [rings_of(plot.points) for plot in plots]
        made = [_geometry(*each, order) for each in zip(plots, found, strict=True)]
        lost = [
            entry
            for plot, rings in zip(plots, found, strict=True)
            for entry in _left_out(plot, rings)
        ]
        sound = [at for at, (geometry, _) in enumerate(made) if geometry is not None]
        if not sound:
            raise EmptyGeometryError(name=name, feature=1)
        attributes = pd.DataFrame([_attributes(plots[at]) for at in sound], dtype=object)
    return Parsed(
        format=_FORMAT,
        geometry=_array([made[at][0] for at in sound]),
        attributes=attributes,
        own_crs=told.crs,
        own_crs_how="txt_header" if told.crs else None,
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=(
            *sniffing_issues(guess),
            *_order_issues(order),
            *packed.issues(),
            *header_issues(header, unit),
            *_comment_issues(lines.commented),
            *_closing_issues(found),
            *missing_numbers([plot.label for plot in plots], [plot.points for plot in plots]),
            *(issue for _, issues in made for issue in issues),
        ),
        zone_conflict=told.conflict,
        account=Account(
            unit="plot",
            found=headers,
            left_out=(*(_bare(plot) for plot in bare), *lost),
            labels=tuple(plots[at].label for at in sound),
        ),
        stated_areas=tuple(_stated_area(plots[at]) for at in sound),
        stated_points=tuple(_stated_points(plots[at], found[at]) for at in sound),
        point_numbers=tuple(numbers_along(made[at][0], plots[at].points, order) for at in sound),
        statements={section: tuple(lines) for section, lines in statements.items() if lines},
    )


def _comment_issues(count: int) -> Iterator[Issue]:
    if count:
        params = {"count": count}
        yield Issue(code="lines_commented", severity=Severity.WARNING, params=params)


class _Lines:
    """Sorts lines into statements and plots."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.statements: dict[str, list[str]] = {}
        self.plots: list[_Plot] = []
        self.home: str | None = None
        self.commented = 0
        self.notation = Notation(name)
        self.headers = 0
        """Lines that begin a plot, counted apart from the plots."""

    def read(self, text: str) -> tuple[dict[str, list[str]], list[_Plot]]:
        """Return the statements by section, and the plots, also those without points."""
        section: str | None = None
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip(" \t\ufeff\u3000\x00\x1a").translate(_HALF_WIDTH)
            if line.startswith("[") and "]" in line:
                section = line[1 : line.index("]")].strip()
                self.statements.setdefault(section, [])
            elif line.rstrip(",， ").endswith("@"):
                self._enter(section, number, line)
                header = [part.strip() for part in _SEPARATORS.split(line.rpartition("@")[0])]
                self.plots.append(_Plot(line=number, header=_with_count(header)))
                self.headers += 1
            elif line:
                self._statement_or_point(section, number, line)
        return self.statements, self.plots

    def _enter(self, section: str | None, number: int, line: str) -> None:
        """Refuse plots in a second section: they may be meant to be taken off."""
        self.home = self.home if self.plots else section
        if section != self.home:
            raise PlotSectionError(name=self.name, line=number, section=section, first=self.home)
        self.commented += line.startswith(("/", "#"))

    def _statement_or_point(self, section: str | None, number: int, line: str) -> None:
        if section is None and re.match(r"[^,，\d]+[=＝:：]", line):
            # Coordinates only, with a few words above them.
            self.statements.setdefault(HEADER_SECTION, []).append(line)
            return
        if section not in (None, PLOT_SECTION) and not self.plots:
            self.statements[str(section)].append(line)
            return
        if _looks_like_plot(line):
            raise PlotLineError(name=self.name, line=number, text=line[:60])
        point = _point(line)
        if point is None:
            raise BadLineError(name=self.name, line=number, text=line[:60])
        self._enter(section, number, line)
        self.notation.hold(number, line, is_signed=has_sign(line))
        if not self.plots:
            self.plots.append(_Plot(line=number, header=[]))
            self.headers += 1
        self.plots[-1].points.append(point)


def _looks_like_plot(line: str) -> bool:
    """Tell whether a line without its ``@`` has what only those of plots have."""
    fields = [part.strip() for part in _SEPARATORS.split(line)]
    if any(part in _SHAPES for part in fields[2:]):
        return True
    numbers = sum(bool(_area_in(part)) for part in fields)
    return len(fields) >= _FEWEST_FIELDS and fields[0].isdecimal() and numbers <= 2


def _point(line: str) -> Point | None:
    """Return label, ring number and two numbers of ``J1,1,x,y``, ``J1,x,y`` or ``x,y``."""
    parts = [part.strip() for part in _SEPARATORS.split(line)]
    if len(parts) < 2:
        parts = _BLANKS.split(line)
    while parts and not parts[-1]:
        parts.pop()
    try:
        match [] if any(map(is_rounded, parts)) else parts:
            case [first, second]:
                return Point(label="", ring=1, first=number_in(first), second=number_in(second))
            case [label, first, second]:
                return Point(label=label, ring=1, first=number_in(first), second=number_in(second))
            case [label, ring, first, second, *rest]:
                number = int(float(ring)) if ring else 1
                if number > _LARGEST_RING or _more_coordinates(rest):
                    return None
                first_number, second_number = number_in(first), number_in(second)
                return Point(label=label, ring=number, first=first_number, second=second_number)
            case _:
                return None
    except (ValueError, OverflowError):
        return None


def _more_coordinates(rest: Sequence[str]) -> bool:
    """Tell whether a second point stands behind the first: it is never passed over."""
    return sum(bool(re.fullmatch(r"[+-]?\d{5,9}(\.\d*)?", part)) for part in rest) > 1


def _columns(plots: Sequence[_Plot]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    points = [point for plot in plots for point in plot.points]
    return np.array([p.first for p in points]), np.array([p.second for p in points])


def _geometry(plot: _Plot, found: PlotRings, order: Order) -> tuple[Any, list[Issue]]:
    """Return the geometry of a plot with x east and y north, and what is odd about it."""
    rings = [ring if order is Order.EAST_NORTH else ring[:, ::-1] for ring in found.rings]
    match _shape(plot):
        case "点":
            return shapely.MultiPoint(np.vstack([ring[:-1] for ring in rings])), []
        case "线":
            lines = [ring[:-1] for ring in rings if len(ring) > 2]
            return (shapely.MultiLineString(lines) if lines else None), []
    closed = [ring for ring in rings if len(ring) >= 4]
    if not closed:
        return None, []
    made = assemble(closed)
    return made.polygon, _issues(plot, found, made.holes if len(closed) == len(rings) else ())


def _issues(plot: _Plot, found: PlotRings, holes: tuple[bool, ...]) -> list[Issue]:
    feature = _field(plot, 2) or None
    issues: list[Issue] = []

    def warn(code: str, severity: Severity = Severity.WARNING, **params: object) -> None:
        issues.append(Issue(code=code, severity=severity, feature_id=feature, params=params))

    if found.misnumbered:
        warn("ring_number_mended", points=list(found.misnumbered))
    for label in found.corrupt_closings:
        warn("closing_point_corrupt", point=label)
    if len(set(found.numbers)) < len(found.numbers) and (again := _renumbered(plot)):
        warn("plot_line_missing", points=again)
    as_numbered = tuple(number != 1 for number in found.numbers)
    if holes and holes != as_numbered:
        flags = zip(found.numbers, holes, as_numbered, strict=True)
        numbers = {number for number, hole, numbered in flags if hole != numbered}
        warn("rings_by_containment", Severity.INFO, rings=sorted(numbers))
    return issues


def _renumbered(plot: _Plot) -> str | None:
    """Return the first number that stands for two places."""
    places: dict[str, tuple[float, float]] = {}
    for point in plot.points:
        place = (point.first, point.second)
        if point.label and places.setdefault(point.label, place) != place:
            return point.label
    return None


def _with_count(header: list[str]) -> list[str]:
    """Return the fields of a header with an empty count where it begins with the area."""
    at = next((at for at in range(len(header) - 1, 1, -1) if header[at] in _SHAPES), None)
    starts_with_area = bool(header) and not header[0].isdecimal() and _area_in(header[0])
    return ["", *header] if at == 3 and starts_with_area else header


def _unpacked(plot: _Plot) -> _Plot:
    points = [
        replace(p, first=unpacked_degrees(p.first), second=unpacked_degrees(p.second))
        for p in plot.points
    ]
    return replace(plot, points=points)


def _bare(plot: _Plot) -> LeftOut:
    return LeftOut(what="plot", label=plot.label, reason="no_points")


def _left_out(plot: _Plot, found: PlotRings) -> Iterator[LeftOut]:
    fewest = {"点": 1, "线": 2}.get(_shape(plot), 3)
    return left_out_rings(plot.label, found, fewest)


def _closing_issues(found: Sequence[PlotRings]) -> tuple[Issue, ...]:
    open_rings = [number for number, rings in enumerate(found, start=1) if rings.unclosed]
    if not open_rings:
        return ()
    params = {"features": len(open_rings), "first_feature": open_rings[0]}
    return (Issue(code="rings_closed", severity=Severity.INFO, params=params),)


def _order_issues(order: Order) -> tuple[Issue, ...]:
    if order is Order.NORTH_EAST:
        return ()
    swapped = order is Order.EAST_NORTH
    code = "columns_east_first" if swapped else "columns_by_standard"
    return (Issue(code=code, severity=Severity.INFO if swapped else Severity.WARNING),)


def _attributes(plot: _Plot) -> dict[str, str | None]:
    header = plot.header
    at = _shape_at(header)
    found: dict[str, str | None] = {}
    if len(header) > 2:
        found[NUMBER] = header[2] or None
    if len(header) > 3:
        # A comma in the name splits it; the shape after it says where it ends.
        found[NAME] = ",".join(header[3 : at if at else 4]) or None
    if len(header) > 1:
        found[STATED_AREA] = header[1] or None
    after = header[at + 1 if at else 5 :]
    found |= {key: value or None for key, value in zip(_AFTER_SHAPE, after, strict=False) if value}
    return found or {NAME: None}


def _shape_at(header: Sequence[str]) -> int | None:
    return next((at for at in range(len(header) - 1, 3, -1) if header[at] in _SHAPES), None)


def _shape(plot: _Plot) -> str:
    at = _shape_at(plot.header)
    return plot.header[at] if at else "面"


def _field(plot: _Plot, at: int) -> str:
    return plot.header[at] if len(plot.header) > at else ""


def _area_in(text: str) -> re.Match[str] | None:
    # Longer texts are no areas, and would take the pattern long to refuse.
    return _AREA.fullmatch(text) if len(text) <= _LONGEST_AREA else None


def _stated_area(plot: _Plot) -> StatedArea | None:
    found = _area_in(_field(plot, 1))
    if not found or not float(found.group(1)):
        return None
    unit_m2 = next((size for mark, size in _AREA_UNITS if mark in found.group(3)), M2_PER_HA)
    step = 10.0 ** -len(found.group(2) or "")
    return StatedArea(area_m2=float(found.group(1)) * unit_m2, half_step_m2=0.5 * step * unit_m2)


def _stated_points(plot: _Plot, found: PlotRings) -> StatedPoints | None:
    stated = _field(plot, 0)
    if _shape(plot) != "面" or not stated.isdecimal():
        return None
    return StatedPoints(stated=int(stated), found=found.counts)


def _array(geometries: Sequence[Any]) -> npt.NDArray[Any]:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array
