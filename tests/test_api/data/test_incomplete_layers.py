"""A control layer that is not all of its file, or not what its file says of it.

Oracles: files made by hand, squares of 300 m of which it is known what was taken away.
"""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.data.import_layer import new_spec
from api.workspace.doctor import examine
from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerVersion, ReadOptions
from layers.readers import Source
from maps.data.document import health_document
from maps.document.terminal import text_of
from maps.i18n import LANGUAGES

URL = "/api/v1/layers"
FACTS = {"id": "rl", "kind": "ecological_red_line", "title": "红线", "source": "某局"}
HEADER = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=34
[地块坐标]
"""
CORNERS = [
    (2763926.867, 580924.841),
    (2764226.867, 580924.841),
    (2764226.867, 580624.841),
    (2763926.867, 580624.841),
]
RING = [
    [102.790, 24.980],
    [102.793, 24.980],
    [102.793, 24.983],
    [102.790, 24.983],
    [102.790, 24.980],
]


def plot(order: tuple[int, ...], name: str = "甲", area: str = "9.0", points: int = 5) -> str:
    header = f"{points},{area},{name},{name},面,G48G,工业,,@\n"
    return header + "".join(f"J{at + 1},1,{CORNERS[at][0]},{CORNERS[at][1]}\n" for at in order)


def txt(*plots: str) -> tuple[str, bytes]:
    return "a.txt", (HEADER + "".join(plots)).encode()


def features(*geometries: object) -> tuple[str, bytes]:
    made = [{"type": "Feature", "properties": {}, "geometry": one} for one in geometries]
    return "a.geojson", json.dumps({"type": "FeatureCollection", "features": made}).encode()


WHOLE = plot((0, 1, 2, 3, 0))
SQUARE = {"type": "Polygon", "coordinates": [RING]}
ESRI = {
    "geometryType": "esriGeometryPolygon",
    "spatialReference": {"wkid": 4490},
    "features": [{"attributes": {}, "geometry": {"rings": [RING[::-1]]}}],
    "exceededTransferLimit": True,
}
LOST = {
    "plots without points": (txt(WHOLE, plot((0, 1, 0), "乙"), plot((), "丙")), "features_lost"),
    "a feature without geometry": (features(SQUARE, None), "features_lost"),
    "cut off by its service": (("a.json", json.dumps(ESRI).encode()), "features_cut_off"),
    "a page of an answer": (
        (
            "a.geojson",
            json.dumps(
                {
                    "type": "FeatureCollection",
                    "features": [{"type": "Feature", "properties": {}, "geometry": SQUARE}],
                    "numberMatched": 2,
                    "numberReturned": 1,
                }
            ).encode(),
        ),
        "features_cut_off",
    ),
}
CHANGED = {
    "points out of order": (
        txt(plot((0, 2, 1, 3, 0))), ["stated_area_disagrees", "repaired_otherwise"],
    ),
    "a point lost": (
        txt(plot((0, 1, 3, 0))), ["stated_points_disagree", "stated_area_disagrees", "points_missing"],
    ),
    "a figure eight": (
        features({"type": "Polygon", "coordinates": [[RING[at] for at in (0, 2, 1, 3, 0)]]}),
        ["repaired_otherwise"],
    ),
}  # fmt: skip


def send(client: TestClient, file: tuple[str, bytes], lang: str = "en", **said: str):
    form = {**FACTS, "covers": "53", **said}
    return client.post(f"{URL}?lang={lang}", data=form, files={"file": file})


@pytest.mark.slow
@pytest.mark.parametrize(("file", "code"), LOST.values(), ids=LOST)
def test_a_control_layer_that_lost_features_is_asked_about_and_makes_no_site_clear(
    client: TestClient, file: tuple[str, bytes], code: str
) -> None:
    answer = send(client, file)
    assert answer.status_code == 422, answer.text
    assert [one["code"] for one in answer.json()["params"]["concerns"]] == [code]
    for lang in LANGUAGES:
        said = send(client, file, lang).json()["detail"]
        assert code not in said
    taken = send(client, file, accept="true")
    assert taken.status_code == 201
    assert not taken.json()["layer"]["covered"]
    # 20 km off all that is in the files: without the loss this would be clear of the layer.
    away = [[lon + 0.2, lat] for lon, lat in RING]
    site = json.loads(features({"type": "Polygon", "coordinates": [away]})[1])
    checked = client.post("/api/v1/checks", json=site).json()["sites"][0]
    (finding,) = [one for one in checked["findings"] if one["layer_id"] == "rl"]
    assert (finding["verdict"], finding["reasons"]) == (
        "undetermined", ["coverage_unknown", "layer_incomplete"],
    )  # fmt: skip
    assert checked["verdict"] in {"undetermined", "conflict"}


def test_what_older_releases_stored_with_its_coverage_makes_no_site_clear(
    client: TestClient, workspace: Workspace
) -> None:
    # Beside it a whole layer of the kind, which would make the site clear by itself.
    whole = {**FACTS, "id": "whole"}
    assert send(client, features(SQUARE), **whole).status_code == 201
    site = json.loads(features({"type": "Polygon", "coordinates": [shifted(0.0005)]})[1])
    before = red_lines(client, site)
    stored = store_as_it_was(workspace)
    after = red_lines(client, site)
    assert set(after) == {"whole", "old"}
    assert before["whole"] == ("conflict", ["overlap"]) == after["whole"]
    away = json.loads(features({"type": "Polygon", "coordinates": [shifted(0.01)]})[1])
    assert red_lines(client, away)["old"] == ("undetermined", ["layer_incomplete"])
    assert client.post("/api/v1/checks", json=away).json()["verdict"] == "undetermined"
    health = examine(workspace)
    assert health.sound
    assert [one.name for one in health.incomplete] == [f"old v{stored.number} (2)"]
    for lang, said in (("en", "lost features when it was imported"), ("zh", "入库时缺要素")):
        assert said in text_of(health_document(health, lang))


def test_evidence_of_an_incomplete_layer_is_computed_again(
    client: TestClient, workspace: Workspace
) -> None:
    store_as_it_was(workspace)
    site = json.loads(features({"type": "Polygon", "coordinates": [shifted(0.01)]})[1])
    check = client.post("/api/v1/checks", json=site).json()
    bundle = client.get(f"/api/v1/checks/{check['id']}/evidence").content
    answer = client.post("/api/v1/evidence/verify", files={"file": ("a.zip", bundle)})
    assert answer.status_code == 200, answer.text
    assert answer.json()["same"]


def shifted(degrees: float) -> list[list[float]]:
    return [[lon + degrees, lat] for lon, lat in RING]


def red_lines(client: TestClient, site: dict) -> dict[str, tuple[str, list[str]]]:
    checked = client.post("/api/v1/checks", json=site).json()["sites"][0]
    found = [one for one in checked["findings"] if one["kind"] == "ecological_red_line"]
    return {one["layer_id"]: (one["verdict"], one["reasons"]) for one in found}


def store_as_it_was(workspace: Workspace) -> LayerVersion:
    """Store a layer that lost a feature, with its coverage, as releases before the rule did."""
    name, data = features(SQUARE, None)
    source = Source(name=name, files={name: data})
    read, report = workspace.read_layer(source, ReadOptions())
    covers = gpd.GeoSeries(shapely.buffer(read.geometry.to_numpy(), 1.0), crs=read.crs)
    spec = new_spec(
        workspace.kinds, kind="ecological_red_line", status="official", id="old",
        title_zh="红线", title_en="old", source="某局", licence="internal",
    )  # fmt: skip
    frame = LayerFrame(features=read, coverage=covers)
    return workspace.store.put_version(spec, frame, report=report, now=workspace.now()).version


@pytest.mark.parametrize(("file", "codes"), CHANGED.values(), ids=CHANGED)
def test_a_control_layer_that_contradicts_itself_is_asked_about(
    client: TestClient, file: tuple[str, bytes], codes: list[str]
) -> None:
    answer = send(client, file)
    assert answer.status_code == 422, answer.text
    assert [one["code"] for one in answer.json()["params"]["concerns"]] == codes
    # Whoever confirms it says that it is right as it is drawn.
    taken = send(client, file, accept="true")
    assert taken.status_code == 201
    assert taken.json()["layer"]["covered"]


def test_a_whole_layer_and_one_that_is_no_control_are_not_asked_about(client: TestClient) -> None:
    assert send(client, txt(WHOLE)).status_code == 201
    lake = {"id": "lake", "kind": "lake"}
    assert send(client, features(SQUARE, None), **lake).status_code == 201


def test_the_command_asks_too(own_store: Path, tmp_path: Path) -> None:
    name, data = LOST["plots without points"][0]
    path = tmp_path / name
    path.write_bytes(data)
    said = ["layers", "import", str(path), "--covers", "53", "--lang", "zh"]
    facts = [text for key, value in FACTS.items() for text in (f"--{key}", value)]
    env = {"FTZGIS_DATA_DIR": str(own_store)}
    refused = CliRunner().invoke(app, [*said, *facts], env=env)
    assert refused.exit_code == 2
    assert "2 处未读入（丙, 乙）" in refused.output
    assert CliRunner().invoke(app, [*said, *facts, "--accept"], env=env).exit_code == 0
