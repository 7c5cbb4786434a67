"""What the formulas of our workbooks compute, by another program: LibreOffice.

All books go through one run of it. Each answer was computed by our own code and stands
beside the formula's value, so that a formula that a planner changes starts from truth.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from starlette.testclient import TestClient

from tests.test_api.conftest import polygon, square

pytestmark = pytest.mark.slow

TRADE = "indicator=trade&year=2020&denominator=approved"
PERMU = "scheme=huangyan_2022_capped&parcels=demo_parcels"
ZONE = "KFQMC,KFQSPLX,KFQPJLX,KFQPJMJ,A,A1,A2,B,B21,D,D22,G\n甲区,5,工业主导型,499.75,300,60,120,100,60,330,5,6\n"
SCENARIOS = {
    "indicator": "trade", "year": 2020, "denominator": "approved", "unit_id": "ftz",
    "cases": [
        {"name": "keep", "added_km2": 10.0},
        {"name": "plan", "added_km2": 0.0, "plan_target": True, "by_year": 2025},
        {"name": "denser", "added_km2": 20.0, "density": 8.0},
    ],
}  # fmt: skip
GRID = {"indicator": "trade", "year": 2020, "grid_m": 2000.0}
PLACES = ((102.802, 25.018), (102.815, 25.028), (102.836, 25.021))
SITES = {
    "type": "FeatureCollection",
    "features": [
        feature for place in PLACES for feature in polygon(square(*place, 0.004))["features"]
    ],
}

ASKED: dict[str, Callable[[TestClient, str], object]] = {
    "plan": lambda client, form: client.get(f"/api/v1/plan{form}"),
    "density": lambda client, form: client.get(f"/api/v1/density{form or '?'}&{TRADE}"),
    "permu": lambda client, form: client.get(f"/api/v1/permu{form or '?'}&{PERMU}"),
    "scenarios": lambda client, form: client.post(f"/api/v1/scenarios{form}", json=SCENARIOS),
    "intensity": lambda client, form: client.post(
        f"/api/v1/intensity{form}", files={"file": ("z.csv", ZONE.encode(), "text/csv")}
    ),
    "downscale": lambda client, form: client.post(f"/api/v1/downscale{form}", json=GRID),
    "ranking": lambda client, form: client.post(
        f"/api/v1/sites/ranking{form or '?'}&place=102.9,25.1&{TRADE}", json=SITES
    ),
}


@pytest.fixture(scope="module")
def answers(shared_client: TestClient) -> dict[str, dict]:
    return {name: ask(shared_client, "").json() for name, ask in ASKED.items()}


@pytest.fixture(scope="module")
def written(shared_client: TestClient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    for name, ask in ASKED.items():
        (folder / f"{name}.xlsx").write_bytes(ask(shared_client, "?format=xlsx").content)
    return folder


@pytest.fixture(scope="module")
def computed(written: Path) -> Path:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: nothing here computes formulas")
    subprocess.run(
        [
            office, f"-env:UserInstallation=file://{written}/profile", "--headless",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(written / "computed"),
            *map(str, sorted(written.glob("*.xlsx"))),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return written / "computed"


def sheets_of(computed: Path, written: Path, name: str) -> list[tuple[Worksheet, Worksheet]]:
    """Return the sheets of a book with values and with formulas."""
    values = openpyxl.load_workbook(computed / f"{name}.xlsx", data_only=True)
    texts = openpyxl.load_workbook(written / f"{name}.xlsx")
    return list(zip(values.worksheets, texts.worksheets, strict=True))


def row_of(sheet: Worksheet, text: str, column: int = 1) -> int:
    return next(at for at in range(1, sheet.max_row + 1) if sheet.cell(at, column).value == text)


@pytest.mark.parametrize("name", ASKED)
def test_every_formula_has_a_value(computed: Path, written: Path, name: str) -> None:
    formulas = 0
    for values, texts in sheets_of(computed, written, name):
        for row in texts.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    formulas += 1
                    value = values[cell.coordinate].value
                    # An IF may leave a cell empty by a rule that the formula itself states.
                    assert isinstance(value, (int, float)) or "IF(" in cell.value, cell.coordinate
                    assert not str(value).startswith("#"), cell.coordinate
    assert formulas


def test_the_plan_grows_and_yields_as_answered(answers: dict, computed: Path) -> None:
    sheet = openpyxl.load_workbook(computed / "plan.xlsx", data_only=True).worksheets[0]
    for at, row in enumerate(answers["plan"]["rows"], start=3):
        for column, value in ((6, row["growth"]["required_pct"]), (13, row["target_density"])):
            found = sheet.cell(at, column).value
            assert found == (pytest.approx(value) if value else None), row["id"]


def test_densities_are_what_was_answered(answers: dict, computed: Path) -> None:
    sheet = openpyxl.load_workbook(computed / "density.xlsx", data_only=True).worksheets[0]
    found = [sheet.cell(at, 8).value for at in range(3, 3 + len(answers["density"]["rows"]))]
    stated = [row["density"] for row in answers["density"]["rows"]]
    assert found == [value and pytest.approx(value) for value in stated]
    assert any(stated)


def test_firms_score_what_was_answered(answers: dict, computed: Path) -> None:
    large = [firm for firm in answers["permu"]["firms"] if firm["group"] == "large"]
    sheet = openpyxl.load_workbook(computed / "permu.xlsx", data_only=True)["规模以上"]
    assert sheet.max_row == 5 + len(large)
    for row, firm in enumerate(large, start=6):
        assert sheet.cell(row, sheet.max_column - 2).value == pytest.approx(firm["total"])


def test_scenarios_come_out_as_answered(answers: dict, computed: Path) -> None:
    sheet = openpyxl.load_workbook(computed / "scenarios.xlsx", data_only=True).worksheets[0]
    for row, one in enumerate(answers["scenarios"]["scenarios"], start=7):
        columns = {5: "value_needed", 7: "density_of_new_land", 10: "land_saved_km2"}
        for column, name in columns.items():
            value = sheet.cell(row, column).value
            assert (value or 0.0) == pytest.approx(one[name] or 0.0, abs=1e-9), (one["name"], name)


def test_rates_of_a_zone_are_realised_as_answered(answers: dict, computed: Path) -> None:
    (zone,) = answers["intensity"]["zones"]
    sheet = openpyxl.load_workbook(computed / "intensity.xlsx", data_only=True).worksheets[0]
    told = [rate for rate in zone["rates"] if rate["reason"] is None]
    assert len(told) > 3
    for rate in told:
        row = row_of(sheet, rate["name"]["zh"])
        assert sheet.cell(row, 3).value == pytest.approx(rate["value"])
        if rate["realisation_pct"] is not None:
            assert sheet.cell(row, 6).value == pytest.approx(rate["realisation_pct"])


def test_an_estimate_keeps_the_total(answers: dict, computed: Path) -> None:
    sheet = openpyxl.load_workbook(computed / "downscale.xlsx", data_only=True).worksheets[0]
    assert "估算值" in sheet.title
    assert "估算值" in sheet["A1"].value
    assert sheet["B2"].value == pytest.approx(717.9)
    assert sheet["B4"].value == pytest.approx(0.0, abs=1e-9)
    for row, part in enumerate(answers["downscale"]["parts"], start=8):
        assert sheet.cell(row, 4).value == pytest.approx(part["density"])


def test_candidates_score_and_rank_as_answered(answers: dict, computed: Path) -> None:
    fit = [site for site in answers["ranking"]["sites"] if site["feasible"]]
    assert len(fit) == 2
    sheet = openpyxl.load_workbook(computed / "ranking.xlsx", data_only=True)["比选表"]
    scores = next(at for at in range(1, sheet.max_column + 1) if sheet.cell(1, at).value == "总分")
    for row, site in enumerate(fit, start=3):
        assert sheet.cell(row, scores).value == pytest.approx(site["score"])
    ranks = [sheet.cell(row, scores + 1).value for row in (3, 4)]
    economics = openpyxl.load_workbook(computed / "ranking.xlsx", data_only=True)["经济测算"]
    for row, site in enumerate(answers["ranking"]["sites"], start=2):
        assert economics.cell(row, 5).value == pytest.approx(site["economics"]["value_of_new_land"])
    order = sorted(fit, key=lambda site: -site["score"])
    assert ranks == [1 + order.index(site) for site in fit]
