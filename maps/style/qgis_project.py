"""A project of QGIS (3.22 and later): layers in groups, drawn as on the page."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyproj import CRS

from maps.style.qml import VERSION, add_style
from maps.style.symbols import Dimension

_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_GEOMETRIES: Final[Mapping[Dimension, str]] = {0: "Point", 1: "Line", 2: "Polygon"}
_CGCS2000: Final = "EPSG:4490"

Box = tuple[float, float, float, float]
AddStyle = Callable[[ET.Element], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLayer:
    """A layer of a project.

    ``source`` is where its data lie, ``provider`` which part of QGIS reads them, ``crs`` an
    authority and a code, or well-known text. ``geometry`` is empty for a raster; ``add_style``
    puts its look into the element of the layer.
    """

    id: str
    name: str
    group: str
    source: str
    provider: str
    crs: str
    add_style: AddStyle
    geometry: str = ""
    visible: bool = True
    abstract: str = ""


def vector_style(kind: str, dimension: Dimension, label: str | None) -> tuple[str, AddStyle]:
    """Return the geometry and the style of a layer of features of a kind."""
    return _GEOMETRIES[dimension], lambda parent: add_style(parent, kind, dimension, label)


def qgis_project(title: str, layers: Sequence[ProjectLayer], bounds_lonlat: Box) -> bytes:
    """Return a project; ``layers`` are in the order of drawing, the topmost first."""
    root = ET.Element("qgis", {"version": VERSION, "projectname": title})
    ET.SubElement(root, "homePath", {"path": ""})
    ET.SubElement(root, "title").text = title
    _add_crs(ET.SubElement(root, "projectCrs"), _CGCS2000)
    _add_tree(root, layers)
    _add_canvas(root, bounds_lonlat)
    kept = ET.SubElement(root, "projectlayers")
    for layer in layers:
        _add_layer(kept, layer)
    order = ET.SubElement(root, "layerorder")
    for layer in layers:
        ET.SubElement(order, "layer", {"id": layer.id})
    properties = ET.SubElement(root, "properties")
    paths = ET.SubElement(properties, "Paths")
    ET.SubElement(paths, "Absolute", {"type": "bool"}).text = "false"
    system = ET.SubElement(properties, "SpatialRefSys")
    ET.SubElement(system, "ProjectionsEnabled", {"type": "int"}).text = "1"
    return (_DOCTYPE + ET.tostring(root, encoding="unicode")).encode("utf-8")


def _add_tree(root: ET.Element, layers: Sequence[ProjectLayer]) -> None:
    tree = ET.SubElement(root, "layer-tree-group")
    groups: dict[str, ET.Element] = {}
    for layer in layers:
        if layer.group not in groups:
            said = {"name": layer.group, "expanded": "1", "checked": "Qt::Checked"}
            groups[layer.group] = ET.SubElement(tree, "layer-tree-group", said)
        ET.SubElement(
            groups[layer.group],
            "layer-tree-layer",
            {
                "id": layer.id,
                "name": layer.name,
                "source": layer.source,
                "providerKey": layer.provider,
                "checked": "Qt::Checked" if layer.visible else "Qt::Unchecked",
                "expanded": "0",
            },
        )
    # Groups are for finding; what lies above what is the order of drawing.
    custom = ET.SubElement(tree, "custom-order", {"enabled": "1"})
    for layer in layers:
        ET.SubElement(custom, "item").text = layer.id


def _add_canvas(root: ET.Element, bounds_lonlat: Box) -> None:
    canvas = ET.SubElement(root, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    ET.SubElement(canvas, "units").text = "degrees"
    extent = ET.SubElement(canvas, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), bounds_lonlat, strict=True):
        ET.SubElement(extent, name).text = repr(value)
    ET.SubElement(canvas, "rotation").text = "0"
    _add_crs(ET.SubElement(canvas, "destinationsrs"), _CGCS2000)


def _add_layer(parent: ET.Element, layer: ProjectLayer) -> None:
    said = {"type": "vector" if layer.geometry else "raster"}
    if layer.geometry:
        said["geometry"] = layer.geometry
    element = ET.SubElement(parent, "maplayer", said)
    for name, text in (
        ("id", layer.id),
        ("datasource", layer.source),
        ("layername", layer.name),
        ("abstract", layer.abstract),
    ):
        ET.SubElement(element, name).text = text
    _add_crs(ET.SubElement(element, "srs"), layer.crs)
    ET.SubElement(element, "provider", {"encoding": "UTF-8"}).text = layer.provider
    layer.add_style(element)


def _add_crs(parent: ET.Element, crs: str) -> None:
    system = ET.SubElement(parent, "spatialrefsys")
    ET.SubElement(system, "wkt").text = CRS(crs).to_wkt()
    if crs.startswith("EPSG:"):
        # The code is read only where a row of QGIS's own table is named, whichever.
        ET.SubElement(system, "srsid").text = "1"
        ET.SubElement(system, "authid").text = crs
