"""What stood in a folder, in a sealed file beside it: that all of it is gone is then seen."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from layers.provenance import canonical_json
from layers.store.durable import write_file
from layers.store.sealed import unseal, wrap_with_digest

_UNREADABLE: Final = (OSError, ValueError, TypeError, AttributeError)


class Inventory:
    """The file ``<folder>.json``: what was last said of each thing in a folder, by its id.

    It is a second memory beside that of the folder: either one alone is enough. One that is
    damaged is never written over, but by :meth:`rewrite`: it may be the only one that knows.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder.with_name(f"{folder.name}.json")

    def noted(self) -> dict[str, Any]:
        """Return what was said of each thing; nothing where the file is gone or damaged."""
        return self._read() or {}

    def is_damaged(self) -> bool:
        """Tell whether there is a file, and it is not what was written."""
        return self.path.exists() and self._read() is None

    def note(self, name: str, said: Any) -> None:  # noqa: ANN401 - any JSON value
        """Say something of a thing, in the place of what was said before."""
        with self._turn():
            if not self.is_damaged():
                self._write({**self.noted(), name: said})

    def forget(self, name: str) -> None:
        """Say nothing of a thing any more: it was removed on purpose."""
        with self._turn():
            if not self.is_damaged():
                self._write({key: said for key, said in self.noted().items() if key != name})

    def complete(self, found: Mapping[str, Any]) -> None:
        """Write what a folder says where there is no file: of a release that wrote none."""
        with self._turn():
            if found and not self.path.exists():
                self._write(found)

    def rewrite(self, found: Mapping[str, Any]) -> int:
        """Write what a folder says in the place of a damaged file, and return how many did so."""
        with self._turn():
            if not self.is_damaged():
                return 0
            self._write(found)
            return 1

    def _turn(self) -> FileLock:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Not `<folder>.lock`: that is the writers' own, who hold it meanwhile.
        return FileLock(self.path.with_suffix(".json.lock"))

    def _read(self) -> dict[str, Any] | None:
        try:
            data = self.path.read_bytes()
            text = unseal(data, self.path.name)
            # No release wrote one without a seal: such a file is another one.
            sealed = wrap_with_digest(text.decode("utf-8"), self.path.name) == data
            return dict(json.loads(text)) if sealed else None
        except _UNREADABLE:
            return None

    def _write(self, found: Mapping[str, Any]) -> None:
        text = canonical_json(dict(found)).decode("utf-8")
        write_file(self.path, wrap_with_digest(text, self.path.name))
