"""QGIS of the system opens what we write and serve, and draws it in the colours of the page.

Oracles: QGIS itself, and the data of the styles."""

import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from api.settings import Settings
from api.workspace.workspace import Workspace
from geo.measure.tile_matrix import TILE_MATRIX_SETS
from maps.style.styles import styles

CLIENT = Path(__file__).parent / "clients" / "qgis_client.py"
# Where the zone is, in metres of Web Mercator.
KUNMING = [11_426_900.0, 2_852_800.0, 11_460_300.0, 2_883_500.0]

pytestmark = [pytest.mark.slow, pytest.mark.interop]

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def qgis(system_qgis: Callable[..., Any]) -> Ask:
    """Ask QGIS what it sees."""
    return partial(system_qgis, CLIENT)


def near(picture: Path, colour: str, tolerance: int = 6) -> int:
    """Return how many pixels have a colour."""
    pixels = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((abs(pixels - wanted).max(axis=2) <= tolerance).sum())


def over_white(colour: str, opacity: float) -> str:
    """Return a colour laid over white."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + (one - 255) * opacity):02x}" for one in parts)


def test_a_geopackage_opens_as_the_page_draws_it(
    small_store: Workspace, tmp_path: Path, qgis: Ask
) -> None:
    from api.data.export_layer import export_layer

    path = tmp_path / "红线.gpkg"
    export_layer(small_store, "red_lines", path, None)
    said = qgis(
        layers=[
            {"kind": "vector", "uri": f"{path}|layername=red_lines", "name": "x",
             "provider": "ogr", "style": "default"}
        ],
        # Half a pixel off, so that an edge of one pixel falls into one.
        crs="EPSG:4543", extent=[499_999.975, 2_759_999.975, 500_019.975, 2_760_019.975],
        size=[400, 400],
        png=str(tmp_path / "red.png"),
    )  # fmt: skip
    (seen,) = said["seen"]
    assert (seen["valid"], seen["crs"], seen["count"]) == (True, "EPSG:4543", 12_000)
    assert {"名称", "面积", "编号", "批准日期"} <= set(seen["fields"])
    assert seen["steps"] == ["SimpleFill", "LinePatternFill", "SimpleLine"]
    assert (said["log"], said["errors"]) == ([], [])
    hatch = styles()["patterns"]["hatch"]
    ground = over_white(hatch["ground"], hatch["ground_opacity"])
    edge = styles()["kinds"]["ecological_red_line"]["stroke"]
    # A square of 200 pixels, a third of it lines.
    assert 10_000 < near(tmp_path / "red.png", ground) < 35_000
    assert near(tmp_path / "red.png", edge, 40) > 400
    assert near(tmp_path / "red.png", "#ffffff", 0) > 110_000


def test_the_project_of_a_workspace_opens_whole_and_in_the_colours_of_the_page(
    own_store: Path, tmp_path: Path, qgis: Ask
) -> None:
    from api.data.qgis_project import write_qgis_project

    workspace = Workspace(Settings(data_dir=own_store))
    write_qgis_project(workspace, "en", tmp_path / "w.zip")
    with zipfile.ZipFile(tmp_path / "w.zip") as archive:
        archive.extractall(tmp_path / "拆开")
    said = qgis(
        project=str(tmp_path / "拆开" / "workspace.qgz"), crs="EPSG:3857", extent=KUNMING,
        size=[1000, 800], png=str(tmp_path / "w.png"),
    )  # fmt: skip
    assert (said["read"], said["project_crs"], said["errors"]) == (True, "EPSG:4490", [])
    assert said["log"] == []
    layers, rasters = workspace.store.current(), workspace.rasters.current()
    assert len(said["seen"]) == len(layers) + len(rasters)
    assert [name for name, one in said["seen"].items() if not one["valid"]] == []
    counts = {one.spec.title_en: one.feature_count for one in layers}
    # What is for demonstration says so in the list of QGIS, too.
    for title, count in counts.items():
        (name,) = [one for one in said["seen"] if one.split(" [")[0] == title]
        assert said["seen"][name]["count"] == count
    red = next(one for one in said["seen"] if one.startswith("Ecological red line"))
    assert red.endswith("[Demonstration]")
    kinds, patterns = styles()["kinds"], styles()["patterns"]
    shown = {one.spec.kind for one in layers if kinds.get(one.spec.kind, {}).get("shown", True)}
    assert {"ecological_red_line", "lake", "district"} <= shown
    dots = patterns["dots"]
    county = kinds["county"]["fill"]
    for colour, least in (
        (county, 100_000),
        (kinds["district"]["stroke"], 500),
        (over_white(dots["ground"], dots["ground_opacity"]), 20_000),
    ):
        assert near(tmp_path / "w.png", colour) > least, colour


def test_styles_are_the_same_as_qml_and_as_sld(tmp_path: Path, qgis: Ask) -> None:
    from maps.style.qml import qml
    from maps.style.sld import sld

    uri = "Polygon?crs=EPSG:3857"
    shape = {"type": "Polygon", "coordinates": [[[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]]]}
    path = tmp_path / "square.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}), "utf-8")
    uri = str(path)
    (tmp_path / "s.qml").write_text(qml("district", 2), "utf-8")
    (tmp_path / "s.sld").write_text(sld("x", "district", (2,)), "utf-8")
    look = styles()["kinds"]["district"]
    for form in ("qml", "sld"):
        picture = tmp_path / f"{form}.png"
        layer = {"kind": "vector", "uri": uri, "name": "x", "provider": "ogr",
                 "style": str(tmp_path / f"s.{form}")}  # fmt: skip
        said = qgis(
            layers=[layer], crs="OGC:CRS84", extent=[-50, -50, 150, 150], size=[400, 400],
            png=str(picture),
        )  # fmt: skip
        assert said["errors"] == []
        assert 36_000 < near(picture, over_white(look["fill"], look["fill_opacity"])) < 41_000
        assert near(picture, look["stroke"], 40) > 800


def features_of(url: str, layer: str, **more: str) -> dict[str, str]:
    uri = f"restrictToRequestBBOX='0' typename='{layer}' url='{url}/'"
    return {"kind": "vector", "uri": uri, "name": layer, "provider": "OAPIF", **more}


def test_qgis_reads_all_features_with_their_chinese_fields(
    served, stored: Callable, qgis: Ask
) -> None:
    said = qgis(
        layers=[
            features_of(served.url, "red_lines"),
            features_of(served.url, "red_lines", subset='"编号" < 100'),
            features_of(served.url, "zones@1"),
        ]
    )
    whole, _, zones = said["seen"]
    assert [one["valid"] for one in said["seen"]] == [True] * 3
    # More than any page that a client or the server has.
    assert [one["count"] for one in said["seen"]] == [12_000, 100, 2]
    assert {"名称", "面积", "编号", "批准日期"} <= set(whole["fields"])
    assert whole["first"]["批准日期"] != "NULL"
    # One layer is kept in 4543, the other in 4490; both lie where the store has them.
    for one, name in ((whole, "red_lines"), (zones, "zones")):
        bounds = stored(name).to_crs(4490).total_bounds
        west, south, east, north = one["extent"]
        assert [west, south] == pytest.approx(bounds[:2].tolist(), abs=1e-6)
        if name == "red_lines":
            assert [east, north] == pytest.approx(bounds[2:].tolist(), abs=1e-6)


@pytest.mark.parametrize(
    ("matrix_set", "crs"), [("WebMercatorQuad", "EPSG:3857"), ("CGCS2000Quad", "EPSG:4490")]
)
def test_qgis_draws_tiles_by_wmts_in_the_colours_of_the_page(
    served, tmp_path: Path, qgis: Ask, matrix_set: str, crs: str
) -> None:
    uri = (
        f"contextualWMSLegend=0&crs={crs}&format=image/png&layers=red_lines&styles=default"
        f"&tileMatrixSet={matrix_set}&url={served.url}/wmts/1.0.0/WMTSCapabilities.xml"
    )
    one = TILE_MATRIX_SETS[matrix_set]
    west, south = one.from_lonlat(np.array([[102.0, 24.945]]))[0].tolist()
    step = 1e-6 if crs == "EPSG:4490" else 0.12
    said = qgis(
        layers=[{"kind": "raster", "uri": uri, "name": "x", "provider": "wms"}],
        crs=crs, extent=[west, south, west + 400 * step, south + 400 * step], size=[400, 400],
        png=str(tmp_path / "wmts.png"),
    )  # fmt: skip
    assert said["seen"][0]["valid"], said
    assert said["errors"] == []
    hatch = styles()["patterns"]["hatch"]
    ground = over_white(hatch["ground"], hatch["ground_opacity"])
    assert near(tmp_path / "wmts.png", ground) > 5_000
    assert near(tmp_path / "wmts.png", "#ffffff", 0) > 20_000


def test_qgis_draws_vector_tiles(served, tmp_path: Path, qgis: Ask) -> None:
    uri = (
        f"type=xyz&url={served.url}/collections/zones/tiles/WebMercatorQuad/%7Bz%7D/%7By%7D/%7Bx%7D"
    )
    degree_m = 111_319.490793
    said = qgis(
        layers=[{"kind": "tiles", "uri": f"{uri}&zmin=0&zmax=14", "name": "zones"}],
        crs="EPSG:3857",
        extent=[102.69 * degree_m, 2_861_500.0, 102.76 * degree_m, 2_866_500.0],
        size=[700, 450], png=str(tmp_path / "mvt.png"),
    )  # fmt: skip
    assert said["seen"][0]["valid"]
    drawn = 700 * 450 - near(tmp_path / "mvt.png", "#ffffff", 0)
    # Three squares of a hundredth of a degree: 100 pixels wide.
    assert 20_000 < drawn < 40_000
