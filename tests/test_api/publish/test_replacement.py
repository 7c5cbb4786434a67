"""The day on which an official layer takes the place of one that stood in for it.

Oracles: the test's own account of which layers counted when each thing was made; areas and
verdicts by hand; the bytes of everything that stood before.
"""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.check.paper_operations import report
from api.check.sites import check_made_sites
from api.cli import app
from api.density.land import DensityQuery, density_table
from api.operation import Call
from api.publish.bundle import publish
from api.publish.publication_plan import parse_plan
from api.publish.replacement import (
    Dependants,
    NotOfficialError,
    ReplacesNothingError,
    replacement_by,
)
from api.publish.replacement_bundle import BUNDLE, write_replacement
from api.publish.restate import restate
from api.settings import Settings
from api.workspace.doctor import examine
from api.workspace.runs import Run
from api.workspace.workspace import Workspace
from layers.builtin.reference import read_counties
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity, ignore_progress
from layers.provenance import canonical_json, digest
from layers.zones import shipped_zone
from maps.publish.replacement_answers import ReplacementList, Restated

KINDS = ("ecological_red_line", "key_wetland", "permanent_basic_farmland")


SITE = shapely.box(102.80, 24.98, 102.81, 24.99)


FAR = shapely.box(102.60, 24.70, 102.61, 24.71)


def spec(layer_id: str, kind: str, status: LayerStatus) -> LayerSpec:
    return LayerSpec(
        id=layer_id, kind=kind, title_zh=layer_id, title_en=layer_id, source="test",
        licence="none", status=status, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip


def put(workspace: Workspace, of: LayerSpec, *shapes: shapely.Polygon) -> int:
    features = gpd.GeoDataFrame(
        {"feature_id": [f"f{at}" for at in range(len(shapes))]}, geometry=list(shapes),
        crs="EPSG:4490",
    )  # fmt: skip
    area = gpd.GeoSeries([shapely.box(97, 21, 107, 30)], crs="EPSG:4490")
    frame = LayerFrame(features=features, coverage=area)
    return workspace.store.put_version(of, frame, report=None, now=workspace.now()).version.number


def read_version(workspace: Workspace, layer_id: str) -> tuple[LayerSpec, LayerFrame]:
    version = workspace.store.get(layer_id)
    return version.spec, workspace.store.read(version)


def made_official(workspace: Workspace, layer_id: str, *, grow: float = 1.0) -> None:
    """Store a layer of the product again as an official one, every feature grown by a factor."""
    of, frame = read_version(workspace, layer_id)
    features = frame.features.copy()
    features["geometry"] = features.geometry.scale(grow, grow)
    workspace.store.put_version(
        replace(of, status=LayerStatus.OFFICIAL, title_zh="正式片区", title_en="Official"),
        LayerFrame(features=features, coverage=frame.coverage), report=None, now=workspace.now(),
    )  # fmt: skip


class BareWorkspace(Workspace):
    """A workspace whose store holds no counties: those that ship are asked."""

    counties = property(lambda _: read_counties(shipped_zone().region))


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A store with nothing in it, by the clock of the machine."""
    return BareWorkspace(Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def full(own_store: Path) -> Workspace:
    """The store that ships, by the clock of the machine."""
    return Workspace(Settings(data_dir=own_store))


class Account:
    """What the test itself knows: which versions count now, and who used which."""

    def __init__(self) -> None:
        self.newest: dict[str, tuple[int, str, bool]] = {}
        self.used: dict[str, set[str]] = {}

    def counting(self) -> set[str]:
        found = set()
        for kind in KINDS:
            own = {i: one for i, one in self.newest.items() if one[1] == kind}
            real = {i: one for i, one in own.items() if not one[2]}
            found |= {f"{i}@{number}" for i, (number, _, _) in (real or own).items()}
        return found


def random_life(workspace: Workspace, chance: np.random.Generator) -> Account:
    """Put layers, make checks, answers and bundles in a random order, and keep account."""
    account = Account()
    for step in range(28):
        what = chance.choice(["demo", "official", "check", "run", "publication"])
        kind = str(chance.choice(KINDS))
        if what in ("demo", "official"):
            demo = what == "demo"
            layer_id = f"{'demo' if demo else 'own'}_{kind}"
            status = LayerStatus.DEMONSTRATION if demo else LayerStatus.OFFICIAL
            west = 102.0 + float(chance.random())
            shape = shapely.box(west, 25.0, west + 0.01, 25.01)
            number = put(workspace, spec(layer_id, kind, status), shape)
            account.newest[layer_id] = number, kind, demo
        elif what == "check":
            shape = moved(SITE, step)
            check_id = check_made_sites(workspace, {"1": shape}, f"s{step}", None).id
            account.used[check_id] = account.counting()
        elif account.newest:
            some = sorted(account.newest)
            chosen = {
                f"{name}@{account.newest[name][0]}"
                for name in chance.choice(some, min(2, len(some)), replace=False)
            }
            account.used[kept(workspace, str(what), step, chosen)] = chosen
    return account


def moved(shape: shapely.Polygon, step: int) -> shapely.Polygon:
    west, south, east, north = shape.bounds
    return shapely.box(west + step * 1e-4, south, east + step * 1e-4, north)


def kept(workspace: Workspace, what: str, step: int, layers: set[str]) -> str:
    """Keep an answer or a released bundle that says which layers it was made from."""
    if what == "run":
        operation = ("search", "rank", "avoid")[step % 3]
        run = Run(
            id="", operation=operation, form="json", lang="zh", uploads={}, asked={"step": step},
            kept_at=workspace.now().isoformat(), layers=dict.fromkeys(layers, "0" * 64), answer={},
        )  # fmt: skip
        return workspace.runs.keep(run, {}).id
    shown = [dict(zip(("id", "version"), one.split("@"), strict=True)) for one in layers]
    facts = {
        "plan": {"title": {"zh": "图", "en": "map"}, "densities": []}, "made_on": "2026-01-01",
        "layers": [{**one, "version": int(one["version"])} for one in shown],
        "density_layers": [],
    }  # fmt: skip
    name = f"p{step}"
    sha256 = workspace.publications.put(name, {"index.html": b""}, facts)
    workspace.publications.release(name, sha256, workspace.now())
    return f"{name}/{sha256}"


@pytest.mark.parametrize("seed", range(8))
def test_every_dependant_is_found_and_no_other(bare: Workspace, seed: int) -> None:
    """Property, over random sets of things over random layers; oracle: the test's account."""
    chance = np.random.default_rng(seed)
    account = random_life(bare, chance)
    for kind in KINDS:
        put(bare, spec(f"own_{kind}", kind, LayerStatus.OFFICIAL), FAR, SITE)
        former = {
            f"demo_{kind}@{number}"
            for name, (newest, _, _) in account.newest.items()
            if name == f"demo_{kind}"
            for number in range(1, newest + 1)
        }
        if not former:
            with pytest.raises(ReplacesNothingError):
                replacement_by(bare, f"own_{kind}")
            continue
        replacement = replacement_by(bare, f"own_{kind}")
        assert replacement.labels == former
        found = Dependants(bare, replacement)
        named = [one.id for one in found.checks] + [run.id for run in found.runs]
        named += ["/".join(one) for one in found.publications]
        wanted = {of for of, used in account.used.items() if used & former}
        assert set(named) == wanted
        assert len(named) == len(wanted)


def test_a_layer_that_stands_in_itself_replaces_nothing(full: Workspace) -> None:
    with pytest.raises(NotOfficialError):
        replacement_by(full, "districts")
    made_official(full, "districts")
    assert replacement_by(full, "districts").labels == {"districts@1"}


def stood(folder: Path) -> dict[str, str]:
    """Return the digest of every file of a data folder but locks and the list of layers.

    Of a check that is made again the time is written anew, and nothing else.
    """
    beside = {".lock", ".sqlite", ".sqlite-shm", ".sqlite-wal"}
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in beside:
            data = path.read_bytes()
            if path.name.endswith(".summary.json"):
                data = canonical_json({**json.loads(data)["document"], "kept_at": None})
            found[str(path.relative_to(folder))] = digest(data)
    return found


def items(listed: ReplacementList, what: str) -> list[Restated]:
    return [one for one in listed.items if one.what == what]


def plan(**changes: object) -> Any:
    content = {
        "id": "zone", "title": {"zh": "片区", "en": "Districts"},
        "maker": {"zh": "局", "en": "Bureau"}, "disclaimer": {"zh": "示意", "en": "A sketch"},
        "data_date": "2026-11-01", "review_number": "云S(2026)12号", "draft": False,
        "prints": False, "layers": [{"id": "districts", "displacement_m": 0}],
        "densities": [], "story": [],
    }  # fmt: skip
    return parse_plan({**content, **changes})


@pytest.mark.slow
def test_official_districts_make_again_what_rests_on_them_alone(
    own_store: Path, full: Workspace
) -> None:
    """A ranking, the claim and a published map rest on the districts; a check and its report not."""
    settings = Settings(data_dir=own_store, allowed_hosts=("testserver",))
    client = TestClient(create_app(settings, full), raise_server_exceptions=False)
    site = json.loads(shapely.to_geojson(SITE))
    check_id = client.post("/api/v1/checks", json=site).json()["id"]
    assert client.get(f"/api/v1/checks/{check_id}/report.xlsx").status_code == 200
    ranking = client.post("/api/v1/sites/ranking", json=site).json()
    bundle = publish(full, plan(), release=True)
    other = publish(
        full, plan(id="counties", layers=[{"id": "counties", "displacement_m": 0}]), release=True
    )  # fmt: skip
    made_official(full, "districts", grow=1.05)
    before = stood(own_store)
    task = client.post("/api/v1/layers/districts/replacement").json()
    while task["status"] in {"waiting", "running"}:
        task = client.get(f"/api/v1/tasks/{task['id']}").json()
    assert task["status"] == "finished", task
    listed = ReplacementList.model_validate(task["result"]["listed"])
    assert {one.what for one in listed.items} == {"claim", "rank", "publication"}
    (ranked,) = items(listed, "rank")
    assert full.runs.get(ranked.before_id).answer["sites"] == ranking["sites"]
    (shown,) = items(listed, "publication")
    assert shown.before_id == f"zone/{bundle.sha256}"
    state = full.publications.state("zone")
    assert state.current == bundle.sha256, "a draft is shown to nobody"
    draft = full.publications.manifest("zone", str(shown.after_id).partition("/")[2])
    assert [(one["id"], one["version"]) for one in draft["layers"]] == [("districts", 2)]
    assert full.publications.state("counties").current == other.sha256
    after = stood(own_store)
    assert {name: after.get(name) for name in before} == before, "what stood was touched"
    new = {name.split("/")[0] for name in after.keys() - before.keys()}
    assert new <= {"checks", "runs", "publications", "tasks"}
    address = f"/api/v1/tasks/{task['id']}/files/"
    handed = client.get(address + BUNDLE).content
    assert digest(handed) == task["result"]["sha256"]
    book = openpyxl.load_workbook(BytesIO(client.get(address + "replacement.xlsx").content))
    assert book["依据原图层的成果"].max_row == 4
    answer = client.post(
        "/api/v1/replacements/verify", files={"file": (BUNDLE, handed)},
        data={"digest": task["result"]["sha256"]},
    ).json()  # fmt: skip
    assert (answer["same"], answer["items"], answer["unproved"]) == (True, 3, [])


def test_the_command_says_what_http_says(
    own_store: Path, full: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_official(full, "districts")
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))
    folder = tmp_path / "out"
    done = CliRunner().invoke(app, ["replacement", "make", "districts", "-o", str(folder)])
    assert done.exit_code == 0, done.output
    assert "正式片区" in done.output
    handed = folder / BUNDLE
    sha256 = digest(handed.read_bytes())
    assert sha256 in done.output
    command = ["replacement", "verify", str(handed), "--digest"]
    assert CliRunner().invoke(app, [*command, sha256]).exit_code == 0
    assert CliRunner().invoke(app, [*command, "0" * 64]).exit_code == 1


def test_a_verdict_before_and_after_by_hand(bare: Workspace) -> None:
    """The demonstration covers the site, the official line lies elsewhere: conflict, then clear."""
    kind = "ecological_red_line"
    put(bare, spec("demo_red", kind, LayerStatus.DEMONSTRATION), SITE)
    check_id = check_made_sites(bare, {"1": SITE}, "site", None).id
    put(bare, spec("red", kind, LayerStatus.OFFICIAL), FAR)
    later = check_made_sites(bare, {"1": SITE}, "later", None).id
    made = restate(bare, replacement_by(bare, "red"), ignore_progress)
    (one,) = items(made.listed, "check")
    assert one.before_id == check_id != later
    red = [
        (line.item, line.before, line.after)
        for line in one.lines
        if line.subject and "Ecological red line" in line.subject.en
    ]
    assert ("verdict", "conflict", "clear") in red
    areas = [line for line in one.lines if line.item == "overlap_m2"]
    assert areas[0].before == pytest.approx(bare.archive.get(check_id).sites[0].area_m2, rel=1e-6)
    assert areas[0].after == 0.0
    assert one.besides == []
    assert bare.archive.get(str(one.after_id)).verdict == bare.archive.get(later).verdict


def test_a_report_is_written_again_of_the_new_check(bare: Workspace, tmp_path: Path) -> None:
    """A report of a check that rests on the layer; that of the check made since is left alone."""
    kind = "ecological_red_line"
    put(bare, spec("demo_red", kind, LayerStatus.DEMONSTRATION), SITE)
    old = check_made_sites(bare, {"1": SITE}, "site", None).id
    put(bare, spec("red", kind, LayerStatus.OFFICIAL), FAR)
    new = check_made_sites(bare, {"1": moved(SITE, 7)}, "later", None).id
    call = Call(lang="en", open_workspace=lambda: bare, progress=ignore_progress, form="xlsx")
    for check_id in (old, new):
        report.answered(call, report.ask({"check_id": check_id, "maker": "Office"}))
    made = restate(bare, replacement_by(bare, "red"), ignore_progress)
    written = write_replacement(made, tmp_path / "out", "en")
    (one,) = items(made.listed, "report")
    (again,) = items(made.listed, "check")
    assert bare.runs.get(one.before_id).asked["check_id"] == old
    kept_again = bare.runs.get(str(one.after_id))
    assert kept_again.asked == {
        "check_id": again.after_id,
        "maker": "Office",
        "project": None,
        "template": None,
    }
    name = f"report-{again.after_id}.xlsx"
    assert name in {file.path for file in written.outputs}
    assert digest((tmp_path / "out" / name).read_bytes()) == kept_again.answer["sha256"]
    assert one.state == "changed"


def test_a_check_whose_input_is_gone_is_named_and_stops_nothing(bare: Workspace) -> None:
    kind = "ecological_red_line"
    put(bare, spec("demo_red", kind, LayerStatus.DEMONSTRATION), SITE)
    lost = check_made_sites(bare, {"1": SITE}, "lost", None).id
    sound = check_made_sites(bare, {"1": FAR}, "sound", None).id
    (bare.settings.data_dir / "checks" / f"{lost}.input.zip").unlink()
    put(bare, spec("red", kind, LayerStatus.OFFICIAL), FAR)
    made = restate(bare, replacement_by(bare, "red"), ignore_progress)
    by_id = {one.before_id: one for one in items(made.listed, "check")}
    assert by_id[lost].state == "undetermined"
    assert by_id[lost].refusal is not None
    assert by_id[lost].refusal.code == "api.check.input_not_kept"
    assert by_id[sound].state == "changed"


def test_a_damaged_answer_is_named_by_the_list_and_by_the_doctor(bare: Workspace) -> None:
    kind = "ecological_red_line"
    put(bare, spec("demo_red", kind, LayerStatus.DEMONSTRATION), SITE)
    sound = kept(bare, "run", 1, {"demo_red@1"})
    torn = kept(bare, "run", 2, {"demo_red@1"})
    path = bare.settings.data_dir / "runs" / f"{torn}.json"
    path.write_bytes(path.read_bytes().replace(b'"step":2', b'"step":3'))
    put(bare, spec("red", kind, LayerStatus.OFFICIAL), FAR)
    found = Dependants(bare, replacement_by(bare, "red"))
    assert [run.id for run in found.runs] == [sound]
    assert [(one.what, one.id, one.reason) for one in found.left_out()] == [
        ("answer", torn, "damaged")
    ]
    assert ("answer", torn) in {(one.what, one.name) for one in examine(bare).findings}


def test_an_import_says_that_results_can_be_made_again(full: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "red.geojson"
    path.write_text(shapely.to_geojson(shapely.box(102.7, 24.9, 102.8, 25.0)), encoding="utf-8")
    said = {}
    for number, status in enumerate(("official", "official", "demonstration")):
        command = [
            "layers", "import", str(path), "--id", f"own_{number}", "--kind",
            "ecological_red_line", "--title", "红线", "--source", "局", "--status", status,
            "--accept",
        ]  # fmt: skip
        done = CliRunner(env={"FTZGIS_DATA_DIR": str(full.settings.data_dir)}).invoke(app, command)
        assert done.exit_code == 0, done.output
        said[number] = f"replacement make own_{number}" in done.output
    assert said == {0: True, 1: True, 2: False}


def test_densities_before_and_after_by_hand(full: Workspace) -> None:
    """Twice as wide and twice as high is four times the ground: a quarter of the density."""
    query = DensityQuery(indicator="trade", year=2020, denominator="boundary")
    before = {row.unit_id: row for row in density_table(full, query).rows}
    made_official(full, "zone", grow=2.0)
    made = restate(full, replacement_by(full, "zone"), ignore_progress)
    whole = [one for one in items(made.listed, "density") if "2020" in one.name.en]
    lines = [
        line
        for one in whole
        for line in one.lines
        if line.item == "density" and line.before == before["ftz"].density
    ]
    assert lines
    # Scaled in degrees: the ground of a degree differs by the latitude, by less than 1 %.
    assert lines[0].after == pytest.approx(before["ftz"].density / 4.0, rel=0.01)
    assert {one.what for one in made.listed.items} == {"density"}
