"""Geometry elements of GML 2 and 3 as shapely geometries, x east and y north."""

from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

import numpy as np
import numpy.typing as npt
import shapely

from layers.errors import DamagedFileError, UnsupportedGeometryError
from layers.model import LeftOut
from layers.readers.gml_srs import srs_of
from layers.readers.markup import children, local, text_of
from layers.readers.sniff import FileFormat

_POLYGONS: Final = ("Polygon", "PolygonPatch", "Rectangle", "Triangle")
_SURFACES: Final = (
    *("Surface", "MultiSurface", "MultiPolygon", "CompositeSurface", "PolyhedralSurface"),
    *("OrientableSurface", "TriangulatedSurface", "Tin"),
)
_LINES: Final = ("LineString", "LinearRing", "LineStringSegment")
_CURVES: Final = ("Curve", "MultiCurve", "MultiLineString", "CompositeCurve", "OrientableCurve")
_POINTS: Final = ("Point", "MultiPoint")
_MIXED: Final = ("MultiGeometry", "GeometryCollection")
GEOMETRIES: Final = frozenset((*_POLYGONS, *_SURFACES, *_LINES, *_CURVES, *_POINTS, *_MIXED))

_WRAPPERS: Final = (
    *("patches", "polygonPatches", "trianglePatches", "surfaceMember", "surfaceMembers"),
    *("polygonMember", "baseSurface", "curveMember", "curveMembers", "lineStringMember"),
    *("baseCurve", "segments", "pointMember", "pointMembers", "geometryMember", "geometryMembers"),
)
_OUTER: Final = ("exterior", "outerBoundaryIs")
_INNER: Final = ("interior", "innerBoundaryIs")
_FORMAT: Final = str(FileFormat.GML)

Positions = npt.NDArray[np.float64]


class GmlShapes:
    """Builds geometries; ``srs_names`` are the reference systems that were named."""

    def __init__(self, name: str, srs_name: str | None) -> None:
        self.name = name
        self.srs_names: set[str] = set()
        self.left_out: list[LeftOut] = []
        self._default = srs_name
        self._row = 0

    def name_left_out(self, row: int, reason: str, count: int = 1) -> None:
        """Name parts of a feature that are left out."""
        entry = LeftOut(what="feature", label=str(row), reason=reason, part=True, count=count)
        self.left_out.append(entry)

    def build(self, element: Element, row: int) -> Any:  # noqa: ANN401 - shapely is untyped
        """Return the geometry of an element; ``row`` is the number of its feature."""
        self._row = row
        shape = self._shape(element)
        srs_name = next(
            (e.attrib["srsName"] for e in element.iter() if "srsName" in e.attrib), None
        )
        if srs_name := srs_name or self._default:
            self.srs_names.add(srs_name)
            if srs_of(srs_name).north_first:
                shape = shapely.transform(shape, lambda xy: xy[:, ::-1])
        return shape

    def _shape(self, element: Element) -> Any:  # noqa: ANN401
        kind = local(element)
        if kind in _POLYGONS:
            return self._polygon(element)
        if kind in _LINES:
            return shapely.LineString(self._positions(element))
        if kind == "Point":
            return shapely.Point(self._positions(element)[0])
        parts = list(self._parts(element))
        if kind in _SURFACES:
            flat = [part for shape in parts for part in shapely.get_parts(shape)]
            return flat[0] if len(flat) == 1 else shapely.MultiPolygon(flat)
        if kind in _CURVES:
            return shapely.line_merge(shapely.MultiLineString(parts)) if parts else None
        return shapely.GeometryCollection(parts)

    def _parts(self, element: Element) -> Iterator[Any]:
        for child in element:
            if local(child) in GEOMETRIES:
                yield self._shape(child)
            elif local(child) in _WRAPPERS:
                yield from self._members(child)

    def _members(self, wrapper: Element) -> Iterator[Any]:
        if not len(wrapper) and any(key.rpartition("}")[2] == "href" for key in wrapper.attrib):
            # A shape that stands elsewhere, here or in another file, is a part of this one.
            self.name_left_out(self._row, "link_not_followed")
        for member in wrapper:
            if local(member) not in GEOMETRIES:
                found = local(member)[:40]
                raise UnsupportedGeometryError(name=self.name, feature=self._row, found=found)
            yield self._shape(member)

    def _polygon(self, element: Element) -> shapely.Polygon:
        outer = list(self._rings(element, _OUTER))
        if len(outer) != 1:
            raise DamagedFileError(name=self.name, format=_FORMAT)
        return shapely.Polygon(outer[0], list(self._rings(element, _INNER)))

    def _rings(self, element: Element, sides: tuple[str, ...]) -> Iterator[Positions]:
        for side in children(element, *sides):
            for ring in side:
                xy = self._ring(ring)
                if not np.array_equal(xy[0], xy[-1]):
                    xy = np.vstack([xy, xy[:1]])
                if len(xy) >= 4:
                    yield xy
                else:
                    self.name_left_out(self._row, "ring_too_few_points")

    def _ring(self, element: Element) -> Positions:
        if local(element) != "Ring":
            return self._positions(element)
        curves = [shapely.get_coordinates(self._shape(c)) for m in element for c in m]
        return np.vstack(curves)

    def _positions(self, element: Element) -> Positions:
        rows = [row for child in element for row in self._rows(child, element)]
        if not rows or min(map(len, rows)) < 2:
            raise DamagedFileError(name=self.name, format=_FORMAT)
        # Heights are not kept: nothing here is judged by them.
        return np.array([row[:2] for row in rows])

    def _rows(self, child: Element, parent: Element) -> list[list[float]]:
        text = text_of(child) or ""
        match local(child):
            case "posList":
                numbers = [float(number) for number in text.split()]
                stated = child.get("srsDimension") or parent.get("srsDimension")
                width = int(stated) if stated else _width_of(numbers)
                if width < 2 or len(numbers) % width:
                    raise DamagedFileError(name=self.name, format=_FORMAT)
                return [numbers[at : at + width] for at in range(0, len(numbers), width)]
            case "pos":
                return [[float(number) for number in text.split()]]
            case "coordinates":
                between, after = child.get("cs", ","), child.get("ts", " ")
                tuples = text.split(None if after.isspace() else after)
                return [[float(number) for number in one.split(between)] for one in tuples]
            case "coord":
                return [[float(text_of(axis) or "nan") for axis in children(child, "X", "Y", "Z")]]
            case "pointProperty" | "pointRep":
                return [row for point in child for part in point for row in self._rows(part, point)]
        return []


def _width_of(numbers: list[float]) -> int:
    """Return how many numbers a position has where nothing says so: 3 only if 2 cannot be."""
    if len(numbers) % 3 or not numbers:
        return 2
    closes_in_plane = len(numbers) % 2 == 0 and numbers[:2] == numbers[-2:]
    return 3 if not closes_in_plane and numbers[:3] == numbers[-3:] else 2
