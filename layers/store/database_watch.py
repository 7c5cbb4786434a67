"""Whether anybody wrote to a database, or put another file in its place."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine


class DatabaseWatch:
    """A connection that is only ever asked whether others have written: it never writes itself.

    A file that was removed or replaced beside a running process is prepared and followed: the
    connection would go on to answer from the file that is no more.

    Parameters
    ----------
    engine : Engine
        Of the database.
    path : Path
        Its file.
    prepare : callable
        Sets a damaged file aside and makes the tables that are not there.
    """

    def __init__(self, engine: Engine, path: Path, prepare: Callable[[], None]) -> None:
        self._engine, self._path, self._prepare = engine, path, prepare
        self._lock = Lock()
        self._files = 0
        self._open()

    def changes(self) -> tuple[int, int]:
        """Return a pair that is another one after a write of anybody, or of another file."""
        with self._lock:
            self._follow()
            # Asked many times in every check: past SQLAlchemy, which takes 20 times as long.
            asked = self._watch.connection.cursor()
            (version,) = asked.execute("PRAGMA data_version").fetchone()
            asked.close()
            return self._files, int(version)

    def follow(self) -> None:
        """Make sure that the file which stands there now is the one that answers."""
        with self._lock:
            self._follow()

    def _follow(self) -> None:
        if _identity(self._path) != self._seen:
            self._watch.close()
            self._open()

    def _open(self) -> None:
        self._prepare()
        self._seen = _identity(self._path)
        self._watch = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._files += 1


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_dev, stat.st_ino
