"""Files and folders put in place whole: what a crash or a power cut leaves.

Oracle: the order of the calls to the system, seen by taking their place; what lies on the disk.
"""

import ast
import os
import stat
from pathlib import Path

import pytest

from layers.store import durable
from layers.store.durable import replace_file, replace_folder, write_file

ROOT = Path(__file__).parents[3]
HOME = ROOT / "layers/store/durable.py"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(number: int) -> None:
        folder = stat.S_ISDIR(os.fstat(number).st_mode)
        seen.append("folder synced" if folder else "file synced")
        fsync(number)

    def replaced(old: Path, new: Path) -> None:
        seen.append("renamed")
        replace(old, new)

    monkeypatch.setattr(durable.os, "fsync", synced)
    monkeypatch.setattr(durable.os, "replace", replaced)
    return seen


def test_a_file_is_on_the_disk_before_its_name_is(tmp_path: Path, calls: list[str]) -> None:
    write_file(tmp_path / "made" / "a.json", b"new")
    assert calls == ["file synced", "renamed", "folder synced"]
    assert (tmp_path / "made" / "a.json").read_bytes() == b"new"


def test_a_folder_is_on_the_disk_with_all_its_files_before_its_name_is(
    tmp_path: Path, calls: list[str]
) -> None:
    with replace_folder(tmp_path / "bundle") as folder:
        (folder / "a").write_bytes(b"1")
        (folder / "a").chmod(0o444)
        (folder / "inner").mkdir()
        (folder / "inner" / "b").write_bytes(b"2")
    assert sorted(calls[:4]) == ["file synced", "file synced", "folder synced", "folder synced"]
    assert calls[4:] == ["renamed", "folder synced"]
    assert (tmp_path / "bundle/inner/b").read_bytes() == b"2"


def test_a_block_that_breaks_leaves_the_old_and_nothing_else(tmp_path: Path) -> None:
    file, folder = tmp_path / "a.json", tmp_path / "bundle"
    write_file(file, b"old")
    with replace_folder(folder) as fresh:
        (fresh / "x").write_bytes(b"old")

    def broken_file() -> None:
        with replace_file(file) as temporary:
            temporary.write_bytes(b"half")
            raise BrokenPipeError

    def broken_folder() -> None:
        with replace_folder(folder) as fresh:
            (fresh / "x").write_bytes(b"half")
            raise BrokenPipeError

    for broken in (broken_file, broken_folder):
        with pytest.raises(BrokenPipeError):
            broken()
    assert (file.read_bytes(), (folder / "x").read_bytes()) == (b"old", b"old")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "bundle"]


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    for text in (b"1", b"2"):
        with replace_folder(tmp_path / "arrays") as folder:
            (folder / "x").write_bytes(text)
    assert [path.name for path in tmp_path.iterdir()] == ["arrays"]
    assert (tmp_path / "arrays/x").read_bytes() == b"2"


def renames(path: Path) -> list[int]:
    """Return the lines on which a source file renames files, whichever way it is written."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, owner = node.func.attr, node.func.value
        of_module = isinstance(owner, ast.Name) and owner.id in {"os", "shutil"}
        # Text and frames have a replace too: with two arguments, or named ones.
        of_path = name in {"rename", "replace"} and len(node.args) == 1 and not node.keywords
        if of_path or (of_module and name in {"replace", "rename", "renames", "move"}):
            found.append(node.lineno)
    return found


def test_nothing_else_renames_files() -> None:
    sources = [
        p for folder in ("geo", "layers", "maps", "api") for p in (ROOT / folder).rglob("*.py")
    ]
    assert renames(HOME)
    assert {str(p.relative_to(ROOT)): n for p in sources if p != HOME and (n := renames(p))} == {}


def test_one_way_to_digest_a_file() -> None:
    sources = [
        p for folder in ("geo", "layers", "maps", "api") for p in (ROOT / folder).rglob("*.py")
    ]
    users = [
        p.relative_to(ROOT).as_posix()
        for p in sources
        if "file_digest(file" in p.read_text("utf-8")
    ]
    assert users == ["layers/provenance.py"]
