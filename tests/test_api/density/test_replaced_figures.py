"""What a table takes the place of is told before and after, at every door. Oracle: the figures."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from layers.density.statistics.builtin import load_areas, load_indicators, load_observations
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.unit_names import unit_names
from layers.zones import shipped_zone

HEAD = "片区,年份,进出口额（亿元）\n"
ASKED = {"dataset": "own", "source": "商务局"}


@pytest.fixture(autouse=True)
def _own(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))


def post(client: TestClient, text: str, address: str = "", **said: str) -> tuple[int, dict]:
    files = {"file": ("表.csv", text.encode(), "text/csv")}
    answer = client.post(f"/api/v1/statistics{address}", files=files, data={**ASKED, **said})
    return answer.status_code, answer.json()


def codes(answer: dict) -> list[str]:
    return [one["code"] for one in answer["params"]["problems"]]


def test_every_figure_that_ships_is_asked_about_with_both_values_and_sources(
    client: TestClient,
) -> None:
    shipped = [
        one for one in load_observations(shipped_zone()) if one.period in ("full_year", "target")
    ]
    heads = {role: word for word, role in load_dictionary().roles.items()}
    units = {unit: name for name, unit in reversed(unit_names(shipped_zone()).items())}
    for one in shipped[::9]:
        measure = load_indicators()[one.indicator].unit
        time = f"{one.year}年计划" if one.period == "target" else one.year
        head = heads[f"indicator:{one.indicator}"]
        text = f"片区,年份,{head}（{measure}）\n{units[one.unit_id]},{time},{one.value * 1.1}\n"
        status, refused = post(client, text)
        assert (status, codes(refused)[:1]) == (422, ["replaces_shipped"]), text
        told = refused["params"]["problems"][0]["text"]
        assert f"{one.value:.6g}" in told
        assert f"{one.value * 1.1:.6g}" in told
        assert one.source in told
        assert "商务局" in told


def test_an_area_is_asked_about_for_the_year_that_it_is_of(client: TestClient) -> None:
    (shipped,) = [
        one
        for one in load_areas(shipped_zone())
        if (one.unit_id, one.denominator) == ("kunming", "approved")
    ]
    status, refused = post(client, "片区,年份,批准面积（km2）\n昆明片区,2022,80\n")
    assert (status, codes(refused)) == (422, ["replaces_shipped"])
    assert shipped.source in refused["params"]["problems"][0]["text"]
    # The same area from an official source, and one of a year before it held, replace nothing.
    assert post(client, "片区,年份,批准面积（km2）\n昆明片区,2022,76\n")[0] == 201
    assert post(client, "片区,年份,批准面积（km2）\n昆明片区,2018,80\n", dataset="b")[0] == 201


def test_before_and_after_are_the_same_at_all_doors(client: TestClient, tmp_path: Path) -> None:
    text = f"{HEAD}全区,2020,720\n昆明片区,2023,900\n"
    _, preview = post(client, text, "/preview")
    (one,) = preview["replacements"]
    assert (one["before"]["value"], one["after"]["value"]) == (717.9, 720.0)
    assert (one["dataset"], one["after"]["source"]) == (None, "商务局")
    path = tmp_path / "表.csv"
    path.write_text(text, encoding="utf-8")
    words = ("stats", "import", str(path), "--dataset", "own", "--source", "商务局")
    done = CliRunner().invoke(app, [*words, "--json"])
    assert (done.exit_code, codes(json.loads(done.stdout))) == (2, ["replaces_shipped"])
    told = CliRunner().invoke(app, [*words, "--accept", "--lang", "en"]).stdout
    line = "717.90 100m CNY (《“十四五”中国（云南）自由贸易试验区建设规划》"
    # Before it is stored and after it.
    assert told.count(line) == 2
    status, stored = post(client, text.replace("720", "721"), dataset="own2", accept="true")
    assert status == 201
    (one,) = stored["replacements"]
    assert (one["dataset"], one["before"]["value"], one["after"]["value"]) == ("own", 720.0, 721.0)


def test_figures_that_the_next_version_does_not_have_are_asked_about(client: TestClient) -> None:
    assert post(client, f"{HEAD}昆明片区,2022,800\n")[0] == 201
    status, refused = post(client, f"{HEAD}昆明片区,2023,900\n")
    assert (status, codes(refused)) == (422, ["former_dropped"])
    assert "昆明片区 2022" in refused["params"]["problems"][0]["text"]
    # A table that grows, and one of another data set, drop nothing.
    assert post(client, f"{HEAD}昆明片区,2022,800\n昆明片区,2023,900\n")[0] == 201
    assert post(client, f"{HEAD}昆明片区,2024,950\n", dataset="next")[0] == 201


def test_equal_figures_replace_without_a_question(client: TestClient) -> None:
    text = f"{HEAD}全区,2020,717.9\n"
    assert post(client, text)[0] == 201
    status, refused = post(client, text, dataset="b", quality="secondary")
    # The same figure from a source that is trusted less is another figure.
    assert (status, codes(refused)) == (422, ["replaces_other"])
