"""A folder of YAML adds a kind that the product has never heard of, through every door.

Oracle: the rule and the shapes are made by hand; half of the site lies in the feature.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.check.proof.evidence import build_evidence
from api.check.proof.verify import verify_evidence
from api.cli import app
from api.settings import Settings
from api.workspace.workspace import Workspace

KINDS = """
airport_clearance: {title: {zh: 机场净空, en: Airport clearance}, geometry: polygon, sensitivity: internal, control: true}
"""
RULE = """
id: airport_clearance
kind: airport_clearance
relation: must_not_overlap
required: true
demands_zh: 净空范围内限制建筑高度。
demands_en: Heights are limited.
tolerance: {width_m: 0.01, precision_factor: 3.0, area_m2: 200.0}
where: {surface: [inner]}
fields: {surface: [净空面]}
tells: [surface]
citation: {document_zh: 民用机场管理条例, document_en: Civil airport rules, number: 国务院令第553号, clause: 第四十九条, issued: null, certainty: general_knowledge, note_zh: 示例, note_en: example}
"""
DECISIONS = (
    "decisions: {airport_clearance: {conflict: {any: {outcome: approval, papers: [special_plan]}}}}"
)


@pytest.fixture
def own(own_store: Path, tmp_path: Path) -> Settings:
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, text in {"kinds": KINDS, "clearance": RULE, "decisions": DECISIONS}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Settings(data_dir=own_store, rules_dir=folder, allowed_hosts=("testserver",))


def box(west: float, south: float, east: float, north: float, **properties: str) -> str:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return json.dumps({"type": "Feature", "properties": properties, "geometry": geometry})


Command = Callable[..., str]


@pytest.fixture
def ftzgis(own: Settings, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own.data_dir))
    monkeypatch.setenv("FTZGIS_RULES_DIR", str(own.rules_dir))

    def run(*args: str) -> str:
        done = CliRunner().invoke(app, args)
        assert done.exit_code in {0, 1, 3}, done.output
        return done.stdout

    return run


@pytest.mark.slow
def test_a_kind_of_a_folder_goes_through_every_door(
    own: Settings, ftzgis: Command, tmp_path: Path
) -> None:
    site = tmp_path / "site.geojson"
    site.write_text(box(102.80, 24.98, 102.81, 24.99), encoding="utf-8")
    missing = json.loads(ftzgis("check", str(site), "--json"))
    (finding,) = [f for f in missing["sites"][0]["findings"] if f["kind"] == "airport_clearance"]
    assert finding["reasons"] == ["layer_missing"]
    assert finding["title"] == {"zh": "机场净空", "en": "Airport clearance"}

    layer = tmp_path / "clearance.geojson"
    layer.write_text(box(102.80, 24.98, 102.805, 24.99, 净空面="inner"), encoding="utf-8")
    ftzgis(
        "layers", "import", str(layer), "--id", "clearance", "--kind", "airport_clearance",
        "--title", "净空保护区", "--source", "test", "--covers", "53",
    )  # fmt: skip
    assert "净空保护区" in ftzgis("check", str(site), "--nature", "park_expansion")

    workspace = Workspace(own)
    client = TestClient(create_app(own, workspace))
    listed = {row["id"]: row for row in client.get("/api/v1/layers").json()["layers"]}
    assert listed["clearance"]["kind"] == "airport_clearance"
    assert client.get("/api/v1/layers/clearance/features").json()["features"]
    headers = {"content-type": "application/geo+json"}
    address = "/api/v1/checks?nature=park_expansion"
    answer = client.post(address, content=site.read_bytes(), headers=headers).json()
    (finding,) = [f for f in answer["sites"][0]["findings"] if f["kind"] == "airport_clearance"]
    assert (finding["verdict"], finding["layer_id"]) == ("conflict", "clearance")
    assert finding["share_pct"] == pytest.approx(50.0, abs=1e-3)
    assert finding["parts"][0]["attributes"] == {"surface": "inner"}
    assert finding["decision"] == {
        "outcome": "approval", "statement": None, "papers": ["special_plan"], "source": None,
    }  # fmt: skip
    # Elsewhere nobody has heard of the kind, and the evidence says all the same.
    assert verify_evidence(build_evidence(workspace, answer["id"])).differences == []
