"""What the formulas of our workbooks compute, by another program: LibreOffice.

All books go through one run of it. The values that our formulas carry, for whoever does
not compute (pandas, previewers), are what they come to, and what was answered.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
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
        f"/api/v1/sites/ranking{form or '?'}&places=102.9,25.1&{TRADE}", json=SITES
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
    """What LibreOffice makes of the books once their formulas have lost the values we wrote."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: nothing here computes formulas")
    bare = written / "bare"
    bare.mkdir()
    for path in written.glob("*.xlsx"):
        openpyxl.load_workbook(path).save(bare / path.name)
    subprocess.run(
        [
            office, f"-env:UserInstallation=file://{written}/profile", "--headless",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(written / "computed"),
            *map(str, sorted(bare.glob("*.xlsx"))),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return written / "computed"


@pytest.mark.parametrize("name", ASKED)
def test_every_formula_computes_the_value_that_it_carries(
    computed: Path, written: Path, name: str
) -> None:
    texts, ours, theirs = (
        openpyxl.load_workbook(folder / f"{name}.xlsx", data_only=data_only)
        for folder, data_only in ((written, False), (written, True), (computed, True))
    )
    formulas = [
        (sheet.title, cell.coordinate)
        for sheet in texts.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert formulas
    for sheet, at in formulas:
        value, found = ours[sheet][at].value, theirs[sheet][at].value
        if value in (None, ""):
            # An IF leaves a cell empty by a rule that the formula itself states.
            assert (found in (None, ""), '""' in texts[sheet][at].value) == (True, True), at
        else:
            assert found == pytest.approx(value, rel=1e-9, abs=1e-9), (sheet, at)


def read(written: Path, name: str, sheet: str, head: str) -> pd.DataFrame:
    """Return a table of a book as pandas reads it, from the row that begins with ``head``."""
    raw = pd.read_excel(written / f"{name}.xlsx", sheet_name=sheet, header=None)
    top = raw.index[raw[0] == head][0]
    return raw.loc[top + 1 :].set_axis(list(raw.loc[top]), axis=1).dropna(how="all")


def test_what_pandas_reads_is_what_was_answered(answers: dict, written: Path) -> None:
    plan = read(written, "plan", "规划指标", "序号")
    stated = [row["growth"]["required_pct"] for row in answers["plan"]["rows"]]
    assert list(plan["所需年均 %"]) == pytest.approx(stated_or_nan(stated), nan_ok=True)
    rows = answers["density"]["rows"]
    density = read(written, "density", "进出口额", "单元")
    stated = [row["density"] for row in rows]
    assert list(density["密度 (亿元/km²)"])[: len(rows)] == pytest.approx(
        stated_or_nan(stated), nan_ok=True
    )
    large = [firm for firm in answers["permu"]["firms"] if firm["group"] == "large"]
    firms = read(written, "permu", "规模以上", "企业")
    assert list(firms["总分"]) == pytest.approx([firm["total"] for firm in large])
    cases = read(written, "scenarios", "情景", "情景")
    saved = [one["land_saved_km2"] for one in answers["scenarios"]["scenarios"]]
    assert list(cases["比照现状密度节地 km²"]) == pytest.approx(saved, abs=1e-9)
    parts = read(written, "downscale", "估算值，不是统计值", "格网或宗地")
    by_id = {part["id"]: part["density"] for part in answers["downscale"]["parts"]}
    (density,) = [name for name in parts.columns if "/km²" in str(name)]
    found = dict(zip(parts.iloc[:, 0], parts[density], strict=True))
    assert {key: found[key] for key in by_id} == pytest.approx(by_id)


def test_candidates_score_and_rank_as_answered(answers: dict, written: Path) -> None:
    fit = [site for site in answers["ranking"]["sites"] if site["feasible"]]
    assert len(fit) == 3
    table = read(written, "ranking", "比选表", "地块")
    # Scores have the two decimals that ranks are told by.
    assert list(table["总分"]) == pytest.approx([site["score"] for site in fit], abs=5e-3)
    assert list(table["名次"]) == [site["rank_best"] for site in fit]
    economics = read(written, "ranking", "经济测算", "地块")
    needed = [site["economics"]["value_of_new_land"] for site in answers["ranking"]["sites"]]
    # Behind the sites, their land and the two densities stands what these are said to be.
    assert list(economics.iloc[: len(needed), 5]) == pytest.approx(needed)


def stated_or_nan(values: list[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]
