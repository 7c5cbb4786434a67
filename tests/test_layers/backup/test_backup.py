"""A backup is of one moment, and comes back byte for byte or not at all."""

import hashlib
import sqlite3
import threading
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from layers.backup.backup import MANIFEST, back_up, restore
from layers.backup.errors import BusyStoreError, NotABackupError, TargetNotEmptyError
from layers.store.durable import write_file

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder as a store keeps one: files put in place, a database in WAL, locks, leftovers."""
    folder = tmp_path / "data"
    write_file(folder / "layers" / "红线" / "v0001.gpkg", b"one" * 1000)
    (folder / "layers" / "红线" / "v0001.gpkg").chmod(0o444)
    write_file(folder / "kernels" / "x.nbc", b"machine code")
    write_file(folder / "store.lock", b"")
    (folder / ".aa.tmp").mkdir()
    (folder / ".aa.tmp" / "half").write_bytes(b"half")
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as rows:
        rows.execute("PRAGMA journal_mode=WAL")
        rows.execute("CREATE TABLE version (number)")
        rows.execute("INSERT INTO version VALUES (1)")
        rows.commit()
    (folder / "catalogue.sqlite").chmod(0o600)
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_restored_is_what_was_backed_up(root: Path, tmp_path: Path) -> None:
    made = back_up(root, tmp_path / "b.zip", NOW)
    found = restore(tmp_path / "b.zip", tmp_path / "new")
    assert (found.files, found.sha256, found.made_at) == (2, made.sha256, NOW)
    assert set(digests(tmp_path / "new")) == {"layers/红线/v0001.gpkg", "catalogue.sqlite"}
    layer = Path("layers") / "红线" / "v0001.gpkg"
    assert (tmp_path / "new" / layer).read_bytes() == (root / layer).read_bytes()
    assert (tmp_path / "new" / layer).stat().st_mode & 0o777 == 0o444
    assert (tmp_path / "new" / "catalogue.sqlite").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(tmp_path / "new" / "catalogue.sqlite")) as rows:
        assert rows.execute("SELECT * FROM version").fetchall() == [(1,)]
    assert not list(root.glob(".*.tmp/layers"))


def test_it_is_of_one_moment_while_others_write(root: Path, tmp_path: Path) -> None:
    """Oracle: a writer puts a file in place and its row under one lock, so that numbers agree."""
    stop = threading.Event()

    def write() -> None:
        number = 1
        while not stop.is_set():
            number += 1
            with FileLock(root / "store.lock"):
                write_file(root / "layers" / f"v{number:04d}.gpkg", str(number).encode() * 500)
                with closing(sqlite3.connect(root / "catalogue.sqlite", timeout=30)) as rows:
                    rows.execute("INSERT INTO version VALUES (?)", [number])
                    rows.commit()
                write_file(root / "pointer.json", str(number).encode())
            stop.wait(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for at in range(2):
            back_up(root, tmp_path / f"{at}.zip", NOW)
    finally:
        stop.set()
        writer.join()
    for at in range(2):
        folder = tmp_path / f"restored{at}"
        restore(tmp_path / f"{at}.zip", folder)
        with closing(sqlite3.connect(folder / "catalogue.sqlite")) as rows:
            (last,) = rows.execute("SELECT max(number) FROM version").fetchone()
        files = sorted(path.stem for path in (folder / "layers").glob("v*.gpkg"))
        if last > 1:
            assert files[-1] == f"v{last:04d}"
            assert (folder / "pointer.json").read_text() == str(last)


@pytest.mark.parametrize("change", ["byte", "cut", "less", "more", "none"])
def test_a_backup_that_was_changed_is_refused_and_nothing_is_left(
    root: Path, tmp_path: Path, change: str
) -> None:
    path, made = tmp_path / "b.zip", tmp_path / "made.zip"
    back_up(root, made, NOW)
    if change == "cut":
        path.write_bytes(made.read_bytes()[:-200])
    elif change == "none":
        path.write_bytes(b"no archive")
    else:
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if change == "byte" and name.endswith(".gpkg"):
                    data = b"x" + data[1:]
                if not (change == "less" and name.endswith(".gpkg")):
                    new.writestr(name, data)
            if change == "more":
                new.writestr("../evil", b"x")
    with pytest.raises(NotABackupError):
        restore(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "evil").exists()


def test_a_list_that_leads_outside_is_refused(root: Path, tmp_path: Path) -> None:
    import json

    from layers.backup.backup import FORM, _listed

    files = {"../evil": hashlib.sha256(b"x").hexdigest()}
    said = {"form": FORM, "made_at": NOW.isoformat(), "sha256": _listed(files), "files": files}
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as new:
        new.writestr("../evil", b"x")
        new.writestr(MANIFEST, json.dumps(said))
    with pytest.raises(NotABackupError) as caught:
        restore(tmp_path / "b.zip", tmp_path / "new")
    assert caught.value.params["file"] == "../evil"
    assert not (tmp_path / "evil").exists()


def test_nothing_is_written_over(root: Path, tmp_path: Path) -> None:
    back_up(root, tmp_path / "b.zip", NOW)
    with pytest.raises(TargetNotEmptyError):
        restore(tmp_path / "b.zip", root)


def test_a_writer_that_does_not_let_go_is_named(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.backup.backup._LONGEST_WAIT_S", 0.1)
    with FileLock(root / "store.lock"), pytest.raises(BusyStoreError):
        back_up(root, tmp_path / "b.zip", NOW)
    assert not (tmp_path / "b.zip").exists()
