"""Tables through the door, and the plan held against them. Oracles: by hand."""

import json
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.workspace.workspace import Workspace
from layers.density.statistics.builtin import load_observations
from layers.density.statistics.model import Observation
from layers.density.statistics.store import content_sha256
from layers.model import LayerFrame, LayerSpec, LayerStatus
from layers.provenance import canonical_json, digest
from layers.store.catalogue import load_kinds
from layers.zones import shipped_zone

TABLE = "片区,年份,固定资产投资（万元）,进出口总额（亿元）\n全区,2023,8000000,1300\n全区,2022,7000000,{}\n昆明片区,2023,6000000,900\n"


@pytest.fixture(autouse=True)
def _own(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    return done.exit_code, done.stdout, done.stderr


def imported(tmp_path: Path, text: str, *options: str) -> dict:
    path = tmp_path / "月报.csv"
    path.write_bytes(text.encode("gbk"))
    code, out, err = run(
        "stats", "import", path, "--dataset", "monthly", "--source", "统计月报", "--json", *options
    )
    assert code == 0, err
    return json.loads(out)


def plan_row(client: TestClient, indicator: str) -> dict:
    rows = client.get("/api/v1/plan").json()["rows"]
    return next(row for row in rows if row["id"] == indicator)


def test_what_is_imported_moves_the_plan_along(client: TestClient, tmp_path: Path) -> None:
    before = plan_row(client, "trade")
    assert (before["course"], before["latest_year"]) == ("no_data", 2020)
    answer = imported(tmp_path, TABLE.format(1215))
    assert (answer["created"], answer["table"]["values"]) == (True, 6)
    trade = plan_row(client, "trade")
    # By hand: 717.9 x (2675.78 / 717.9)^(3/5) = 1580.8 in 2023; 1300 is behind.
    at_2023 = next(point for point in trade["points"] if point["year"] == 2023)
    assert at_2023["path"] == pytest.approx(1580.8, abs=0.1)
    assert (trade["course"], trade["latest_value"]) == ("behind", 1300.0)
    assert trade["growth"]["achieved_pct"] == pytest.approx(((1300 / 717.9) ** (1 / 3) - 1) * 100)
    # 522.05 x (1376.59 / 522.05)^(3/5) = 934.0; 800 is behind.
    assert plan_row(client, "fixed_investment")["course"] == "behind"


def test_a_value_above_the_path_is_on_track_and_one_above_the_target_reached(
    client: TestClient, tmp_path: Path
) -> None:
    imported(tmp_path, "片区,年份,进出口额（亿元）,固投（亿元）\n全区,2023,1600,1400\n")
    assert plan_row(client, "trade")["course"] == "on_track"
    assert plan_row(client, "fixed_investment")["course"] == "reached"


def test_the_plan_is_recomputed_from_its_own_figures(shared_client: TestClient) -> None:
    answer = shared_client.get("/api/v1/plan").json()
    printed = {
        row["id"]: row["growth"] for row in answer["rows"] if row["growth"]["agrees"] is not None
    }
    assert len(printed) == 10
    assert all(growth["agrees"] for growth in printed.values())
    shares = {share["id"]: share for share in answer["shares"]}
    # The plan: 0.03 % of the province's land, 26.8 % of its trade.
    assert round(shares["land_share"]["recomputed_pct"], 2) == 0.03
    assert round(shares["trade_share"]["recomputed_pct"], 1) == 26.8
    assert shares["foreign_capital_share"]["reason"] == "no_value"
    trade = next(row for row in answer["rows"] if row["id"] == "trade")
    assert trade["target_density"] == pytest.approx(2675.78 / 119.86)


def test_versions_are_kept_and_equal_content_is_not_stored_twice(
    client: TestClient, tmp_path: Path
) -> None:
    assert imported(tmp_path, TABLE.format(1215))["table"]["version"] == 1
    again = imported(tmp_path, TABLE.format(1215))
    assert (again["created"], again["table"]["version"]) == (False, 1)
    assert imported(tmp_path, TABLE.format(1216))["table"]["version"] == 2
    history = client.get("/api/v1/statistics/monthly/versions").json()["tables"]
    assert [one["version"] for one in history] == [1, 2]
    assert client.get("/api/v1/statistics").json()["tables"] == history[1:]
    assert client.get("/api/v1/statistics/none/versions").status_code == 404


def test_a_bad_table_changes_nothing_and_every_row_is_told_in_words(
    client: TestClient, tmp_path: Path
) -> None:
    path = tmp_path / "坏表.csv"
    path.write_text(
        "片区,年份,固投（亿元）,绿化率\n昆明片区,2023,x,1\n玉溪,2023,2,1\n", encoding="utf-8"
    )
    code, _, err = run("stats", "import", path, "--dataset", "bad", "--source", "x")
    assert code == 2
    assert "一个数也没有导入" in err
    assert "第 1 行（D1）“绿化率”" in err
    assert "第 2 行（C2）“固投（亿元）” “x”不是数" in err
    assert "第 3 行（A3）“片区” 没有单元“玉溪”" in err
    assert client.get("/api/v1/statistics").json()["tables"] == []
    _, _, english = run(
        "stats", "import", path, "--dataset", "bad", "--source", "x", "--lang", "en"
    )
    assert 'line 3 (cell A3) “片区” there is no unit "玉溪"' in english


def test_a_damaged_version_is_not_believed(
    client: TestClient, tmp_path: Path, own_store: Path
) -> None:
    imported(tmp_path, TABLE.format(1215))
    path = own_store / "statistics" / "monthly" / "v0001.json"
    path.write_text(path.read_text("utf-8").replace("1300.0", "1900.0"), encoding="utf-8")
    answer = client.get("/api/v1/plan")
    assert answer.json()["code"] == "layers.store.damaged_table"


def test_imported_values_have_densities_of_their_year(client: TestClient, tmp_path: Path) -> None:
    imported(tmp_path, TABLE.format(1215))
    query = {"indicator": "trade", "year": 2023, "denominator": "approved"}
    rows = {
        row["unit_id"]: row for row in client.get("/api/v1/density", params=query).json()["rows"]
    }
    assert rows["ftz"]["density"] == pytest.approx(1300 / 119.86)
    assert rows["kunming"]["density"] == pytest.approx(900 / 76)
    assert rows["kunming"]["source"] == "统计月报"


def test_an_intensive_indicator_is_not_divided(client: TestClient, tmp_path: Path) -> None:
    imported(tmp_path, "片区,年份,人均GDP（万元/人）\n昆明片区,2023,12\n")
    query = {"indicator": "gdp_per_capita", "year": 2023, "denominator": "approved"}
    assert client.get("/api/v1/density", params=query).json()["code"] == "api.density.intensive"


def test_parcels_of_a_layer_are_units(
    client: TestClient, workspace: Workspace, tmp_path: Path
) -> None:
    boxes = [shapely.box(102.8 + at / 100, 24.9, 102.805 + at / 100, 24.905) for at in range(3)]
    features = gpd.GeoDataFrame(
        {"feature_id": ["a", "b", "c"], "name": ["甲厂", "乙厂", "乙厂"]}, geometry=boxes, crs=4490
    )
    spec = LayerSpec(
        id="parcels", kind="county", title_zh="宗地", title_en="Parcels", status=LayerStatus.OFFICIAL,
        sensitivity=load_kinds()["county"].sensitivity, source="登记", licence="internal",
        data_date=date(2020, 1, 1),
    )  # fmt: skip
    workspace.store.put_version(
        spec, LayerFrame(features=features, coverage=None), report=None, now=workspace.now()
    )
    answer = imported(
        tmp_path, "企业,年份,税收（万元）\n甲厂,2023,500\nb,2023,300\n", "--units-layer", "parcels"
    )
    assert answer["table"]["values"] == 2
    query = {"indicator": "tax_revenue", "year": 2023, "denominator": "boundary"}
    rows = {
        row["unit_id"]: row for row in client.get("/api/v1/density", params=query).json()["rows"]
    }
    assert rows["parcels/a"]["name"]["zh"] == "甲厂"
    assert rows["parcels/a"]["density"] == pytest.approx(0.05 / rows["parcels/a"]["area_km2"])
    # Two parcels are called 乙厂: the name alone says neither.
    path = tmp_path / "twice.csv"
    path.write_text("企业,年份,税收（万元）\n乙厂,2023,500\n", encoding="utf-8")
    code, _, err = run(
        "stats", "import", path, "--dataset", "x", "--source", "x", "--units-layer", "parcels"
    )
    assert code == 2
    assert "没有单元“乙厂”" in err


def density(client: TestClient, **query: object) -> dict:
    return client.get("/api/v1/density", params=query).json()


def test_a_total_is_held_against_its_districts(client: TestClient, tmp_path: Path) -> None:
    text = (
        "片区,年份,进出口额（亿元）\n全区,2023,1000\n昆明,2023,700\n红河,2023,200\n德宏,2023,{}\n"
    )
    imported(tmp_path, text.format("99.5"))
    query = {"indicator": "trade", "year": 2023, "denominator": "approved"}
    found = density(client, **query)["reconciliation"]
    # By hand: 1000 - 999.5 = 0.5, which is 0.05 %.
    assert (found["difference"], found["warned"]) == (pytest.approx(0.5), False)
    imported(tmp_path, text.format("90"))
    found = density(client, **query)["reconciliation"]
    assert (found["difference_pct"], found["warned"]) == (pytest.approx(1.0), True)
    # 2020 has a total and no district: there is no sum.
    found = density(client, **{**query, "year": 2020})["reconciliation"]
    assert (found["difference"], len(found["missing"])) == (None, 3)


def test_a_boundary_is_held_against_its_published_area(
    client: TestClient, workspace: Workspace, tmp_path: Path
) -> None:
    query = {"indicator": "trade", "year": 2023, "denominator": "approved"}
    imported(tmp_path, "片区,年份,进出口额（亿元）\n昆明,2023,700\n")
    (check,) = density(client, **query)["area_checks"]
    assert (check["published_km2"], check["warned"]) == (76.0, False)
    version = workspace.store.get("districts")
    frame = workspace.store.read(version)
    # Scaled by 1.02 along each axis: 4.04 % more land.
    frame.features.geometry = frame.features.geometry.scale(1.02, 1.02)
    workspace.store.put_version(version.spec, frame, report=None, now=workspace.now())
    (check,) = density(client, **query)["area_checks"]
    assert check["difference_pct"] == pytest.approx(4.04, abs=0.05)
    assert check["warned"] is True


def posted(client: TestClient, address: str, text: str, **fields: str) -> tuple[int, dict]:
    files = {"file": ("月报.csv", text.encode("gbk"), "text/csv")}
    answer = client.post(address, files=files, data=fields)
    return answer.status_code, answer.json()


def test_a_preview_shows_what_would_come_in_and_stores_nothing(client: TestClient) -> None:
    text = "片区,年份,进出口额（万元）,建成区面积（公顷）\n全区,2020,7200000,\n昆明片区,2023,5000000,3000\n"
    said = {"dataset": "monthly", "source": "月报"}
    code, preview = posted(client, "/api/v1/statistics/preview", text, **said)
    assert code == 200, preview
    assert (preview["values"], preview["areas"], preview["replaced"]) == (2, 1, 1)
    first, _, land = preview["rows"]
    # 7 200 000 万元 are 720 亿元; the plan's own 717.9 would give way. 3000 ha are 30 km2.
    assert (first["value"], first["replaces"]) == (pytest.approx(720.0), 717.9)
    assert (land["role"], land["value"]) == ("land:built_up", pytest.approx(30.0))
    assert client.get("/api/v1/statistics").json()["tables"] == []
    assert [one["code"] for one in preview["questions"]] == ["replaces_shipped"]
    code, stored = posted(client, "/api/v1/statistics", text, **said, accept="true")
    assert (code, stored["table"]["values"], stored["replaced"]) == (201, 2, 1)
    assert client.get("/api/v1/statistics").json()["tables"][0]["dataset"] == "monthly"


def test_a_table_over_http_is_refused_row_by_row_like_at_the_terminal(client: TestClient) -> None:
    text = "片区,年份,固投（亿元）,绿化率\n昆明片区,2023,x,1\n玉溪,2023,2,1\n"
    said = {"dataset": "bad", "source": "x"}
    for address in ("/api/v1/statistics/preview", "/api/v1/statistics"):
        code, refusal = posted(client, address, text, **said)
        assert (code, refusal["params"]["count"]) == (422, 3)
        assert [one["line"] for one in refusal["params"]["problems"]] == [1, 2, 3]
    assert client.get("/api/v1/statistics").json()["tables"] == []
    code, refusal = posted(client, "/api/v1/statistics", text, dataset="bad")
    assert (code, refusal["params"]["field"]) == (422, "source")
    code, refusal = posted(client, "/api/v1/statistics", text, **said, year="2o23")
    assert refusal["params"]["field"] == "year"


def test_an_area_of_the_very_year_divides_before_one_that_is_open(client: TestClient) -> None:
    text = "片区,年份,进出口额（亿元）,批准面积（km2）\n昆明片区,2022,800,80\n红河片区,2022,150,\n"
    said = {"dataset": "monthly", "source": "月报", "accept": "true"}
    code, stored = posted(client, "/api/v1/statistics", text, **said)
    assert (code, [one["code"] for one in stored["confirmed"]]) == (201, ["replaces_shipped"])
    address = "/api/v1/density?indicator=trade&year=2022&denominator=approved"
    table = client.get(address).json()
    found = {row["unit_id"]: row["density"] for row in table["rows"]}
    # 800 / 80 of the table; 150 / 14.12 of the State Council's approval.
    assert found["kunming"] == pytest.approx(10.0)
    assert found["honghe"] == pytest.approx(10.6232, abs=1e-4)
    # 76 km2 are drawn: 5 % less than the 80 that the table states.
    (warned,) = [one for one in table["area_checks"] if one["warned"]]
    assert (warned["unit_id"], warned["difference_pct"]) == ("kunming", pytest.approx(-5.0))


@pytest.mark.parametrize(
    ("period", "kind"),
    [("2024年计划", "target"), ("2024年预计", "estimate"), ("2024（快报）", "preliminary"),
     ("2024年1-9月", "partial_year"), ("截至2024年底", "cumulative")],
)  # fmt: skip
def test_no_plan_estimate_or_part_stands_for_the_year(
    client: TestClient, tmp_path: Path, period: str, kind: str
) -> None:
    # 3000 is above the plan's target of 2675.78: taken for the year it would be "reached".
    answer = imported(tmp_path, f"片区,年份,进出口额（亿元）\n全区,{period},3000\n")
    assert [row["period"] for row in answer["rows"]] == [kind]
    trade = plan_row(client, "trade")
    assert (trade["course"], trade["latest_year"]) == ("no_data", 2020)
    assert trade["latest_qualifiers"]["nature"] == "fact"
    query = {"indicator": "trade", "year": 2024, "denominator": "approved"}
    table = density(client, **query)
    if kind == "target":
        assert (table["nature"], table["rows"][0]["qualifiers"]["nature"]) == ("target", "target")
    else:
        assert table["code"] == "api.density.none"


def test_a_fact_goes_before_a_target_of_its_year_and_they_never_mix(
    client: TestClient, tmp_path: Path
) -> None:
    # The plan has a target for the zone in 2025; the table a fact of one district.
    imported(tmp_path, "片区,年份,进出口额（亿元）\n昆明片区,2025,1800\n")
    table = density(client, indicator="trade", year=2025, denominator="approved")
    rows = {row["unit_id"]: row for row in table["rows"]}
    assert table["nature"] == "fact"
    assert rows["kunming"]["density"] == pytest.approx(1800 / 76)
    assert "ftz" not in rows or rows["ftz"]["value"] is None


def test_quarters_of_a_year_live_side_by_side(client: TestClient, tmp_path: Path) -> None:
    text = "片区,统计时间,进出口额（亿元）\n全区,2023年一季度,300\n全区,2023年1-9月,950\n全区,2023年,1300\n"
    assert imported(tmp_path, text)["table"]["values"] == 3
    # The year alone moves the plan along.
    assert plan_row(client, "trade")["latest_value"] == 1300.0


def test_what_is_asked_about_is_stored_only_when_accepted_at_both_doors(
    client: TestClient, tmp_path: Path
) -> None:
    text = "片区,年份,进出口额（亿元）\n全区,2023,7179000\n"
    path = tmp_path / "万元.csv"
    path.write_text(text, encoding="utf-8")
    command = ("stats", "import", path, "--dataset", "slip", "--source", "x")
    code, out, err = run(*command)
    # What was understood is shown before it is refused: 7 179 000, ten thousand times 717.9.
    assert (code, "7179000  亿元" in out) == (2, True)
    assert "7.179e+06 / 717.9 亿元 (2020)" in err
    said = {"dataset": "slip", "source": "x"}
    code, refusal = posted(client, "/api/v1/statistics", text, **said)
    assert (code, refusal["code"]) == (422, "layers.statistics.questions")
    _, preview = posted(client, "/api/v1/statistics/preview", text, **said)
    assert [one["code"] for one in preview["questions"]] == ["far_from_former"]
    assert client.get("/api/v1/statistics").json()["tables"] == []
    code, stored = posted(client, "/api/v1/statistics", text, **said, accept="true")
    assert (code, [one["code"] for one in stored["confirmed"]]) == (201, ["far_from_former"])
    assert run(*command, "--accept")[0] == 0


def test_what_ships_names_a_source_that_deserves_it() -> None:
    # Oracle: the marks of the collection; content farms and values without a year are gone.
    kinds = {
        value.quality.partition(" ")[0].rstrip(",") for value in load_observations(shipped_zone())
    }
    assert kinds <= {"official", "official_press", "press", "secondary", "unverified"}
    farms = (
        "xunjk", "whxws", "kmcits0366", "city28", "ttnews", "jidianwang", "hbzqbyyxgs", "drbdp",
        "82l.net", "book118", "learnwithfaith", "todaymg", "shzq.org", "kmguol", "517lj",
    )  # fmt: skip
    shipped = files("layers.zones").joinpath("yunnan")
    texts = [
        one.read_text("utf-8") for one in shipped.iterdir() if one.name.endswith((".csv", ".yaml"))
    ]
    assert len(texts) > 10
    assert not [farm for farm in farms for text in texts if farm in text]
    assert not [one for one in load_observations(shipped_zone()) if one.unit_id == "kunming_etdz"]


def test_versions_from_before_months_and_notes_are_still_what_they_were() -> None:
    # By hand: the digest of a row as it was written before the two fields came.
    row = {
        "unit_id": "ftz", "indicator": "trade", "year": 2023, "period": "full_year", "value": 1.0,
        "relation": "=", "unit": "亿元", "source": "s", "quality": "official",
    }  # fmt: skip
    before = digest(canonical_json([[row], [], []]))
    assert content_sha256([Observation(**row)], [], []) == before
    assert content_sha256([Observation(**row, months="01-09")], [], []) != before


def test_words_beside_a_figure_are_kept_through_every_door(
    client: TestClient, tmp_path: Path
) -> None:
    # By hand: 2031 is a year that nothing ships for; the note makes 300 an estimate of nine months.
    text = "片区,年份,进出口总额（亿元）,备注\n昆明片区,2031,300,1-9月，预计数\n"
    imported(tmp_path, text, "--accept")
    for answer in (
        client.get("/api/v1/units/kunming").text, run("unit", "kunming", "--json")[1],
    ):  # fmt: skip
        assert "full_year" not in json.dumps(
            [row for row in json.loads(answer)["rows"] if row["year"] == 2031]
        )
    asked = client.post(
        "/api/v1/statistics/preview",
        files={"file": ("t.csv", text.encode())},
        data={"dataset": "monthly", "source": "统计月报"},
    ).json()
    (row,) = asked["rows"]
    assert (row["period"], row["months"], row["note"]) == ("estimate", "01-09", "1-9月，预计数")


def test_a_year_that_runs_and_another_data_sets_figure_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "月报.csv"
    year = datetime.now(UTC).year

    def put(dataset: str, value: int, of: int, *more: str) -> tuple[int, str]:
        path.write_text(f"片区,年份,进出口额（亿元）\n全区,{of},{value}\n", encoding="utf-8")
        command = ("stats", "import", path, "--dataset", dataset, "--source", "月报")
        code, out, err = run(*command, *more)
        return code, out + err

    code, told = put("one", 900, year)
    assert code != 0
    assert f"“{year}”到导入之日尚未结束" in told
    assert put("one", 900, year, "--accept")[0] == 0
    assert put("two", 1600, 2023)[0] == 0
    assert put("two", 1500, 2023)[0] == 0  # its own figure
    code, told = put("three", 1400, 2023)
    assert code != 0
    assert "1500 亿元（月报） → 1400 亿元（月报） [two]" in told
    assert put("three", 1500, 2023)[0] == 0  # nothing changes
    assert put("four", 1400, 2023, "--accept")[0] == 0
