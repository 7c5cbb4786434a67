"""Features as KML (OGC 12-007r2), in longitude and latitude, by our own hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import shapely

from geo.measure.crs import to_lonlat
from layers.store.forms.values import attribute_names, fitting_whole, simple_type, texts_of

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">'
)
_TYPES: Final = {"long": "int", "double": "double", "boolean": "bool", "string": "string"}
_UNPRINTABLE: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_NAMES: Final = ("name", "name_zh", "名称", "feature_id", "site_id")


def write_kml(features: gpd.GeoDataFrame, path: Path, title: str) -> None:
    """Write features as placemarks with typed data; shapes lie on the ground."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_lines(features, title))


def _lines(features: gpd.GeoDataFrame, title: str) -> Iterator[str]:
    names = attribute_names(features)
    columns = [texts_of(features[name]) for name in names]
    called = next((at for name in _NAMES for at, own in enumerate(names) if own == name), None)
    yield f'{_HEAD}\n<Document><name>{xml_text(title)}</name>\n<Schema name="fields" id="fields">'
    for name in names:
        kind = _TYPES[simple_type(fitting_whole(features[name]))]
        yield f'<SimpleField type="{kind}" name={xml_attribute(name)}/>'
    yield "</Schema>\n<Folder>\n"
    shapes = to_lonlat(features.geometry).to_numpy()
    for at, shape in enumerate(shapes):
        own = [column[at] for column in columns]
        label = None if called is None else own[called]
        yield f"<Placemark>{'' if label is None else f'<name>{xml_text(label)}</name>'}"
        yield '<ExtendedData><SchemaData schemaUrl="#fields">'
        for name, value in zip(names, own, strict=True):
            if value is not None:
                yield f"<SimpleData name={xml_attribute(name)}>{xml_text(value)}</SimpleData>"
        yield f"</SchemaData></ExtendedData>{_shape(shape)}</Placemark>\n"
    yield "</Folder></Document></kml>\n"


def xml_text(text: str) -> str:
    """Return a text as XML holds it; what XML cannot hold is left out of it."""
    return escape(text.translate(_UNPRINTABLE))


def xml_attribute(text: str) -> str:
    """Return a text as the value of an attribute, in quotes."""
    return quoteattr(text.translate(_UNPRINTABLE))


def _shape(shape: Any) -> str:  # noqa: ANN401 - shapely is untyped
    if shape is None or shape.is_empty:
        return ""
    kind = shape.geom_type
    if kind == "Polygon":
        holes = "".join(
            f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors
        )
        return (
            f"<Polygon><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{holes}</Polygon>"
        )
    if kind in {"Point", "LineString"}:
        return f"<{kind}><coordinates>{_places(shape)}</coordinates></{kind}>"
    return f"<MultiGeometry>{''.join(map(_shape, shape.geoms))}</MultiGeometry>"


def _ring(ring: Any) -> str:  # noqa: ANN401 - shapely is untyped
    return f"<LinearRing><coordinates>{_places(ring)}</coordinates></LinearRing>"


def _places(line: Any) -> str:  # noqa: ANN401 - shapely is untyped
    return " ".join(f"{x!r},{y!r}" for x, y in shapely.get_coordinates(line).tolist())
