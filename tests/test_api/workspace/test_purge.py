"""A purge by a stated retention time. Oracle: lists by hand of what is old, reviewed, named."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.check.override import OverrideRequest, override_finding
from api.check.proof.evidence import build_evidence
from api.check.sites import read_and_check
from api.cli import app
from api.settings import Settings
from api.workspace.archive import PurgedCheckError
from api.workspace.doctor import examine
from api.workspace.purge import purge
from api.workspace.runs import Run
from api.workspace.workspace import Workspace
from layers.model import ReadOptions
from layers.readers import Source

ROOT = Path(__file__).parents[3]
START = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)
ALL = ("checks", "uploads", "evidence")


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def after(self, days: float) -> "Clock":
        self.now = START + timedelta(days=days)
        return self


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def aging(own_store: Path, clock: Clock) -> Workspace:
    """A workspace whose clock the test sets."""
    return Workspace(Settings(data_dir=own_store), now=clock)


def check(workspace: Workspace, at: int) -> str:
    shape = shapely.box(102.80 + at / 100, 24.98, 102.805 + at / 100, 24.985)
    name = f"site-{at}.geojson"
    source = Source(name=name, files={name: shapely.to_geojson(shape).encode()})
    return read_and_check(workspace, source, ReadOptions(), "park_expansion").id


def review(workspace: Workspace, check_id: str) -> None:
    finding = workspace.archive.get(check_id).sites[0].findings[0]
    override_finding(
        workspace,
        check_id,
        OverrideRequest(
            site_id=workspace.archive.get(check_id).sites[0].site_id, rule_id=finding.rule_id,
            layer_id=finding.layer_id, verdict="undetermined", reason="存疑", name="李某",
        ),
    )  # fmt: skip


def ids(workspace: Workspace) -> set[str]:
    return {check_id for check_id, _ in workspace.archive.newest()}


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=st.lists(st.integers(0, 20), min_size=1, max_size=4),
    reviewed=st.sets(st.integers(0, 3)),
    days=st.integers(1, 20),
)
def test_exactly_what_is_old_and_rests_on_nothing_goes(
    aging: Workspace, clock: Clock, made: list[int], reviewed: set[int], days: int
) -> None:
    purge(aging, 1, ALL, sure=False)
    for check_id in ids(aging):
        aging.archive.remove(check_id, clock())
    known = {}
    for at, day in enumerate(made):
        clock.after(day)
        known[check(aging, at)] = (at, day)
        if at in reviewed:
            review(aging, next(one for one, (number, _) in known.items() if number == at))
    clock.after(20)
    old = {one for one, (_, day) in known.items() if 20 - day > days}
    stays = {one for one in old if known[one][0] in reviewed}
    listed = purge(aging, days, ALL, sure=False)
    assert {one.id for one in listed.entries} == old - stays
    assert {one.id: one.stays for one in listed.stays} == dict.fromkeys(stays, "reviewed")
    assert ids(aging) == set(known)
    done = purge(aging, days, ALL, sure=True)
    assert (done.removed, done.entries) == (True, listed.entries)
    assert ids(aging) == set(known) - (old - stays)
    # What stays can be proved: nothing that it rests on went.
    for check_id in ids(aging):
        assert build_evidence(aging, check_id)
    for check_id in old - stays:
        with pytest.raises(PurgedCheckError):
            aging.archive.get(check_id)
    assert examine(aging).sound


def test_what_is_exactly_as_old_stays(aging: Workspace, clock: Clock) -> None:
    check_id = check(aging, 0)
    clock.after(10)
    assert purge(aging, 10, ALL, sure=True).entries == []
    clock.after(10 + 1 / 86_400)
    assert [one.id for one in purge(aging, 10, ALL, sure=True).entries] == [check_id]


def test_a_check_that_a_layer_or_a_publication_names_stays(aging: Workspace, clock: Clock) -> None:
    by_layer, by_map, by_none = (check(aging, at) for at in range(3))
    version = aging.store.get("lakes")
    spec = version.spec.__class__(
        **{name: getattr(version.spec, name) for name in version.spec.__dataclass_fields__}
        | {"id": "candidates", "source": f"核查 {by_layer}"}
    )
    aging.store.put_version(spec, aging.store.read(version), report=None, now=clock())
    sha256 = aging.publications.put("zone", {"index.html": b"x"}, {"source": f"check {by_map}"})
    aging.publications.release("zone", sha256, clock())
    clock.after(30)
    done = purge(aging, 7, ALL, sure=True)
    assert [one.id for one in done.entries] == [by_none]
    assert {one.id: one.stays for one in done.stays} == {
        by_layer: "named_by_layer", by_map: "named_by_publication",
    }  # fmt: skip


def test_a_damaged_check_stays_and_is_named(
    aging: Workspace, clock: Clock, own_store: Path
) -> None:
    check_id = check(aging, 0)
    path = own_store / "checks" / f"{check_id}.summary.json"
    path.write_bytes(path.read_bytes().replace(b"site-0", b"site-9"))
    clock.after(30)
    done = purge(aging, 7, ALL, sure=True)
    assert done.entries == []
    assert [(one.id, one.stays) for one in done.stays] == [(check_id, "damaged")]


def test_a_removed_check_says_so_and_can_be_made_again(
    aging: Workspace, clock: Clock, own_store: Path
) -> None:
    check_id = check(aging, 0)
    clock.after(30)
    purge(aging, 7, ALL, sure=True)
    left = [path.name for path in (own_store / "checks").glob(f"{check_id}*")]
    assert left == [f"{check_id}.purged.json"]
    client = TestClient(create_app(Settings(data_dir=own_store, allowed_hosts=("testserver",))))
    for lang, word in (("zh", "保留期限"), ("en", "retention time")):
        gone = client.get(f"/api/v1/checks/{check_id}", headers={"accept-language": lang})
        assert (gone.status_code, gone.json()["code"]) == (410, "api.check.purged")
        assert word in gone.json()["detail"]
    clock.after(0)
    assert check(aging, 0) == check_id
    assert not (own_store / "checks" / f"{check_id}.purged.json").exists()


def test_a_kept_answer_goes_with_its_files(aging: Workspace, clock: Clock) -> None:
    run = Run(
        id="", operation="search", form="json", lang="zh", kept_at=clock().isoformat(), asked={},
        uploads={"file": {"name": "a.geojson", "names": ["a.geojson"]}}, layers={}, answer={},
    )  # fmt: skip
    kept = aging.runs.keep(run, {"file/0": b"{}"})
    again = aging.runs.keep(replace(run, answer={"sites": []}), {"file/0": b"{}"})
    damaged = aging.runs.files_of(again.id)[0]
    damaged.write_bytes(damaged.read_bytes().replace(b"search", b"avoid!"))
    clock.after(30)
    assert len(aging.runs.files_of(kept.id)) == 2
    done = purge(aging, 7, ("checks",), sure=True)
    assert [(one.what, one.id, one.name) for one in done.entries] == [("run", kept.id, "search")]
    assert [(one.id, one.stays) for one in done.stays] == [(again.id, "damaged")]
    assert aging.runs.files_of(kept.id) == []
    assert len(aging.runs.files_of(again.id)) == 2


def test_leftovers_and_files_of_tasks_go(aging: Workspace, clock: Clock, own_store: Path) -> None:
    clock.now = datetime.now(tz=UTC)
    stray = own_store / "checks" / f"{'a' * 32}.input.zip"
    stray.parent.mkdir(exist_ok=True)
    staged = own_store / "rasters" / ".0123.tmp.tif"
    young = own_store / "rasters" / ".4567.tmp.tif"
    for path in (stray, staged, young):
        path.write_bytes(b"x")
    old = (clock.now - timedelta(days=40)).timestamp()
    for path in (stray, staged):
        os.utime(path, (old, old))
    task_id = "0" * 32
    files = own_store / "tasks" / task_id / "files"
    files.mkdir(parents=True)
    (files / "report.pdf").write_bytes(b"12345")
    state = {
        "id": task_id, "kind": "report", "status": "finished", "done": 1, "total": 1, "note": "",
        "created_at": (clock.now - timedelta(days=41)).isoformat(),
        "ended_at": (clock.now - timedelta(days=40)).isoformat(),
    }  # fmt: skip
    (files.parent / "state.json").write_text(json.dumps(state), encoding="utf-8")
    running = own_store / "tasks" / ("1" * 32)
    running.mkdir()
    more = {"id": "1" * 32, "status": "running", "ended_at": None}
    (running / "state.json").write_text(json.dumps({**state, **more}), encoding="utf-8")
    assert purge(aging, 30, ("uploads",), sure=False).size_bytes == 2
    done = purge(aging, 30, ALL, sure=True)
    assert {(one.what, one.id) for one in done.entries} == {
        ("upload", f"checks/{stray.name}"), ("upload", "rasters/.0123.tmp.tif"),
        ("evidence", task_id),
    }  # fmt: skip
    assert [path.exists() for path in (stray, staged, young)] == [False, False, True]
    assert not files.parent.exists()
    assert running.exists()


def test_by_command_it_lists_first_and_asks_for_the_days(aging: Workspace, clock: Clock) -> None:
    check_id = check(aging, 0)
    runner = CliRunner(env={"FTZGIS_DATA_DIR": str(aging.settings.data_dir)})
    assert runner.invoke(app, ["purge"]).exit_code == 2
    assert runner.invoke(app, ["purge", "--days=0"]).exit_code == 2
    assert runner.invoke(app, ["purge", "--days=1", "--what=layers"]).exit_code == 2
    listed = runner.invoke(app, ["purge", "--days=1"])
    assert listed.exit_code == 0, listed.output
    assert "尚未删除" in listed.stdout
    assert check_id in listed.stdout
    assert check_id in ids(aging)
    none = runner.invoke(app, ["purge", "--days=1", "--what=evidence", "--sure", "--lang=en"])
    assert "Nothing older" in none.stdout
    done = runner.invoke(app, ["purge", "--days=1", "--what", "checks,uploads", "--sure"])
    assert "已删除" in done.stdout
    assert check_id not in ids(aging)


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
import api.workspace.archive as archive
known, left = archive.remove_file, [int(sys.argv[2])]
def dies(path):
    if not left[0]:
        os.kill(os.getpid(), 9)
    left[0] -= 1
    known(path)
archive.remove_file = dies
archive.CheckArchive(Path(sys.argv[1])).remove(sys.argv[3], datetime.now(tz=UTC))
"""


@pytest.mark.parametrize("removed", [0, 1, 2])
def test_a_process_that_is_killed_leaves_a_whole_check_or_none(
    aging: Workspace, clock: Clock, own_store: Path, removed: int
) -> None:
    check_id = check(aging, 0)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(own_store / "checks"), str(removed), check_id],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr.decode()
    if removed == 0:
        assert build_evidence(aging, check_id)
        assert examine(aging).sound
        return
    with pytest.raises(PurgedCheckError):
        aging.archive.get(check_id)
    # What is left is named by the doctor and goes with the next purge.
    assert {one.what for one in examine(aging).findings} == {"stray"}
    clock.now = datetime.now(tz=UTC) + timedelta(days=2)
    purge(aging, 1, ALL, sure=True)
    assert [path.name for path in (own_store / "checks").glob(f"{check_id}*")] == [
        f"{check_id}.purged.json"
    ]
    assert examine(aging).sound
