"""The door: routing, one environment, a stamp that knows when it is old."""

import ast
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("door", ROOT / "run.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py over an empty folder with two small lock files."""
    module = load()
    locks = {name: tmp_path / f"{name}.lock" for name in ("run", "test")}
    for name, path in locks.items():
        path.write_text(name, encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "LOCKS", locks)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.chdir(tmp_path)
    return module


class Commands:
    """Stands for subprocess.run: notes the steps of an installation, answers with a code."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.steps: list[list[str]] = []
        self.became: list[str] = []

    def run(self, command: list[str], **_: object):
        self.steps.append(command)
        if "venv" in command:
            python = Path(command[-1], "bin", "python")
            python.parent.mkdir(parents=True)
            python.touch()
        return SimpleNamespace(returncode=self.code)

    def execv(self, program: str, command: list[str]) -> None:
        self.became = command
        raise SystemExit(0)


@pytest.fixture
def commands(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Commands:
    seen = Commands()
    monkeypatch.setattr(door.subprocess, "run", seen.run)
    monkeypatch.setattr(door.os, "execv", seen.execv)
    return seen


def start(door: ModuleType, commands: Commands, *arguments: str) -> list[list[str]]:
    """Start as a person would and return the steps of installation that it took."""
    commands.steps.clear()
    with pytest.raises(SystemExit):
        door.main([*arguments])
    return list(commands.steps)


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 4)])
def test_an_old_python_is_told_so(
    version: tuple[int, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as caught:
        load()
    assert caught.value.code == 2
    assert "3.11" in capsys.readouterr().err


def test_an_old_python_can_read_as_far_as_that() -> None:
    # Before the check stand no annotations, which Python 3.8 evaluates and fails on.
    tree = ast.parse((ROOT / "run.py").read_text("utf-8"), feature_version=(3, 6))
    check = next(n for n, node in enumerate(tree.body) if "OLDEST:" in ast.unparse(node))
    assert "sys.exit(USAGE)" in ast.unparse(tree.body[check])
    before = "\n".join(ast.unparse(node) for node in tree.body[:check])
    assert not re.search(r"\b(list|dict|tuple)\[|: \w+ \|", before)


@pytest.mark.parametrize(
    ("arguments", "tail"),
    [
        (["serve", "--port", "9"], ["-P", "-m", "api", "serve", "--port", "9"]),
        (["--", "check", "a.zip"], ["-P", "-m", "api", "check", "a.zip"]),
        (["test"], ["-P", "-m", "pytest", "-n", "2", "--dist", "worksteal"]),
        (["test", "tests/test_geo"], ["-P", "-m", "pytest", "tests/test_geo"]),
    ],
)
def test_arguments_reach_the_program(
    door: ModuleType, commands: Commands, arguments: list[str], tail: list[str]
) -> None:
    start(door, commands, *arguments)
    assert commands.became[1:] == tail


def test_data_stay_in_the_clone_unless_told_otherwise(door: ModuleType, commands: Commands) -> None:
    start(door, commands, "--", "doctor")
    assert os.environ["FTZGIS_DATA_DIR"] == str(door.ROOT / ".local" / "data")
    os.environ["FTZGIS_DATA_DIR"] = "elsewhere"
    start(door, commands, "--", "doctor")
    assert os.environ["FTZGIS_DATA_DIR"] == "elsewhere"


def test_setup_installs_and_starts_nothing(door: ModuleType, commands: Commands) -> None:
    assert door.main(["setup"]) == 0
    assert commands.steps
    assert not commands.became


def test_the_second_start_installs_nothing(door: ModuleType, commands: Commands) -> None:
    assert start(door, commands, "--", "doctor") != []
    assert start(door, commands, "--", "doctor") == []


def test_a_changed_lock_makes_the_environment_anew(door: ModuleType, commands: Commands) -> None:
    start(door, commands, "--", "doctor")
    door.LOCKS["run"].write_text("newer", encoding="utf-8")
    assert any("venv" in step for step in start(door, commands, "--", "doctor"))


def test_a_removed_python_makes_the_environment_anew(door: ModuleType, commands: Commands) -> None:
    start(door, commands, "--", "doctor")
    for python in (door.ROOT / ".local").rglob("python"):
        python.unlink()
    assert any("venv" in step for step in start(door, commands, "--", "doctor"))


def test_tests_add_to_the_same_environment(door: ModuleType, commands: Commands) -> None:
    start(door, commands, "--", "doctor")
    added = start(door, commands, "test")
    assert added
    assert not any("venv" in step for step in added)
    assert start(door, commands, "--", "doctor") == []


def test_a_failed_installation_leaves_no_stamp(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(door.subprocess, "run", Commands(code=1).run)
    with pytest.raises(SystemExit) as caught:
        door.main(["--", "doctor"])
    assert caught.value.code == door.FAILED
    assert not list((door.ROOT / ".local").rglob("installed.txt"))
    assert "安装失败" in capsys.readouterr().err


@pytest.mark.parametrize("found", ["/usr/bin/uv", None])
def test_packages_come_hashed_and_never_compiled(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch, found: str | None
) -> None:
    monkeypatch.setattr(door.shutil, "which", lambda _: found)
    make, fill = door.steps(Path("e"), Path("x.lock"), fresh=True)
    assert make[-1] == "e"
    assert {"--require-hashes", ":all:"} <= set(fill)
    assert (fill[0] == found) == bool(found)


def test_pip_completes_what_uv_made(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    # An environment by uv holds no pip: without uv it must come first.
    monkeypatch.setattr(door.shutil, "which", lambda _: None)
    complete, fill = door.steps(Path("e"), Path("x.lock"), fresh=False)
    assert complete[-1] == "ensurepip"
    assert "pip" in fill


def test_where_a_process_cannot_become_another_it_waits(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = SimpleNamespace(name="nt", pathsep=";", environ={"PYTHONPATH": "theirs"})
    monkeypatch.setattr(door, "os", windows)
    assert door.run([sys.executable, "-c", "raise SystemExit(3)"]) == 3
    assert windows.environ["PYTHONPATH"] == f"{door.ROOT};theirs"


def test_an_interrupt_is_left_to_the_program(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([KeyboardInterrupt, KeyboardInterrupt, 0])

    class Program:
        def __init__(self, _: list[str]) -> None: ...

        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None: ...

        def wait(self) -> int:
            answer = next(answers)
            if isinstance(answer, int):
                return answer
            raise answer

    monkeypatch.setattr(door, "os", SimpleNamespace(name="nt", pathsep=";", environ={}))
    monkeypatch.setattr(door.subprocess, "Popen", Program)
    assert door.run(["serve"]) == 0
    assert next(answers, None) is None


def test_only_the_standard_library_is_imported() -> None:
    names = set()
    for node in ast.walk(ast.parse((ROOT / "run.py").read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).split(".")[0])
    assert names <= set(sys.stdlib_module_names)


FAKE_UV = """#!/bin/sh
echo $1 >> "$STEPS"
if [ $1 = venv ]; then
  for folder; do :; done
  mkdir -p "$folder/bin" && printf '#!/bin/sh\\nexit 0\\n' > "$folder/bin/python"
  chmod +x "$folder/bin/python"
else
  sleep "$TAKES"
fi
"""


class Clone:
    """A folder with run.py, two locks and a uv that only notes what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.noted = folder / "steps.txt"
        shutil.copy(ROOT / "run.py", folder)
        for name in ("requirements.lock", "requirements-test.lock"):
            (folder / name).write_text(name, encoding="utf-8")
        uv = folder / "bin" / "uv"
        uv.parent.mkdir()
        uv.write_text(FAKE_UV, encoding="utf-8")
        uv.chmod(0o755)

    def start(self, *, takes: float) -> subprocess.Popen[str]:
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.Popen(
            [sys.executable, "run.py", "--", "doctor"],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "STEPS": str(self.noted), "TAKES": str(takes)},
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def steps(self) -> list[str]:
        return self.noted.read_text("utf-8").split() if self.noted.exists() else []


posix = pytest.mark.skipif(os.name == "nt", reason="the fake uv is a shell script")


@posix
def test_two_first_starts_at_once_install_once(tmp_path: Path) -> None:
    # Real processes; without turns each would throw away what the other makes.
    clone = Clone(tmp_path)
    both = [clone.start(takes=3.0) for _ in range(2)]
    told = [program.communicate(timeout=60)[1] for program in both]
    assert [program.returncode for program in both] == [0, 0]
    assert clone.steps() == ["venv", "pip"]
    assert sum("waiting" in text for text in told) == 1


@posix
def test_a_start_that_was_killed_blocks_nobody(tmp_path: Path) -> None:
    clone = Clone(tmp_path)
    first = clone.start(takes=60)
    until = time.monotonic() + 30
    while clone.steps() != ["venv", "pip"]:
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    second = clone.start(takes=0)
    told = second.communicate(timeout=30)[1]
    assert second.returncode == 0
    assert "waiting" not in told
    # What the first had half made is made again.
    assert clone.steps() == ["venv", "pip", "venv", "pip"]
