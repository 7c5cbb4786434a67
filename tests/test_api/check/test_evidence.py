"""Evidence of a check: it runs again without the store, and one changed byte is caught."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import shapely
from starlette.testclient import TestClient

from api.app import create_app
from api.check.override import OverrideRequest, override_finding
from api.check.proof.evidence import FORM, build_evidence
from api.check.proof.shown import read_shown
from api.check.proof.verify import verify_evidence
from api.check.sites import read_and_check
from api.settings import Settings
from api.workspace.archive import FORM as INPUT_FORM
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.errors import AlteredBundleError, NotABundleError, RulesChangedError
from layers.model import ReadOptions
from layers.provenance import RunRecord, canonical_json, run_id
from layers.readers import DEFAULT_LIMITS, Source
from layers.store.bundle import pack, unpack
from layers.store.geopackage import write_geopackage
from tests.conftest import NOW
from tests.test_api.conftest import HOSTS

ROOT = Path(__file__).parents[3]
URL = "/api/v1/checks"
RINGS = {
    "conflict": [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.945]],
    "far from all features": [[100.0, 27.5], [100.1, 27.5], [100.1, 27.6], [100.0, 27.6]],
}


def checked(client: TestClient, ring: list[list[float]]) -> str:
    body = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return str(client.post(URL, json=body).json()["id"])


@pytest.fixture(scope="module")
def office(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A store to which these tests add checks and nothing else."""
    folder = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(built_store, folder, ignore=shutil.ignore_patterns("checks", "runs", "tasks"))
    return Workspace(Settings(data_dir=folder, allowed_hosts=HOSTS), now=lambda: NOW)


@pytest.fixture(scope="module")
def office_client(office: Workspace) -> TestClient:
    return TestClient(create_app(office.settings, office), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def bundle(office: Workspace, office_client: TestClient) -> bytes:
    return build_evidence(office, checked(office_client, RINGS["conflict"]))


@pytest.mark.parametrize("name", RINGS)
def test_a_check_comes_out_the_same_from_its_evidence_alone(
    office_client: TestClient, office: Workspace, name: str
) -> None:
    check_id = checked(office_client, RINGS[name])
    verification = verify_evidence(build_evidence(office, check_id))
    assert verification.differences == []
    assert (verification.same, verification.check_id) == (True, check_id)


def test_what_older_releases_did_not_keep_is_no_difference(bundle: bytes) -> None:
    files = unpack(bundle, FORM)
    result = json.loads(files["result.json"])
    assert [one.pop("titles") for one in result["basis"]] != [[]]
    older = pack({**files, "result.json": canonical_json(result)}, FORM)
    assert verify_evidence(older).differences == []
    # What they did keep is compared as ever.
    result["basis"][0]["layer_ids"] = []
    forged = pack({**files, "result.json": canonical_json(result)}, FORM)
    assert any("basis" in one.path for one in verify_evidence(forged).differences)


def test_evidence_from_before_boundaries_were_kept_is_verified(bundle: bytes) -> None:
    files = unpack(bundle, FORM)
    result = json.loads(files["result.json"])
    assert [site.pop("boundary") for site in result["sites"]] != [None]
    altered = pack({**files, "result.json": canonical_json(result)}, FORM)
    assert any("boundary" in one.path for one in verify_evidence(altered).differences)
    del result["record"]["parameters"]["boundaries_sha256"]
    result["id"] = run_id(RunRecord(**result["record"]))
    older = pack({**files, "result.json": canonical_json(result)}, FORM)
    assert verify_evidence(older).differences == []


def test_making_evidence_twice_gives_the_same_result_file(
    office_client: TestClient, office: Workspace, bundle: bytes
) -> None:
    again = unpack(build_evidence(office, checked(office_client, RINGS["conflict"])), FORM)
    assert again["result.json"] == unpack(bundle, FORM)["result.json"]


@pytest.mark.parametrize(
    "name", ["input/0", "rules.json", "result.json", "layers/demo_ecological_red_line.json"]
)
def test_one_changed_byte_is_named(bundle: bytes, name: str) -> None:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(bundle)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry == name:
                middle = len(data) // 2
                data = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
            new.writestr(entry, data)
    with pytest.raises(AlteredBundleError) as caught:
        verify_evidence(target.getvalue())
    assert caught.value.params == {"files": [name]}


def test_a_moved_vertex_under_a_forged_manifest_comes_out_otherwise(bundle: bytes) -> None:
    files = unpack(bundle, FORM)
    name = "layers/demo_ecological_red_line.json"
    layer = json.loads(files[name])
    for _, row in layer["features"]["rows"]:
        shape = shapely.transform(shapely.from_wkb(row[1]), lambda xy: xy + 1e-6)
        row[1] = shapely.to_wkb(shape, hex=True, byte_order=1)
    files[name] = canonical_json(layer)
    found = {item.path for item in verify_evidence(pack(files, FORM)).differences}
    assert "layers.demo_ecological_red_line" in found
    assert any(path.endswith("overlap_area_m2") for path in found)


def test_evidence_of_an_older_release_is_verified_and_says_what_is_not_proved(
    bundle: bytes, tmp_path: Path
) -> None:
    """Made as that release made it: GeoPackages without trees, a record without their digests."""
    files = unpack(bundle, FORM)
    for name in [name for name in files if name.startswith("layers/")]:
        path = tmp_path / f"{Path(name).stem}.gpkg"
        write_geopackage(read_shown(files.pop(name)).frame, path)
        files[f"layers/{path.name}"] = path.read_bytes()
    result = json.loads(files["result.json"])
    for key in ("kinds_sha256", "layers_sha256", "lost_layers"):
        del result["record"]["parameters"][key]
    result["id"] = run_id(RunRecord(**result["record"]))
    files["result.json"] = canonical_json(result)
    verification = verify_evidence(pack(files, "ftzgis-evidence-2"))
    assert verification.differences == []
    assert (verification.same, verification.unproved) == (True, ["layers", "origin"])


def test_the_same_check_gives_the_same_evidence(office: Workspace, bundle: bytes) -> None:
    assert build_evidence(office, verify_evidence(bundle).check_id) == bundle


def test_a_softened_rule_under_a_forged_manifest_comes_out_otherwise(bundle: bytes) -> None:
    files = unpack(bundle, FORM)
    rules = json.loads(files["rules.json"])
    for rule in rules:
        rule["tolerance"] = {"width_m": 1e6, "precision_factor": 3.0, "area_m2": 1e12}
    files["rules.json"] = json.dumps(rules).encode()
    verification = verify_evidence(pack(files, FORM))
    paths = {item.path for item in verification.differences}
    assert {"record.rules_sha256", "id"} <= paths
    # No tolerance makes contact of a whole site; what the findings say is other all the same.
    assert any(path.startswith("sites[0].findings") for path in paths)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"verdict": "clear"}, "verdict"),
        ({"basis": []}, "basis"),
        ({"id": "0123456789abcdef0123"}, "id"),
        ({"checked_on": "2030-01-01"}, "id"),
        ({"nature": "border_works"}, "id"),
    ],
)
def test_a_forged_answer_round_true_findings_comes_out_otherwise(
    bundle: bytes, change: dict, path: str
) -> None:
    files = unpack(bundle, FORM)
    files["result.json"] = json.dumps(json.loads(files["result.json"]) | change).encode()
    verification = verify_evidence(pack(files, FORM))
    assert path in {item.path for item in verification.differences}


def test_software_and_warnings_are_part_of_what_is_proved(bundle: bytes) -> None:
    files = unpack(bundle, FORM)
    result = json.loads(files["result.json"])
    result["record"]["software"]["shapely"] = "0.1"
    result["read_report"]["issues"] = [
        {"code": "geometry_repaired", "severity": "info", "feature_id": None, "params": {}}
    ]
    files["result.json"] = canonical_json(result)
    found = {item.path for item in verify_evidence(pack(files, FORM)).differences}
    assert found == {"id", "read_report.issues"}


@pytest.mark.parametrize(
    "name", ["result.json", "rules.json", "layers.json", "decisions.json", "input.json", "input/0"]
)
@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b"[1]", b"\xff"])
def test_a_bundle_that_lacks_or_spoils_a_piece_is_refused_in_words(
    bundle: bytes, name: str, content: bytes | None
) -> None:
    files = unpack(bundle, FORM)
    del files[name]
    if content is not None:
        files[name] = content
    try:
        verification = verify_evidence(pack(files, FORM))
    except PlanningError:
        return
    # An empty list of rules or of layers is one that can be run, and says otherwise.
    assert not verification.same


def test_mutated_bundles_never_end_in_a_traceback(bundle: bytes) -> None:
    chance = np.random.default_rng(7)
    for _ in range(300):
        spoilt = bytearray(bundle)
        for _ in range(chance.integers(1, 5)):
            spoilt[chance.integers(len(spoilt))] = chance.integers(256)
        if chance.random() < 0.5:
            del spoilt[chance.integers(len(spoilt)) :]
        with contextlib.suppress(NotABundleError, AlteredBundleError):
            unpack(bytes(spoilt), FORM)


@pytest.mark.slow
def test_an_input_above_the_default_limit_is_proved_too(workspace: Workspace) -> None:
    ring = [*RINGS["conflict"], RINGS["conflict"][0]]
    data = json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()
    big = data + b" " * DEFAULT_LIMITS.max_bytes
    settings = Settings(data_dir=workspace.settings.data_dir, max_upload_bytes=2 * len(big))
    generous = Workspace(settings, now=workspace.now)
    source = Source(name="big.geojson", files={"big.geojson": big})
    check = read_and_check(generous, source, ReadOptions())
    assert verify_evidence(build_evidence(generous, check.id)).same


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no zip", b"text"])
def test_what_is_no_evidence_is_refused(data: bytes) -> None:
    with pytest.raises(NotABundleError):
        verify_evidence(data)


def test_evidence_of_another_form_is_refused() -> None:
    with pytest.raises(NotABundleError):
        unpack(pack({"a": b"1"}, "other-1"), FORM)


def test_a_check_that_met_a_damaged_layer_is_proved_as_it_was(
    client: TestClient, workspace: Workspace
) -> None:
    path = workspace.store.get("demo_ecological_red_line").path
    path.chmod(0o644)
    path.write_bytes(b"not what was stored")
    check_id = checked(client, RINGS["conflict"])
    assert verify_evidence(build_evidence(workspace, check_id)).differences == []


def test_a_check_is_proved_by_the_rules_that_it_was_made_under(
    client: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_id = checked(client, RINGS["conflict"])
    law = workspace.law(workspace.today())
    monkeypatch.setattr(workspace, "law", lambda on: replace(law, rules=law.rules[1:]))
    assert verify_evidence(build_evidence(workspace, check_id)).differences == []


def test_rules_that_changed_since_are_said_of_a_check_kept_without_them(
    client: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_id = checked(client, RINGS["conflict"])
    path = workspace.settings.data_dir / "checks" / f"{check_id}.input.zip"
    kept = unpack(path.read_bytes(), INPUT_FORM)
    of_law = {"rules.json", "kinds.json", "decisions.json"}
    path.write_bytes(pack({n: d for n, d in kept.items() if n not in of_law}, INPUT_FORM))
    assert verify_evidence(build_evidence(workspace, check_id)).same
    law = workspace.law(workspace.today())
    monkeypatch.setattr(workspace, "law", lambda on: replace(law, rules=law.rules[1:]))
    with pytest.raises(RulesChangedError):
        build_evidence(workspace, check_id)


@pytest.mark.parametrize("name", ["decisions.json", "overrides.json", "kinds.json"])
def test_a_forged_decision_or_override_is_caught(
    client: TestClient, workspace: Workspace, name: str
) -> None:
    check_id = checked(client, RINGS["conflict"])
    found = workspace.archive.get(check_id).sites[0].findings
    finding = next(one for one in found if one.verdict == "clear")
    said = OverrideRequest(
        site_id="1", rule_id=finding.rule_id, layer_id=finding.layer_id, verdict="clear",
        reason="复核", name="张三",
    )  # fmt: skip
    override_finding(workspace, check_id, said)
    files = unpack(build_evidence(workspace, check_id), FORM)
    assert verify_evidence(pack(files, FORM)).same
    spoilt = BytesIO()
    with zipfile.ZipFile(BytesIO(pack(files, FORM))) as old, zipfile.ZipFile(spoilt, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            new.writestr(
                entry,
                data.replace(b"avoid", b"nothing")
                .replace("张三".encode(), "李四".encode())
                .replace(b"internal", b"public")
                if entry == name
                else data,
            )
    with pytest.raises(AlteredBundleError) as caught:
        verify_evidence(spoilt.getvalue())
    assert caught.value.params == {"files": [name]}


@pytest.mark.slow
def test_evidence_comes_over_http_and_is_verified_on_a_machine_without_a_store(
    client: TestClient, tmp_path: Path
) -> None:
    check_id = checked(client, RINGS["conflict"])
    answer = client.get(f"{URL}/{check_id}/evidence")
    assert answer.headers["content-type"] == "application/zip"
    path = tmp_path / "evidence.zip"
    path.write_bytes(answer.content)
    nowhere = tmp_path / "no-store"
    done = subprocess.run(
        [sys.executable, "-m", "api", "verify", str(path), "--json"],
        env={**os.environ, "FTZGIS_DATA_DIR": str(nowhere), "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["same"] is True
    assert not nowhere.exists()
    assert client.get(f"{URL}/0123456789abcdef/evidence").status_code == 404
