"""GML by our own hand (OGC 07-036, ISO 19136): features of any schema, nothing linked.

The schema is not asked for: a feature is what stands in a member, its properties are
its children, and geometry is what stands in the namespace of GML.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element

import numpy as np
import pandas as pd
import shapely

from layers.errors import (
    DamagedFileError,
    EmptyFileError,
    ReadError,
    TooComplexError,
    UnsupportedGeometryError,
)
from layers.model import Issue, LeftOut, Severity
from layers.readers._translate import FOREIGN, translated
from layers.readers.cut_off import rest_of_wfs
from layers.readers.encoding import sniffing_issues
from layers.readers.errors import MixedReferenceError, choice_error
from layers.readers.gml_shapes import GEOMETRIES, GmlShapes
from layers.readers.gml_srs import Srs, srs_of
from layers.readers.ledger import entries_beside
from layers.readers.markup import children, local, parse_markup, text_of
from layers.readers.parsed import Account, Parsed
from layers.readers.shapes import why_beside
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits

_FORMAT: Final = str(FileFormat.GML)
_ELEMENTS_PER_FEATURE: Final = 60
_MEMBERS: Final = ("featureMember", "featureMembers", "member", "members")
_HANDED_DOWN: Final = ("srsDimension", "srsName")
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
        There are features of several types.
    MixedReferenceError
        They are in several reference systems.
    UnsupportedGeometryError
        No feature without an arc or another curve that is not made of straight pieces.
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
        _hand_down(root, {})
        members = list(_features(root))
        if len(members) > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        features, bare = _of_type(name, members, layer)
        shapes = GmlShapes(name, _srs_name(root))
        built = [_built(feature, shapes, row) for row, feature in enumerate(features, start=1)]
        kept = [at for at, one in enumerate(built) if not isinstance(one, ReadError)]
        if not kept:
            raise next(one for one in built if isinstance(one, ReadError))
        geometry = np.empty(len(kept), dtype=object)
        geometry[:] = [built[at] for at in kept]
        attributes = pd.DataFrame([_attributes(features[at]) for at in kept], dtype=object)
        srs = _one_srs(name, shapes)
        lost = [
            *_illegible(built),
            *shapes.left_out,
            *(
                LeftOut(what="feature", label=kind, reason="no_geometry", count=count)
                for kind, count in sorted(Counter(map(local, bare)).items())
            ),
            *rest_of_wfs(root.attrib, len(members)),
            *entries_beside({local(one) for one in members} - set(map(local, [*features, *bare]))),
        ]
    return Parsed(
        format=_FORMAT,
        geometry=geometry,
        attributes=attributes,
        own_crs=srs.crs if srs else None,
        own_crs_how="gml_srs_name" if srs else None,
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=(*sniffing_issues(guess), *_axis_issues(srs)),
        account=Account(found=len(features) + len(bare), left_out=tuple(lost)),
    )


def _hand_down(element: Element, given: dict[str, str]) -> None:
    """Write onto lists of positions what elements around them say of them."""
    given = given | {key: element.attrib[key] for key in _HANDED_DOWN if key in element.attrib}
    if local(element) in ("posList", "pos", "coordinates"):
        for key, value in given.items():
            element.attrib.setdefault(key, value)
    for child in element:
        _hand_down(child, given)


def _built(feature: Element, shapes: GmlShapes, row: int) -> Any:  # noqa: ANN401
    """Return the geometry of a feature, or the error that it ends with."""
    try:
        return _geometry(feature, shapes, row)
    except (DamagedFileError, UnsupportedGeometryError) as exc:
        return exc
    except FOREIGN:
        return DamagedFileError(name=shapes.name, format=_FORMAT)


def _illegible(built: Sequence[Any]) -> Iterator[LeftOut]:
    for row, one in enumerate(built, start=1):
        if isinstance(one, UnsupportedGeometryError):
            params = {"found": one.params["found"]}
            yield LeftOut(what="feature", label=str(row), reason="kind_not_read", params=params)
        elif isinstance(one, ReadError):
            yield LeftOut(what="feature", label=str(row), reason="bad_coordinates")


def _features(root: Element) -> Iterator[Element]:
    for member in children(root, *_MEMBERS):
        # Collections may stand in members of collections.
        for feature in member:
            yield from _features(feature) if local(feature) == "FeatureCollection" else (feature,)


def _of_type(
    name: str, features: list[Element], layer: str | None
) -> tuple[list[Element], list[Element]]:
    """Return the features of the chosen type, and those of types without any geometry."""
    types = sorted({local(feature) for feature in features if _shape_elements(feature)})
    if not types:
        raise EmptyFileError(name=name)
    if layer not in types and (len(types) > 1 or layer is not None):
        raise choice_error(name, types, layer)
    chosen = layer or types[0]
    return (
        [feature for feature in features if local(feature) == chosen],
        [feature for feature in features if local(feature) not in types],
    )


def _shape_elements(feature: Element) -> list[Element]:
    return [
        child
        for wrapper in feature
        if local(wrapper) != "boundedBy"
        for child in wrapper
        if local(child) in GEOMETRIES
    ]


def _geometry(feature: Element, shapes: GmlShapes, row: int) -> Any:  # noqa: ANN401
    """Return the first polygons of a feature, or else its first geometry; the rest is named."""
    found = [shapes.build(element, row) for element in _shape_elements(feature)]
    if len(found) < 2:
        return found[0] if found else None
    areal = [at for at, one in enumerate(found) if one is not None and shapely.area(one) > 0.0]
    taken = areal[0] if areal else 0
    others = Counter(_why_further(one, found[taken]) for at, one in enumerate(found) if at != taken)
    for reason, count in others.items():
        shapes.name_left_out(row, reason, count=count)
    return found[taken]


def _why_further(other: Any, taken: Any) -> str:  # noqa: ANN401 - shapely is untyped
    """Return the code of why a further geometry of a feature is left out."""
    if other is not None and shapely.area(other) > 0.0:
        return "further_geometry"
    return why_beside(other, taken)


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
        raise MixedReferenceError(name=name, found=names)
    return srs_of(names[0]) if names else None


def _axis_issues(srs: Srs | None) -> tuple[Issue, ...]:
    if srs is None or not srs.north_first:
        return ()
    return (Issue(code="axes_of_srs", severity=Severity.INFO, params={"srs": srs.crs}),)
