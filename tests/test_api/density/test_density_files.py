"""Densities, plan and intensity as files and over years. Oracles: by hand, LibreOffice, pypdf."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app

TRADE = "/api/v1/density?indicator=trade&year=2020&denominator=approved"
ZONE = "KFQMC,KFQSPLX,KFQPJLX,KFQPJMJ,A,A1,A2,B,B21,D,D22,G\n=1+1,5,工业主导型,499.75,300,60,120,100,60,330,5,6\n"


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_csv_of_densities_says_all_that_the_page_says(shared_client: TestClient) -> None:
    zone, kunming, *_ = rows_of(shared_client.get(f"{TRADE}&format=csv").content)
    assert float(zone["密度 (亿元/km²)"]) == pytest.approx(5.99, abs=5e-3)
    assert (zone["关系"], zone["时段"], zone["面积来法"]) == ("等于", "全年", "公布面积")
    assert kunming["为何没有密度"] == "该年没有数据"


def test_the_cells_of_a_density_are_a_division(shared_client: TestClient) -> None:
    data = shared_client.get(f"{TRADE}&format=xlsx&lang=en").content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    assert (sheet["B3"].value, sheet["F3"].value, sheet["H3"].value) == (717.9, 119.86, "=B3/F3")


@pytest.mark.slow
def test_rates_of_zones_are_formulas_over_their_quantities(shared_client: TestClient) -> None:
    files = {"file": ("z.csv", ZONE.encode(), "text/csv")}
    data = shared_client.post("/api/v1/intensity?format=xlsx", files=files).content
    text = shared_client.post("/api/v1/intensity?format=csv", files=files).content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    cells = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    value = {name: f"$B${row}" for name, row in cells.items()}
    built, ready, unbuilt = (
        value["A 已建成城镇建设用地"],
        value["B21 已达供地条件土地"],
        value["B 未建成城镇建设用地"],
    )
    cells |= {sheet.cell(row, 2).value: row for row in range(1, sheet.max_row + 1)}
    expected = f"=100 * ({built} + {ready}) / ({built} + {unbuilt})"
    assert sheet.cell(cells["土地开发率"], 4).value == expected
    # The zone's name is text in both files.
    assert "'=1+1" in [cell.value for cell in sheet["A"]]
    assert rows_of(text)[0]["开发区"] == "'=1+1"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sheets_for_print_fill_their_pages(shared_client: TestClient, lang: str) -> None:
    words = {
        "zh": ("进出口额", "一般公共预算收入"),
        "en": ("Imports and exports", "General public budget"),
    }
    for address, word, count in (
        (f"{TRADE}&format=pdf&maker=Bureau", words[lang][0], 1),
        # Bars and sixteen rows on one page, the map and the shares on the next.
        ("/api/v1/plan?format=pdf&maker=Bureau", words[lang][1], 2),
        ("/api/v1/units/dehong?format=pdf&maker=Bureau", "29.74", 1),
        ("/api/v1/units/ftz?format=pdf&maker=Bureau", "119.86", 1),
    ):
        answer = shared_client.get(address, headers={"Accept-Language": lang})
        assert answer.headers["content-type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(answer.content)).pages
        assert len(pages) == count, address
        assert word in pages[0].extract_text()
        assert "Bureau" in pages[-1].extract_text()


def test_workbooks_hold_native_charts_of_every_row(shared_client: TestClient) -> None:
    for address, count in ((TRADE, 5), ("/api/v1/plan?", 16)):
        answer = shared_client.get(f"{address}&format=xlsx")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        ((chart,),) = [one._charts for one in book.worksheets if one._charts]
        first, last = chart.series[0].val.numRef.f.replace("$", "").rpartition("!")[2].split(":")
        rows = [int("".join(filter(str.isdigit, one))) for one in (first, last)]
        assert rows[1] - rows[0] + 1 == count


def test_a_unit_has_all_of_its_lands_and_densities(shared_client: TestClient) -> None:
    sheet = shared_client.get("/api/v1/units/ftz").json()
    assert {land["kind"]: round(land["area_km2"], 2) for land in sheet["lands"]} == {
        "approved": 119.86, "boundary": 119.86,
    }  # fmt: skip
    found = {
        (row["indicator"], row["year"], row["denominator"]): row["density"] for row in sheet["rows"]
    }
    assert found["trade", 2020, "approved"] == pytest.approx(717.9 / 119.86)
    assert found["trade", 2025, "approved"] == pytest.approx(2675.78 / 119.86)
    assert shared_client.get("/api/v1/units/none").status_code == 404


def test_years_share_their_classes(shared_client: TestClient) -> None:
    years = shared_client.get("/api/v1/density/years?indicator=trade&denominator=approved").json()
    assert [table["year"] for table in years["tables"]] == [2020, 2025]
    # By hand: 717.9 and 2675.78 over 119.86, as the map prints them.
    assert years["breaks"]["edges"] == [5.99, 22.32]
    wrong = shared_client.get("/api/v1/density/years?indicator=trade&denominator=moon")
    assert wrong.json()["code"] == "api.density.none"


@pytest.mark.parametrize("name", ["statistics", "zones", "firms"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_templates_are_understood_by_their_own_readers(
    shared_client: TestClient, name: str, lang: str
) -> None:
    data = shared_client.get(
        f"/api/v1/templates/{name}.csv", headers={"Accept-Language": lang}
    ).content
    heads = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    if name == "statistics":
        line = ",".join(["昆明片区", "2023", *["1"] * (len(heads) - 2)])
        files = {"file": ("t.csv", data + line.encode(), "text/csv")}
        said = {"dataset": "t", "source": "t"}
        answer = shared_client.post("/api/v1/statistics/preview", files=files, data=said).json()
        assert answer["values"] == len(heads) - 2, answer
    elif name == "zones":
        files = {"file": ("t.csv", data + ",".join(["1"] * len(heads)).encode(), "text/csv")}
        assert (
            shared_client.post("/api/v1/intensity", files=files).json()["zones"][0]["unread"] == []
        )
    else:
        line = ",".join(["厂", "规上", "P1", "昆明", "否", *["1"] * (len(heads) - 5)])
        files = {"file": ("t.csv", data + line.encode(), "text/csv")}
        answer = shared_client.post("/api/v1/permu?scheme=huangyan_2022", files=files).json()
        assert (answer["unread"], answer["missing_columns"]) == ([], []), answer
    assert shared_client.get("/api/v1/templates/none.csv").status_code == 404


def test_the_commands_write_the_same_files(
    shared_client: TestClient, built_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(built_store))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, list(arguments))
        assert done.exit_code == 0, done.stderr
        return done.stdout

    paths = {name: str(tmp_path / name) for name in ("d.csv", "p.csv", "u.pdf")}
    run("density", "trade", "--year", "2020", "--denominator", "approved", "-o", paths["d.csv"])
    run("plan", "-o", paths["p.csv"])
    text = run("unit", "ftz", "-o", paths["u.pdf"])
    assert Path(paths["d.csv"]).read_bytes() == shared_client.get(f"{TRADE}&format=csv").content
    assert Path(paths["p.csv"]).read_bytes() == shared_client.get("/api/v1/plan?format=csv").content
    assert Path(paths["u.pdf"]).read_bytes().startswith(b"%PDF-")
    assert re.search(r"进出口额 \(亿元\) +2020 全年 +717.90 +5.989 ", text)
    years = run("density-years", "trade", "--denominator", "approved", "--json")
    address = "/api/v1/density/years?indicator=trade&denominator=approved"
    assert json.loads(years) == shared_client.get(address).json()
    assert "22.324" in run("density-years", "trade", "--denominator", "approved")
    wrong = CliRunner().invoke(app, ["plan", "-o", str(tmp_path / "p.doc")])
    assert wrong.exit_code == 2
