"""GML by our own hand (OGC 07-036, ISO 19136): features of any schema, nothing linked.

The schema is not asked for: a feature is what stands in a member, its properties are
its children, and geometry is what stands in the namespace of GML.
"""

from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

import numpy as np
import pandas as pd

from layers.errors import AmbiguousFileError, EmptyFileError, TooComplexError
from layers.model import Issue, Severity
from layers.readers._translate import translated
from layers.readers.encoding import sniffing_issues
from layers.readers.gml_shapes import GEOMETRIES, GmlShapes
from layers.readers.gml_srs import Srs, srs_of
from layers.readers.markup import children, local, parse_markup, text_of
from layers.readers.parsed import Parsed
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits

_FORMAT: Final = str(FileFormat.GML)
_ELEMENTS_PER_FEATURE: Final = 60
_MEMBERS: Final = ("featureMember", "featureMembers", "member", "members")
_GML_ID: Final = ("id", "fid", "gml_id")


def parse_gml(
    name: str,
    data: bytes,
    *,
    declared_encoding: str | None,
    layer: str | None,
    limits: ReadLimits,
) -> Parsed:
    """Parse the features of one type of a GML text.

    Raises
    ------
    AmbiguousFileError
        There are features of several types, or in several reference systems.
    UnsupportedGeometryError
        An arc or another curve that is not made of straight pieces.
    DamagedFileError, EmptyFileError, EncodingUndecidedError, TooComplexError
    """
    with translated(name, _FORMAT):
        root, guess = parse_markup(
            name,
            data,
            _FORMAT,
            declared_encoding=declared_encoding,
            max_elements=limits.max_features * _ELEMENTS_PER_FEATURE,
        )
        features = _of_type(name, list(_features(root)), layer)
        if len(features) > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        shapes = GmlShapes(name, _srs_name(root))
        geometry = np.empty(len(features), dtype=object)
        for row, feature in enumerate(features):
            geometry[row] = _geometry(feature, shapes, row + 1)
        attributes = pd.DataFrame([_attributes(feature) for feature in features], dtype=object)
        srs = _one_srs(name, shapes)
    return Parsed(
        format=_FORMAT,
        geometry=geometry,
        attributes=attributes,
        own_crs=srs.crs if srs else None,
        own_crs_how="gml_srs_name" if srs else None,
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=(*sniffing_issues(guess), *_axis_issues(srs)),
    )


def _features(root: Element) -> Iterator[Element]:
    for member in children(root, *_MEMBERS):
        # Collections may stand in members of collections.
        for feature in member:
            yield from _features(feature) if local(feature) == "FeatureCollection" else (feature,)


def _of_type(name: str, features: list[Element], layer: str | None) -> list[Element]:
    types = sorted({local(feature) for feature in features if _shape_elements(feature)})
    if not types:
        raise EmptyFileError(name=name)
    if layer not in types and (len(types) > 1 or layer is not None):
        raise AmbiguousFileError(name=name, choices=types)
    chosen = layer or types[0]
    return [feature for feature in features if local(feature) == chosen]


def _shape_elements(feature: Element) -> list[Element]:
    return [
        child
        for wrapper in feature
        if local(wrapper) != "boundedBy"
        for child in wrapper
        if local(child) in GEOMETRIES
    ]


def _geometry(feature: Element, shapes: GmlShapes, row: int) -> Any:  # noqa: ANN401
    found = _shape_elements(feature)
    return shapes.build(found[0], row) if found else None


def _attributes(feature: Element) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for key, value in feature.attrib.items():
        if key.rpartition("}")[2] in _GML_ID:
            found["gml_id"] = value
    for child in feature:
        if len(child) == 0:
            found[local(child)] = text_of(child)
    return found or {"gml_id": None}


def _srs_name(root: Element) -> str | None:
    """Return the name of the reference system that the envelope of the whole states."""
    for bounded in children(root, "boundedBy"):
        for box in bounded:
            if "srsName" in box.attrib:
                return box.attrib["srsName"]
    return None


def _one_srs(name: str, shapes: GmlShapes) -> Srs | None:
    names = sorted(shapes.srs_names)
    if len({srs_of(one).crs for one in names}) > 1:
        raise AmbiguousFileError(name=name, choices=names)
    return srs_of(names[0]) if names else None


def _axis_issues(srs: Srs | None) -> tuple[Issue, ...]:
    if srs is None or not srs.north_first:
        return ()
    return (Issue(code="axes_of_srs", severity=Severity.INFO, params={"srs": srs.crs}),)
