"""A made-up zone goes through every door without a line of code. Oracle: its folder, by hand."""

import json
import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.check.proof.verify import verify_evidence
from api.cli import app
from api.notebook import Refused, open_planning
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.zones.errors import OtherZoneError, ZoneRulesError

OTHER = re.compile(
    "云南|昆明|红河|德宏|瑞丽|河口|滇池|yunnan|kunming|honghe|dehong|ruili|hekou|dianchi|119[.]86",
    re.IGNORECASE,
)
"""Names and the area of the zone that ships: none of them may be said of another."""


def require_own(text: str) -> None:
    """Fail where a name of the zone that ships stands in what another one is answered."""
    found = [text[max(0, one.start() - 60) : one.end() + 30] for one in OTHER.finditer(text)]
    assert found == []


def ask(client: TestClient, path: str, **params: object) -> dict:
    answer = client.get(f"/api/v1/{path}", params=params)
    assert answer.status_code == 200, answer.text
    require_own(answer.text)
    return answer.json()


@pytest.mark.slow
def test_figures_are_those_of_the_folder(bay_client: TestClient) -> None:
    table = ask(bay_client, "density", indicator="gdp", year=2023, denominator="approved")
    # 600 / 30, 500 / 20 and 100 / 10 of 100m CNY per km2.
    found = {row["unit_id"]: row["density"] for row in table["rows"] if row["density"]}
    assert found == pytest.approx({"bay": 20.0, "east": 25.0, "west": 10.0})
    known = ask(bay_client, "indicators")["units"]
    assert {one["unit_id"] for one in known} == {"bay", "east", "west", "harbour", "city"}
    plan = ask(bay_client, "plan")
    assert (plan["area_km2"], plan["source"]) == (30.0, "《海湾示范区规划》")
    (row,) = plan["rows"]
    # 100 over 30 km2; 50 of 200 is a quarter.
    assert row["target_density"] == pytest.approx(100.0 / 30.0)
    assert [one["recomputed_pct"] for one in plan["shares"]] == [25.0]
    linkage = ask(bay_client, "linkage")
    assert linkage["total_km2"] == 30.0
    assert [one["host"]["zh"] for one in linkage["zones"]] == ["滨海新区"]


@pytest.mark.slow
def test_a_check_names_its_zone_and_takes_its_law(bay_client: TestClient, bay_site: Path) -> None:
    made = bay_client.post(
        "/api/v1/checks", files={"file": ("site.geojson", bay_site.read_bytes())}
    )
    assert made.status_code in {200, 201}, made.text
    require_own(made.text)
    said = made.json()
    assert said["zone"] == {"zh": "海湾示范区", "en": "Bay Demonstration Zone"}
    assert said["record"]["parameters"]["zone"]["id"] == "bay"
    kinds = {one["kind"] for one in said["sites"][0]["findings"]}
    # Law of one province alone.
    assert "ecological_red_line" in kinds
    assert not kinds & {"lake_belt", "basin_farmland"}
    states = {one["id"]: one["state"] for one in said["sites"][0]["sensitive"]}
    assert (states["marine_special_area"], states["desert_closure"]) == (
        "not_examined",
        "cannot_occur",
    )
    evidence = bay_client.get(f"/api/v1/checks/{said['id']}/evidence").content
    found = verify_evidence(evidence, said["id"])
    # What the evidence says of its zone is nowhere else to be compared with.
    assert (found.same, found.unproved) == (True, ["zone"])
    for lang in ("zh", "en"):
        report = bay_client.get(
            f"/api/v1/checks/{said['id']}/report", params={"format": "html", "lang": lang}
        )
        require_own(report.text)


@pytest.mark.slow
def test_a_site_of_elsewhere_is_refused(bay_client: TestClient) -> None:
    ring = [[102.80, 24.96], [102.81, 24.96], [102.81, 24.97], [102.80, 24.96]]
    shape = json.dumps({"type": "Polygon", "coordinates": [ring]})
    made = bay_client.post("/api/v1/checks", files={"file": ("site.geojson", shape)})
    assert made.status_code == 422
    require_own(made.text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["claim", "register", "layers", "rasters", "indicators", "import-choices"]
)
def test_answers_hold_no_name_of_the_zone_that_ships(bay_client: TestClient, path: str) -> None:
    found = ask(bay_client, path)
    assert found
    if path == "import-choices":
        assert [(one["id"], one["title"]["zh"]) for one in found["regions"]] == [("12", "天津市")]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_called_after_the_zone(bay_client: TestClient, lang: str) -> None:
    page = bay_client.get("/", params={"lang": lang}, headers={"accept": "text/html"})
    assert {"zh": '<title data-ui="title">海湾示范区空间规划', "en": "Bay Zone spatial planning"}[
        lang
    ] in page.text
    require_own(page.text)


@pytest.mark.slow
def test_the_description_for_programs_has_no_example_of_another_zone(
    bay_client: TestClient,
) -> None:
    said = bay_client.get("/openapi.json").json()
    assert said["paths"]
    require_own(json.dumps(said, ensure_ascii=False))


@pytest.mark.slow
def test_land_is_searched_for_in_it(bay_settings: Settings, bay_folder: Path) -> None:
    plan = open_planning(bay_settings.data_dir, zone=bay_folder)
    found = plan.search(county="120116", least_ha=5, most_ha=60, width_m=100, slope_deg=25)
    require_own(found.model_dump_json())
    assert found.area_name == "滨海新区"


@pytest.mark.slow
def test_the_command_line_and_python_take_the_zone(
    bay_settings: Settings, bay_folder: Path, bay_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(bay_settings.data_dir))
    for words in (["plan"], ["claim"], ["check", str(bay_site)], ["linkage"], ["plan-final"]):
        for lang in ("zh", "en"):
            line = ["--zone", str(bay_folder), *words, "--lang", lang]
            result = CliRunner().invoke(app, line)
            assert result.exit_code in {0, 1, 3}, result.output
            require_own(result.output)
    # Without its zone the folder is not opened: its layers would stand under other names.
    result = CliRunner().invoke(app, ["plan", "--lang", "en"])
    assert result.exit_code == 2
    assert "Bay Demonstration Zone" in result.output
    with pytest.raises(Refused, match="Bay Demonstration Zone"):
        open_planning(bay_settings.data_dir, lang="en")
    plan = open_planning(bay_settings.data_dir, zone=bay_folder).plan()
    assert plan.area_km2 == 30.0


def test_a_folder_from_before_zones_is_of_the_zone_that_ships(
    own_store: Path, bay_folder: Path
) -> None:
    (own_store / "zone.json").unlink()
    with pytest.raises(OtherZoneError) as caught:
        Workspace(Settings(data_dir=own_store, zone=bay_folder))
    assert caught.value.params["opened_with"]["zh"] == "海湾示范区"


def test_rules_of_the_zone_and_others_beside_them_are_refused(
    bay_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(bay_folder, tmp_path / "zone"))
    (folder / "rules").mkdir()
    own = Workspace(Settings(data_dir=tmp_path / "a", zone=folder))
    assert own.settings.rules_dir == folder / "rules"
    with pytest.raises(ZoneRulesError):
        Workspace(Settings(data_dir=tmp_path / "b", zone=folder, rules_dir=tmp_path))
