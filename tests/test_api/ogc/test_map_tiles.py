"""Map tiles, WMTS capabilities and styles. Oracles: by hand, the vector tiles, the standard's numbers."""

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import shapely
from PIL import Image
from starlette.testclient import TestClient

from geo.measure.tile_matrix import TILE_MATRIX_SETS
from maps.ogc.map_tile import draw_tile
from maps.style.styles import styles

WMTS = "{http://www.opengis.net/wmts/1.0}"
OWS = "{http://www.opengis.net/ows/1.1}"
CAPABILITIES = "/wmts/1.0.0/WMTSCapabilities.xml"


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA")).astype(int)


def test_an_area_is_filled_and_edged_in_the_colours_of_its_kind() -> None:
    drawn = pixels(draw_tile("district", np.array([shapely.box(50.5, 100.5, 150.5, 200.5)]), 256))
    look = styles()["kinds"]["district"]
    assert drawn[0, 0][3] == 0
    # Rows from the top: 100 from the south is row 155.
    red, green, blue, opacity = drawn[100, 100]
    assert opacity == pytest.approx(255 * look["fill_opacity"], abs=1)
    wanted = [int(look["fill"][at : at + 2], 16) for at in (1, 3, 5)]
    assert [red, green, blue] == pytest.approx(wanted, abs=4)
    edge = drawn[155, 100]
    assert edge.tolist() == [*(int(look["stroke"][at : at + 2], 16) for at in (1, 3, 5)), 255]
    assert drawn[160, 100][3] == 0


def test_a_hole_stays_open_and_an_overlap_stays_filled() -> None:
    ring = shapely.box(20, 20, 120, 120) - shapely.box(50, 50, 90, 90)
    drawn = pixels(draw_tile("lake", np.array([ring, shapely.box(85, 20, 200, 120)]), 256))
    assert drawn[255 - 70, 60][3] == 0
    assert drawn[255 - 70, 110][3] > 200
    assert drawn[255 - 30, 100][3] > 200


@pytest.mark.parametrize("kind", ["ecological_red_line", "permanent_basic_farmland"])
def test_patterns_go_on_in_the_next_tile(kind: str) -> None:
    # One area over two tiles: drawn at once, or tile by tile, it is the same picture.
    whole = pixels(draw_tile(kind, np.array([shapely.box(-50, -50, 600, 600)]), 512))
    for column in (0, 1):
        for row in (0, 1):
            part = np.array([shapely.box(-50 - 256 * column, -50 - 256 * row, 600, 600)])
            tile = pixels(draw_tile(kind, part, 256))
            there = whole[256 - 256 * row :, 256 * column :][:256, :256]
            # At the rim a dot may be cut by the picture itself.
            assert abs(tile[8:-8, 8:-8] - there[8:-8, 8:-8]).max() <= 2


def test_points_and_lines_are_drawn() -> None:
    drawn = pixels(draw_tile("linkage_zone", shapely.points([[100.5, 100.5]]), 256))
    assert drawn[155, 100].tolist() == [15, 61, 92, 255]
    assert drawn[155, 110][3] == 0
    line = shapely.linestrings([[[0, 20.5], [256, 20.5]]])
    drawn = pixels(draw_tile("river", line, 256))
    assert drawn[235, 128].tolist() == [143, 191, 224, 255]


@pytest.mark.parametrize("name", list(TILE_MATRIX_SETS))
def test_a_map_tile_is_where_the_vector_tile_is(ogc: TestClient, name: str) -> None:
    one = TILE_MATRIX_SETS[name]
    # A square of zones: 102.72 to 102.73, 24.90 to 24.91.
    ((row, column),) = one.tiles_at(np.array([[102.725, 24.905]]), 14).tolist()
    path = f"zones@2/tiles/{name}/14/{row}/{column}"
    assert ogc.get(f"/collections/{path}").status_code == 200
    answer = ogc.get(f"/collections/{path.replace('/tiles', '/map/tiles')}")
    assert answer.headers["content-type"] == "image/png"
    drawn = pixels(answer.content)
    assert drawn.shape == (256, 256, 4)
    west, south, east, north = one.bounds(14, row, column)
    lons = 102.70 + 0.01 * np.arange(6)
    corners = one.from_lonlat(np.column_stack([lons, np.tile([24.90, 24.91], 3)]))
    east_px = (corners[:, 0] - west) / (east - west) * 256
    north_px = (north - corners[:, 1]) / (north - south) * 256
    # The edges of the squares are the only thing drawn: a zone has no fill.
    rows, columns = np.nonzero(drawn[:, :, 3] > 200)
    on_edge = [
        min(abs(c + 0.5 - east_px).min(), abs(r + 0.5 - north_px).min())
        for r, c in zip(rows, columns, strict=True)
    ]
    assert len(on_edge) > 20
    assert max(on_edge) <= 2.0
    again = ogc.get(answer.url.path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_where_nothing_is_the_picture_is_clear(ogc: TestClient) -> None:
    answer = ogc.get("/collections/zones/map/tiles/WebMercatorQuad/10/0/0")
    assert answer.status_code == 200
    assert pixels(answer.content)[:, :, 3].max() == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/collections/zones/map/tiles/WebMercatorQuad/2/9/0", 404),
        ("/collections/zones/map/tiles/Nothing/2/0/0", 404),
        ("/collections/nothing/map/tiles/WebMercatorQuad/2/0/0", 404),
        ("/collections/zones/map/tiles/WebMercatorQuad/2/0/0?colour=red", 400),
        ("/rasters/nothing/elevation/map/tiles/WebMercatorQuad/2/0/0", 404),
        (f"{CAPABILITIES}?layer=zones", 400),
        (f"{CAPABILITIES}?REQUEST=GetTile", 400),
        ("/collections/zones/styles/qml?x=1", 400),
    ],
)
def test_what_there_is_not_is_refused(ogc: TestClient, path: str, status: int) -> None:
    answer = ogc.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_tile_sets_of_pictures_are_described(ogc: TestClient) -> None:
    sets = ogc.get("/collections/zones/map/tiles").json()["tilesets"]
    assert [(one["dataType"], one["tileMatrixSetId"]) for one in sets] == [
        ("map", "WebMercatorQuad"), ("map", "CGCS2000Quad"),
    ]  # fmt: skip
    one = ogc.get("/collections/zones/map/tiles/CGCS2000Quad").json()
    (link,) = [link for link in one["links"] if link["rel"] == "item"]
    assert (link["type"], link["templated"]) == ("image/png", True)


def test_capabilities_list_layers_sets_and_limits(ogc: TestClient) -> None:
    answer = ogc.get(f"{CAPABILITIES}?SERVICE=WMTS&Request=GetCapabilities&VERSION=1.0.0")
    assert answer.headers["content-type"].startswith("application/xml")
    root = ET.fromstring(answer.content)  # noqa: S314 - our own
    layers = {
        one.find(f"{OWS}Identifier").text: one
        for one in root.findall(f"{WMTS}Contents/{WMTS}Layer")
    }
    assert set(layers) == {"red_lines", "zones", "former"}
    sets = {
        one.find(f"{OWS}Identifier").text: one
        for one in root.findall(f"{WMTS}Contents/{WMTS}TileMatrixSet")
    }
    # Annex D of OGC 17-083r4; degrees have the latitude first.
    first = sets["WebMercatorQuad"].find(f"{WMTS}TileMatrix")
    assert float(first.find(f"{WMTS}ScaleDenominator").text) == pytest.approx(559082264.0287178)
    corner = sets["CGCS2000Quad"].find(f"{WMTS}TileMatrix/{WMTS}TopLeftCorner").text
    assert corner.split() == ["90.0", "-180.0"]
    template = layers["zones"].find(f"{WMTS}ResourceURL").get("template")
    link = layers["zones"].find(f"{WMTS}TileMatrixSetLink")
    at = link.findall(f"{WMTS}TileMatrixSetLimits/{WMTS}TileMatrixLimits")[14]
    names = {"TileMatrix": "TileMatrix", "TileRow": "MinTileRow", "TileCol": "MinTileCol"}
    for name, there in names.items():
        template = template.replace(f"{{{name}}}", at.find(f"{WMTS}{there}").text)
    template = template.replace("{TileMatrixSet}", link.find(f"{WMTS}TileMatrixSet").text)
    assert ogc.get(template).status_code == 200


def test_rasters_are_drawn_in_both_sets(shared_client: TestClient) -> None:
    drawn = {}
    for name, one in TILE_MATRIX_SETS.items():
        ((row, column),) = one.tiles_at(np.array([[102.8, 24.95]]), 11).tolist()
        path = f"/rasters/demo_dem_kunming/elevation/map/tiles/{name}/11/{row}/{column}"
        answer = shared_client.get(path)
        assert answer.status_code == 200, answer.text
        drawn[name] = pixels(answer.content)
        place = one.from_lonlat(np.array([[102.8, 24.95]]))[0]
        west, south, east, north = one.bounds(11, row, column)
        across = int((place[0] - west) / (east - west) * 256)
        down = int((north - place[1]) / (north - south) * 256)
        drawn[name] = drawn[name][down, across]
    # The same place has the same height, and so the same colour.
    assert abs(drawn["WebMercatorQuad"] - drawn["CGCS2000Quad"]).max() <= 12
    capabilities = shared_client.get(CAPABILITIES).text
    assert "raster.demo_dem_kunming" in capabilities


def test_styles_are_files_for_other_programs(ogc: TestClient) -> None:
    qml = ogc.get("/collections/red_lines/styles/qml")
    assert "red_lines.qml" in qml.headers["content-disposition"]
    assert "LinePatternFill" in qml.text
    sld = ogc.get("/collections/red_lines/styles/sld")
    assert sld.headers["content-type"].startswith("application/vnd.ogc.sld+xml")
    assert styles()["kinds"]["ecological_red_line"]["stroke"] in sld.text
    links = ogc.get("/collections/red_lines").json()["links"]
    assert {one["type"] for one in links if one["rel"] == "style"} == {
        "application/json", "application/x-qgis-style", "application/vnd.ogc.sld+xml;version=1.1",
    }  # fmt: skip
