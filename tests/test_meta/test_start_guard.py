"""Packages of our names that are not ours: real programs in real folders.

Oracle: the exit code, the words, and that the strange package never ran.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STRANGE = "from pathlib import Path\nPath(__file__).with_name('ran').touch()\n"
SCRIPT = "import sys; sys.argv[0] = 'ftzgis'\nfrom api.__main__ import main\nmain()"
DOORS = {
    "python -m api": ["-m", "api"],
    "console script": ["-c", SCRIPT],
    "create_app": ["-c", "from api.app import create_app"],
}


def start(folder: Path, *command: str, before: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, which stands first on its path as it does for a person."""
    path = os.pathsep.join(dict.fromkeys([str(before), str(ROOT)]))
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, encoding="utf-8",
        env={**kept, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip


def put(folder: Path, name: str, shape: str = "package") -> Path:
    """Lay down a strange package or module and return where it notes that it ran."""
    place = folder / name / "__init__.py" if shape == "package" else folder / f"{name}.py"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(STRANGE, encoding="utf-8")
    return place.with_name("ran")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["geo", "layers", "maps"])
@pytest.mark.parametrize("shape", ["package", "module"])
def test_a_strange_package_in_the_folder_is_named_with_the_remedy(
    tmp_path: Path, door: str, name: str, shape: str
) -> None:
    ran = put(tmp_path, name, shape)
    done = start(tmp_path, *DOORS[door], *(["--help"] if door != "create_app" else []))
    assert done.returncode == (1 if door == "create_app" else 4), done.stderr
    for words in ("遮盖", "办法", "hidden by another", "python -P -m api", "run.py", str(tmp_path)):
        assert words in done.stderr
    assert ("Traceback" in done.stderr) == (door == "create_app")
    assert not ran.exists()


@pytest.mark.parametrize("door", DOORS)
def test_a_strange_package_that_is_installed_is_named_too(tmp_path: Path, door: str) -> None:
    ran = put(tmp_path / "site", "maps")
    done = start(tmp_path, *DOORS[door], before=tmp_path / "site")
    assert done.returncode != 0
    assert "hidden by another" in done.stderr
    assert not ran.exists()


def test_a_package_that_was_written_over_ours_lacks_the_mark(tmp_path: Path) -> None:
    # Two distributions in one folder: the files of the one replace those of the other.
    for name in ("api", "geo", "layers", "maps"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "geo").unlink()
    put(tmp_path, "geo")
    done = start(tmp_path, "-m", "api", "--help", before=tmp_path)
    assert done.returncode == 4
    assert "geo" in done.stderr.splitlines()[0]


@pytest.mark.parametrize("door", DOORS)
def test_folders_that_are_no_packages_are_in_nobodys_way(tmp_path: Path, door: str) -> None:
    for name in ("geo", "layers", "maps"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.geojson").touch()
    done = start(tmp_path, *DOORS[door], *(["--help"] if door != "create_app" else []))
    assert done.returncode == 0, done.stderr


def test_with_p_the_folder_does_not_count(tmp_path: Path) -> None:
    ran = [put(tmp_path, name) for name in ("api", "geo", "layers", "maps")]
    done = start(tmp_path, "-P", "-m", "api", "--help")
    assert done.returncode == 0, done.stderr
    assert not any(one.exists() for one in ran)


def test_the_door_starts_ours_whatever_stands_in_the_folder_or_on_the_path(tmp_path: Path) -> None:
    ran = [put(tmp_path, name) for name in ("api", "geo", "layers", "maps")]
    # The environment is the one of the tests: only how it is started is looked at.
    program = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('door', {str(ROOT / 'run.py')!r})\n"
        "door = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(door)\n"
        "door.environment = lambda _: sys.executable\n"
        "door.main(['--', '--help'])\n"
    )
    done = start(tmp_path, "-P", "-c", program, before=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "layers" in done.stdout
    assert not any(one.exists() for one in ran)
