"""GeoJSON by our own hand: RFC 7946, and the older ``crs`` member where it stands."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.errors import (
    DamagedFileError,
    EmptyFileError,
    TooComplexError,
    UnknownFormatError,
)
from layers.model import Issue, LeftOut, Severity
from layers.readers._translate import FOREIGN, translated
from layers.readers.cut_off import rest_of_json
from layers.readers.encoding import EncodingGuess, sniffing_issues
from layers.readers.errors import UnreadableShapesError
from layers.readers.parsed import Account, Parsed
from layers.readers.sniff import SUPPORTED, FileFormat
from layers.readers.source import ReadLimits

_MAX_DEPTH: Final = 8
_FORMAT: Final = str(FileFormat.GEOJSON)


def parse_document(
    name: str,
    document: object,
    guess: EncodingGuess,
    *,
    limits: ReadLimits,
    file_format: str = _FORMAT,
) -> Parsed:
    """Parse a GeoJSON document.

    A ring that does not return to its first position is closed, and said so. Positions
    have two or three numbers; null is kept as NaN. A feature whose geometry is none of
    GeoJSON is left out and named.

    Raises
    ------
    UnreadableShapesError
        No feature has a geometry that can be read.
    UnknownFormatError, EmptyFileError, TooComplexError
    """
    with translated(name, file_format):
        own_crs, stated = _own_crs(document)
        features = _features(name, document)
        if len(features) > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        builders = [Builder(name, row) for row in range(1, len(features) + 1)]
        geometry = np.empty(len(features), dtype=object)
        broken = []
        for row, (builder, feature) in enumerate(zip(builders, features, strict=True)):
            try:
                geometry[row] = builder.build(feature.get("geometry"))
            except (DamagedFileError, *FOREIGN):
                broken.append(row)
        if len(broken) == len(features):
            raise UnreadableShapesError(name=name, label="1", count=len(features))
        sound = np.ones(len(features), dtype=bool)
        sound[broken] = False
        rows = [_row(feature) for feature in features]
        attributes = feature_table(name, rows, limits)
    lost = [LeftOut(what="feature", label=str(at + 1), reason="bad_coordinates") for at in broken]
    return Parsed(
        format=file_format,
        geometry=geometry[sound],
        attributes=attributes.loc[sound].reset_index(drop=True),
        own_crs=own_crs,
        own_crs_how="crs_member" if own_crs is not None else None,
        lonlat_rule=None if stated else "rfc7946",
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=(*sniffing_issues(guess), *_closing_issues(builders)),
        account=Account(
            found=len(features),
            left_out=(
                *lost,
                *(entry for builder in builders for entry in builder.left_out),
                *_rest(document, len(features)),
            ),
        ),
    )


def _rest(document: object, read: int) -> Iterator[LeftOut]:
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        yield from rest_of_json(document, read)


def _closing_issues(builders: Sequence["Builder"]) -> tuple[Issue, ...]:
    closed = [builder.row for builder in builders if builder.closed_a_ring]
    if not closed:
        return ()
    params = {"features": len(closed), "first_feature": closed[0]}
    return (Issue(code="rings_closed", severity=Severity.INFO, params=params),)


def _features(name: str, document: object) -> list[Mapping[str, Any]]:
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(kind, str):
        raise UnknownFormatError(name=name, supported=list(SUPPORTED))
    if kind == "FeatureCollection":
        features = document.get("features")
    elif kind == "Feature":
        features = [document]
    elif kind in Builder.SHAPES:
        features = [{"type": "Feature", "geometry": document, "properties": None}]
    else:
        raise UnknownFormatError(name=name, supported=list(SUPPORTED))
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise DamagedFileError(name=name, format=_FORMAT)
    if not features:
        raise EmptyFileError(name=name)
    return features


def _own_crs(document: object) -> tuple[str | None, bool]:
    """Return the name in the 2008 ``crs`` member, and whether there is such a member.

    A null member says that no CRS may be assumed (GeoJSON 2008, clause 3). A link is
    never followed.
    """
    if not isinstance(document, dict) or "crs" not in document:
        return None, False
    member = document["crs"]
    if member is None:
        return None, True
    properties = member.get("properties") if isinstance(member, dict) else None
    stated = properties.get("name") if isinstance(properties, dict) else None
    return (stated if isinstance(stated, str) else json.dumps(member)), True


def _row(feature: Mapping[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    row = dict(properties) if isinstance(properties, dict) else {}
    if "id" in feature:
        row.setdefault("id", feature["id"])
    return row


def feature_table(name: str, rows: Sequence[Mapping[str, Any]], limits: ReadLimits) -> pd.DataFrame:
    """Return the attributes of features as columns of objects, missing ones None.

    Raises
    ------
    TooComplexError
    """
    fields: dict[str, None] = {}
    for row in rows:
        fields.update(dict.fromkeys(row))
        if len(fields) > limits.max_fields:
            raise TooComplexError(name=name, what="fields", limit=limits.max_fields)
    columns = {field: pd.Series([row.get(field) for row in rows], dtype=object) for field in fields}
    return pd.DataFrame(columns, index=range(len(rows)))


def positions_of(name: str, row: int, positions: list[Any]) -> npt.NDArray[np.float64]:
    """Return positions as an array of shape (n, 2) or (n, 3); null becomes NaN.

    Raises
    ------
    DamagedFileError, TypeError, ValueError
        They are none.
    """
    return Builder(name, row).positions(positions)


class Builder:
    """Builds the shapely geometry of one feature."""

    SHAPES: Final = (
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    )

    def __init__(self, name: str, row: int) -> None:
        self.name = name
        self.row = row
        self.closed_a_ring = False
        self.left_out: list[LeftOut] = []

    def build(self, node: object, depth: int = 0) -> Any:  # noqa: ANN401 - shapely is untyped
        """Return the geometry of a GeoJSON geometry object, None for null."""
        if node is None:
            return None
        kind = node.get("type") if isinstance(node, dict) else None
        if not isinstance(node, dict) or kind not in self.SHAPES:
            raise DamagedFileError(name=self.name, format=_FORMAT)
        if kind == "GeometryCollection":
            return self._collection(node.get("geometries"), depth)
        coordinates = node.get("coordinates")
        if not isinstance(coordinates, list):
            raise DamagedFileError(name=self.name, format=_FORMAT)
        return self._shape(str(kind), coordinates)

    def _shape(self, kind: str, coordinates: list[Any]) -> Any:  # noqa: ANN401
        match kind:
            case "Point":
                return shapely.Point(*self.positions([coordinates])) if coordinates else None
            case "MultiPoint":
                return shapely.MultiPoint(self.positions(coordinates))
            case "LineString":
                return shapely.LineString(self.positions(coordinates))
            case "MultiLineString":
                return shapely.MultiLineString([self.positions(line) for line in coordinates])
            case "Polygon":
                return self._polygon(coordinates)
            case _:
                return shapely.MultiPolygon([self._polygon(part) for part in coordinates])

    def _collection(self, nodes: object, depth: int) -> Any:  # noqa: ANN401
        if depth >= _MAX_DEPTH:
            raise TooComplexError(name=self.name, what="depth", limit=_MAX_DEPTH)
        if not isinstance(nodes, list):
            raise DamagedFileError(name=self.name, format=_FORMAT)
        parts = [self.build(node, depth + 1) for node in nodes]
        return shapely.GeometryCollection([part for part in parts if part is not None])

    def _polygon(self, rings: list[Any]) -> shapely.Polygon:
        closed = [self._ring(ring) for ring in rings]
        short = [number for number, ring in enumerate(closed, start=1) if len(ring) < 4]
        if not closed or short[:1] == [1]:
            if closed:
                self._lose_ring(1, "part_too_few_points")
            return shapely.Polygon()
        for number in short:
            self._lose_ring(number, "hole_too_few_points")
        return shapely.Polygon(closed[0], [hole for hole in closed[1:] if len(hole) >= 4])

    def _lose_ring(self, number: int, reason: str) -> None:
        label = f"{self.row}/{number}"
        entry = LeftOut(what="ring", label=label, reason=reason, part=True)
        self.left_out.append(entry)

    def _ring(self, positions: list[Any]) -> npt.NDArray[np.float64]:
        xy = self.positions(positions)
        if len(xy) and not np.array_equal(xy[0, :2], xy[-1, :2]):
            self.closed_a_ring = True
            xy = np.vstack([xy, xy[:1]])
        return xy

    def positions(self, positions: list[Any]) -> npt.NDArray[np.float64]:
        """Return an array of shape (n, 2) or (n, 3)."""
        if not positions:
            return np.empty((0, 2))
        width = min(3, *(len(position) for position in positions))
        array = np.asarray([position[:width] for position in positions])
        if array.dtype == object:
            array = np.asarray([[_number(value) for value in row] for row in array])
        if width < 2 or array.ndim != 2 or array.dtype.kind not in "iuf":
            raise DamagedFileError(name=self.name, format=_FORMAT)
        return array.astype(np.float64)


def _number(value: object) -> float:
    # JSON has no NaN; many programs write null for it.
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)
