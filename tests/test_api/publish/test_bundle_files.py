"""Files beside a published map. Oracles: sqlite, csv and geopandas read them; the page has the same."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from api.publish.bundle import publish
from api.publish.publication_plan import parse_plan
from api.workspace.workspace import Workspace
from maps.publish.data_files import GEOJSON, MEDIA_TYPES
from maps.publish.gate import data_faults, read_publication

LINE = "demo_urban_development_boundary"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def files(workspace: Workspace) -> dict[str, bytes]:
    plan = parse_plan(
        {
            "id": "zone",
            "title": {"zh": "边界", "en": "Boundary"},
            "maker": {"zh": FORMULA, "en": "A bureau"},
            "disclaimer": {"zh": "示意", "en": "A sketch"},
            "data_date": "2026-11-01",
            "review_number": "云S(2026)12号",
            "draft": False,
            "prints": False,
            "layers": [
                {"id": "districts", "displacement_m": 0},
                {"id": LINE, "displacement_m": 200},
            ],
        }
    )
    bundle = publish(workspace, plan, release=False)
    assert bundle.sha256
    assert {*MEDIA_TYPES, "index.html", "embed.txt", "share.png"} == set(bundle.files)
    read = workspace.publications.read
    return {name: read("zone", bundle.sha256, name) for name in bundle.files}


def test_the_three_forms_hold_what_the_page_shows(files: dict[str, bytes], tmp_path: Path) -> None:
    document = files["index.html"].decode()
    layers = {layer["id"]: layer for layer in read_publication(document)["layers"]}
    shown = [one["geometry"] for layer in layers.values() for one in layer["features"]["features"]]
    geojson = json.loads(files["data.geojson"])
    assert [one["geometry"] for one in geojson["features"]] == shown
    assert geojson["about"]["review_number"] == "云S(2026)12号"
    rows = list(csv.DictReader(io.StringIO(files["data.csv"].decode("utf-8-sig"), newline="")))
    outlines = [shapely.from_wkt(row["wkt_epsg_4490"]) for row in rows if row["wkt_epsg_4490"]]
    assert len(outlines) == len(shown)
    for one in rows[:3]:
        assert (one["status"], one["displacement_m"]) == ("indicative", "0.0")
        assert one["source"]
        assert one["licence"]
    package = tmp_path / "data.gpkg"
    package.write_bytes(files["data.gpkg"])
    features = gpd.read_file(package, layer=LINE)
    assert features.crs.to_epsg() == 4490
    assert set(features["displacement_m"]) == {200.0}
    assert len(features) == len(layers[LINE]["features"]["features"])
    with closing(sqlite3.connect(package)) as database:
        about = dict(database.execute("SELECT name, text FROM about"))
    assert about["disclaimer_en"] == "A sketch"


def test_no_cell_of_the_rows_is_a_formula(files: dict[str, bytes]) -> None:
    text = files["data.csv"].decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert f"'{FORMULA}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_the_gate_finds_a_file_that_shows_something_else(files: dict[str, bytes]) -> None:
    document = files["index.html"].decode()
    assert data_faults(document, files) == []
    content = json.loads(files[GEOJSON])
    content["features"][0]["geometry"]["coordinates"][0][1] = [102.0, 25.0]
    (fault,) = data_faults(document, {**files, GEOJSON: json.dumps(content).encode()})
    assert (fault.code, fault.params) == ("file_differs", {"name": GEOJSON})


def test_the_record_names_the_files_beside_it(files: dict[str, bytes]) -> None:
    record = json.loads(files["record.jsonld"])
    assert record["@type"] == "dcat:Dataset"
    named = {one["dcat:accessURL"]["@id"] for one in record["dcat:distribution"]}
    assert named == {"index.html", "data.geojson", "data.csv", "data.gpkg"}
    assert {one["@value"] for one in record["dct:title"]} == {"边界", "Boundary"}
