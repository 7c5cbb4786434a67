"""Conventions that no tool knows."""

import ast
import importlib
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import shapely

import api
import geo
import layers
import maps
from geo.errors import PlanningError
from maps.i18n import LANGUAGES, tables

ROOT = Path(__file__).parents[2]
PACKAGES = (geo, layers, maps, api)
MOST_LINES = 400
MOST_COLUMNS = 120
MOST_ARGUMENTS = 8
MOST_MODULES = 25
MANY_BY_NATURE = {"layers/readers"}
"""Folders that hold one module for each format there is."""
NAMES_TO_TYPE = {"FTZGIS_ALLOW_NETWORK"}
# In pieces, so that this file is not found by itself.
REGISTRIES = (("pypi", "org"), ("python" + "hosted",), ("registry", "npmjs"), ("deb", "debian"))
HOSTS = re.compile("|".join(r"\.".join(parts) for parts in REGISTRIES))


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def errors() -> list[type[PlanningError]]:
    list(modules())
    found, todo = [], [PlanningError]
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += kind.__subclasses__()
    ours = {"geo", "layers", "maps", "api"}
    # A class without a code of its own groups those that have one.
    return [k for k in found if k.__module__.split(".")[0] in ours and "code" in k.__dict__]


def test_error_codes_are_unique() -> None:
    codes = [kind.code for kind in errors()]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_has_words(lang: str) -> None:
    worded = set(tables(lang)["errors"])
    assert {kind.code for kind in errors()} <= worded


def test_no_error_text_is_left_over() -> None:
    known = {kind.code for kind in errors()} | {"title"}
    assert set(tables("zh")["errors"]) == known


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_code_reaches_a_person(lang: str) -> None:
    # What is wrong with a value is said in words: for every code that is raised there is one.
    codes: set[str] = set()
    for package in PACKAGES:
        for path in Path(package.__path__[0]).rglob("*.py"):
            codes |= set(re.findall(r'\b(?:problem|why)="([a-z_]+)"', path.read_text("utf-8")))
    known = set(tables(lang)["problems"])
    assert codes - known - {"not_yaml"} <= {"unwritable"} - known
    # And no text prints a legend of codes, or a name that only a program knows.
    for name, text in tables(lang)["errors"].items():
        plain = re.sub(r"\{\w+\}|--[a-z-]+|\b[\w.]+/[\w./]+|\w+=\S+", "", text)
        found = set(re.findall(r"\b[a-z]+_[a-z_]+\b", plain)) - NAMES_TO_TYPE
        assert not found, (name, found)


def test_answers_are_typed_where_they_are_printed() -> None:
    """What is looked up by a string is seen by no type checker."""
    sources = Path(maps.__file__).parent.rglob("*.py")
    assert [one.name for one in sources if "Mapping[str, Any]" in one.read_text("utf-8")] == []


def test_no_module_is_longer_than_it_should_be() -> None:
    sources = [path for package in PACKAGES for path in Path(package.__path__[0]).rglob("*.py")]
    long = {
        path.name: n
        for path in sources
        if (n := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_no_function_asks_for_more_than_a_person_keeps_in_mind() -> None:
    many = {
        f"{path.name}:{one.name}"
        for package in PACKAGES
        for path in Path(package.__path__[0]).rglob("*.py")
        for one in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        if len([n for n in ast.walk(one.args) if isinstance(n, ast.arg)]) > MOST_ARGUMENTS
    }
    assert many == set()


def test_no_folder_holds_more_modules_than_a_person_overlooks() -> None:
    modules = [
        path.relative_to(ROOT)
        for package in PACKAGES
        for pattern in ("*.py", "static/app/**/*.js")
        for path in (ROOT / package.__name__).rglob(pattern)
    ]
    counted = Counter(path.parent.as_posix() for path in modules)
    assert counted["layers/readers"] > MOST_MODULES  # The list of exceptions is still needed.
    full = {name: n for name, n in counted.items() if n > MOST_MODULES}
    assert set(full) <= MANY_BY_NATURE, full


def test_no_line_of_the_page_is_wider_than_it_should_be() -> None:
    # Vendored files and the lock file are as others made them.
    folders = [ROOT / "maps/static/app", ROOT / "maps/static/public", ROOT / "tests/test_page_js"]
    wide = [
        f"{path.name}:{number}"
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".js", ".ts", ".css"} and "node_modules" not in path.parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > MOST_COLUMNS
    ]
    assert wide == []


def test_lock_files_hold_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_the_test_lock_holds_the_other_one() -> None:
    # One environment serves both: what is added for tests changes nothing that runs.
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==[^\s\\]+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    run, test = pins("requirements.lock"), pins("requirements-test.lock")
    assert run
    assert run < test


def test_locks_know_every_dependency() -> None:
    # Second method: the names of pyproject.toml, not what the resolver says.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    def names(lines: list[str]) -> set[str]:
        return {re.split(r"[^\w-]", line)[0].lower().replace("_", "-") for line in lines}

    asked = project["dependencies"]
    for lock, wanted in {
        "requirements.lock": asked,
        "requirements-test.lock": asked + project["optional-dependencies"]["test"],
    }.items():
        locked = (ROOT / lock).read_text("utf-8").splitlines()
        assert names(wanted) <= names([line for line in locked if "==" in line]), lock


def test_notice_names_every_vendored_package() -> None:
    manifest = json.loads((ROOT / "maps/static/vendor/manifest.json").read_text("utf-8"))
    notice = (ROOT / "NOTICE").read_text("utf-8")
    folders = {file["path"].split("/")[1] for file in manifest["files"]}
    assert folders
    assert [name for name in folders if f"maps/static/vendor/{name}" not in notice] == []
    for file in manifest["files"]:
        assert f"{file['version']}, {file['licence']}," in notice, file["path"]


def test_no_tracked_file_names_the_host_of_a_registry() -> None:
    # Sources of published facts are addresses too, but none of a package index.
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = listed.stdout.split("\0")[:-1] or [str(p.relative_to(ROOT)) for p in ROOT.rglob("*.py")]
    found = [
        name
        for name in names
        if (ROOT / name).suffix not in {".png", ".gpkg"}
        and (ROOT / name).is_file()
        and HOSTS.search((ROOT / name).read_text("utf-8", errors="ignore"))
    ]
    assert found == []


def test_readme_shows_the_commands_that_the_door_knows() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    door = (ROOT / "run.py").read_text("utf-8")
    for command in re.findall(r"python3 run\.py (\S+)", text):
        assert f'"{command}"' in door or command == "--", command
    for picture in re.findall(r"\]\((docs/[^)]+)\)", text):
        assert (ROOT / picture).exists(), picture


def test_contributing_names_files_that_there_are() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    table = text.partition("## How to add")[2].partition("Then `python")[0]
    named = [re.sub(r"<\w+>", "*", path) for path in re.findall(r"`((?:\w+/)+[^` ]*)`", table)]
    assert len(named) > 10
    assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []


def test_readme_names_every_setting() -> None:
    from api.settings import PREFIX, Settings

    text = (ROOT / "README.md").read_text("utf-8")
    missing = [name for name in Settings.model_fields if PREFIX + name.upper() not in text]
    assert missing == []


def test_help_is_answered_without_anything_heavy() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import api.cli\n"
        "heavy = ('numpy', 'geopandas', 'shapely', 'fastapi', 'folium')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_a_server_starts_without_what_single_requests_need() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import api.app, api.serve\n"
        "heavy = {'scipy', 'numba', 'matplotlib', 'folium', 'ezdxf', 'docx', 'docxtpl', 'typst'}\n"
        "print('fastapi' in sys.modules, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "True []", done.stderr


@pytest.mark.slow
def test_a_check_and_its_report_take_in_no_library_that_they_do_not_use(
    built_store: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site.geojson"
    site.write_text(shapely.to_geojson(shapely.box(102.80, 24.98, 102.81, 24.99)), "utf-8")
    data = shutil.copytree(built_store, tmp_path / "data")
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from api.cli import main\n"
        "try:\n    sys.argv = ['ftzgis', *sys.argv[1:]]; main()\n"
        "except SystemExit:\n    pass\n"
        "print('\\nIN', sorted({name.partition('.')[0] for name in sys.modules}))"
    )

    def taken_in(*command: str) -> tuple[str, set[str]]:
        done = subprocess.run(
            [sys.executable, "-c", program, *command],
            capture_output=True, text=True, check=False,
            env={**os.environ, "FTZGIS_DATA_DIR": str(data)},
        )  # fmt: skip
        said, _, names = done.stdout.rpartition("\nIN ")
        assert said, done.stderr
        return said, set(ast.literal_eval(names))

    never = {"ezdxf", "docx", "docxtpl", "folium", "fastapi", "numba", "scipy"}
    said, names = taken_in("check", str(site), "--json")
    # Read by the shape and written as an answer: it ran.
    check_id = json.loads(said)["id"]
    assert "shapely" in names
    assert names & (never | {"matplotlib", "typst", "rasterio"}) == set()
    written = tmp_path / "report.pdf"
    _, names = taken_in("report", check_id, "-o", str(written))
    assert written.read_bytes().startswith(b"%PDF")
    assert "matplotlib" in names
    assert names & never == set()


def test_nothing_lies_at_the_top_that_is_no_part_of_the_product() -> None:
    """A file that came in by accident stays in every clone for ever."""
    parts = {
        ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "NOTICE", "README.md",
        "api", "bench", "docs", "environment.yml", "geo", "layers", "maps", "pyproject.toml",
        "requirements-test.lock", "requirements.lock", "run.py", "tests",
    }  # fmt: skip
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("no git here")
    assert {name.partition("/")[0] for name in listed.stdout.split("\0") if name} == parts
