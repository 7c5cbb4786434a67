"""Features as Esri's services and exports write them (ArcGIS REST, "feature set")."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.rings import assemble
from layers.errors import DamagedFileError, EmptyFileError, TooComplexError
from layers.model import LeftOut
from layers.readers._translate import FOREIGN, translated
from layers.readers.cut_off import rest_of_json
from layers.readers.encoding import EncodingGuess, sniffing_issues
from layers.readers.geojson import feature_table, positions_of
from layers.readers.parsed import Account, Parsed
from layers.readers.source import ReadLimits

_FORMAT: Final = "Esri JSON"
_CURVES: Final = ("curveRings", "curvePaths")
_SHAPES: Final = ("rings", "paths", "points", "x", "curveRings", "curvePaths")


def is_esri(document: object) -> bool:
    """Tell whether a JSON document is a feature set of Esri's."""
    if not isinstance(document, dict) or "type" in document:
        return False
    features = document.get("features")
    first = features[0] if isinstance(features, list) and features else None
    told = str(document.get("geometryType", "")).startswith("esriGeometry")
    shape = first.get("geometry") if isinstance(first, dict) else None
    return told or (isinstance(shape, dict) and any(key in shape for key in _SHAPES))


def parse_esri(
    name: str, document: Mapping[str, Any], guess: EncodingGuess, *, limits: ReadLimits
) -> Parsed:
    """Parse a feature set; rings become parts and holes by where they lie.

    Raises
    ------
    DamagedFileError, EmptyFileError, NonFiniteCoordinateError, TooComplexError
    """
    with translated(name, _FORMAT):
        features = document.get("features")
        if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
            raise DamagedFileError(name=name, format=_FORMAT)
        if not features:
            raise EmptyFileError(name=name)
        if len(features) > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        geometry = np.empty(len(features), dtype=object)
        lost: list[LeftOut] = []
        sound = np.ones(len(features), dtype=bool)
        for row, feature in enumerate(features, start=1):
            if why := _build(name, row, feature.get("geometry"), geometry, lost):
                lost.append(LeftOut(what="feature", label=str(row), reason=why))
                sound[row - 1] = False
        if not sound.any():
            raise DamagedFileError(name=name, format=_FORMAT)
        rows = [feature.get("attributes") or {} for feature in features]
        attributes = feature_table(name, rows, limits)
        own_crs = _reference(document, features)
    return Parsed(
        format=_FORMAT,
        geometry=geometry[sound],
        attributes=attributes.loc[sound].reset_index(drop=True),
        own_crs=own_crs,
        own_crs_how="file_header" if own_crs else None,
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=tuple(sniffing_issues(guess)),
        account=Account(
            found=len(features), left_out=(*lost, *rest_of_json(document, len(features)))
        ),
    )


def _build(
    name: str, row: int, node: object, geometry: npt.NDArray[Any], lost: list[LeftOut]
) -> str | None:
    """Put the geometry of a feature in its place; return the code of why it has none."""
    if isinstance(node, dict) and any(key in node for key in _CURVES):
        return "curves_not_read"
    try:
        geometry[row - 1] = _shape(name, row, node, lost)
    except (DamagedFileError, *FOREIGN):
        return "bad_coordinates"
    return None


def _shape(name: str, row: int, node: object, lost: list[LeftOut]) -> Any:  # noqa: ANN401
    if not isinstance(node, dict):
        return None
    if "rings" in node:
        return _polygon(name, row, node["rings"], lost)
    if "paths" in node:
        lines = [positions_of(name, row, path) for path in node["paths"]]
        whole = [line for line in lines if len(line) > 1]
        return shapely.MultiLineString(whole) if whole else None
    if "points" in node:
        return shapely.MultiPoint(positions_of(name, row, node["points"]))
    numbers = [node.get("x"), node.get("y")]
    return shapely.Point(numbers) if all(isinstance(n, int | float) for n in numbers) else None


def _polygon(name: str, row: int, rings: Sequence[Any], lost: list[LeftOut]) -> Any:  # noqa: ANN401
    closed = []
    for number, ring in enumerate(rings, start=1):
        xy = positions_of(name, row, ring)[:, :2]
        if len(xy) and not np.array_equal(xy[0], xy[-1]):
            xy = np.vstack([xy, xy[:1]])
        if len(xy) >= 4:
            closed.append(xy)
        else:
            label = f"{row}/{number}"
            lost.append(LeftOut(what="ring", label=label, reason="part_too_few_points", part=True))
    return assemble(closed).polygon if closed else None


def _reference(document: Mapping[str, Any], features: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the reference system; the newer number of two is the one that EPSG knows."""
    stated = document.get("spatialReference")
    if not isinstance(stated, dict):
        shapes = (one.get("geometry") for one in features)
        stated = next((s.get("spatialReference") for s in shapes if isinstance(s, dict)), None)
    if not isinstance(stated, dict):
        return None
    code = stated.get("latestWkid") or stated.get("wkid")
    if isinstance(code, int):
        return f"EPSG:{code}" if code < 100_000 else f"ESRI:{code}"
    return stated["wkt"] if isinstance(stated.get("wkt"), str) else None
