"""Polygons as the national list of boundary points (勘测定界界址点, 报备坐标)."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.errors import EmptyGeometryError
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import (
    gauss_krueger_code,
    move_points,
    require_crs,
    to_lonlat,
    zone_of_longitude,
)
from geo.measure.rings import Ring
from geo.units import M2_PER_HA
from layers.errors import ExportFormatError, SeveralZonesError
from layers.readers.boundary_header import header_values, plane_of
from layers.readers.boundary_txt import (
    CLASS,
    HEADER_SECTION,
    NAME,
    NUMBER,
    PLOT_SECTION,
    SHEET,
    USE,
)
from layers.readers.field_names import Role, find_columns
from layers.store.point_numbers import ListRing, numbered_rings

ENCODING: Final = "GB18030"
"""What the programs that take such lists read, on any Windows of China."""

DECIMALS: Final = 3

_HEADER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "格式版本号": "1.01",
        "数据产生单位": "",
        "数据产生日期": "",
        "坐标系": "2000国家大地坐标系",
        "几度分带": "",
        "投影类型": "高斯克吕格",
        "计量单位": "米",
        "带号": "",
        "精度": "0.001",
        "转换参数": ",,,,,,",
    }
)
_KEPT: Final = ("格式版本号", "数据产生单位", "数据产生日期", "转换参数")
_NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        NUMBER: (NUMBER,),
        NAME: (NAME,),
        SHEET: (SHEET,),
        USE: (USE, "用途", "地类"),
        CLASS: (CLASS, "DLBM"),
    }
)
"""Attributes that a plot's header takes, by the columns that may hold them.

For number and name those of ``field_names.toml`` come after.
"""
_OWN_IDS: Final = frozenset({"site_id", "feature_id"})


def boundary_txt(
    features: gpd.GeoDataFrame,
    statements: Mapping[str, Sequence[str]] | None = None,
    numbers: Sequence[Sequence[str]] = (),
) -> bytes:
    """Return a list of boundary points, in :data:`ENCODING`.

    Outer rings run clockwise and holes the other way, each from its north-western point,
    numbered through. A feature whose points have numbers keeps them, and its points in their
    order. The closing line repeats the first number. Coordinates are northing
    and easting with three decimals; the stated area is ellipsoidal, of what is written.
    Vertices alone are transformed: none is added to a surveyed boundary.

    Parameters
    ----------
    features : GeoDataFrame of polygons
        A Gauss-Krueger plane of CGCS2000 is kept; anything else goes to the 3-degree zone
        that all features lie in, with the zone number in the eastings.
    statements : mapping of section to lines, optional
        What a list said that the features come from: unknown sections are written again,
        and of the header what is not about coordinates.
    numbers : sequence of sequences of str, optional
        Of each feature what its coordinates are called, see :class:`geo.model.Boundary`.

    Raises
    ------
    ExportFormatError
        There are lines or points.
    SeveralZonesError
        The features lie in several zones; write each zone to a list of its own.
    EmptyGeometryError
        A feature is so small that its points fall together when they are rounded.
    """
    if not features.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        raise ExportFormatError(suffix=".txt", supported=[".gpkg", ".geojson"])
    plots = _in_plane(features.geometry)
    lines = [*_sections(statements or {}, plots), f"[{PLOT_SECTION}]"]
    areas_m2 = area_lonlat_m2(to_lonlat(plots).to_numpy()).tolist()
    rows = features.drop(columns=features.geometry.name).to_dict("records")
    rings = _rings_of_each(plots, numbers)
    for number, (row, own, area_m2) in enumerate(zip(rows, rings, areas_m2, strict=True), start=1):
        points = list(_points(own))
        if not points:
            raise EmptyGeometryError(name=".txt", feature=number)
        lines += _plot(row, points, number=number, area_m2=area_m2)
    return ("\r\n".join(lines) + "\r\n").encode(ENCODING)


def list_rings(
    shapes: gpd.GeoSeries, numbers: Sequence[Sequence[str]] = ()
) -> tuple[CRS, list[list[ListRing]]]:
    """Return the plane of a list, and of each polygon the open rings that the list would hold.

    Positions have three decimals, and stand in the order and from the point that
    :func:`boundary_txt` writes them; see there for ``numbers`` and errors.
    """
    plots = _in_plane(shapes)
    return CRS(plots.crs), _rings_of_each(plots, numbers)


def list_plane(shapes: gpd.GeoSeries) -> CRS:
    """Return the plane that a list is written in; see :func:`boundary_txt`.

    Raises
    ------
    SeveralZonesError
        The shapes lie in several zones.
    """
    crs = require_crs(shapes)
    if plane_of(crs.to_epsg()) is not None:
        return crs
    west, _, east, _ = to_lonlat(shapes).bounds.to_numpy().T
    zones = sorted({zone_of_longitude(lon) for lon in ((west + east) / 2.0).tolist()})
    if len(zones) != 1:
        raise SeveralZonesError(zones=zones)
    return CRS.from_epsg(gauss_krueger_code(zones[0], prefixed=True))


def _in_plane(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return polygons in their plane, rounded as they are written."""
    crs, own = list_plane(shapes), require_crs(shapes)
    values = move_points(shapes.to_numpy(), own, crs)
    rounded = shapely.transform(shapely.force_2d(values), lambda xy: np.round(xy, DECIMALS))
    return gpd.GeoSeries(rounded, crs=crs)


def _sections(statements: Mapping[str, Sequence[str]], plots: gpd.GeoSeries) -> Iterator[str]:
    for section, lines in statements.items():
        if section not in (HEADER_SECTION, PLOT_SECTION):
            yield f"[{section}]"
            yield from lines
    plane = plane_of(CRS(plots.crs).to_epsg())
    assert plane is not None  # noqa: S101 - _in_plane saw to it
    said = header_values(statements.get(HEADER_SECTION, ()))
    values = dict(_HEADER)
    values.update({key: said[key] for key in _KEPT if key in said})
    values.update({"几度分带": str(plane.width_deg), "带号": str(plane.zone)})
    yield f"[{HEADER_SECTION}]"
    yield from (f"{key}={value}" for key, value in values.items())


def _plot(
    row: Mapping[Hashable, Any], points: Sequence[str], *, number: int, area_m2: float
) -> Iterator[str]:
    fields = {key: _attribute(row, _columns(key, row)) for key in _NAMES}
    yield ",".join(
        (
            str(len(points)),
            f"{area_m2 / M2_PER_HA:.4f}",
            fields[NUMBER] or str(number),
            fields[NAME],
            "面",
            fields[SHEET],
            fields[USE],
            fields[CLASS],
            "@",
        )
    )
    yield from points


def _points(rings: Sequence[ListRing]) -> Iterator[str]:
    for at, ring in enumerate(rings, start=1):
        closed = zip((*ring.numbers, ring.numbers[0]), (*ring.xy, ring.xy[0]), strict=True)
        for number, (east, north) in closed:
            yield f"{_field(number)},{at},{north:.{DECIMALS}f},{east:.{DECIMALS}f}"


def _rings_of_each(plots: gpd.GeoSeries, numbers: Sequence[Sequence[str]]) -> list[list[ListRing]]:
    every = numbers or [()] * len(plots)
    return [
        numbered_rings(polygon, own) if any(own) else list(_rings(polygon))
        for polygon, own in zip(plots, every, strict=True)
    ]


def _rings(polygon: Any) -> Iterator[ListRing]:  # noqa: ANN401 - shapely is untyped
    """Return the open rings of all parts, outer ones clockwise, from the north-west on."""
    first = 1
    for part in shapely.get_parts(polygon):
        for at, ring in enumerate(shapely.get_rings(part)):
            clockwise = ring.reverse() if shapely.is_ccw(ring) == (at == 0) else ring
            xy = _distinct(shapely.get_coordinates(clockwise)[:-1])
            # A hole of a few tenths of a millimetre is no ring any more.
            if len(xy) >= 3:
                numbers = tuple(f"J{number}" for number in range(first, first + len(xy)))
                yield ListRing(xy=np.roll(xy, -_north_west(xy), axis=0), numbers=numbers)
                first += len(xy)


def _distinct(xy: Ring) -> Ring:
    """Drop points that rounding has put onto the one before."""
    moved: npt.NDArray[np.bool_] = (xy != np.roll(xy, 1, axis=0)).any(axis=1)
    return xy[moved]


def _north_west(xy: Ring) -> int:
    corner: npt.NDArray[np.float64] = np.array([xy[:, 0].min(), xy[:, 1].max()])
    away = np.hypot(*(xy - corner).T)
    return int(np.lexsort((xy[:, 0], -xy[:, 1], away))[0])


def _columns(key: str, row: Mapping[Hashable, Any]) -> list[Any]:
    """Return the columns that may hold a field of the header, this program's own ids last."""
    roles: Mapping[str, Role] = {NUMBER: "id", NAME: "name"}
    more = find_columns(roles[key], row) if key in roles else []
    own = [name for name in more if name in _OWN_IDS]
    return [*_NAMES[key], *(name for name in more if name not in own), *own]


def _attribute(row: Mapping[Hashable, Any], columns: Sequence[str]) -> str:
    """Return the first attribute that is there; what separates fields becomes full-width."""
    for column in columns:
        value = row.get(column)
        if value is not None and not (isinstance(value, float) and np.isnan(value)):
            return _field(str(value))
    return ""


def _field(text: str) -> str:
    """Return a text without what separates fields."""
    return re.sub(r"\s+", " ", text).strip().replace(",", "，").replace("@", "＠")
