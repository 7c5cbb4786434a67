"""The statement of a quarter over HTTP. Oracles: by hand, and the rules as data."""

import html
import io
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.workspace.workspace import Workspace

TABLE = """片区,指标,时期,数值,计量单位
全区,固定资产投资,2026年目标,1000,亿元
全区,固定资产投资,2026年1-9月,760,亿元
全区,固定资产投资,2025年1-9月,700,亿元
昆明片区,固定资产投资,2026年目标,700,亿元
昆明片区,固定资产投资,2026年1-3月,150,亿元
昆明片区,固定资产投资,2026年4-6月,150.5,亿元
昆明片区,固定资产投资,2026年7-9月,140,亿元
红河片区,新设企业数,2026年目标,1000,户
红河片区,新设企业数,2026年1-9月,690,户
德宏片区,固定资产投资,2026年目标,200,亿元
德宏片区,进出口额,2026年目标,100,亿元
德宏片区,进出口额,2026年1-9月,>60,亿元
全区,固定资产投资,2025年,1400,亿元
全区,新设企业数,2025年,59052,户
全区,总结上报经验案例数,截至2025年底,180,个
全区,固定资产投资,2030年目标,2254.714,亿元
全区,地区生产总值,2025年,400,亿元
全区,综合能源消费量,2025年,50,万吨标准煤
全区,用水总量,2025年,3000,万立方米
全区,建成区面积,2025年,60,平方公里
"""
ASKED = {"year": 2026, "quarter": 3}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, built_store: Path) -> TestClient:
    """Return a server of its own on which an office has stored its quarter."""
    return client_with(TABLE, tmp_path_factory.mktemp("office") / "store", built_store)


LIMITS = """单元,指标,时期,数值,计量单位
红河片区,地区生产总值,2023年,≥35,亿元
红河片区,综合能源消费量,2023年,7,万吨标煤
红河片区,用水总量,2023年,不足350,万立方米
红河片区,地区生产总值,2024年,36以上,亿元
红河片区,税收收入,2024年,28.24,亿元
昆明片区,税收收入,2024年预计,50,亿元
红河片区,综合能源消费量,2024年,6以上,万吨标煤
德宏片区,地区生产总值,2025年预计,60,亿元
德宏片区,综合能源消费量,2025年1-9月,9,万吨标煤
德宏片区,建成区面积,2025年,13,平方公里
昆明片区,固定资产投资,2026年1-9月,450,亿元
昆明片区,固定资产投资,2025年1-9月,>400,亿元
全区,固定资产投资,2023年,>1,亿元
"""


@pytest.fixture(scope="module")
def limits(tmp_path_factory: pytest.TempPathFactory, built_store: Path) -> TestClient:
    """Return a server whose figures are limits, estimates and parts of years."""
    return client_with(LIMITS, tmp_path_factory.mktemp("limits") / "store", built_store)


def client_with(table: str, folder: Path, built_store: Path) -> TestClient:
    shutil.copytree(built_store, folder)
    client = TestClient(create_app(Settings(data_dir=folder, allowed_hosts=("testserver",))))
    said = {"dataset": "quarter", "source": "统计局", "accept": "true"}
    files = {"file": ("t.csv", table.encode(), "text/csv")}
    answer = client.post("/api/v1/statistics", data=said, files=files)
    assert answer.status_code == 201, answer.text
    return client


def rows(client: TestClient, **asked: object) -> dict[tuple[str, str], dict]:
    answer = client.get("/api/v1/statement", params=ASKED | asked)
    assert answer.status_code == 200, answer.text
    return {(row["unit_id"], row["indicator"]): row for row in answer.json()["rows"]}


def test_progress_judgement_and_change_by_hand(office: TestClient) -> None:
    found = rows(office)
    zone = found["ftz", "fixed_investment"]
    assert (zone["progress_pct"], zone["judgement"]) == (pytest.approx(76.0), "on_time")
    assert zone["change_pct"] == pytest.approx(100 * 60 / 700)
    assert zone["target_density"] == pytest.approx(1000 / 119.86)
    kunming = found["kunming", "fixed_investment"]
    # 150 + 150.5 + 140 of 700 is 62.93 %, less than nine tenths of 75 %.
    assert kunming["value"] == pytest.approx(440.5)
    assert kunming["summed"] == ["01-03", "04-06", "07-09"]
    assert kunming["judgement"] == "behind"
    honghe = found["honghe", "new_firms"]
    assert (honghe["judgement"], honghe["decimals"]) == ("slightly_behind", 0)
    assert honghe["target_density"] is None
    assert "690 户" in honghe["text"]["zh"]
    assert found["dehong", "fixed_investment"]["judgement"] == "no_value"


def test_a_lower_limit_is_not_judged(office: TestClient) -> None:
    trade = rows(office)["dehong", "trade"]
    assert (trade["judgement"], trade["value_qualifiers"]["relation"]) == ("uncertain", ">")


def test_a_part_of_the_year_never_becomes_its_figure(office: TestClient) -> None:
    year = rows(office, quarter=4)
    assert year["ftz", "fixed_investment"]["judgement"] == "no_value"
    first = rows(office, quarter=1)
    assert first["kunming", "fixed_investment"]["value"] == 150
    assert first["ftz", "fixed_investment"]["value"] is None


def test_the_zone_is_held_against_its_districts(office: TestClient) -> None:
    answer = office.get("/api/v1/statement", params=ASKED).json()
    total = answer["reconciliations"]["fixed_investment"]
    assert (total["total"], total["parts_sum"]) == (760, pytest.approx(440.5))
    assert total["missing"] == ["honghe", "dehong"]
    assert total["difference"] is None
    (dense,) = [one for one in answer["density"] if one["name"]["zh"] == "固定资产投资"]
    # Of the last full year, never of the quarter.
    assert (dense["year"], dense["density"]) == (2025, pytest.approx(1400 / 119.86))


def test_the_office_has_rules_of_its_own(own_store: Path, workspace: Workspace) -> None:
    (own_store / "density").mkdir()
    (own_store / "density" / "assessment.yaml").write_text(
        "judgements:\n- {id: on_time, least: 0.5}\n- {id: behind, least: 0.0}\n", "utf-8"
    )
    client = TestClient(create_app(Settings(data_dir=own_store, allowed_hosts=("testserver",))))
    said = {"dataset": "q", "source": "x", "accept": "true"}
    files = {"file": ("t.csv", TABLE.encode(), "text/csv")}
    client.post("/api/v1/statistics", data=said, files=files)
    answer = client.get("/api/v1/statement", params=ASKED).json()
    assert answer["own_rules"]
    assert {row["judgement"] for row in answer["rows"] if row["progress_pct"]} <= {
        "on_time", "uncertain",
    }  # fmt: skip
    (own_store / "density" / "assessment.yaml").write_text("judgements: 3\n", "utf-8")
    assert client.get("/api/v1/statement", params=ASKED).status_code == 422


def test_without_target_and_figure_there_is_no_statement(shared_client: TestClient) -> None:
    answer = shared_client.get("/api/v1/statement", params={"year": 2027, "quarter": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "api.density.nothing_to_state")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_statement_is_handed_in_as_word_with_chart_table_and_text(
    office: TestClient, lang: str
) -> None:
    data = office.get("/api/v1/statement", params=ASKED | {"format": "docx", "lang": lang}).content
    paper = Document(io.BytesIO(data))
    text = "\n".join(one.text for one in paper.paragraphs)
    assert ("落后于时序进度" if lang == "zh" else "behind time") in text
    assert len(paper.tables) >= 2
    assert len(paper.inline_shapes) == 2


def test_the_chart_names_what_has_no_progress_and_why(office: TestClient) -> None:
    page = office.get("/api/v1/statement", params=ASKED | {"format": "html", "lang": "en"}).text
    (said,) = map(html.unescape, re.findall(r'alt="([^"]*69\.0 %[^"]*)"', page))
    # Of a target without a figure, and of more than 60 of 100: at least 60 %.
    assert "Dehong District Fixed-asset investment no figure" in said
    assert "Dehong District Imports and exports > 60.0 %" in said
    assert len(said.split("; ")) == len(rows(office))


@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv", "html"])
@pytest.mark.parametrize("path", ["statement", "resource-use", "plan/final"])
def test_all_three_become_files(office: TestClient, path: str, form: str) -> None:
    asked = {"statement": ASKED, "resource-use": {"unit_id": "ftz", "year": 2025}}.get(path, {})
    answer = office.get(f"/api/v1/{path}", params=asked | {"format": form, "lang": "en"})
    assert answer.status_code == 200
    if form == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames


def test_resource_use_by_hand_and_no_carbon_without_a_factor(office: TestClient) -> None:
    asked: dict[str, object] = {"unit_id": "ftz", "year": 2025}
    found = office.get("/api/v1/resource-use", params=asked).json()
    by_id = {row["id"]: row for row in found["rows"]}
    # 500,000 t, 30,000,000 m3 and 6,000 ha over 40,000,000,000 CNY.
    assert by_id["energy"]["value"] == pytest.approx(0.125)
    assert by_id["water"]["value"] == pytest.approx(7.5)
    assert by_id["land"]["value"] == pytest.approx(15.0)
    assert (by_id["carbon"]["value"], by_id["carbon"]["reason"]) == (None, "no_factor")
    stated = asked | {"carbon_t_per_tce": 2.66, "factor_source": "某通知"}
    carbon = office.get("/api/v1/resource-use", params=stated).json()["rows"][3]
    assert (carbon["amount"], carbon["value"]) == (pytest.approx(133.0), pytest.approx(0.3325))
    alone = office.get("/api/v1/resource-use", params=asked | {"carbon_t_per_tce": 2.66})
    assert alone.json()["code"] == "api.density.factor_source"
    other = office.get("/api/v1/resource-use", params={"unit_id": "honghe", "year": 2025}).json()
    assert {row["reason"] for row in other["rows"]} == {"no_product", "no_factor"}


def test_a_ratio_turns_the_limit_of_what_it_divides_by(limits: TestClient) -> None:
    stated: dict[str, object] = {"carbon_t_per_tce": 2.5, "factor_source": "某通知"}

    def told(unit: str, year: int) -> dict[str, tuple[object, ...]]:
        asked = stated | {"unit_id": unit, "year": year}
        found = limits.get("/api/v1/resource-use", params=asked).json()["rows"]
        return {
            row["id"]: (
                row["amount"], (row["amount_qualifiers"] or {}).get("relation"), row["value"],
                (row["qualifiers"] or {}).get("relation"), row["reason"],
            )
            for row in found
        }  # fmt: skip

    # 7 over more than 35 is less than 0.2; less than 350 over more than 35 is less than 10.
    honghe = told("honghe", 2023)
    assert honghe["energy"] == (7, "=", pytest.approx(0.2), "<", None)
    assert honghe["water"] == (350, "<", pytest.approx(10.0), "<", None)
    assert honghe["carbon"] == (pytest.approx(17.5), "=", pytest.approx(0.5), "<", None)
    # More than 6 over more than 36 may be anything, and what is known of each still stands there.
    assert told("honghe", 2024)["energy"] == (6, ">", None, None, "open_both_ways")


def test_what_is_known_stands_beside_a_product_that_is_none_yet(limits: TestClient) -> None:
    asked: dict[str, object] = {"unit_id": "dehong", "year": 2025, "lang": "zh"}
    found = limits.get("/api/v1/resource-use", params=asked).json()
    assert (found["product"], found["product_only"]) == (None, ["estimate"])
    by_id = {row["id"]: row for row in found["rows"]}
    assert (by_id["land"]["amount"], by_id["land"]["reason"]) == (13, "no_product")
    assert by_id["energy"]["amount_only"] == ["partial_year"]
    said = limits.get("/api/v1/resource-use", params=asked | {"format": "csv"}).text
    assert "生产总值,,亿元,,,没有该年数据；生产总值该年只有预计的数，未用" in said
    assert "没有该年生产总值；能耗该年只有不足一年的数，未用" in said


def test_no_change_and_no_course_between_limits(limits: TestClient) -> None:
    found = rows(limits)[("kunming", "fixed_investment")]
    assert (found["value"], found["before"], found["change_pct"]) == (450, 400, None)
    assert found["before_qualifiers"]["relation"] == ">"
    said = limits.get("/api/v1/statement", params=ASKED | {"format": "csv", "lang": "zh"}).text
    assert '400.0,"大于, 不足一年 01-09"' in said
    # The path to 5% a year from the base is far above "more than 1": more may be on it.
    plan = {row["id"]: row for row in limits.get("/api/v1/plan").json()["rows"]}
    assert plan["fixed_investment"]["course"] == "uncertain"


def test_the_plan_ends_by_what_was_reached_and_never_by_its_targets(office: TestClient) -> None:
    found = {row["number"]: row for row in office.get("/api/v1/plan/final").json()["rows"]}
    assert len(found) == 16
    assert (found[8]["outcome"], found[8]["final"]) == ("reached", 1400)
    # 59052 of 59053 firms.
    assert (found[9]["outcome"], found[9]["decimals"]) == ("missed", 0)
    # 36 to 180: 144 added, as the plan prints in brackets.
    assert (found[1]["added"], found[1]["added_target"], found[1]["outcome"]) == (
        144, 144, "reached",
    )  # fmt: skip
    assert found[12]["outcome"] == "cannot_tell"
    assert found[12]["final"] is None
    # 1400 to 2254.714 in five years is ten percent a year.
    assert found[8]["path"] == pytest.approx([1540, 1694, 1863.4, 2049.74, 2254.714])
    assert found[9]["path"] == []


def test_totals_that_are_not_brought_down_are_named(limits: TestClient) -> None:
    body = {"indicator": "tax_revenue", "year": 2024, "grid_m": 2000}
    found = limits.post("/api/v1/downscale", json=body).json()
    # One district of three has a fact of the year: 28.24 over 14.12 km2 is 2 everywhere.
    assert [one["en"] for one in found["unit_names"]] == ["Honghe District"]
    assert [one["en"] for one in found["left_out"]] == ["Kunming District", "Dehong District"]
    assert {round(one["density"], 3) for one in found["parts"]} == {2.0}
    assert found["breaks"]["edges"][0] == found["breaks"]["edges"][-1]
    said = limits.post("/api/v1/downscale?format=docx&lang=zh", json=body).content
    with zipfile.ZipFile(io.BytesIO(said)) as package:
        text = package.read("word/document.xml").decode()
    assert "昆明片区、德宏片区" in text
    assert "2000 m 格网" in text
