"""The watch over past checks. Oracle: every check made again, with nothing left out."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.check.sites import compute_check, read_and_check, terms_today
from api.check.stale.changes import changes_between
from api.check.stale.find import StaleScope, find_stale
from api.cli import app
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.builtin.reference import read_counties
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions, Sensitivity
from layers.readers import Source
from layers.zones import shipped_zone
from maps.check.stale_answers import StaleCheck

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WEST, SOUTH, STEP = 102.70, 24.90, 0.004
SPEC = LayerSpec(
    id="red", kind="ecological_red_line", title_zh="红线", title_en="red", source="test",
    licence="none", status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
)  # fmt: skip


def cell(x: float, y: float, size: float = 1.0) -> shapely.Polygon:
    return shapely.box(
        WEST + x * STEP, SOUTH + y * STEP, WEST + (x + size) * STEP, SOUTH + (y + size) * STEP
    )


class BareWorkspace(Workspace):
    """A workspace whose store holds no counties: those that ship are asked."""

    counties = property(lambda _: read_counties(shipped_zone().region))


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A store with nothing in it: only the layers that a test puts there are used."""
    return BareWorkspace(Settings(data_dir=tmp_path / "data"), now=lambda: NOW)


def put(workspace: Workspace, features: list, spec: LayerSpec = SPEC, area=None) -> None:
    frame = LayerFrame(
        features=gpd.GeoDataFrame(
            {"feature_id": [f"f{at}" for at in range(len(features))]},
            geometry=features, crs="EPSG:4490",
        ),
        coverage=gpd.GeoSeries([area or cell(-50, -50, 200)], crs="EPSG:4490"),
    )  # fmt: skip
    workspace.store.put_version(spec, frame, report=None, now=NOW)


def check(workspace: Workspace, shape: shapely.Polygon, name: str = "a.geojson") -> str:
    source = Source(name=name, files={name: shapely.to_geojson(shape).encode()})
    return read_and_check(workspace, source, ReadOptions(), "park_expansion").id


def found(workspace: Workspace) -> dict[str, StaleCheck]:
    stale = find_stale(workspace, StaleScope(), lambda done, total, note: None)
    return {one.check_id: one for one in stale.checks}


def all_again(workspace: Workspace) -> set[str]:
    """Second method: make every check again, and compare."""
    changed = set()
    for past in workspace.archive.sound()[0]:
        then = workspace.archive.get(past.id)
        name = then.read_report.name
        source = Source(name=name, files={name: json.dumps(then.sites[0].geometry).encode()})
        sites = workspace.read_sites(source, ReadOptions())
        now = compute_check(workspace, sites, terms_today(workspace, ReadOptions(), then.nature))
        if list(changes_between(then, now)):
            changed.add(past.id)
    return changed


@pytest.mark.parametrize("seed", range(6))
def test_exactly_the_checks_whose_result_changes_are_found(bare: Workspace, seed: int) -> None:
    """Property: features are added, taken away and moved at random, some beside sites only."""
    chance = np.random.default_rng(seed)
    spots = [(int(x), int(y)) for x, y in chance.integers(0, 12, (14, 2))]
    put(bare, [cell(x, y) for x, y in spots])
    for at, (x, y) in enumerate(chance.integers(0, 13, (10, 2))):
        shape = cell(
            x + float(chance.choice([0.0, 0.3])), y + 0.2, float(chance.choice([0.5, 1.3]))
        )
        check(bare, shape, f"{at}.geojson")
    kept = [spot for spot in spots if chance.random() > 0.3]
    moved = [(x + 0.25, y) if chance.random() < 0.3 else (x, y) for x, y in kept]
    put(bare, [cell(x, y) for x, y in [*moved, *chance.integers(0, 12, (2, 2)).tolist()]])
    stale = found(bare)
    changed = {check_id for check_id, one in stale.items() if one.state == "changed"}
    assert changed == all_again(bare)
    assert {one.state for one in stale.values()} <= {"changed", "unaffected"}
    assert any(not one.rerun for one in stale.values())


def test_a_change_is_told_with_its_area_by_hand(bare: Workspace) -> None:
    put(bare, [cell(0, 0)])
    near, far = check(bare, cell(0, 0)), check(bare, cell(40, 40))
    assert {one.state for one in found(bare).values()} == {"current"}
    put(bare, [cell(0.5, 0), cell(5, 5)])
    stale = found(bare)
    (change,) = stale[near].changes
    assert (change.verdict_then, change.verdict_now) == ("conflict", "conflict")
    assert change.overlap_now_m2 == pytest.approx(change.overlap_then_m2 / 2, rel=1e-6)
    assert change.difference_m2 == pytest.approx(-change.overlap_then_m2 / 2, rel=1e-6)
    assert (change.layer_version_then, change.layer_version_now) == (1, 2)
    assert stale[near].causes == ["layer_version"]
    assert (stale[far].state, stale[far].rerun) == ("unaffected", False)


def test_a_renamed_layer_and_renumbered_features_change_nothing(bare: Workspace) -> None:
    put(bare, [cell(0, 0), cell(3, 0)])
    check_id = check(bare, cell(0, 0))
    put(bare, [cell(3, 0), cell(0, 0)], replace(SPEC, title_zh="新名称"))
    stale = found(bare)[check_id]
    assert (stale.state, stale.causes, stale.rerun) == ("unaffected", ["layer_version"], False)


@pytest.mark.parametrize(
    ("spec", "area", "now"),
    [
        (replace(SPEC, valid_to=date(2026, 1, 1)), None, "undetermined"),
        (replace(SPEC, precision_m=30.0), None, "contact"),
        (SPEC, cell(20, 20, 5), "undetermined"),
    ],
)
def test_facts_and_coverage_of_a_layer_matter_like_its_features(
    bare: Workspace, spec: LayerSpec, area: object, now: str
) -> None:
    put(bare, [cell(1, 0)])
    # 1.2 m across the line: thin for a layer that is 30 m off, and clear beyond its coverage.
    thin = shapely.box(WEST + 0.6 * STEP, SOUTH, WEST + STEP + 1.2e-5, SOUTH + 0.3 * STEP)
    shape = thin if now == "contact" else cell(5, 5)
    check_id = check(bare, shape)
    put(bare, [cell(1, 0)], spec, area)
    stale = found(bare)[check_id]
    assert stale.state == "changed"
    (change,) = stale.changes
    assert change.verdict_now == now


def test_another_layer_in_its_place_meets_the_old_finding(bare: Workspace) -> None:
    put(bare, [cell(0, 0)], replace(SPEC, id="demo", status=LayerStatus.DEMONSTRATION))
    check_id = check(bare, cell(0, 0))
    put(bare, [cell(9, 9)])
    stale = found(bare)[check_id]
    assert stale.causes == ["layer_added", "layer_removed"]
    (change,) = stale.changes
    assert (change.verdict_then, change.verdict_now, change.layer_id) == (
        "conflict",
        "clear",
        "red",
    )


def test_a_check_without_its_input_cannot_be_told(bare: Workspace) -> None:
    put(bare, [cell(0, 0)])
    check_id = check(bare, cell(0, 0))
    (bare.settings.data_dir / "checks" / f"{check_id}.input.zip").unlink()
    put(bare, [cell(0.5, 0)])
    stale = found(bare)[check_id]
    assert (stale.state, stale.causes[-1]) == ("undetermined", "input_not_kept")


def test_summaries_are_made_for_checks_of_older_releases(bare: Workspace) -> None:
    put(bare, [cell(0, 0)])
    check_id = check(bare, cell(0, 0))
    ((short,), nothing) = bare.archive.sound()
    (bare.settings.data_dir / "checks" / f"{check_id}.summary.json").unlink()
    assert bare.archive.sound() == ([short.model_copy(update={"kept_at": None})], nothing)
    # When it was made is then the file's own time.
    made_s = (bare.settings.data_dir / "checks" / f"{check_id}.json").stat().st_mtime
    assert bare.archive.kept_at(check_id).timestamp() == pytest.approx(made_s, abs=1e-5)


@pytest.mark.slow
def test_http_and_command_say_the_same(
    client: TestClient, workspace: Workspace, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = shapely.box(102.80, 24.98, 102.81, 24.99)
    body = json.loads(shapely.to_geojson(shape))
    check_id = client.post("/api/v1/checks", json=body).json()["id"]
    area = shapely.box(97, 21, 107, 30)
    put(workspace, [shape], replace(SPEC, id="demo_ecological_red_line"), area)
    task = client.post("/api/v1/checks/stale").json()
    while task["status"] in {"waiting", "running"}:
        task = client.get(f"/api/v1/tasks/{task['id']}").json()
    (one,) = task["result"]["checks"]
    assert (one["check_id"], one["state"], one["verdict_now"]) == (check_id, "changed", "conflict")
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))
    done = CliRunner().invoke(app, ["stale"])
    assert done.exit_code == 1, done.output
    assert "未涉及 → 冲突" in done.output


def test_damage_then_or_now_is_named_and_what_could_not_be_told_is_judged_again(bare) -> None:
    """Oracle: the verdicts by hand; no other version of the layer ever came in."""
    put(bare, [cell(0, 0)])
    file = next((bare.settings.data_dir / "layers/red").glob("*.gpkg"))
    whole = file.read_bytes()
    before = check(bare, cell(0.2, 0.2, 0.5), "before.geojson")
    file.write_bytes(whole.replace(b"GP\x00", b"GP\x01"))
    anew = partial(BareWorkspace, bare.settings, now=lambda: NOW)
    told = found(anew())[before]
    red = next(one for one in told.changes if one.rule_id == "ecological_red_line")
    assert (red.verdict_then, red.verdict_now) == ("conflict", "undetermined")
    assert red.causes == ["layer_unreadable"]
    assert "layer_version" not in told.causes
    during = check(anew(), cell(0.2, 0.2, 0.5), "during.geojson")
    file.write_bytes(whole)
    told = found(anew())[during]
    red = next(one for one in told.changes if one.rule_id == "ecological_red_line")
    assert (red.verdict_then, red.verdict_now) == ("undetermined", "conflict")
    assert red.causes == ["layer_unreadable"]
