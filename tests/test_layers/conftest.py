"""Makers of input files. The Shapefile is written byte by byte after ESRI's description
of 1998, so that what GDAL reads has not been written by GDAL."""

import json
import struct
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from layers.readers import Source
from layers.readers._gdal import pyogrio

SQUARE = ((102.80, 24.96), (102.80, 24.97), (102.81, 24.97), (102.81, 24.96), (102.80, 24.96))


def shapefile(
    rings: Sequence[Sequence[tuple[float, float]]],
    rows: Sequence[Sequence[bytes]],
    fields: Sequence[bytes] = (b"name",),
    *,
    language: int = 0,
    crs: int | None = 4490,
    stem: str = "plan",
) -> dict[str, bytes]:
    records = [_polygon(ring) for ring in rings]
    shx, shp, at = b"", b"", 50
    for number, record in enumerate(records, start=1):
        shx += struct.pack(">ii", at, len(record) // 2)
        shp += struct.pack(">ii", number, len(record) // 2) + record
        at += 4 + len(record) // 2
    xy = [point for ring in rings for point in ring]
    files = {
        f"{stem}.shp": _header(xy, len(shp)) + shp,
        f"{stem}.shx": _header(xy, len(shx)) + shx,
        f"{stem}.dbf": _dbf(fields, rows, language),
    }
    if crs is not None:
        wkt = shapely_crs_wkt(crs)
        files[f"{stem}.prj"] = wkt.encode()
    return files


def shapely_crs_wkt(code: int) -> str:
    from pyproj import CRS

    return str(CRS.from_epsg(code).to_wkt("WKT1_ESRI"))


def _polygon(ring: Sequence[tuple[float, float]]) -> bytes:
    xs, ys = zip(*ring, strict=True)
    box = struct.pack("<4d", min(xs), min(ys), max(xs), max(ys))
    flat = [value for point in ring for value in point]
    return (
        struct.pack("<i", 5)
        + box
        + struct.pack("<iii", 1, len(ring), 0)
        + struct.pack(f"<{len(flat)}d", *flat)
    )


def _header(xy: Sequence[tuple[float, float]], body_bytes: int) -> bytes:
    xs, ys = zip(*xy, strict=True) if xy else ((0.0,), (0.0,))
    box = struct.pack("<8d", min(xs), min(ys), max(xs), max(ys), 0, 0, 0, 0)
    words = (100 + body_bytes) // 2
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<ii", 1000, 5) + box


def _dbf(fields: Sequence[bytes], rows: Sequence[Sequence[bytes]], language: int) -> bytes:
    width = 40
    head = struct.pack(
        "<4BIHH", 3, 126, 1, 1, len(rows), 33 + 32 * len(fields), 1 + width * len(fields)
    )
    head += bytes(17) + bytes([language]) + bytes(2)
    for field in fields:
        head += field[:11].ljust(11, b"\x00") + b"C" + bytes(4) + bytes([width]) + bytes(15)
    body = b"".join(b" " + b"".join(cell.ljust(width) for cell in row) for row in rows)
    return head + b"\r" + body + b"\x1a"


def geojson(*geometries: Any, crs: object = "absent", **properties: Any) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": shapely.geometry.mapping(g) if isinstance(g, shapely.Geometry) else g,
        }
        for g in geometries
    ]
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs != "absent":
        document["crs"] = crs
    return json.dumps(document, ensure_ascii=False).encode()


def geopackage(path: Path, **layers: gpd.GeoDataFrame) -> bytes:
    for layer, frame in layers.items():
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")
            pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", append=path.exists())
    return path.read_bytes()


@pytest.fixture
def make_shapefile() -> Callable[..., dict[str, bytes]]:
    return shapefile


@pytest.fixture
def make_geojson() -> Callable[..., bytes]:
    return geojson


@pytest.fixture
def make_geopackage(tmp_path: Path) -> Callable[..., bytes]:
    return lambda **layers: geopackage(tmp_path / "made.gpkg", **layers)


@pytest.fixture
def square() -> tuple[tuple[float, float], ...]:
    return SQUARE


@pytest.fixture
def one_file() -> Callable[..., Source]:
    return lambda data, name="upload": Source(name=name, files={name: data})
