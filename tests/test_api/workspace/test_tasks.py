"""Long work: its life through the board and over HTTP. Oracles: by hand."""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.workspace.tasks import (
    ENDED,
    MOST_OF_ALL,
    MOST_WAITING,
    TaskBoard,
    TaskProgress,
    TooManyTasksError,
    UnknownTaskError,
)
from api.workspace.turns import LONG_WORK_NICENESS
from layers.errors import DamagedVersionError
from maps.answers import Title, Written
from maps.workbench.tasks_answers import Task

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ANSWER = Title(zh="好", en="good")


@pytest.fixture
def board(tmp_path: Path) -> Iterator[TaskBoard]:
    made = TaskBoard(tmp_path / "tasks", lambda: NOW)
    yield made
    made.close()


def ended(board: TaskBoard, task_id: str) -> Task:
    pause = threading.Event()
    for _ in range(500):
        task = board.get(task_id)
        if task.status in ENDED:
            return task
        pause.wait(0.01)
    raise AssertionError(board.get(task_id))


def test_a_task_reports_and_keeps_its_answer_and_files(board: TaskBoard, tmp_path: Path) -> None:
    reported, told = threading.Event(), threading.Event()

    def work(progress: TaskProgress) -> Title:
        progress(1, 3, "甲.zip")
        reported.set()
        told.wait(5)
        (progress.folder / "out.txt").write_text("一", encoding="utf-8")
        return ANSWER

    task = board.start("batch", work)
    assert reported.wait(5)
    now = board.get(task.id)
    assert (now.status, now.done, now.total, now.note) == ("running", 1, 3, "甲.zip")
    told.set()
    done = ended(board, task.id)
    assert (done.status, done.result, done.files) == (
        "finished",
        {"zh": "好", "en": "good"},
        ["out.txt"],
    )
    assert board.file(task.id, "out.txt").read_text("utf-8") == "一"
    # Another start of the server finds it.
    again = TaskBoard(tmp_path / "tasks", lambda: NOW)
    assert again.get(task.id) == done
    assert again.newest() == [done]


def test_a_cancelled_task_stops_at_its_next_report(board: TaskBoard) -> None:
    begun, steps = threading.Event(), []

    def work(progress: TaskProgress) -> Title:
        for step in range(10_000):
            progress(step, 10_000)
            steps.append(step)
            begun.set()
            threading.Event().wait(0.005)
        return ANSWER

    task = board.start("batch", work)
    assert begun.wait(5)
    board.cancel(task.id)
    done = ended(board, task.id)
    assert (done.status, done.result) == ("cancelled", None)
    assert len(steps) < 9_999


def test_a_task_that_waits_is_cancelled_without_running(board: TaskBoard) -> None:
    hold, ran = threading.Event(), []

    def block(progress: TaskProgress) -> Title:
        hold.wait(5)
        return ANSWER

    def never(progress: TaskProgress) -> Title:
        ran.append(1)
        return ANSWER

    busy = [board.start("batch", block) for _ in range(2)]
    waiting = board.start("batch", never)
    assert board.cancel(waiting.id).status == "cancelled"
    hold.set()
    assert {ended(board, task.id).status for task in busy} == {"finished"}
    assert board.get(waiting.id).status == "cancelled"
    assert ran == []


def test_a_full_disk_holds_up_no_task(board: TaskBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = TaskBoard._keep

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TaskBoard, "_keep", full)
    for _ in range(MOST_WAITING + 1):
        with pytest.raises(OSError, match="No space"):
            board.start("batch", lambda progress: ANSWER)
    monkeypatch.setattr(TaskBoard, "_keep", keep)
    begun = threading.Event()

    def work(progress: TaskProgress) -> Title:
        monkeypatch.setattr(TaskBoard, "_keep", full)
        begun.set()
        return ANSWER

    task = board.start("batch", work)
    assert begun.wait(5)
    for _ in range(200):
        if board.get(task.id).status == "finished":
            break
        threading.Event().wait(0.02)
    assert board.get(task.id).status == "finished"


def raising(error: Exception) -> Callable[[TaskProgress], Title]:
    def work(progress: TaskProgress) -> Title:
        raise error

    return work


def test_what_a_task_cannot_do_is_worded_and_what_breaks_is_an_incident(board: TaskBoard) -> None:
    error = DamagedVersionError(layer_id="red", version=1)
    worded = ended(board, board.start("batch", raising(error)).id)
    assert worded.status == "failed"
    assert worded.problem is not None
    assert (worded.problem.code, worded.problem.params) == (error.code, error.params)
    broken = ended(board, board.start("batch", raising(RuntimeError("secret path"))).id)
    assert broken.problem is not None
    assert broken.problem.code == "api.task.failed"
    assert "secret" not in broken.model_dump_json()


def test_what_an_earlier_server_left_is_said_to_be_interrupted(tmp_path: Path) -> None:
    board = TaskBoard(tmp_path, lambda: NOW)
    hold, begun = threading.Event(), threading.Event()

    def block(progress: TaskProgress) -> Title:
        progress(1, 2)
        begun.set()
        hold.wait(5)
        return ANSWER

    task = board.start("batch", block)
    # From here on this server writes no more of it until it ends.
    assert begun.wait(5)
    later = TaskBoard(tmp_path, lambda: NOW)
    later.recover()
    assert later.get(task.id).status == "interrupted"
    hold.set()
    board.close()


@pytest.mark.parametrize("task_id", ["0" * 32, "../../etc", "", "x"])
def test_an_unknown_task_is_refused(board: TaskBoard, task_id: str) -> None:
    with pytest.raises(UnknownTaskError):
        board.get(task_id)


def test_there_is_an_end_to_what_may_wait(board: TaskBoard) -> None:
    hold = threading.Event()

    def block(progress: TaskProgress) -> Title:
        hold.wait(5)
        return ANSWER

    for client in "abc":
        for _ in range(MOST_WAITING):
            board.start("batch", block, client)
        if client == "a":
            with pytest.raises(TooManyTasksError) as caught:
                board.start("batch", block, client)
            assert caught.value.params == {"most": MOST_WAITING}
    # Three times twenty: now nobody else's are taken either.
    with pytest.raises(TooManyTasksError) as caught:
        board.start("batch", block, "d")
    assert caught.value.params == {"most": MOST_OF_ALL}
    hold.set()


def test_who_asks_little_does_not_wait_behind_who_asks_much(board: TaskBoard) -> None:
    hold, ran = threading.Event(), []

    def block(progress: TaskProgress) -> Title:
        hold.wait(5)
        return ANSWER

    def note(name: str) -> Callable[[TaskProgress], Title]:
        def work(progress: TaskProgress) -> Title:
            ran.append(name)
            return ANSWER

        return work

    begun = [board.start("batch", block, "much")]
    lasting = threading.Event()
    begun.append(board.start("batch", lambda _: lasting.wait(5) and ANSWER, "much"))
    while {board.get(one.id).status for one in begun} != {"running"}:
        threading.Event().wait(0.01)
    begun += [board.start("batch", note(f"much {at}"), "much") for at in range(4)]
    begun += [board.start("batch", note(f"little {at}"), "little") for at in range(2)]
    hold.set()  # One worker is free, and takes all in turn.
    for task in begun[2:]:
        ended(board, task.id)
    lasting.set()
    assert ran == ["much 0", "little 0", "much 1", "little 1", "much 2", "much 3"]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own there")
def test_long_work_leaves_the_processors_to_others(board: TaskBoard) -> None:
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    found = []

    def work(_: TaskProgress) -> Title:
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return ANSWER

    ended(board, board.start("batch", work).id)
    assert found == [min(own + LONG_WORK_NICENESS, 19)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own


def test_a_task_has_a_last_moment(tmp_path: Path) -> None:
    board = TaskBoard(tmp_path / "tasks", lambda: NOW, seconds=0.05)

    def endless(progress: TaskProgress) -> Title:
        while True:
            progress(0, 1)
            threading.Event().wait(0.005)

    done = ended(board, board.start("batch", endless).id)
    assert (done.status, done.result) == ("failed", None)
    assert done.problem is not None
    assert (done.problem.code, done.problem.params) == ("api.task.too_long", {"seconds": 0.05})
    board.close()


def test_over_http_a_task_is_followed_and_its_files_are_collected(client) -> None:
    tasks = client.app.state.workspace.tasks

    def work(progress: TaskProgress) -> Written:
        (progress.folder / "a.csv").write_bytes(b"1,2")
        progress(1, 1, "a")
        return Written(path="a.csv", size_bytes=3)

    task = tasks.start("batch", work)
    with client.stream("GET", f"/api/v1/tasks/{task.id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = [
            json.loads(line[len("data: ") :])
            for line in answer.iter_lines()
            if line.startswith("data: ")
        ]
    assert events[-1]["status"] == "finished"
    assert events[-1]["files"] == ["a.csv"]
    assert client.get(f"/api/v1/tasks/{task.id}").json() == events[-1]
    assert client.get("/api/v1/tasks").json()["tasks"] == [events[-1]]
    assert client.get(f"/api/v1/tasks/{task.id}/files/a.csv").content == b"1,2"
    for name in ("state.json", "..%2Fstate.json", "b.csv"):
        assert client.get(f"/api/v1/tasks/{task.id}/files/{name}").status_code == 404
    assert client.delete(f"/api/v1/tasks/{task.id}").json()["status"] == "finished"
    assert client.get(f"/api/v1/tasks/{'0' * 32}/events").status_code == 404
    tasks.close()


def test_a_task_that_another_process_removed_is_unknown_here(
    board: TaskBoard, tmp_path: Path
) -> None:
    task = ended(board, board.start("batch", lambda _: ANSWER).id)
    TaskBoard(tmp_path / "tasks", lambda: NOW).remove(task.id)
    with pytest.raises(UnknownTaskError):
        board.get(task.id)
    assert board.all() == []
