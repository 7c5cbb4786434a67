"""Features as a DXF drawing of release 2007, in metres of one plane."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import shapely
from ezdxf.filemanagement import new as new_drawing
from pyproj import CRS

from geo.measure.crs import move_vertices, require_crs
from layers.store.boundary_txt import list_plane
from layers.store.forms.values import attribute_names, texts_of

RELEASE: Final = "R2007"
"""The first whose texts are UTF-8."""
APP: Final = "FTZGIS"
LAYER: Final = "features"
_TEXT: Final = 1000
_LONGEST_BYTES: Final = 250
_LONGEST_KEY: Final = 60
_MOST_BYTES: Final = 16_000
"""An entity holds 16,383 bytes of extended data (DXF reference, "Extended Data")."""
_TEXT_HEAD_BYTES: Final = 4
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def write_dxf(features: gpd.GeoDataFrame, path: Path) -> CRS:
    """Write outlines as closed polylines, lines and points; attributes as extended data.

    A drawing knows no reference system: its coordinates are metres of the layer's own plane,
    or of the national 3-degree zone in which all features lie. Each ring is a polyline of its
    own. An attribute is a text ``name=value`` on one line, for a line break would end it and
    make the drawing unreadable; a longer one than 250 bytes goes on in texts ``name+=more``.
    Where there is more than an entity can hold, the last text is ``...``.

    Returns
    -------
    CRS
        The plane.

    Raises
    ------
    SeveralZonesError
        The features lie in several zones.
    """
    own = require_crs(features)
    plane = own if own.is_projected else list_plane(features.geometry)
    shapes = features.geometry.to_numpy()
    moved = shapes if plane == own else move_vertices(shapes, own, plane)
    drawing = new_drawing(RELEASE)
    drawing.appids.add(APP)
    drawing.layers.add(LAYER)
    drawing.header["$INSUNITS"] = 6
    space = drawing.modelspace()
    names = attribute_names(features)
    columns = [texts_of(features[name]) for name in names]
    for at, shape in enumerate(moved):
        said = _fitting(
            text
            for name, column in zip(names, columns, strict=True)
            for text in _texts(name, column[at])
        )
        for entity in _drawn(space, shape):
            entity.set_xdata(APP, said)
    drawing.saveas(path)
    return plane


def _drawn(space: Any, shape: Any) -> list[Any]:  # noqa: ANN401 - ezdxf and shapely
    if shape is None or shape.is_empty:
        return []
    attributes = {"layer": LAYER}
    kind = shape.geom_type
    if kind == "Point":
        return [space.add_point((shape.x, shape.y), dxfattribs=attributes)]
    if kind in {"LineString", "LinearRing"}:
        places = shapely.get_coordinates(shape)
        closed = kind == "LinearRing"
        corners = places[:-1] if closed else places
        return [space.add_lwpolyline(corners.tolist(), close=closed, dxfattribs=attributes)]
    parts = [shape.exterior, *shape.interiors] if kind == "Polygon" else list(shape.geoms)
    return [entity for part in parts for entity in _drawn(space, part)]


def _texts(name: str, value: str | None) -> Iterator[str]:
    """Return an attribute as texts that an entity can hold, none of it left out."""
    if value is None:
        return
    key = _BREAKS.sub(" ", name)[:_LONGEST_KEY]
    sign, rest = "=", _BREAKS.sub(" ", value).encode()
    while rest or sign == "=":
        head = f"{key}{sign}"
        piece = rest[: _LONGEST_BYTES - len(head.encode())].decode("utf-8", "ignore")
        yield head + piece
        sign, rest = "+=", rest[len(piece.encode()) :]


def _fitting(texts: Iterable[str]) -> list[tuple[int, str]]:
    said, size = list[tuple[int, str]](), 0
    for text in texts:
        size += len(text.encode()) + _TEXT_HEAD_BYTES
        if size > _MOST_BYTES:
            return [*said, (_TEXT, "...")]
        said.append((_TEXT, text))
    return said
