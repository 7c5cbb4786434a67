"""Zones evaluated through every door. Oracle: every rate, score and potential by hand."""

import io
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely
from starlette.testclient import TestClient

from api.density.intensity import evaluate_zones
from api.workspace.workspace import Workspace
from layers.errors import NoKnownFieldError
from layers.model import ReadOptions
from layers.readers import Source, source_from_path

HEADER = "KFQMC,KFQSPLX,KFQPJLX,KFQPJMJ,A,A1,A2,B,B21,D,D22,G,CZRK,GDZCTZZE,ESCYSSZE,GYSSZE,总建筑面积（万平方米）"
ROW = "瑞丽边合区,5,工业主导型,499.7529,300,60,120,100,60,330,5,6,1277,153070,24539,22107,240"
TABLE = f"{HEADER}\n{ROW}\n"

# name: (value, ideal, realisation), worked by hand from the row.
EXPECTED = {
    "development_rate": (90.0, 93.0, 96.774),  # (300 + 60) / (300 + 100)
    "supply_rate": (91.667, 100.0, 91.667),  # 330 / 360
    "building_rate": (90.909, None, None),  # 300 / 330
    "industrial_share": (40.0, 55.0, 72.727),  # 120 / 300
    "floor_area_ratio": (0.8, 1.14, 70.175),  # 2 400 000 m2 / 3 000 000 m2
    "building_density": (None, 42.0, None),
    "investment_intensity": (1275.583, 3344.0, 38.145),  # 153070 / 120
    "industrial_tax_per_ha": (184.225, 375.0, 49.127),  # 22107 / 120
    "tax_per_ha": (81.797, None, None),  # 24539 / 300
    "population_density": (4.257, None, None),  # 1277 / 300
    "idle_rate": (1.818, 0.0, 98.182),  # 6 / 330
}


def evaluated(workspace: Workspace, data: bytes, name: str = "表.csv") -> dict:
    source = Source(name=name, files={name: data})
    return evaluate_zones(workspace, source, ReadOptions()).zones[0].model_dump()


def near(value: float | None) -> object:
    return value if value is None else pytest.approx(value, abs=1e-3)


def test_every_rate_by_hand(workspace: Workspace) -> None:
    zone = evaluated(workspace, TABLE.encode("gbk"))
    rates = {rate["id"]: rate for rate in zone["rates"]}
    for name, (value, ideal, realised) in EXPECTED.items():
        rate = rates[name]
        assert rate["value"] == near(value), name
        assert rate["ideal"] == near(ideal), name
        assert rate["realisation_pct"] == near(realised), name
    assert rates["building_density"]["missing"] == ["footprint_m2"]


def test_scores_say_how_much_they_rest_on(workspace: Workspace) -> None:
    zone = evaluated(workspace, TABLE.encode())
    goals = {goal["id"]: goal for goal in zone["goals"]}
    # Four of the six scored indicators of use are known; the mean of them.
    use = (96.774 + 91.667 + 72.727 + 70.175) / 4
    assert goals["use"]["score"] == near(pytest.approx(use, abs=1e-3).expected)
    assert goals["use"]["judged_pct"] == near(100 * 4 / 6)
    assert goals["yield"]["score"] == near((38.145 + 49.127) / 2)
    assert goals["management"]["score"] == near(98.182)
    assert (goals["social"]["score"], goals["social"]["judged_pct"]) == (None, 0.0)
    whole = (0.5 * use + 0.2 * (38.145 + 49.127) / 2 + 0.15 * 98.182) / 0.85
    assert zone["score"] == near(whole)
    assert zone["judged_pct"] == near(100 * (0.5 * 4 / 6 + 0.2 + 0.15))


def test_potentials_by_hand(workspace: Workspace) -> None:
    potential = evaluated(workspace, TABLE.encode())["potential"]
    assert potential["expand_ha"] == 60.0
    assert potential["structure_ha"] == near(300 * (0.55 - 0.40))
    assert potential["intensity_ha"] == near(120 * (3344 - 153070 / 120) / 3344)
    assert potential["intensity_by"] == "investment_intensity"
    assert potential["management_ha"] == 11.0


@pytest.mark.parametrize(
    ("land", "approval", "expected", "agrees"),
    [
        ("300,60,120", "5", "industrial", True),  # 40 % industry, 20 % housing
        ("300,90,90", "5", "mixed", False),  # 30 %, 30 %
        ("300,75,90", "5", "mixed", False),  # 30 %, 25 %
        ("300,90,120", "5", "other", False),  # both
        ("300,60,60", "5", "other", False),  # neither
        ("300,90,60", "3", "industrial", True),  # a bonded zone always is
        ("300,,60", "5", "unknown", None),
    ],
)
def test_the_type_of_a_zone_by_hand(
    workspace: Workspace, land: str, approval: str, expected: str, agrees: bool | None
) -> None:
    table = f"KFQMC,KFQSPLX,KFQPJLX,A,A1,A2\n某区,{approval},工业主导型,{land}\n"
    zone = evaluated(workspace, table.encode())
    assert (zone["zone_type"], zone["type_agrees"]) == (expected, agrees)


def test_units_in_headers_are_converted_and_unknown_ones_named(workspace: Workspace) -> None:
    table = "名称,已建成城镇建设用地（亩）,工矿仓储用地（斤）,常住人口（万人）\n某区,1500,3,0.5\n"
    zone = evaluated(workspace, table.encode())
    rates = {rate["id"]: rate for rate in zone["rates"]}
    assert rates["population_density"]["value"] == near(5000 / 100)
    assert zone["unread"] == [["工矿仓储用地（斤）", "other_measure"]]
    assert rates["industrial_share"]["missing"] == ["industrial_ha"]


def test_no_land_to_divide_by_is_said(workspace: Workspace) -> None:
    zone = evaluated(workspace, "名称,A,A2\n某区,0,0\n".encode())
    rates = {rate["id"]: rate for rate in zone["rates"]}
    assert rates["industrial_share"]["reason"] == "denominator"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["开发区评价数据"])
    for line in (HEADER, ROW):
        book.active.append(line.split(","))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_workbook_and_a_layer_say_the_same(workspace: Workspace, tmp_path: Path) -> None:
    from_table = evaluated(workspace, TABLE.encode(), "kfq.gpkg")
    assert evaluated(workspace, workbook(), "kfq.gpkg") == from_table
    cells = {
        k.partition("（")[0]: [v] for k, v in zip(HEADER.split(","), ROW.split(","), strict=True)
    }
    # A layer has no units in its names: m2, as the layout keeps them.
    cells["总建筑面积"] = ["2400000"]
    shape = shapely.box(97.84, 24.0, 97.85, 24.01)
    gpd.GeoDataFrame(cells, geometry=[shape], crs=4490).to_file(tmp_path / "kfq.gpkg")
    source = source_from_path(tmp_path / "kfq.gpkg")
    (zone,) = evaluate_zones(workspace, source, ReadOptions()).zones
    assert zone.drawn_ha == pytest.approx(112.6, rel=0.01)
    assert zone.area_warned  # 112.6 ha are drawn and 499.75 stated
    assert zone.model_dump() | {"drawn_ha": None, "area_warned": None} == from_table


def test_a_file_without_any_field_is_refused(workspace: Workspace) -> None:
    with pytest.raises(NoKnownFieldError) as caught:
        evaluated(workspace, b"x,y\n1,2\n")
    assert caught.value.params["columns"] == ["x", "y"]


def test_http_says_what_the_command_says(client: TestClient, workspace: Workspace) -> None:
    files = {"file": ("表.csv", TABLE.encode("gbk"), "text/csv")}
    with client:
        answer = client.post("/api/v1/intensity", files=files)
    assert answer.status_code == 200
    assert answer.json()["zones"][0] == evaluated(workspace, TABLE.encode("gbk"))


def test_the_official_layout_imports_as_it_is(workspace: Workspace) -> None:
    # The field names and the record of the published attribute layout; intensities by hand.
    header = (
        "KFQDM,KFQMC,KFQJB,KFQSPLX,KFQPJFW,SLSJ,SPDW,GLJG,GLJGDZ,ZDCY,SPTDZMJ,KFQPJMJ,KFQPJLX,"
        "TDKFL,CZRK,GDZCTZZE,ESCYSSZE,GYZSR,GYSSZE,GXZSR,GXSSZE,YZZTD,SZFW,SZQXDM,SZQXMC,SZSMC"
    )
    row = (
        "G535009,瑞丽边境经济合作区,国家级,5,主区,199203,国务院,管委会,瑞丽,电子设备制造,500,499.7529,"
        "工业主导型,76.6,1277,153070,24539,1042517,22107,0,0,1245.2786,东至…,533102,瑞丽市,德宏州"
    )
    zone = evaluated(workspace, f"{header}\n{row}\n".encode("gbk"))
    rates = {rate["id"]: rate for rate in zone["rates"]}
    assert zone["unread"] == []
    assert zone["texts"]["established"] == "199203"
    developed = rates["development_rate"]
    assert (developed["value"], developed["reason"]) == (76.6, "stated")
    assert developed["realisation_pct"] == near(76.6 / 93 * 100)
    assert rates["income_per_evaluated_ha"]["value"] == near(1042517 / 499.7529)
    assert rates["tax_per_evaluated_ha"]["value"] == near(24539 / 499.7529)
    # 1245 ha on 500 ha of evaluated land cannot be what is supplied of it.
    assert rates["supply_rate"]["value"] is None
