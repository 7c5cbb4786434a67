"""Features as GML 3.2 (ISO 19136), in the CRS of the layer and the order of its axes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import shapely

from geo.measure.crs import require_crs, to_lonlat
from geo.measure.crs_uri import epsg_uri, in_axis_order
from layers.store.forms.kml_text import xml_attribute, xml_text
from layers.store.forms.values import attribute_names, texts_of

_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]")
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ft:FeatureCollection '
    'xmlns:ft="urn:ftzgis:features" xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="features">\n'
)


def write_gml(features: gpd.GeoDataFrame, path: Path) -> int:
    """Write features as GML.

    What an element's name cannot hold is an underscore; two fields never get one name.

    Returns
    -------
    int
        EPSG code of the coordinates: that of the features, else 4490.
    """
    code = require_crs(features).to_epsg(min_confidence=70)
    moved = features if code else features.set_geometry(to_lonlat(features.geometry))
    code = code or 4490
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_lines(moved, epsg_uri(code)))
    return code


def _lines(features: gpd.GeoDataFrame, uri: str) -> Iterator[str]:
    names = attribute_names(features)
    tags = _tags(names)
    columns = [texts_of(features[name]) for name in names]
    shapes = in_axis_order(features.geometry.to_numpy(), require_crs(features))
    yield _HEAD
    for at, shape in enumerate(shapes):
        yield f'<ft:featureMember><ft:feature gml:id="f{at + 1}">'
        for tag, column in zip(tags, columns, strict=True):
            value = column[at]
            if value is not None:
                yield f"<ft:{tag}>{xml_text(value)}</ft:{tag}>"
        if shape is not None and not shape.is_empty:
            yield f"<ft:geometry>{_shape(shape, f'g{at + 1}', uri)}</ft:geometry>"
        yield "</ft:feature></ft:featureMember>\n"
    yield "</ft:FeatureCollection>\n"


def _tags(names: list[str]) -> list[str]:
    tags: list[str] = []
    for name in names:
        tag = _NOT_IN_NAMES.sub("_", name)
        tag = tag if tag[:1].isalpha() or tag.startswith("_") else f"_{tag}"
        while tag in {*tags, "geometry"}:
            tag += "_"
        tags.append(tag)
    return tags


def _shape(shape: Any, key: str, uri: str | None = None) -> str:  # noqa: ANN401 - shapely
    named = "" if uri is None else f' srsName={xml_attribute(uri)} srsDimension="2"'
    head = f'gml:id="{key}"{named}'
    kind = shape.geom_type
    if kind == "Point":
        return f"<gml:Point {head}><gml:pos>{_places(shape)}</gml:pos></gml:Point>"
    if kind == "LineString":
        places = _places(shape)
        return f"<gml:LineString {head}><gml:posList>{places}</gml:posList></gml:LineString>"
    if kind == "Polygon":
        holes = "".join(f"<gml:interior>{_ring(ring)}</gml:interior>" for ring in shape.interiors)
        outer = f"<gml:exterior>{_ring(shape.exterior)}</gml:exterior>"
        return f"<gml:Polygon {head}>{outer}{holes}</gml:Polygon>"
    outer_tag, member = _MANY[kind]
    parts = "".join(
        f"<gml:{member}>{_shape(part, f'{key}.{at}')}</gml:{member}>"
        for at, part in enumerate(shape.geoms, start=1)
    )
    return f"<gml:{outer_tag} {head}>{parts}</gml:{outer_tag}>"


_MANY: Final = {
    "MultiPoint": ("MultiPoint", "pointMember"),
    "MultiLineString": ("MultiCurve", "curveMember"),
    "MultiPolygon": ("MultiSurface", "surfaceMember"),
    "GeometryCollection": ("MultiGeometry", "geometryMember"),
}


def _ring(ring: Any) -> str:  # noqa: ANN401 - shapely is untyped
    return f"<gml:LinearRing><gml:posList>{_places(ring)}</gml:posList></gml:LinearRing>"


def _places(line: Any) -> str:  # noqa: ANN401 - shapely is untyped
    return " ".join(f"{x!r} {y!r}" for x, y in shapely.get_coordinates(line).tolist())
