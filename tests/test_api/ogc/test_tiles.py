"""OGC API Tiles. Oracles: GDAL of the system reads the tiles (its MVT driver), the tile matrix
set that OGC publishes (scales of 17-083r4, annex D), the frames that the layers were made of."""

import json
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from starlette.testclient import TestClient

from api.ogc.tiles import MOST_IN_A_TILE
from geo.measure.tile_matrix import CGCS2000_QUAD, WEB_MERCATOR_QUAD
from maps.ogc.map_style import style_layers
from maps.ogc.tile_outlines import outlines_of
from maps.ogc.vector_tile import EXTENT, encode_tile
from maps.style.styles import styles

SETS = {"WebMercatorQuad": WEB_MERCATOR_QUAD, "CGCS2000Quad": CGCS2000_QUAD}
MVT = "application/vnd.mapbox-vector-tile"


def by_gdal(data: bytes, folder: Path) -> gpd.GeoDataFrame:
    """Return a tile in its own steps, as GDAL of the system reads it."""
    if shutil.which("ogr2ogr") is None:
        pytest.skip("GDAL's programs are not installed: apt-get install gdal-bin")
    (folder / "tile.mvt").write_bytes(data)
    done = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "-oo", "CLIP=NO", "/vsistdout/", str(folder / "tile.mvt")],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return gpd.GeoDataFrame.from_features(json.loads(done.stdout)["features"])


def tile_of(one, lon: float, lat: float, level: int) -> tuple[int, int, int]:
    row, column = one.tiles_at(np.array([[lon, lat]]), level)[0].tolist()
    return level, row, column


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("level", [12, 15])
def test_gdal_reads_the_features_of_a_tile(
    ogc: TestClient, stored, tmp_path: Path, name: str, level: int
) -> None:
    one = SETS[name]
    address = tile_of(one, 102.705, 24.905, level)
    answer = ogc.get(f"/collections/zones/tiles/{name}/{'/'.join(map(str, address))}")
    assert answer.headers["content-type"] == MVT
    found = by_gdal(answer.content, tmp_path)
    west, south, east, north = one.bounds(*address)
    step = (east - west) / EXTENT
    # Second method: geopandas clips in the plane of the tiles; GDAL has y northwards.
    plane = stored("zones").to_crs(one.epsg if one.epsg == 3857 else 4490)
    edge = 64 * step
    expected = plane[
        plane.intersects(shapely.box(west - edge, south - edge, east + edge, north + edge))
    ]
    clipped = expected.intersection(
        shapely.box(west - edge, south - edge, east + edge, north + edge)
    )
    assert sorted(found["feature_id"]) == sorted(expected["feature_id"])
    assert set(found["name"]) == {"<b>甲</b>"}
    areas = shapely.area(clipped.to_numpy()) / step**2
    # Rounding to steps moves each side by half a step at most.
    for ours, theirs in zip(found.geometry.area, areas, strict=True):
        assert ours == pytest.approx(theirs, rel=2 / np.sqrt(theirs) + 1e-9)


@pytest.mark.parametrize("name", SETS)
def test_no_feature_is_lost_far_out(ogc: TestClient, tmp_path: Path, name: str) -> None:
    # Property: on every level, the tiles of a layer hold each of its features.
    one = SETS[name]
    for level in range(one.first, 12):
        address = "/".join(map(str, tile_of(one, 102.72, 24.905, level)))
        answer = ogc.get(f"/collections/zones/tiles/{name}/{address}")
        found = by_gdal(answer.content, tmp_path)
        assert set(found["feature_id"]) == {"z/0", "z/1", "z/2"}, level


@pytest.mark.parametrize("name", SETS)
def test_levels_that_would_hold_too_much_are_no_levels(ogc: TestClient, name: str) -> None:
    one = SETS[name]
    said = ogc.get(f"/collections/red_lines/tiles/{name}").json()
    first = int(said["tileMatrixSetLimits"][0]["tileMatrix"])
    assert first > one.first
    far = "/".join(map(str, tile_of(one, 102.001, 24.95, first - 1)))
    refused = ogc.get(f"/collections/red_lines/tiles/{name}/{far}")
    assert refused.status_code == 404
    assert str(first) in refused.json()["detail"]
    near = "/".join(map(str, tile_of(one, 102.001, 24.95, first)))
    assert ogc.get(f"/collections/red_lines/tiles/{name}/{near}").status_code == 200
    assert MOST_IN_A_TILE < 12_000


def test_scales_are_those_of_the_standard(ogc: TestClient) -> None:
    # OGC 17-083r4, table D.1, and the documents of Tianditu for degrees of CGCS2000.
    known = {
        "WebMercatorQuad": ("0", 559082264.028717, 78271.5169640204 * 2),
        # There a pixel is 1/96 inch, here 0.28 mm.
        "CGCS2000Quad": ("1", 2.958293554545656e8 * (0.0254 / 96) / 0.00028, 0.703125),
    }
    for name, (level, scale, cell) in known.items():
        said = ogc.get(f"/tileMatrixSets/{name}").json()
        first = said["tileMatrices"][0]
        assert first["id"] == level
        assert first["scaleDenominator"] == pytest.approx(scale, rel=1e-6)
        assert first["cellSize"] == pytest.approx(cell, rel=1e-9)
    listed = ogc.get("/tileMatrixSets").json()["tileMatrixSets"]
    assert [one["id"] for one in listed] == list(known)


def test_tile_json_and_style_lead_to_tiles(ogc: TestClient) -> None:
    style = ogc.get("/collections/zones@1/styles/maplibre").json()
    assert style["version"] == 8
    (source,) = style["sources"].values()
    document = ogc.get(source["url"]).json()
    assert document["tilejson"] == "3.0.0"
    assert {one["source-layer"] for one in style["layers"]} == {document["vector_layers"][0]["id"]}
    z, y, x = tile_of(WEB_MERCATOR_QUAD, 102.705, 24.905, 14)
    address = document["tiles"][0].format(z=z, y=y, x=x)
    answer = ogc.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    again = ogc.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert ogc.get(address.replace("@1", "")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("Nothing/1/0/0", 404), ("WebMercatorQuad/99/0/0", 404), ("WebMercatorQuad/1/2/0", 404),
        ("WebMercatorQuad/-1/0/0", 404), ("WebMercatorQuad/a/0/0", 400), ("CGCS2000Quad/0/0/0", 404),
        ("WebMercatorQuad/14/0/0", 204), ("WebMercatorQuad/14/0/0?x=1", 400),
    ],
)  # fmt: skip
def test_other_tiles_there_are_not(ogc: TestClient, path: str, status: int) -> None:
    answer = ogc.get(f"/collections/zones/tiles/{path}")
    assert answer.status_code == status
    if status != 204:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(10, 20),
        shapely.MultiPoint([(1, 2), (3, 4)]),
        shapely.LineString([(0, 0), (100, 50)]),
        shapely.MultiLineString([[(0, 0), (10, 0)], [(5, 5), (9, 9)]]),
        shapely.box(0, 0, 100, 100),
        shapely.difference(shapely.box(0, 0, 100, 100), shapely.box(20, 20, 40, 40)),
        shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(20, 20, 40, 40)]),
    ],
    ids=lambda shape: shape.geom_type,
)
def test_shapes_of_every_kind_come_back(tmp_path: Path, shape) -> None:
    shapes = np.array([shape], dtype=object)
    values = {"text": "甲", "whole": -(2**40), "real": 0.1, "truth": True, "one": 1, "none": None}
    found = by_gdal(
        encode_tile("layer", shapes, {name: [one] for name, one in values.items()}), tmp_path
    )
    back = shapely.transform(found.geometry.iloc[0], lambda xy: xy)
    assert shapely.get_dimensions(back) == shapely.get_dimensions(shape)
    assert back.area == pytest.approx(shape.area)
    assert back.length == pytest.approx(shape.length)
    row = found.iloc[0]
    assert (row["text"], int(row["whole"]), row["real"], bool(row["truth"]), int(row["one"])) == (
        "甲", -(2**40), 0.1, True, 1,
    )  # fmt: skip


def test_rings_turn_as_the_standard_wants_and_small_ones_are_kept(tmp_path: Path) -> None:
    # By hand: a square of 100 steps with a hole of 20, turned the wrong way round both; beside
    # it, in the same shape, less than a step; a hole of less than a step.
    hole = [(20, 20), (40, 20), (40, 40), (20, 40)]
    tiny_hole = [(60, 60), (60.2, 60), (60.2, 60.2)]
    square = shapely.Polygon([(0, 0), (0, 100), (100, 100), (100, 0)], [hole, tiny_hole])
    speck = shapely.Polygon([(200, 200), (200.2, 200), (200.2, 200.2)])
    shapes = np.array(
        [shapely.Polygon(), shapely.MultiPolygon([square, speck]), speck, shapely.Polygon()],
        dtype=object,
    )
    drawn = outlines_of(shapes)
    assert (drawn[0], drawn[3]) == (b"", b"")
    # Specification 2.1, 4.3: move by 200, 200; draw three; close. Steps are doubled.
    assert drawn[2] == bytes([9, 0x90, 3, 0x90, 3, 26, 2, 0, 0, 2, 1, 0, 15])
    found = by_gdal(encode_tile("layer", shapes, {"name": ["a", "b", "c", "d"]}), tmp_path)
    assert found["name"].tolist() == ["b", "c"]
    assert found.geometry.area.tolist() == [100 * 100 - 20 * 20 + 1, 1]
    assert [len(one.geoms) for one in found.geometry[:1]] == [2]
    # Outer rings turn clockwise on a screen, holes the other way: east and north of the square
    # first, then on from its last corner to the hole's south-west.
    assert drawn[1][:15] == bytes([9, 200, 1, 0, 26, 0, 200, 1, 199, 1, 0, 0, 199, 1, 15])
    assert drawn[1][15:27] == bytes([9, 40, 80, 26, 40, 0, 0, 39, 39, 0, 15, 9])


@pytest.mark.parametrize("kind", sorted(styles()["kinds"]))
def test_every_kind_has_a_style_of_maplibre(kind: str) -> None:
    fill, line, _ = style_layers(kind, "a", "a")
    look = styles()["kinds"][kind]
    assert line["paint"]["line-color"] == look["stroke"]
    # What lies below is never hidden by the ground of a pattern.
    if look.get("pattern", "none") != "none":
        assert fill["paint"]["fill-opacity"] < 0.4
    dash = line["paint"].get("line-dasharray")
    if dash:
        # Counted in widths of the line (style specification 8).
        lengths = [float(one) for one in look["dash"].split()]
        assert [one * look["weight"] for one in dash] == pytest.approx(lengths, abs=0.01)
