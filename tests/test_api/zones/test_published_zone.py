"""The made-up zone is published from its own plan. Oracle: its folder, by hand."""

import re
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.settings import Settings
from maps.publish.gate import read_publication
from tests.test_api.zones.test_made_up_zone import require_own

TEXTS = (".html", ".csv", ".geojson", ".json", ".jsonld", ".txt")


@pytest.fixture(scope="module", params=["overview", "density", "targets", "controls"])
def published(
    request: pytest.FixtureRequest,
    bay_settings: Settings,
    bay_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The folder of a published map, made by the commands that a publisher gives."""
    folder = tmp_path_factory.mktemp(request.param)
    plan = folder / "plan.yaml"
    env = {"FTZGIS_DATA_DIR": str(bay_settings.data_dir)}
    zone = ["--zone", str(bay_folder)]
    words = [*zone, "publications", "plan", request.param, "-o", str(plan), "--lang", "en"]
    made = CliRunner().invoke(app, words, env=env)
    assert made.exit_code == 0, made.output
    said = yaml.safe_load(plan.read_text("utf-8"))
    require_own(plan.read_text("utf-8"))
    said |= {"maker": {"zh": "海湾规划局", "en": "Bay Planning"}}
    said["prints"] = request.param == "overview"
    plan.write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    for lang in ("zh", "en"):
        words = [*zone, "publish", str(plan), "--release", "-o", str(folder / lang), "--lang", lang]
        made = CliRunner().invoke(app, words, env=env)
        assert made.exit_code == 0, made.output
        require_own(made.output)
    return folder / "en"


@pytest.mark.slow
def test_a_published_map_holds_its_own_zone_alone(published: Path) -> None:
    for path in published.iterdir():
        if path.suffix in TEXTS:
            text = path.read_text("utf-8")
            require_own(re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text))
    for path in published.glob("*.pdf"):
        require_own("".join(page.extract_text() for page in PdfReader(path).pages))
    text = (published / "index.html").read_text("utf-8")
    publication = read_publication(text)
    # The counties of Tianjin, between 116.7 and 118.1 E, 38.5 and 40.3 N.
    west, south, east, north = publication["bounds_lonlat"]
    assert 116.6 < west < east < 118.2
    assert 38.4 < south < north < 40.4
    names = {
        feature["properties"].get("name_en")
        for layer in publication["layers"]
        if layer["id"] == "districts"
        for feature in layer["features"]["features"]
    }
    assert names in (set(), {"East District", "West District"})


@pytest.mark.slow
def test_the_public_sees_it_at_its_address(published: Path, bay_client: TestClient) -> None:
    name = published.parent.name.rstrip("0123456789")
    page = bay_client.get(f"/public/{name}/")
    assert page.status_code == 200
    require_own(page.text)
