"""JSON that holds features: GeoJSON, its lines, Esri's features, and topologies.

The text never reaches GDAL or GEOS, both of which can be brought down by deep nesting.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from layers.errors import DamagedFileError
from layers.readers._translate import translated
from layers.readers.encoding import EncodingGuess, decode_text
from layers.readers.errors import RepeatedMemberError
from layers.readers.esri_json import is_esri, parse_esri
from layers.readers.geojson import parse_document
from layers.readers.parsed import Parsed
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits
from layers.readers.topojson import is_topology, parse_topology

_FORMAT: Final = str(FileFormat.GEOJSON)
_SHAPES: Final = frozenset(
    {"features", "geometry", "geometries", "coordinates", "rings", "paths", "objects", "arcs"}
)
_LINES: Final = "GeoJSONSeq"
_BETWEEN: Final = " \t\r\n\x1e\ufeff,"


def parse_json(
    name: str,
    data: bytes,
    *,
    declared_encoding: str | None,
    layer: str | None,
    limits: ReadLimits,
) -> Parsed:
    """Parse a JSON text by what it says it is.

    Raises
    ------
    EncodingUndecidedError, DamagedFileError, UnknownFormatError, EmptyFileError
    NonFiniteCoordinateError, TooComplexError, AmbiguousFileError
    """
    with translated(name, _FORMAT):
        text, guess = decode_text(name, data, declared_encoding)
        try:
            document = json.loads(text, object_pairs_hook=_single_members(name))
        except json.JSONDecodeError:
            return _sequence(name, text, guess, limits)
    if is_esri(document):
        return parse_esri(name, document, guess, limits=limits)
    if is_topology(document):
        return parse_topology(name, document, guess, layer=layer, limits=limits)
    return parse_document(name, document, guess, limits=limits)


def _single_members(name: str) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    """Return what makes objects and refuses a second shape of the same name in one of them."""

    def make(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _ in pairs if key in _SHAPES]
            if twice := sorted({key for key in keys if keys.count(key) > 1}):
                raise RepeatedMemberError(name=name, member=twice[0])
        return made

    return make


def _sequence(name: str, text: str, guess: EncodingGuess, limits: ReadLimits) -> Parsed:
    """Parse features that follow each other (RFC 8142, and the lines that OGR writes)."""
    features = list(_records(name, text))
    if len(features) < 2 or any(one.get("type") != "Feature" for one in features):
        raise DamagedFileError(name=name, format=_FORMAT)
    document = {"type": "FeatureCollection", "features": features}
    return parse_document(name, document, guess, limits=limits, file_format=_LINES)


def _records(name: str, text: str) -> Iterator[dict[str, Any]]:
    decoder, at = json.JSONDecoder(object_pairs_hook=_single_members(name)), 0
    while True:
        while at < len(text) and text[at] in _BETWEEN:
            at += 1
        if at >= len(text):
            return
        record, at = decoder.raw_decode(text, at)
        if not isinstance(record, dict):
            raise DamagedFileError(name=name, format=_FORMAT)
        yield record
