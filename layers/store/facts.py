"""The facts of a version in a small file beside its own, from which a catalogue is rebuilt.

``v0001.gpkg`` has ``v0001.json`` beside it. While a version is being put in place its facts
stand under a hidden name: they say that a file without a row is unfinished, and not lost.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from layers.provenance import canonical_json, digest
from layers.store.durable import place_file, write_file

Facts = Mapping[str, Any]

_VERSION: Final = "v[0-9]*"
_UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError)


class FactsFiles:
    """The facts of all versions below a folder; ``suffix`` is that of their data files."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder = folder
        self._suffix = suffix

    def begin(self, data_file: Path, facts: Facts) -> None:
        """Say which version is being put in place."""
        write_file(_hidden(data_file), _sealed(facts))

    def finish(self, data_file: Path) -> None:
        """Say that the version stands: its file is in place and its row is written."""
        try:
            place_file(_hidden(data_file), facts_beside(data_file))
        except FileNotFoundError:
            # Another process opened the store meanwhile, saw the row, and said so itself.
            if not facts_beside(data_file).exists():
                raise

    def complete(self, data_file: Path, facts: Facts) -> None:
        """Write the facts of a version that has a row, unless they stand there."""
        if not facts_beside(data_file).exists() and data_file.parent.is_dir():
            write_file(facts_beside(data_file), _sealed(facts))
        _hidden(data_file).unlink(missing_ok=True)

    def drop_unfinished(self, name: str) -> None:
        """Remove what a writer that died left in a layer's folder; under the writers' lock.

        Its rows have been completed before: what is still unfinished has none.
        """
        for hidden in (self.folder / name).glob(f".{_VERSION}.json"):
            hidden.with_name(hidden.name.removeprefix(".")).with_suffix(self._suffix).unlink(
                missing_ok=True
            )
            hidden.unlink()

    def last_number(self, name: str) -> int:
        """Return the highest number that any file in a layer's folder has, 0 without one."""
        found = (self.folder / name).glob(f"{_VERSION}.*")
        return max((int(path.stem[1:]) for path in found if path.stem[1:].isdigit()), default=0)

    def standing(self) -> Iterator[Facts]:
        """Return the facts of all finished versions; those that cannot be read are left out."""
        for path in sorted(self.folder.glob(f"*/{_VERSION}.json")):
            facts = read_facts(path)
            if facts is not None:
                yield facts

    def unreadable(self) -> Iterator[Path]:
        """Return facts that are not what was written."""
        for path in sorted(self.folder.glob(f"*/{_VERSION}.json")):
            if read_facts(path) is None:
                yield path

    def nameless(self) -> Iterator[Path]:
        """Return data files without facts, finished or not."""
        for path in sorted(self.folder.glob(f"*/{_VERSION}{self._suffix}")):
            if not _hidden(path).exists() and read_facts(facts_beside(path)) is None:
                yield path


def read_facts(path: Path) -> Facts | None:
    """Return facts that are as they were written, else None."""
    try:
        kept = json.loads(path.read_bytes())
        facts: Facts = kept["facts"]
        return facts if digest(canonical_json(facts)) == kept["sha256"] else None
    except _UNREADABLE:
        return None


def _sealed(facts: Facts) -> bytes:
    return canonical_json({"facts": facts, "sha256": digest(canonical_json(facts))})


def facts_beside(data_file: Path) -> Path:
    """Return where the facts of a version stand."""
    return data_file.with_suffix(".json")


def _hidden(data_file: Path) -> Path:
    return data_file.with_name(f".{data_file.stem}.json")
