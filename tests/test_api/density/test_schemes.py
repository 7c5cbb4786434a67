"""Regional schemes as sheets to be filled. Oracle: points and realisation by hand."""

from pathlib import Path

import pytest
import yaml
from starlette.testclient import TestClient

from api.density.intensity import evaluate_zones
from api.density.permu import PermuRequest, evaluate_firms
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.errors import SchemeFileError, SchemeToFillError
from layers.model import ReadOptions
from layers.readers import Source

FIRMS = "企业,规模,用地（亩）,税收（万元）,用电量（万千瓦时）\n甲,规下,2,10,5\n".replace(
    "用地", "用地面积"
)
ZONES = "KFQMC,KFQSPLX,A,A2\n园区,1,300,120\n"


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """A workspace with a folder of own schemes; evaluations read nothing else."""
    return Workspace(Settings(data_dir=tmp_path))


def sheet(client: TestClient, name: str) -> dict:
    answer = client.get(f"/api/v1/permu/schemes/{name}.yaml")
    assert answer.status_code == 200
    found: dict = yaml.safe_load(answer.text)
    return found


def keep(workspace: Workspace, room: str, content: dict) -> None:
    folder = workspace.settings.data_dir / room
    folder.mkdir(exist_ok=True)
    (folder / "ours.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def table(name: str, text: str) -> Source:
    return Source(name=name, files={name: text.encode()})


def test_the_sheet_of_firms_comes_out_filled_in_and_back(
    office: Workspace, shared_client: TestClient
) -> None:
    firms, request = (
        table("企业.csv", FIRMS),
        PermuRequest(scheme="yunnan_sheet", parcel_layer=None, with_features=False),
    )
    content = sheet(shared_client, "yunnan_sheet")
    scheme = content["schemes"]["yunnan_sheet"]
    # No number stands in it that nobody published.
    cells = [one for group in scheme["groups"].values() for one in group["indicators"].values()]
    assert {(one["weight"], one["baseline"]) for one in cells} == {(None, None)}
    with pytest.raises(SchemeToFillError) as caught:
        evaluate_firms(office, firms, ReadOptions(), request)
    assert caught.value.params["count"] == 2 + 2 * len(cells)
    for one in cells:
        one.update(weight=50.0, baseline=4.0)
    scheme.update(source="本地办法", grades=[["A", 50.0], ["B", 50.0]])
    keep(office, "permu", content)
    (firm,) = evaluate_firms(office, firms, ReadOptions(), request).firms
    # 5 a mu and 2 a unit of electricity against 4: 50 x 5/4 + 50 x 2/4.
    assert firm.total == pytest.approx(62.5 + 25.0)
    # A cap is a multiple of the weight: written as points it would cap nothing.
    cells[0]["cap"] = 75.0
    keep(office, "permu", content)
    with pytest.raises(SchemeFileError) as refused:
        evaluate_firms(office, firms, ReadOptions(), request)
    assert refused.value.params["problem"] == "cap_in_points"


def test_the_sheet_of_ideal_values_comes_out_filled_in_and_back(
    office: Workspace, shared_client: TestClient
) -> None:
    zones, said = table("园区.csv", ZONES), {"scheme": "yunnan_intensity_sheet"}
    content = sheet(shared_client, "yunnan_intensity_sheet")
    scheme = content["schemes"]["yunnan_intensity_sheet"]
    with pytest.raises(SchemeToFillError):
        evaluate_zones(office, zones, ReadOptions(), **said)
    scheme.update(source="本地方案", goals={"use": 1.0})
    scheme["ideals"] = {"industrial_share": {"etdz": 80.0}}
    keep(office, "intensity", content)
    report = evaluate_zones(office, zones, ReadOptions(), **said)
    (zone,) = report.zones
    # 120 of 300 ha is 40 %, half of 80; nothing else of the scheme is scored.
    assert zone.score == pytest.approx(50.0)
    assert (report.scheme.source, zone.judged_pct) == ("本地方案", pytest.approx(100.0))
    scheme["ideals"]["industrial_shares"] = {"etdz": 1.0}
    keep(office, "intensity", content)
    with pytest.raises(SchemeFileError) as caught:
        evaluate_zones(office, zones, ReadOptions(), **said)
    assert caught.value.params["field"].endswith("industrial_shares")


def test_an_unknown_or_unfilled_scheme_is_said_in_words(shared_client: TestClient) -> None:
    unknown = shared_client.get("/api/v1/permu/schemes/none.yaml?lang=en")
    assert unknown.status_code == 422
    assert "yunnan_sheet" in unknown.text
    files = {"file": ("园区.csv", ZONES.encode(), "text/csv")}
    refused = shared_client.post(
        "/api/v1/intensity?lang=zh&scheme=yunnan_intensity_sheet", files=files
    )
    assert refused.status_code == 422
    assert "待填" in refused.text
