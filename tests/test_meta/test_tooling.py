"""The tools that hold the code to its conventions, run as a person would run them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.tooling


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_tool_finds_nothing(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_environment_yml_is_what_pyproject_gives() -> None:
    command = "pyproject2conda yaml --python-include infer --name ftzgis --no-header -r"
    done = run(*command.split(), "-e .")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (ROOT / "environment.yml").read_text("utf-8").strip()


def test_a_built_wheel_holds_the_data_of_all_packages(tmp_path: Path) -> None:
    import zipfile

    done = run("python", "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, suffixes in {
        "layers": {".py", ".yaml", ".csv", ".geojson"},
        "maps": {".py", ".toml", ".html", ".js", ".css", ".json", ".png"},
        "api": {".py"},
        "geo": {".py"},
    }.items():
        expected = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / folder).rglob("*")
            if path.suffix in suffixes
        }
        assert expected <= names
    assert not any(name.startswith(("tests/", "docs/", "bench/")) for name in names)
