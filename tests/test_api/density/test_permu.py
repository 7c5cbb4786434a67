"""Firms by the mu through every door. Oracles: the published scheme, and by hand."""

import csv
import io
import json
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.density.permu import PermuRequest, evaluate_firms, evaluate_layer
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.errors import SchemeFileError, StatisticsTableError, UnknownSchemeError
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions
from layers.readers import Source
from layers.store.catalogue import load_kinds

HEADER = "企业名称,规模,片区,用地面积（亩）,税收（万元）,增加值（万元）,营业收入（万元）,研发经费（万元）,综合能耗（吨标煤）,污染物排放（吨）,用电量（万千瓦时）,从业人员（人）,不定级"
# On 10 mu: tax 24.097 a mu, value added 136.16 a mu, and the rest at the baselines of 2022.
BASELINE = (
    f"基准厂,规上,昆明,10,240.97,1361.6,1000,30.2,{1361.6 / 2.694!r},{1361.6 / 4929.81!r},,"
    f"{1361.6 / 18.14!r},否"
)
SMALL = "小厂,规下,昆明,2,23.1864,,,,,,98.5816326530612,3,否"  # 11.5932 a mu; 0.2352 a unit
REQUEST = PermuRequest(scheme="huangyan_2022", parcel_layer=None, with_features=False)


@pytest.fixture(scope="module")
def shared(built_store: Path) -> Workspace:
    """A workspace for evaluations: they keep nothing."""
    return Workspace(Settings(data_dir=built_store))


def evaluated(workspace: Workspace, *rows: str, request: PermuRequest = REQUEST) -> dict:
    data = "\n".join(["二〇二二年度企业评价", HEADER, *rows]).encode("gbk")
    source = Source(name="企业.csv", files={"企业.csv": data})
    return evaluate_firms(workspace, source, ReadOptions(), request).model_dump()


def problems(workspace: Workspace, *rows: str, header: str = HEADER) -> list[tuple]:
    data = "\n".join([header, *rows]).encode()
    source = Source(name="企业.csv", files={"企业.csv": data})
    with pytest.raises(StatisticsTableError) as caught:
        evaluate_firms(workspace, source, ReadOptions(), REQUEST)
    return [(one["line"], one["code"], one["text"]) for one in caught.value.params["problems"]]


def test_the_baseline_firms_of_the_published_scheme_score_one_hundred(shared: Workspace) -> None:
    report = evaluated(shared, BASELINE, SMALL)
    large, small = report["firms"]
    assert large["total"] == pytest.approx(100.0, abs=1e-12)
    assert large["points"]["tax_per_mu"] == pytest.approx(30.0, abs=1e-12)
    assert small["total"] == pytest.approx(100.0, abs=1e-9)
    assert [group["scored"] for group in report["groups"]] == [1, 1]


def test_missing_emissions_take_the_mean_of_the_group(shared: Workspace) -> None:
    # Two report, at the baseline and at half of it: the third has 0.75 of ten points.
    silent = BASELINE.replace("基准厂", "未报厂").replace(f"{1361.6 / 4929.81!r}", "—")
    half = BASELINE.replace("基准厂", "半厂").replace(
        f"{1361.6 / 4929.81!r}", f"{2 * 1361.6 / 4929.81!r}"
    )
    firms = evaluated(shared, BASELINE, half, silent)["firms"]
    assert firms[2]["filled"] == ["added_per_emission"]
    assert firms[2]["points"]["added_per_emission"] == pytest.approx(7.5)
    assert firms[2]["total"] == pytest.approx(97.5)


def test_points_may_be_capped(shared: Workspace) -> None:
    rich = BASELINE.replace("基准厂", "富厂").replace(",240.97,", ",2409.7,")
    request = PermuRequest(scheme="huangyan_2022_capped", parcel_layer=None, with_features=False)
    assert evaluated(shared, rich)["firms"][0]["points"]["tax_per_mu"] == pytest.approx(300.0)
    capped = evaluated(shared, rich, request=request)["firms"][0]
    assert capped["points"]["tax_per_mu"] == pytest.approx(45.0)


def small_firm(number: int, tax: float, ungraded: str = "否") -> str:
    return f"小厂{number},规下,昆明,1,{tax},,,,,,1,2,{ungraded}"


def test_grades_follow_the_quotas_and_the_ungraded_list_counts_as_b(shared: Workspace) -> None:
    rows = [small_firm(number, 200.0 - number) for number in range(100)]
    report = evaluated(shared, *rows, small_firm(100, 0.5, "是"))
    grades = [firm["grade"] for firm in report["firms"]]
    # 25, 45, 25 and 5 of a hundred; the firm on the list stands outside of them.
    assert [grades[:100].count(grade) for grade in "ABCD"] == [25, 45, 25, 5]
    assert grades[:100] == sorted(grades[:100])
    assert (grades[100], report["firms"][100]["grade_by"]) == ("B", "ungraded_list")


def test_low_yield_land_and_what_it_would_yield_at_the_mean(shared: Workspace) -> None:
    # 昆明: 10 + 0 + 2 of tax on 1 + 1 + 1 mu, mean 4. The idle one and, below 0.3 x 4, nobody.
    rows = [
        "甲,规下,昆明,1,10,,,,,,1,2,否",
        "乙,规下,昆明,1,0,,,,,,0,0,否",
        "丙,规下,昆明,1,2,,,,,,1,2,否",
    ]
    report = evaluated(shared, *rows)
    low = {firm["name"]: firm["low"] for firm in report["firms"]}
    assert low == {"甲": [], "乙": ["idle", "low_tax"], "丙": []}
    kunming = report["low"][0]
    assert (kunming["low_firms"], kunming["low_land_mu"]) == (1, 1.0)
    assert kunming["low_share_pct"] == pytest.approx(100 / 3)
    assert kunming["tax_per_mu"] == pytest.approx(4.0)
    assert kunming["gain"] == pytest.approx(4.0)
    assert kunming["tax_per_mu_then"] == pytest.approx(16 / 3)


def test_few_firms_are_scored_and_not_graded(shared: Workspace) -> None:
    rows = [small_firm(number, 20.0 + number) for number in range(20)]
    whole = evaluated(shared, *rows)
    assert [firm["grade"] for firm in whole["firms"]].count("D") == 1
    few = evaluated(shared, *rows[:18], small_firm(18, 1.0, "是"))
    small = few["groups"][1]
    assert (small["scored"], small["ranked"], small["least_ranked"]) == (19, 18, 20)
    assert {firm["grade_by"] for firm in few["firms"]} == {"small_group", "ungraded_list"}
    # Nobody is graded: the rule of the worst grade holds for none of them.
    assert not any("worst_grade" in (*firm["low"], *firm["untold"]) for firm in few["firms"])
    assert all(firm["total"] is not None for firm in few["firms"])


def test_a_tax_paid_back_costs_no_points(shared: Workspace) -> None:
    row = BASELINE.replace(",240.97,", ",-240.97,")
    (firm,) = evaluated(shared, row)["firms"]
    assert firm["points"]["tax_per_mu"] == 0.0
    assert firm["total"] == pytest.approx(70.0)


def test_what_is_not_reported_is_no_proof_of_idle_land(shared: Workspace) -> None:
    (firm,) = evaluated(shared, "甲,规下,昆明,1,0,,,,,,1,,否")["firms"]
    assert "idle" not in firm["low"]
    assert "idle" in firm["untold"]


def test_every_row_that_does_not_fit_is_named_and_nothing_is_taken(shared: Workspace) -> None:
    rows = [
        "甲,规上,昆明,十亩,1,1,1,1,1,1,,1,否",
        "乙,中等,昆明,1,1,1,1,1,1,1,,1,否",
        "甲,规上,昆明,1,1,1,1,1,1,1,,1,否",
        ",规上,昆明,1,1,1,1,1,1,1,,1,否",
        "丁,规上,昆明,,1,1,1,1,1,1,,1,否",
        "戊,规上,昆明,1,1,1,1,1,-3,1,,1,否",
    ]
    found = problems(shared, *rows)
    assert found == [
        (2, "not_a_number", "十亩"),
        (2, "no_land", "甲"),
        (3, "unknown_group", "中等"),
        (4, "repeated_firm", "2"),
        (5, "no_firm", None),
        (6, "no_land", "丁"),
        (7, "negative", "-3"),
    ]
    wrong = HEADER.replace("用地面积（亩）", "用地面积（斗）")
    assert problems(shared, BASELINE, header=wrong)[0][:2] == (1, "unknown_measure")
    assert problems(shared, "甲,1,2", header="企业名称,税收,用地面积")[0][1] == "no_group_column"


def test_columns_that_nobody_reads_or_fills_are_told(shared: Workspace) -> None:
    data = "企业名称,规模,用地面积（亩）,税收（万元）,行业\n甲,规下,1,5,纺织\n".encode()
    source = Source(name="x.csv", files={"x.csv": data})
    report = evaluate_firms(shared, source, ReadOptions(), REQUEST)
    assert (report.unread, report.missing_columns) == (["行业"], ["power"])
    # Nobody reports electricity: there is no mean to take, and no score.
    assert report.firms[0].total is None
    assert report.firms[0].grade_by == "not_scored"


@pytest.fixture
def parcels(workspace: Workspace) -> str:
    spec = LayerSpec(
        id="zd", kind="parcel", title_zh="宗地", title_en="Parcels", status=LayerStatus.OFFICIAL,
        sensitivity=load_kinds()["parcel"].sensitivity, source="不动产登记", licence="内部",
    )  # fmt: skip
    boxes = [
        shapely.box(102.80 + at / 1000, 24.98, 102.80 + (at + 1) / 1000, 24.981) for at in range(3)
    ]
    frame = gpd.GeoDataFrame({"feature_id": ["P1", "P2", "P3"]}, geometry=boxes, crs=4490)
    workspace.store.put_version(
        spec, LayerFrame(features=frame, coverage=None), report=None, now=workspace.now()
    )
    return "zd"


def test_land_comes_from_parcels_and_is_held_against_what_is_stated(
    workspace: Workspace, parcels: str
) -> None:
    # 0.001 degree by 0.001 degree at 24.98 N: 100.95 m x 110.78 m = 1.1183 ha = 16.77 mu.
    header = "企业名称,规模,宗地,用地面积（亩）,税收（万元）,用电量（万千瓦时）"
    data = f"{header}\n甲,规下,P1、P2,,5,1\n乙,规下,P3,20,5,1\n".encode()
    source = Source(name="x.csv", files={"x.csv": data})
    request = PermuRequest(scheme="huangyan_2022", parcel_layer=parcels, with_features=True)
    report = evaluate_firms(workspace, source, ReadOptions(), request)
    first, second = report.firms
    assert (first.land_mu, first.land_method) == (pytest.approx(2 * 16.77, rel=1e-3), "ellipsoidal")
    assert second.land_mu == 20.0
    (difference,) = report.area_differences
    assert difference.difference_pct == pytest.approx(100 * (20 / 16.77 - 1), rel=1e-2)
    assert report.features
    assert {one["id"]: one["properties"]["lines"] for one in report.features["features"]} == {
        "P1": [2], "P2": [2], "P3": [3],
    }  # fmt: skip


def test_parcels_that_are_unknown_or_shared_are_refused(workspace: Workspace, parcels: str) -> None:
    data = "企业名称,规模,宗地,税收（万元）,用电量（万千瓦时）\n甲,规下,P1,5,1\n乙,规下,P1,5,1\n丙,规下,P9,5,1\n".encode()
    source = Source(name="x.csv", files={"x.csv": data})
    request = PermuRequest(scheme="huangyan_2022", parcel_layer=parcels, with_features=False)
    with pytest.raises(StatisticsTableError) as caught:
        evaluate_firms(workspace, source, ReadOptions(), request)
    codes = {(one["line"], one["code"], one["text"]) for one in caught.value.params["problems"]}
    assert codes == {
        (2, "shared_parcel", "P1"), (3, "shared_parcel", "P1"), (4, "unknown_parcel", "P9"),
        (4, "no_land", "丙"),
    }  # fmt: skip


def test_the_demonstration_says_what_it_is(shared_client: TestClient) -> None:
    answer = shared_client.get(
        "/api/v1/permu?scheme=huangyan_2022&parcels=demo_parcels&geometry=true"
    ).json()
    assert answer["basis"][0]["status"] == "demonstration"
    assert len(answer["features"]["features"]) == len(answer["firms"])
    schemes = shared_client.get("/api/v1/permu/schemes").json()["schemes"]
    assert [one["id"] for one in schemes] == [
        "huangyan_2022",
        "huangyan_2022_capped",
        "yunnan_sheet",
    ]


def test_an_own_scheme_takes_its_place_and_a_wrong_one_is_named(workspace: Workspace) -> None:
    folder = workspace.settings.data_dir / "permu"
    folder.mkdir()
    own = """
schemes:
  ours:
    zh: 本区
    en: Ours
    source: 本区办法
    note_zh: ''
    note_en: ''
    groups: {small: {zh: 全部, en: All, indicators: {tax_per_mu: {zh: 亩均税收, en: Tax, unit: 万元/亩, numerator: [tax], denominator: [land_mu], weight: 100.0, baseline: 10.0, cap: 1.5, missing: zero}}}}
    grades: [[A, 50.0], [B, 50.0]]
    ungraded_as: B
"""
    (folder / "ours.yaml").write_text(own, encoding="utf-8")
    request = PermuRequest(scheme="ours", parcel_layer=None, with_features=False)
    source = Source(
        name="x.csv", files={"x.csv": "企业,用地面积/亩,税收(单位：万元)\n甲,2,10\n".encode()}
    )
    # 5 a mu against 10 is half of a hundred points; one group needs no column of groups.
    assert evaluate_firms(workspace, source, ReadOptions(), request).firms[0].total == 50.0
    (folder / "ours.yaml").write_text(own.replace("[B, 50.0]", "[B, 40.0]"), encoding="utf-8")
    with pytest.raises(SchemeFileError) as caught:
        evaluate_layer(workspace, "demo_parcels", REQUEST)
    assert caught.value.params["file"] == "ours.yaml"
    # A baseline by the hectare would be fifteen times too easy for tax by the mu.
    for change in (("unit: 万元/亩", "unit: 万元/ha"), ("[tax]", "[taxes]")):
        (folder / "ours.yaml").write_text(own.replace(*change), encoding="utf-8")
        with pytest.raises(SchemeFileError) as caught:
            evaluate_layer(workspace, "demo_parcels", REQUEST)
        assert "indicators" in caught.value.params["field"]
    (folder / "ours.yaml").unlink()
    with pytest.raises(UnknownSchemeError):
        evaluate_layer(workspace, "demo_parcels", request)


def test_the_command_and_http_say_the_same(
    shared_client: TestClient, built_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(built_store))
    path = tmp_path / "企业.csv"
    path.write_bytes("\n".join([HEADER, BASELINE, SMALL]).encode("gbk"))
    book = tmp_path / "分.csv"
    done = CliRunner().invoke(
        app, ["permu", str(path), "--scheme", "huangyan_2022", "-o", str(book), "--json"]
    )
    assert done.exit_code == 0, done.stderr
    address = "/api/v1/permu?scheme=huangyan_2022"
    files = {"file": ("企业.csv", path.read_bytes(), "text/csv")}
    assert shared_client.post(address, files=files).json() == json.loads(done.stdout)
    sheet = shared_client.post(f"{address}&format=csv", files=files)
    refused = shared_client.post(f"{address}&format=doc", files=files)
    # Excel knows UTF-8 by its mark; the file of both doors is the same.
    assert sheet.content == book.read_bytes()
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert float(rows[0]["总分"]) == pytest.approx(100.0)
    assert refused.json()["code"] == "api.files.format"
    text = CliRunner().invoke(app, ["permu", str(path), "--scheme", "huangyan_2022"]).stdout
    assert "规模以上：1 家，评分 1 家" in text
    assert CliRunner().invoke(app, ["permu", "--scheme", "huangyan_2022"]).exit_code == 2


def test_names_that_look_like_formulas_are_defused(shared_client: TestClient) -> None:
    row = BASELINE.replace("基准厂", "=HYPERLINK(1)")
    files = {"file": ("x.csv", "\n".join([HEADER, row]).encode(), "text/csv")}
    data = shared_client.post("/api/v1/permu?scheme=huangyan_2022&format=xlsx", files=files).content
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    found = [cell for sheet in sheets for cell in sheet["A"] if "=HYPER" in str(cell.value)]
    assert {(cell.value, cell.data_type) for cell in found} == {("'=HYPERLINK(1)", "s")}


def test_ten_thousand_firms_take_seconds(shared: Workspace) -> None:
    random = np.random.default_rng(1)
    rows = [small_firm(number, round(float(random.lognormal()), 3)) for number in range(10_000)]
    start = time.process_time()
    report = evaluated(shared, *rows)
    assert time.process_time() - start < 20.0
    assert len(report["firms"]) == 10_000
