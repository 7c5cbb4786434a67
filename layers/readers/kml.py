"""KML by our own hand (OGC 12-007r2): placemarks with their geometry, and nothing linked."""

from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.errors import DamagedFileError, EmptyFileError, TooComplexError
from layers.model import Issue, Severity
from layers.readers._translate import translated
from layers.readers.encoding import sniffing_issues
from layers.readers.markup import children, local, parse_markup, text_of
from layers.readers.parsed import Parsed
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits

_FORMAT: Final = str(FileFormat.KML)
_ELEMENTS_PER_FEATURE: Final = 40
_LINKS: Final = ("NetworkLink", "GroundOverlay", "PhotoOverlay", "ScreenOverlay")
_SHAPES: Final = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry")
_FOLDERS: Final = ("Document", "Folder", "kml")


def parse_kml(
    name: str, data: bytes, *, declared_encoding: str | None, limits: ReadLimits
) -> Parsed:
    """Parse the placemarks of a KML text; coordinates are WGS 84 lon/lat by its standard.

    Network links and overlays are named in an issue and never followed. A placemark
    without a geometry is left out.

    Raises
    ------
    DamagedFileError, EmptyFileError, EncodingUndecidedError, TooComplexError
    """
    with translated(name, _FORMAT):
        most = limits.max_features * _ELEMENTS_PER_FEATURE
        root, guess = parse_markup(
            name, data, _FORMAT, declared_encoding=declared_encoding, max_elements=most
        )
        placemarks = list(_placemarks(root, ()))
        if len(placemarks) > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        reader = _Shapes(name)
        shapes = [reader.of(placemark) for placemark, _ in placemarks]
        kept = [at for at, shape in enumerate(shapes) if shape is not None]
        if not kept:
            raise EmptyFileError(name=name)
        geometry = np.empty(len(kept), dtype=object)
        geometry[:] = [shapes[at] for at in kept]
        attributes = pd.DataFrame([_attributes(*placemarks[at]) for at in kept], dtype=object)
    return Parsed(
        format=_FORMAT,
        geometry=geometry,
        attributes=attributes,
        own_crs=None,
        own_crs_how=None,
        lonlat_rule="kml_rule",
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=(
            *sniffing_issues(guess),
            *_left_out(root, len(placemarks) - len(kept)),
            *reader.issues(),
        ),
    )


def _placemarks(root: Element, folders: tuple[str, ...]) -> Iterator[tuple[Element, str]]:
    """Return placemarks with the names of the folders around them; depth is bounded."""
    for child in root:
        kind = local(child)
        if kind == "Placemark":
            yield child, "/".join(folders)
        elif kind in _FOLDERS:
            title = text_of(next(children(child, "name"), None))
            yield from _placemarks(child, (*folders, title) if title else folders)


def _attributes(placemark: Element, folder: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {"folder": folder} if folder else {}
    if identity := placemark.get("id"):
        found["kml_id"] = identity
    for child in placemark:
        if local(child) in ("name", "description") and len(child) == 0:
            found[local(child)] = text_of(child)
        elif local(child) == "ExtendedData":
            for part in child.iter():
                if local(part) == "Data":
                    found[part.get("name", "")] = text_of(next(children(part, "value"), None))
                elif local(part) == "SimpleData":
                    found[part.get("name", "")] = text_of(part)
    return found or {"name": None}


def _left_out(root: Element, without_geometry: int) -> tuple[Issue, ...]:
    issues = []
    links = sorted({local(element) for element in root.iter()} & set(_LINKS))
    if links:
        told = {"kinds": links}
        issues.append(Issue(code="links_not_followed", severity=Severity.WARNING, params=told))
    if without_geometry:
        count = {"features": without_geometry}
        issues.append(Issue(code="placemarks_dropped", severity=Severity.INFO, params=count))
    return tuple(issues)


class _Shapes:
    """Builds shapely geometries, and remembers which rings had to be closed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._row = 0
        self._closed: list[int] = []

    def of(self, placemark: Element) -> Any:  # noqa: ANN401 - shapely is untyped
        """Return the geometry of a placemark, None where it has none."""
        self._row += 1
        found = [self._shape(child) for child in children(placemark, *_SHAPES)]
        return found[0] if found else None

    def issues(self) -> tuple[Issue, ...]:
        """Say which features had open rings."""
        rows = sorted(set(self._closed))
        if not rows:
            return ()
        params = {"features": len(rows), "first_feature": rows[0]}
        return (Issue(code="rings_closed", severity=Severity.INFO, params=params),)

    def _shape(self, element: Element) -> Any:  # noqa: ANN401
        match local(element):
            case "Point":
                return shapely.Point(self._positions(element)[0])
            case "LineString" | "LinearRing":
                return shapely.LineString(self._positions(element))
            case "Polygon":
                return self._polygon(element)
            case _:
                parts = [self._shape(child) for child in children(element, *_SHAPES)]
                if parts and all(part.geom_type == "Polygon" for part in parts):
                    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
                return shapely.GeometryCollection(parts)

    def _polygon(self, element: Element) -> shapely.Polygon:
        outer = list(self._rings(element, "outerBoundaryIs"))
        if len(outer) != 1:
            raise DamagedFileError(name=self.name, format=_FORMAT)
        return shapely.Polygon(outer[0], list(self._rings(element, "innerBoundaryIs")))

    def _rings(self, element: Element, boundary: str) -> Iterator[npt.NDArray[np.float64]]:
        for side in children(element, boundary):
            for ring in children(side, "LinearRing"):
                xy = self._positions(ring)
                if not np.array_equal(xy[0, :2], xy[-1, :2]):
                    self._closed.append(self._row)
                    xy = np.vstack([xy, xy[:1]])
                if len(xy) >= 4:
                    yield xy

    def _positions(self, element: Element) -> npt.NDArray[np.float64]:
        text = text_of(next(children(element, "coordinates"), None)) or ""
        # Blanks after the commas are not allowed, and common.
        tuples = ",".join(part.strip() for part in text.split(",")).split()
        rows = [[float(number) for number in one.split(",") if number] for one in tuples]
        if not rows or min(map(len, rows)) < 2:
            raise DamagedFileError(name=self.name, format=_FORMAT)
        width = min(3, *map(len, rows))
        return np.array([row[:width] for row in rows])
