"""Sheets on the ground of sites: what they say is what the answer says, and the map too."""

import io
import json
from dataclasses import replace
from pathlib import Path

import docx
import pytest
import shapely
from pypdf import PdfReader
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.expansion.ground_maps import slope_maps, suitability_maps
from api.expansion.suitability import suitability_report
from api.expansion.terrain import TerrainQuery, query_of_file, terrain_report
from api.workspace.workspace import Workspace
from geo.measure.area import area_lonlat_m2
from layers.model import ReadOptions
from layers.readers import Source
from maps.expansion.ground_words import share_name, slope_range
from tests.test_api.conftest import polygon, square

# On the hills east of the lake: every class of slope is there, and a red line.
HILLS = polygon(square(102.90, 25.02, 0.04))


def query(workspace: Workspace) -> TerrainQuery:
    source = Source(name="hills", files={"hills": json.dumps(HILLS).encode()})
    return query_of_file(workspace, source, ReadOptions(), None)


def drawn_m2(picture, site) -> dict[str, float]:
    """Return the ground in a site of each class that a map shows, by its title."""
    return {
        layer.title: float(area_lonlat_m2(shapely.intersection(layer.geometries, site)).sum())
        for layer in picture.sheet.layers[:-1]
    }


def test_the_map_of_slopes_shows_the_ground_of_the_table(workspace: Workspace) -> None:
    asked = query(workspace)
    (site,) = terrain_report(workspace, asked).sites
    shown = drawn_m2(slope_maps(workspace, asked, "zh")["1"], asked.plots[0].shape)
    stated = {
        slope_range(one.lower, one.upper): one.area_ha
        for one in site.ground.slope_shares
        if one.area_ha
    }
    assert len(stated) >= 4
    assert {name: area / 1e4 for name, area in shown.items() if area} == pytest.approx(
        stated, rel=1e-4, abs=0.01
    )


def test_the_map_of_grades_shows_the_ground_of_the_table(workspace: Workspace) -> None:
    asked = query(workspace)
    # The map is of the ground; what the form of a site does to grades is not on it.
    asked = replace(asked, rule=replace(asked.rule, form=()))
    (site,) = suitability_report(workspace, asked).sites
    shown = drawn_m2(suitability_maps(workspace, asked, "en")["1"], asked.plots[0].shape)
    stated = {share_name(one.id, "en"): one.area_ha for one in site.shares if one.area_ha}
    assert len(stated) >= 3
    assert {name: area / 1e4 for name, area in shown.items() if area} == pytest.approx(
        stated, rel=1e-4, abs=0.01
    )


@pytest.mark.slow
@pytest.mark.parametrize(("subject", "lang"), [("terrain", "zh"), ("suitability", "en")])
def test_the_sheet_says_what_the_answer_says(
    shared_client: TestClient, built_store: Path, tmp_path: Path, subject: str, lang: str
) -> None:
    address = f"/api/v1/{subject}"
    (site,) = shared_client.post(address, json=HILLS).json()["sites"]
    headers = {"Accept-Language": lang}
    answer = shared_client.post(f"{address}?format=pdf", json=HILLS, headers=headers)
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = "".join(page.extract_text() for page in pages).replace(",", "")
    shares = site["ground"]["slope_shares"] if subject == "terrain" else site["shares"]
    for one in shares:
        assert f"{one['area_ha']:.4f}" in text
    assert ("不得作为审批依据" if lang == "zh" else "decides nothing") in text.replace("能", "得")
    path, output = tmp_path / "hills.geojson", tmp_path / "sheet.pdf"
    path.write_text(json.dumps(HILLS), encoding="utf-8")
    done = CliRunner().invoke(
        app,
        [subject, str(path), "-o", str(output), "--lang", lang],
        env={"FTZGIS_DATA_DIR": str(built_store)},
    )
    assert done.exit_code == 0, done.stderr
    assert output.read_bytes() == answer.content


def test_a_sheet_is_written_as_word_and_page_too(shared_client: TestClient) -> None:
    shares = shared_client.post("/api/v1/terrain", json=HILLS).json()["sites"][0]["ground"]
    first = f"{shares['slope_shares'][0]['area_ha']:,.4f}"
    word = shared_client.post("/api/v1/terrain?format=docx", json=HILLS).content
    document = docx.Document(io.BytesIO(word))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert first in cells
    assert len(document.inline_shapes) == 1
    page = shared_client.post("/api/v1/terrain?format=html", json=HILLS).text
    assert first in page
    refused = shared_client.post("/api/v1/terrain?format=doc", json=HILLS)
    assert (refused.status_code, refused.json()["code"]) == (422, "api.files.format")
