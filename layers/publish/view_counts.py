"""How often published maps were looked at: by map, day and language, and nothing of who looked."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

_FILE: Final = "views.sqlite"
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS views (
    publication_id TEXT NOT NULL, day TEXT NOT NULL, lang TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (publication_id, day, lang)
)
"""
_PATIENCE_S: Final = 2.0


class DayViews(NamedTuple):
    """Views of a map on a day (ISO 8601) by readers whose browsers ask for a language."""

    publication_id: str
    day: str
    lang: str
    views: int


class ViewCounts:
    """A table of its own beside the publications; several processes may count."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def add(self, publication_id: str, day: date, lang: str) -> None:
        """Count one view.

        Raises
        ------
        sqlite3.Error
            The table cannot be written to.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._opened() as database, database:
            database.execute(_TABLE)
            database.execute(
                "INSERT INTO views VALUES (?, ?, ?, 1) "
                "ON CONFLICT (publication_id, day, lang) DO UPDATE SET count = count + 1",
                (publication_id, day.isoformat(), lang),
            )

    def since(self, day: date) -> list[DayViews]:
        """Return what was counted from a day on, by map and day.

        Raises
        ------
        sqlite3.Error
            The table cannot be read.
        """
        if not self._path.exists():
            return []
        with self._opened() as database:
            rows = database.execute(
                "SELECT publication_id, day, lang, count FROM views WHERE day >= ? "
                "ORDER BY publication_id, day, lang",
                (day.isoformat(),),
            )
            return [DayViews(*row) for row in rows]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_PATIENCE_S)) as database:
            yield database
