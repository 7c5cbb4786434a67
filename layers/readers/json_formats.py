"""JSON that holds features: GeoJSON, its lines, Esri's features, and topologies.

The text never reaches GDAL or GEOS, both of which can be brought down by deep nesting.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from layers.errors import DamagedFileError
from layers.model import LeftOut
from layers.readers._translate import translated
from layers.readers.encoding import EncodingGuess, decode_text
from layers.readers.errors import RepeatedMemberError
from layers.readers.esri_json import is_esri, parse_esri
from layers.readers.geojson import parse_document
from layers.readers.ledger import with_entries
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
    """Parse features that follow each other (RFC 8142, and the lines that OGR writes).

    A line that is no JSON is named, and the others are read.
    """
    records = list(_records(name, text))
    features = [one for one in records if one is not None]
    if (
        len(features) < 2
        or records[0] is None
        or any(one.get("type") != "Feature" for one in features)
    ):
        raise DamagedFileError(name=name, format=_FORMAT)
    document = {"type": "FeatureCollection", "features": features}
    parsed = parse_document(name, document, guess, limits=limits, file_format=_LINES)
    lost = [
        LeftOut(what="feature", label=str(number), reason="bad_record")
        for number, record in enumerate(records, start=1)
        if record is None
    ]
    found = replace(parsed.account, found=parsed.account.found + len(lost))
    return with_entries(replace(parsed, account=found), lost)


def _records(name: str, text: str) -> Iterator[dict[str, Any] | None]:
    """Return the records of a text, None for what is no JSON up to the end of its line."""
    decoder, at = json.JSONDecoder(object_pairs_hook=_single_members(name)), 0
    while True:
        while at < len(text) and text[at] in _BETWEEN:
            at += 1
        if at >= len(text):
            return
        try:
            record, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError:
            yield None
            at = text.find("\n", at)
            if at < 0:
                return
            continue
        if not isinstance(record, dict):
            raise DamagedFileError(name=name, format=_FORMAT)
        yield record
