"""Capabilities of a Web Map Tile Service 1.0.0 (OGC 07-057r7), tiles by address."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geo.measure.tile_matrix import TILE_PIXELS, TileMatrixSet

MEDIA_TYPE: Final = "application/xml"
PICTURE: Final = "image/png"
_WMTS: Final = "http://www.opengis.net/wmts/1.0"
_OWS: Final = "http://www.opengis.net/ows/1.1"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where tiles of a level are: first and last row, first and last column."""

    level: int
    rows: tuple[int, int]
    columns: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WmtsLayer:
    """A layer in the capabilities.

    ``titles`` by language, ``styles`` their titles by id, the first the usual one; ``template``
    the address of tiles with the names of the standard in braces, ``limits`` by matrix set.
    """

    id: str
    titles: Mapping[str, str]
    abstract: str
    bounds_lonlat: tuple[float, float, float, float]
    styles: Mapping[str, str]
    template: str
    limits: Mapping[str, Sequence[Limits]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the service is called, and where its capabilities stand."""

    title: str
    abstract: str
    address: str


def capabilities(
    service: Service,
    layers: Sequence[WmtsLayer],
    matrix_sets: Sequence[TileMatrixSet],
    most_level: int,
) -> str:
    """Return the document."""
    ET.register_namespace("", _WMTS)
    ET.register_namespace("ows", _OWS)
    ET.register_namespace("xlink", _XLINK)
    root = ET.Element(f"{{{_WMTS}}}Capabilities", {"version": "1.0.0"})
    about = _ows(root, "ServiceIdentification")
    _ows(about, "Title", service.title)
    _ows(about, "Abstract", service.abstract)
    _ows(about, "ServiceType", "OGC WMTS")
    _ows(about, "ServiceTypeVersion", "1.0.0")
    operations = _ows(root, "OperationsMetadata")
    for name in ("GetCapabilities", "GetTile"):
        _add_operation(operations, name, service.address)
    contents = _wmts(root, "Contents")
    for layer in layers:
        _add_layer(contents, layer)
    for one in matrix_sets:
        _add_matrix_set(contents, one, most_level)
    _wmts(root, "ServiceMetadataURL").set(f"{{{_XLINK}}}href", service.address)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _add_operation(parent: ET.Element, name: str, address: str) -> None:
    operation = _ows(parent, "Operation")
    operation.set("name", name)
    get = _ows(_ows(_ows(operation, "DCP"), "HTTP"), "Get")
    get.set(f"{{{_XLINK}}}href", address)
    constraint = _ows(get, "Constraint")
    constraint.set("name", "GetEncoding")
    _ows(_ows(constraint, "AllowedValues"), "Value", "RESTful")


def _add_layer(contents: ET.Element, layer: WmtsLayer) -> None:
    element = _wmts(contents, "Layer")
    for lang, title in layer.titles.items():
        _ows(element, "Title", title).set(_XML_LANG, lang)
    _ows(element, "Abstract", layer.abstract)
    west, south, east, north = layer.bounds_lonlat
    box = _ows(element, "WGS84BoundingBox")
    _ows(box, "LowerCorner", f"{west:.9f} {south:.9f}")
    _ows(box, "UpperCorner", f"{east:.9f} {north:.9f}")
    _ows(element, "Identifier", layer.id)
    for at, (name, title) in enumerate(layer.styles.items()):
        style = _wmts(element, "Style")
        if at == 0:
            style.set("isDefault", "true")
        _ows(style, "Title", title)
        _ows(style, "Identifier", name)
    _wmts(element, "Format", PICTURE)
    for set_id, limits in layer.limits.items():
        _add_link(element, set_id, limits)
    said = {"format": PICTURE, "resourceType": "tile", "template": layer.template}
    ET.SubElement(element, f"{{{_WMTS}}}ResourceURL", said)


def _add_link(layer: ET.Element, set_id: str, limits: Sequence[Limits]) -> None:
    link = _wmts(layer, "TileMatrixSetLink")
    _wmts(link, "TileMatrixSet", set_id)
    kept = _wmts(link, "TileMatrixSetLimits")
    for one in limits:
        level = _wmts(kept, "TileMatrixLimits")
        _wmts(level, "TileMatrix", str(one.level))
        _wmts(level, "MinTileRow", str(one.rows[0]))
        _wmts(level, "MaxTileRow", str(one.rows[1]))
        _wmts(level, "MinTileCol", str(one.columns[0]))
        _wmts(level, "MaxTileCol", str(one.columns[1]))


def _add_matrix_set(contents: ET.Element, one: TileMatrixSet, most_level: int) -> None:
    element = _wmts(contents, "TileMatrixSet")
    _ows(element, "Identifier", one.id)
    _ows(element, "SupportedCRS", f"urn:ogc:def:crs:EPSG::{one.epsg}")
    # In the order of the axes of the system: latitude first in degrees.
    corner = (one.north, one.west) if one.in_degrees else (one.west, one.north)
    for level in range(one.first, most_level + 1):
        matrix = _wmts(element, "TileMatrix")
        _ows(matrix, "Identifier", str(level))
        _wmts(matrix, "ScaleDenominator", repr(one.scale_denominator(level)))
        _wmts(matrix, "TopLeftCorner", f"{corner[0]!r} {corner[1]!r}")
        _wmts(matrix, "TileWidth", str(TILE_PIXELS))
        _wmts(matrix, "TileHeight", str(TILE_PIXELS))
        columns, rows = one.matrix(level)
        _wmts(matrix, "MatrixWidth", str(columns))
        _wmts(matrix, "MatrixHeight", str(rows))


def _ows(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    return _add(parent, _OWS, name, text)


def _wmts(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    return _add(parent, _WMTS, name, text)


def _add(parent: ET.Element, space: str, name: str, text: str | None) -> ET.Element:
    element = ET.SubElement(parent, f"{{{space}}}{name}")
    element.text = text
    return element
