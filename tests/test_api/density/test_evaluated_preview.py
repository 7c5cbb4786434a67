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


def firm_rows(**slip: dict[str, float]) -> list[list[object]]:
    figures = {name: {"land": 40.0, "tax": 300.0} for name in ("甲厂", "乙厂", "丙厂", "丁厂")}
    for name, own in slip.items():
        figures[name] |= own
    head = ["企业名称", "规模", "用地面积（亩）", "税收（万元）", "年份"]
    return [head, *([name, "规下", one["land"], one["tax"], 2023] for name, one in figures.items())]


@pytest.mark.parametrize(
    ("slip", "column"),
    [
        ({}, None),
        ({"land": 26_666.67}, "用地面积（亩）"),  # 40 mu written in m2
        ({"tax": 3_000_000.0}, "税收（万元）"),  # 300 written in yuan
        ({"tax": 0.02}, "税收（万元）"),
        ({"tax": 3.0}, None),  # a hundredth: a firm that yields little
        ({"land": 400.0, "tax": 3_000.0}, None),  # ten times as large in all
    ],
)
def test_a_firm_far_from_the_others_is_asked_about(client: TestClient, slip, column) -> None:
    """Oracle: the middle of the three others is 40 mu and 300, or 7.5 a mu, by hand."""
    found = asked(client, "/api/v1/permu/preview", firm_rows(丙厂=slip), scheme="huangyan_2022")
    told = [(one["line"], one["column"], one["code"]) for one in found["questions"]]
    code = "far_from_rows" if column == "用地面积（亩）" else "far_from_rows_by_mu"
    assert told == ([(4, column, code)] if column else [])


def test_a_zone_far_from_the_others_is_asked_about(client: TestClient) -> None:
    head = ["开发区名称", "审批类型", "已建成城镇建设用地（公顷）", "工业税收总额（万元）", "年份"]
    rows = [[f"{n}区", "经济技术开发区", 600 + n, 90 + n, 2023] for n in range(3)]
    slip = ["丙区", "经济技术开发区", 6_000_000, 93, 2023]  # m2 under a heading of ha
    found = asked(client, "/api/v1/intensity/preview", [head, *rows, slip])
    told = [(one["line"], one["column"], one["code"]) for one in found["questions"]]
    assert told == [(5, "已建成城镇建设用地（公顷）", "far_from_rows")]
