"""TopoJSON: lines that are shared by the shapes beside them, put together again."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from layers.errors import DamagedFileError, TooComplexError
from layers.readers._translate import translated
from layers.readers.encoding import EncodingGuess
from layers.readers.errors import choice_error
from layers.readers.geojson import parse_document
from layers.readers.ledger import with_layers_beside
from layers.readers.parsed import Parsed
from layers.readers.source import ReadLimits

_FORMAT: Final = "TopoJSON"
_MAX_DEPTH: Final = 8


def is_topology(document: object) -> bool:
    """Tell whether a JSON document is a topology."""
    return isinstance(document, dict) and document.get("type") == "Topology"


def parse_topology(
    name: str,
    document: Mapping[str, Any],
    guess: EncodingGuess,
    *,
    layer: str | None,
    limits: ReadLimits,
) -> Parsed:
    """Parse one object of a topology (TopoJSON 1.0) as the features that it stands for.

    Raises
    ------
    AmbiguousFileError
        There are several objects and none was chosen.
    DamagedFileError, EmptyFileError, NonFiniteCoordinateError, TooComplexError
    """
    with translated(name, _FORMAT):
        objects = document.get("objects")
        if not isinstance(objects, dict) or not objects:
            raise DamagedFileError(name=name, format=_FORMAT)
        if layer not in objects and (len(objects) > 1 or layer is not None):
            raise choice_error(name, sorted(objects), layer)
        chosen = objects[layer if layer is not None else next(iter(objects))]
        arcs = _Arcs(name, document, limits)
        features = [
            {
                "type": "Feature",
                **({"id": node["id"]} if "id" in node else {}),
                "properties": node.get("properties"),
                "geometry": arcs.geometry(node, 0),
            }
            for node in _features(chosen)
        ]
    whole = {"type": "FeatureCollection", "features": features}
    parsed = parse_document(name, whole, guess, limits=limits, file_format=_FORMAT)
    return with_layers_beside(parsed, (one for one in objects if objects[one] is not chosen))


def _features(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if node.get("type") == "GeometryCollection":
        yield from node["geometries"]
    else:
        yield node


class _Arcs:
    """The lines of a topology, and the geometries that are made of them."""

    def __init__(self, name: str, document: Mapping[str, Any], limits: ReadLimits) -> None:
        self._name = name
        self._left = self._most = limits.max_vertices
        self._transform = document.get("transform")
        self._arcs = [self._decoded(arc) for arc in document.get("arcs", ())]

    def geometry(  # noqa: PLR0911 - one return for each kind
        self, node: Mapping[str, Any], depth: int
    ) -> dict[str, Any] | None:
        """Return a node as a geometry of GeoJSON."""
        if depth > _MAX_DEPTH:
            raise TooComplexError(name=self._name, what="depth", limit=_MAX_DEPTH)
        kind, arcs = node.get("type"), node.get("arcs")
        match kind:
            case None:
                return None
            case "GeometryCollection":
                parts = [self.geometry(one, depth + 1) for one in node["geometries"]]
                return {"type": kind, "geometries": parts}
            case "Point":
                return {"type": kind, "coordinates": self._point(node["coordinates"])}
            case "MultiPoint":
                points = [self._point(one) for one in node["coordinates"]]
                return {"type": kind, "coordinates": points}
            case "LineString":
                return {"type": kind, "coordinates": self._line(arcs)}
            case "MultiLineString" | "Polygon":
                return {"type": kind, "coordinates": [self._line(one) for one in arcs or ()]}
            case "MultiPolygon":
                polygons = [[self._line(one) for one in rings] for rings in arcs or ()]
                return {"type": kind, "coordinates": polygons}
        raise DamagedFileError(name=self._name, format=_FORMAT)

    def _line(self, arcs: Any) -> list[list[float]]:  # noqa: ANN401
        """Return the positions along several arcs; ~n means the arc n backwards."""
        along: list[list[float]] = []
        for number in arcs:
            # Python counts from the end for negative numbers, so that -1 would be the last arc.
            arc = self._arcs[number if number >= 0 else ~number]
            # An arc may be meant any number of times.
            self._count(len(arc))
            arc = arc if number >= 0 else arc[::-1]
            along += (arc[1:] if along else arc).tolist()
        return along

    def _decoded(self, arc: Any) -> npt.NDArray[np.float64]:  # noqa: ANN401
        self._count(len(arc))
        xy = np.array([position[:2] for position in arc], dtype=float).reshape(-1, 2)
        return self._placed(np.cumsum(xy, axis=0)) if self._transform else xy

    def _placed(self, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        scale, shift = self._transform["scale"], self._transform["translate"]  # type: ignore[index]
        placed: npt.NDArray[np.float64] = xy * np.array(scale, float) + np.array(shift, float)
        return placed

    def _point(self, position: Any) -> list[float]:  # noqa: ANN401
        xy = np.array([position[:2]], dtype=float)
        placed: list[float] = (self._placed(xy) if self._transform else xy)[0].tolist()
        return placed

    def _count(self, vertices: int) -> None:
        self._left -= vertices
        if self._left < 0:
            raise TooComplexError(name=self._name, what="vertices", limit=self._most)
