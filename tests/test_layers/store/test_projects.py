"""Projects: versions, undo and redo, conflicts, files. Oracle: a list with a finger in it."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.store.projects.project_file import (
    DamagedProjectFileError,
    NoProjectFileError,
    pack_project,
    unpack_project,
)
from layers.store.projects.project_store import ProjectStore
from layers.store.projects.project_versions import (
    MOST_STEPS,
    DamagedProjectError,
    NothingToUndoError,
    ProjectConflictError,
    ProjectMovedOnError,
    UnknownProjectError,
    WithdrawnProjectError,
)
from layers.store.withdrawals import Step

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
ROOT = Path(__file__).parents[3]

TEXTS = st.text(max_size=8)
CONTENTS = st.dictionaries(TEXTS, st.one_of(st.integers(), TEXTS, st.lists(TEXTS)), max_size=3)
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), CONTENTS),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("redo"), st.none()),
        st.tuples(st.just("return"), st.integers(0, 30)),
    ),
    max_size=25,
)


class Finger:
    """The model: all states that can be gone to, and which one is shown."""

    def __init__(self, content: dict) -> None:
        self.states, self.at = [content], 0
        self.versions = [content]

    def edit(self, content: dict) -> None:
        if content == self.shown:
            return
        self.states = [*self.states[: self.at + 1], content]
        self.at += 1
        self.versions.append(content)

    def move(self, step: int) -> bool:
        if not 0 <= self.at + step < len(self.states):
            return False
        self.at += step
        self.versions.append(self.shown)
        return True

    def revert(self, number: int) -> None:
        content = self.versions[number - 1]
        self.states = [*self.states[: self.at + 1], content]
        self.at += 1
        self.versions.append(content)

    @property
    def shown(self) -> dict:
        return self.states[self.at]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=CONTENTS, actions=ACTIONS)
def test_any_sequence_of_changes_ends_where_the_model_does(first: dict, actions: list) -> None:
    with TemporaryDirectory() as folder:
        store, model = ProjectStore(Path(folder) / "projects"), Finger(first)
        of = store.create(first, NOW).project_id
        for at, (action, said) in enumerate(actions):
            now, base = NOW + timedelta(seconds=at), store.newest(of).number
            if action == "edit":
                store.save(of, base, said, now)
                model.edit(said)
            elif action == "return":
                number = said % base + 1
                store.revert(of, base, number, now)
                model.revert(number)
            else:
                try:
                    (store.undo if action == "undo" else store.redo)(of, base, now)
                    moved = True
                except NothingToUndoError:
                    moved = False
                assert moved == model.move(-1 if action == "undo" else 1)
            assert store.content(store.newest(of)) == model.shown
        shown = [store.content(store.version(of, n + 1)) for n in range(len(model.versions))]
        assert shown == model.versions
        # Another process, which has only the files, sees the same.
        assert ProjectStore(Path(folder) / "projects").damaged(of) == []


@settings(max_examples=60, deadline=None)
@given(content=CONTENTS, origin=CONTENTS)
def test_a_file_brings_back_what_was_packed(content: dict, origin: dict) -> None:
    data = pack_project(content, origin)
    assert unpack_project("a.ftzproject", data) == (content, origin)
    assert pack_project(content, origin) == data


@settings(max_examples=80, deadline=None)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7), content=CONTENTS)
def test_a_damaged_file_is_refused_or_says_the_same(at: int, bit: int, content: dict) -> None:
    data = bytearray(pack_project(content, {"id": "x"}))
    data[at % len(data)] ^= 1 << bit
    try:
        found = unpack_project("a.ftzproject", bytes(data))
    except (NoProjectFileError, DamagedProjectFileError) as exc:
        assert exc.params == {"name": "a.ftzproject"}  # noqa: PT017 - either way is right
    else:
        # Bytes that hold nothing, such as times of entries.
        assert found == (content, {"id": "x"})


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"{}", b"<html>", os.urandom(300)])
def test_a_foreign_file_is_no_project(data: bytes) -> None:
    with pytest.raises(NoProjectFileError):
        unpack_project("x", data)


def test_who_saves_on_an_old_version_loses_nothing(tmp_path: Path) -> None:
    store = ProjectStore(tmp_path / "projects")
    of = store.create({"a": 1}, NOW).project_id
    store.save(of, 1, {"a": "hers"}, NOW)
    with pytest.raises(ProjectConflictError) as caught:
        store.save(of, 1, {"a": "his"}, NOW)
    params = caught.value.params
    assert (params["base"], params["newest"]) == (1, 2)
    assert store.content(store.newest(of)) == {"a": "hers"}
    assert store.content(store.newest(params["kept_as"])) == {"a": "his"}
    # What both said is no conflict.
    version, created = store.save(of, 1, {"a": "hers"}, NOW)
    assert (version.number, created) == (2, False)
    for act in (store.undo, store.redo):
        with pytest.raises(ProjectMovedOnError):
            act(of, 1, NOW)


def test_a_lost_or_changed_version_is_a_damage_and_can_be_gone_back_from(tmp_path: Path) -> None:
    store = ProjectStore(tmp_path / "projects")
    of = store.create({"a": 1}, NOW).project_id
    store.save(of, 1, {"a": 2}, NOW)
    store.save(of, 2, {"a": 3}, NOW)
    path = tmp_path / "projects" / of / "v000003.json"
    path.unlink()
    with pytest.raises(DamagedProjectError):
        store.newest(of)
    assert store.damaged(of) == [f"{of}/v000003.json"]
    back = store.revert(of, 3, 2, NOW)
    assert (back.number, store.content(back)) == (4, {"a": 2})
    # A version in the place of another is one that was not kept.
    older = tmp_path / "projects" / of / "v000001.json"
    older.write_bytes((tmp_path / "projects" / of / "v000002.json").read_bytes())
    assert f"{of}/v000001.json" in store.damaged(of)
    other = store.create({"b": 1}, NOW).project_id
    stranger = tmp_path / "projects" / other / "v000001.json"
    older.write_bytes(stranger.read_bytes())
    assert f"{of}/v000001.json" in store.damaged(of)


def test_a_lost_folder_is_remembered_and_a_removed_one_is_not(tmp_path: Path) -> None:
    store = ProjectStore(tmp_path / "projects")
    of, other = (store.create({"a": n}, NOW).project_id for n in (1, 2))
    (tmp_path / "projects" / of / "v000001.json").unlink()
    assert set(store.ids()) == {of, other}
    assert store.damaged(of) == [f"{of}/v000001.json"]
    store.remove(other)
    assert store.ids() == [of]


def test_a_withdrawn_project_takes_no_change_until_it_is_restored(tmp_path: Path) -> None:
    store = ProjectStore(tmp_path / "projects")
    of = store.create({"a": 1}, NOW).project_id
    step = Step(withdrawn=True, name="李某", reason="重复", at=NOW)
    store.say(of, step)
    with pytest.raises(WithdrawnProjectError) as caught:
        store.save(of, 1, {"a": 2}, NOW)
    assert caught.value.params["reason"] == "重复"
    (tmp_path / "projects" / of / "withdrawn.json").unlink()
    with pytest.raises(DamagedProjectError):
        store.save(of, 1, {"a": 2}, NOW)
    store_again = ProjectStore(tmp_path / "projects")
    assert store_again.damaged(of) == [f"{of}/withdrawn.json"]


def test_more_steps_than_are_kept_are_forgotten_from_the_oldest(tmp_path: Path) -> None:
    store = ProjectStore(tmp_path / "projects")
    version = store.create({"a": 0}, NOW)
    for number in range(1, MOST_STEPS + 6):
        version, _ = store.save(version.project_id, version.number, {"a": number}, NOW)
    # 1 to MOST_STEPS + 6 were shown before or are; the nearest MOST_STEPS before are kept.
    assert version.past == tuple(range(6, MOST_STEPS + 6))


@pytest.mark.parametrize("of", ["", "../x", "0" * 12, "g" * 12, "A" * 12])
def test_an_id_that_is_none_is_unknown(tmp_path: Path, of: str) -> None:
    with pytest.raises(UnknownProjectError):
        ProjectStore(tmp_path / "projects").newest(of)


SAVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from layers.store.projects.project_store import ProjectStore
store = ProjectStore(Path(sys.argv[1]))
version = store.newest(sys.argv[2])
now = datetime(2026, 11, 29, tzinfo=UTC)
while True:
    content = {"n": version.number + 1, "text": "字" * 20000}
    version, _ = store.save(sys.argv[2], version.number, content, now)
    print(version.number, flush=True)
"""


@pytest.mark.slow
def test_a_process_that_is_killed_while_saving_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "projects"
    store = ProjectStore(folder)
    of = store.create({"n": 1}, NOW).project_id
    for turn in range(12):
        command = [sys.executable, "-c", SAVER, str(folder), of]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as saver:
            assert saver.stdout
            first = int(saver.stdout.readline())
            time.sleep(0.003 * turn)
            os.kill(saver.pid, signal.SIGKILL)
            said = [first, *map(int, saver.stdout.read().split())]
        after = ProjectStore(folder)
        newest = after.newest(of)
        # What was acknowledged is there; at most one more was finished without a word.
        assert newest.number in (said[-1], said[-1] + 1)
        assert after.damaged(of) == []
        assert after.content(newest)["n"] == newest.number
    assert json.loads(json.dumps(after.inventory.noted()))[of]["versions"] >= newest.number - 1
