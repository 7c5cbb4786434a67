"""KML by our own hand (OGC 12-007r2): placemarks with their geometry, and nothing linked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from xml.etree.ElementTree import Element

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.measure.rings import assemble
from layers.errors import TooComplexError
from layers.model import Issue, LeftOut, Severity
from layers.readers._translate import translated
from layers.readers.encoding import sniffing_issues
from layers.readers.ledger import nothing_read
from layers.readers.markup import children, local, parse_markup, text_of
from layers.readers.parsed import Account, Parsed
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits

_FORMAT: Final = str(FileFormat.KML)
_UNIT: Final = "placemark"
_ELEMENTS_PER_FEATURE: Final = 40
_LINKS: Final = ("NetworkLink", "GroundOverlay", "PhotoOverlay", "ScreenOverlay")
_MULTI: Final = ("MultiGeometry", "MultiPolygon", "MultiLineString", "MultiPoint", "MultiTrack")
"""All but the first are of no KML, and are written by programs that know GML or GeoJSON."""

_SINGLE: Final = ("Point", "LineString", "LinearRing", "Polygon", "Track", "Model")
_SHAPES: Final = (*_SINGLE, *_MULTI)
_FEWEST_IN_RING: Final = 3
_REASONS_OF_PARTS: Final = {
    "too_few_points": "part_too_few_points",
    "no_coordinates": "part_no_coordinates",
}


def parse_kml(
    name: str, data: bytes, *, declared_encoding: str | None, limits: ReadLimits
) -> Parsed:
    """Parse the placemarks of a KML text; coordinates are WGS 84 lon/lat by its standard.

    Network links and overlays are named in an issue and never followed. Placemarks are
    found at any depth, also under a name of their own with ``Schema parent="Placemark"``
    (KML 2.0 and 2.1). Several geometries of one placemark are one feature. What has no
    geometry is left out, and stands in the account.

    Raises
    ------
    DamagedFileError, EmptyFileError, EncodingUndecidedError, TooComplexError
    """
    with translated(name, _FORMAT):
        most = limits.max_features * _ELEMENTS_PER_FEATURE
        root, guess = parse_markup(
            name, data, _FORMAT, declared_encoding=declared_encoding, max_elements=most
        )
        kinds = {"Placemark", *_own_kinds(root)}
        placemarks = list(_placemarks(root, kinds, ()))
        if len(placemarks) > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        reader = _Shapes()
        shapes = [reader.of(place) for place in placemarks]
        kept = [at for at, shape in enumerate(shapes) if shape is not None]
        if not kept:
            raise nothing_read(name, reader.left_out)
        geometry = np.empty(len(kept), dtype=object)
        geometry[:] = [shapes[at] for at in kept]
        attributes = pd.DataFrame([_attributes(placemarks[at]) for at in kept], dtype=object)
        found = sum(local(element) in kinds for element in root.iter())
    return Parsed(
        format=_FORMAT,
        geometry=geometry,
        attributes=attributes,
        own_crs=None,
        own_crs_how=None,
        lonlat_rule="kml_rule",
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=(*sniffing_issues(guess), *_links(root), *reader.issues()),
        account=Account(
            unit=_UNIT,
            found=found,
            left_out=(*reader.left_out, *_linked(root)),
            labels=tuple(placemarks[at].label for at in kept),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Placemark:
    element: Element
    folder: str
    label: str


def _own_kinds(root: Element) -> Iterator[str]:
    """Return the names that schemas give to placemarks of their own."""
    for schema in root.iter():
        if local(schema) != "Schema":
            continue
        parent = schema.get("parent") or text_of(next(children(schema, "parent"), None))
        if (parent or "").rpartition(":")[2] == "Placemark" and schema.get("name"):
            yield schema.get("name", "")


def _placemarks(
    node: Element, kinds: set[str], folders: tuple[str, ...], number: int = 0
) -> Iterator[_Placemark]:
    """Return placemarks with the names of the folders around them; depth is bounded."""
    title = text_of(next(children(node, "name"), None)) if local(node) != "kml" else None
    folders = (*folders, title) if title else folders
    for child in node:
        if local(child) in kinds:
            number += 1
            name = text_of(next(children(child, "name"), None))
            yield _Placemark(child, "/".join(folders), name or child.get("id") or str(number))
        # A placemark inside a placemark is against the rules, and one all the same.
        if len(child):
            yield from _placemarks(child, kinds, folders, number)


def _attributes(placemark: _Placemark) -> dict[str, str | None]:
    found: dict[str, str | None] = {"folder": placemark.folder} if placemark.folder else {}
    if identity := placemark.element.get("id"):
        found["kml_id"] = identity
    own_kind = local(placemark.element) != "Placemark"
    for child in placemark.element:
        plain = len(child) == 0 and local(child) not in _SHAPES
        if plain and (own_kind or local(child) in ("name", "description")):
            found[local(child)] = text_of(child)
        elif local(child) == "ExtendedData":
            for part in child.iter():
                if local(part) == "Data":
                    found[part.get("name", "")] = text_of(next(children(part, "value"), None))
                elif local(part) == "SimpleData":
                    found[part.get("name", "")] = text_of(part)
    return found or {"name": None}


def _links(root: Element) -> tuple[Issue, ...]:
    links = sorted({local(element) for element in root.iter()} & set(_LINKS))
    if not links:
        return ()
    params = {"kinds": links}
    return (Issue(code="links_not_followed", severity=Severity.WARNING, params=params),)


def _linked(root: Element) -> Iterator[LeftOut]:
    """Name links to files that may hold placemarks, too."""
    for link in root.iter():
        if local(link) == "NetworkLink":
            hrefs = (text_of(one) for one in link.iter() if local(one) == "href")
            label = text_of(next(children(link, "name"), None)) or next(filter(None, hrefs), "")
            reason = "link_not_followed"
            yield LeftOut(what=_UNIT, label=label[:100], reason=reason, part=True)


class _UnreadableError(ValueError):
    """A geometry that cannot be read: the reason (a code) and its parameters."""

    def __init__(self, reason: str, **params: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


class _Shapes:
    """Builds shapely geometries, and remembers what had to be closed or left out."""

    def __init__(self) -> None:
        self.left_out: list[LeftOut] = []
        self._row = 0
        self._label = ""
        self._closed: list[int] = []

    def of(self, placemark: _Placemark) -> Any:  # noqa: ANN401 - shapely is untyped
        """Return the geometry of a placemark, None where it has none that can be read."""
        self._row += 1
        self._label = placemark.label
        elements = list(children(placemark.element, *_SHAPES))
        before = len(self.left_out)
        parts = self._parts(elements)
        if parts:
            self.left_out[before:] = map(_of_part, self.left_out[before:])
            return _together(parts)
        # Nothing of it is left: what its parts lacked is why the whole is left out.
        lost = self.left_out[before:]
        del self.left_out[before:]
        why = replace(lost[0], part=False) if lost else self._entry("no_geometry")
        self.left_out.append(why)
        return None

    def issues(self) -> tuple[Issue, ...]:
        """Say which features had open rings."""
        rows = sorted(set(self._closed))
        if not rows:
            return ()
        params = {"features": len(rows), "first_feature": rows[0]}
        return (Issue(code="rings_closed", severity=Severity.INFO, params=params),)

    def _parts(self, elements: list[Element]) -> list[Any]:
        """Return the parts that can be read; the others are named."""
        found = []
        for element in elements:
            if local(element) in _MULTI:
                found += self._parts(list(_members(element)))
                continue
            try:
                found.append(self._shape(element))
            except _UnreadableError as exc:
                self.left_out.append(replace(self._entry(exc.reason, **exc.params), part=True))
        return found

    def _entry(self, reason: str, **params: str) -> LeftOut:
        return LeftOut(what=_UNIT, label=self._label, reason=reason, params=params)

    def _shape(self, element: Element) -> Any:  # noqa: ANN401
        match local(element):
            case "Point":
                return shapely.Point(_positions(element)[0])
            case "LineString" | "LinearRing":
                xy = _positions(element)
                return shapely.LineString(xy) if len(xy) > 1 else shapely.Point(xy[0])
            case "Polygon":
                return self._polygon(element)
            case kind:
                raise _UnreadableError("kind_not_read", found=kind)

    def _polygon(self, element: Element) -> shapely.Polygon:
        outer = self._rings(element, "outerBoundaryIs", needed=True)
        if not outer:
            raise _UnreadableError("no_coordinates")
        holes = self._rings(element, "innerBoundaryIs", needed=False)
        if len(outer) == 1:
            return shapely.Polygon(outer[0], holes)
        # Several outer boundaries are not allowed, and are meant as parts.
        return assemble([ring[:, :2] for ring in (*outer, *holes)]).polygon

    def _rings(
        self, element: Element, boundary: str, *, needed: bool
    ) -> list[npt.NDArray[np.float64]]:
        found = []
        for side in children(element, boundary):
            for ring in children(side, "LinearRing"):
                try:
                    xy = _positions(ring)
                except _UnreadableError as exc:
                    if needed:
                        raise
                    self.left_out.append(replace(self._entry(f"hole_{exc.reason}"), part=True))
                    continue
                if not np.array_equal(xy[0, :2], xy[-1, :2]):
                    self._closed.append(self._row)
                    xy = np.vstack([xy, xy[:1]])
                if len(xy) > _FEWEST_IN_RING:
                    found.append(xy)
                elif needed:
                    raise _UnreadableError("too_few_points")
                else:
                    self.left_out.append(replace(self._entry("hole_too_few_points"), part=True))
        return found


def _of_part(entry: LeftOut) -> LeftOut:
    """Return the entry of a part beside others of its placemark."""
    return replace(entry, reason=_REASONS_OF_PARTS.get(entry.reason, entry.reason))


def _members(element: Element) -> Iterator[Element]:
    """Return geometries in a multi geometry, also under members of GML."""
    for child in element:
        if local(child) in _SHAPES:
            yield child
        elif local(child).lower().endswith(("member", "members")):
            yield from children(child, *_SHAPES)


def _together(parts: list[Any]) -> Any:  # noqa: ANN401
    if len(parts) == 1:
        return parts[0]
    flat = [one for part in parts for one in shapely.get_parts(part)]
    if all(part.geom_type == "Polygon" for part in flat):
        return shapely.MultiPolygon(flat)
    return shapely.GeometryCollection(parts)


def _positions(element: Element) -> npt.NDArray[np.float64]:
    texts = [text_of(one) or "" for one in children(element, "coordinates")]
    text = texts[0] if texts else ""
    # Of several lists nobody knows which one is meant.
    if len(texts) > 1 or "_" in text:
        # Python takes 1_000 for a number.
        raise _UnreadableError("bad_coordinates")
    # Blanks after the commas are not allowed, and common.
    tuples = ",".join(part.strip() for part in text.split(",")).split()
    try:
        rows = [[float(number) for number in one.split(",") if number] for one in tuples]
    except ValueError as exc:
        raise _UnreadableError("bad_coordinates") from exc
    if not rows:
        raise _UnreadableError("no_coordinates")
    width = min(3, *map(len, rows))
    if width < 2:
        raise _UnreadableError("bad_coordinates")
    return np.array([row[:width] for row in rows])
