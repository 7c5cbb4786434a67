"""A plan of other years than the shipped one's. Oracles by hand, from the rows written below."""

import shutil
from pathlib import Path

import pytest

from api.density.office.final_evaluation import final_evaluation
from api.density.plan_monitor import plan_monitor
from api.settings import Settings
from api.workspace.workspace import Workspace
from maps.density.plan_document import plan_document
from maps.density.statement_document import final_document
from maps.document.terminal import text_of

FIGURES = """unit_id,indicator,year,period,value,relation,unit,source,quality,months,note
bay,trade,2021,full_year,50,=,亿元,海湾年报,official,,
bay,trade,2026,full_year,110,=,亿元,海湾年报,official,,
bay,trade,2035,target,220,=,亿元,海湾规划二期,official,,
bay,new_firms,2026,cumulative,900,=,户,海湾年报,official,..12,
city,trade,2021,full_year,200,=,亿元,海湾年报,official,,
"""
PLAN = """number,id,name_zh,name_en,unit,base_value,target_value,target_rule,printed_growth,growth_kind
1,trade,进出口额,Imports and exports,亿元,50,100,value,14.9,annual_pct
2,new_firms,新设企业数,New firms,户,100,1000,value,900,cumulative
"""


@pytest.fixture
def workspace(bay_folder: Path, tmp_path: Path) -> Workspace:
    folder = Path(shutil.copytree(bay_folder, tmp_path / "zone"))
    profile = folder / "zone.yaml"
    years = "base_year: 2021, target_year: 2026, next_year: 2035"
    text = profile.read_text("utf-8")
    before = "base_year: 2020, target_year: 2025, next_year: 2030"
    assert before in text
    profile.write_text(text.replace(before, years), "utf-8")
    (folder / "observations.csv").write_text(FIGURES, "utf-8")
    (folder / "plan_indicators.csv").write_text(PLAN, "utf-8")
    shares = folder / "plan_shares.yaml"
    shares.write_text(shares.read_text("utf-8").replace("2020", "2021"), "utf-8")
    return Workspace(Settings(data_dir=tmp_path / "data", zone=folder))


def test_path_and_growth_run_from_its_base_to_its_target(workspace: Workspace) -> None:
    trade, firms = plan_monitor(workspace).rows
    assert [point.year for point in trade.points] == [2021, 2022, 2023, 2024, 2025, 2026]
    # 2 ** (1 / 5) is 14.87 % a year; (110 / 50) ** (1 / 5) is 17.08 %.
    assert trade.growth.required_pct == pytest.approx(14.87, abs=0.005)
    assert trade.growth.achieved_pct == pytest.approx(17.08, abs=0.005)
    # Cumulative: 900 in five equal steps of 180.
    assert [point.path for point in firms.points] == pytest.approx([100, 280, 460, 640, 820, 1000])


def test_it_ends_in_its_target_year_and_the_next_plan_starts_there(workspace: Workspace) -> None:
    found = final_evaluation(workspace)
    trade, firms = found.rows
    assert (found.base_year, found.final_year, found.next_year) == (2021, 2026, 2035)
    assert (trade.final, trade.outcome, trade.next_target) == (110.0, "reached", 220.0)
    # 2027 to 2035 are nine years, each by 2 ** (1 / 9).
    assert trade.path == pytest.approx([110.0 * 2 ** (at / 9) for at in range(1, 10)])
    assert (firms.added, firms.added_target, firms.outcome) == (800.0, 900.0, "missed")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_head_names_another_year(workspace: Workspace, lang: str) -> None:
    texts = (
        text_of(plan_document(plan_monitor(workspace), lang)),
        text_of(final_document(final_evaluation(workspace), lang)),
    )
    for text in texts:
        assert "2021" in text
        assert "2026" in text
        assert not {"2020", "2025"} & set(text.replace("年", " ").split())
    assert "2035" in texts[1]
    assert {"zh": "2027—2035 年基数", "en": "Base of 2027 to 2035"}[lang] in texts[1]
    assert {"zh": "5 年新增", "en": "Added in 5 years"}[lang] in texts[1]
