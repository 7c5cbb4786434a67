"""The door: routing, one environment, a stamp that knows when it is old."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py over an empty folder with two small lock files."""
    spec = importlib.util.spec_from_file_location("door", ROOT / "run.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    locks = {name: tmp_path / f"{name}.lock" for name in ("run", "test")}
    for name, path in locks.items():
        path.write_text(name, encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "LOCKS", locks)
    return module


class Commands:
    """Stands for subprocess.run: notes commands and answers with a code."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.seen: list[list[str]] = []

    def __call__(self, command: list[str], **_: object):
        self.seen.append(command)
        if "venv" in command:
            Path(command[-1]).mkdir(parents=True, exist_ok=True)
        return type("Done", (), {"returncode": self.code})()


@pytest.fixture
def commands(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Commands:
    seen = Commands()
    monkeypatch.setattr(door.subprocess, "run", seen)
    return seen


def test_an_old_python_is_told_so(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(door.sys, "version_info", (3, 10, 4))
    assert door.main(["serve"]) == door.USAGE
    assert "3.11" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "tail"),
    [
        (["serve", "--port", "9"], ["-m", "api", "serve", "--port", "9"]),
        (["--", "check", "a.zip"], ["-m", "api", "check", "a.zip"]),
        (["test"], ["-m", "pytest", "-n", "2"]),
        (["test", "tests/test_geo"], ["-m", "pytest", "tests/test_geo"]),
    ],
)
def test_arguments_reach_the_program(
    door: ModuleType, commands: Commands, arguments: list[str], tail: list[str]
) -> None:
    assert door.main(arguments) == 0
    assert commands.seen[-1][1:] == tail


def test_the_second_start_installs_nothing(door: ModuleType, commands: Commands) -> None:
    door.main(["--", "doctor"])
    installs = len(commands.seen)
    door.main(["--", "doctor"])
    assert len(commands.seen) == installs + 1


def test_a_changed_lock_makes_the_environment_anew(door: ModuleType, commands: Commands) -> None:
    door.main(["--", "doctor"])
    door.LOCKS["run"].write_text("newer", encoding="utf-8")
    commands.seen.clear()
    door.main(["--", "doctor"])
    assert any("venv" in command for command in commands.seen)


def test_tests_add_to_the_same_environment(door: ModuleType, commands: Commands) -> None:
    door.main(["--", "doctor"])
    commands.seen.clear()
    door.main(["test"])
    assert not any("venv" in command for command in commands.seen)
    commands.seen.clear()
    door.main(["--", "doctor"])
    assert len(commands.seen) == 1


def test_a_failed_installation_leaves_no_stamp(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(door.subprocess, "run", Commands(code=1))
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
    make, fill = door.steps(Path("e"), Path("e/bin/python"), Path("x.lock"), fresh=True)
    assert make[-1] == "e"
    assert {"--require-hashes", ":all:"} <= set(fill)
    assert (fill[0] == found) == bool(found)


def test_only_the_standard_library_is_imported() -> None:
    text = (ROOT / "run.py").read_text("utf-8")
    names = {
        line.split()[1].split(".")[0]
        for line in text.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert names <= set(sys.stdlib_module_names)
