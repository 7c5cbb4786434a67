"""What is understood of tables of zones and firms. Oracles: the tables as typed, the evaluation."""

import csv
import io
import json

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app

ZONES = [
    [
        "开发区名称",
        "审批类型",
        "已建成城镇建设用地（亩）",
        "工业税收总额（万元）",
        "年份",
        "备用列",
    ],
    ["甲区", "经济技术开发区", 9000, "约90", 2023, "x"],
    ["乙区", "经济技术开发区", "很多", 20, 2023, "x"],
]
FIRMS = [
    ["企业名称", "规模", "用地面积（公顷）", "税收", "年份"],
    ["甲厂", "规下", 10, 90, 2023],
    ["合计", "", 10, 90, 2023],
]


def as_csv(rows: list[list[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def asked(client: TestClient, address: str, rows: list[list[object]], **said: str) -> dict:
    files = {"file": ("表.csv", as_csv(rows), "text/csv")}
    answer = client.post(address, files=files, data=said)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_zones_are_told_figure_by_figure(client: TestClient) -> None:
    found = asked(client, "/api/v1/intensity/preview", ZONES)
    # 9000 mu are 600 ha; a tax that is about 90 stays about.
    told = {(one["line"], one["quantity"]): (one["value"], one["unit"]) for one in found["rows"]}
    assert told == {
        (2, "built_ha"): (pytest.approx(600.0), "ha"),
        (2, "industrial_tax"): (90.0, "万元"),
        (3, "industrial_tax"): (20.0, "万元"),
    }
    about = next(one for one in found["rows"] if one["line"] == 2 and one["value"] == 90.0)
    assert (about["qualifiers"]["relation"], about["qualifiers"]["year"]) == ("~", 2023)
    assert about["name"] == "甲区"
    assert (found["records"], found["figures"], found["unread"]) == (2, 3, ["备用列"])
    assert [(one["line"], one["column"]) for one in found["not_taken"]] == [
        (3, "已建成城镇建设用地（亩）")
    ]


def test_firms_are_told_with_what_is_left_out_and_asked_about(client: TestClient) -> None:
    found = asked(client, "/api/v1/permu/preview", FIRMS, scheme="huangyan_2022")
    told = {one["quantity"]: one["value"] for one in found["rows"]}
    assert told == {"land_mu": pytest.approx(150.0), "tax": 90.0}
    assert [one["code"] for one in found["questions"]] == ["measure_assumed"]
    assert [(one["line"], one["code"]) for one in found["left_out"]] == [(3, "total_row")]
    # What is asked about before is what is refused without a word of consent.
    files = {"file": ("表.csv", as_csv(FIRMS), "text/csv")}
    refused = client.post("/api/v1/permu", files=files, data={"scheme": "huangyan_2022"})
    assert refused.status_code == 422
    assert [one["code"] for one in refused.json()["params"]["problems"]] == ["measure_assumed"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_says_the_same(tmp_path, lang: str) -> None:
    file = tmp_path / "zones.csv"
    file.write_bytes(as_csv(ZONES))
    done = CliRunner().invoke(app, ["intensity-preview", str(file), "--lang", lang])
    assert done.exit_code == 0, done.output
    assert "600" in done.stdout
    assert "备用列" in done.stdout
    plain = CliRunner().invoke(app, ["intensity-preview", str(file), "--json"])
    assert json.loads(plain.stdout)["figures"] == 3
