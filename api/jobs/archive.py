"""Past checks, kept as files under their ids."""

import os
import re
from pathlib import Path
from typing import Final
from uuid import uuid4

from api.schemas import CheckResult
from layers.errors import NotFoundError

_ID: Final = re.compile(r"[0-9a-f]{8,64}")


class UnknownCheckError(NotFoundError):
    """No check has this id. Params: ``check_id``."""

    code = "api.check.unknown"


class CheckArchive:
    """Results of checks; the same check has the same id and is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, result: CheckResult) -> None:
        """Store a result whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = self._folder / f".{uuid4().hex}.tmp"
        temporary.write_text(result.model_dump_json(), encoding="utf-8")
        os.replace(temporary, self._folder / f"{result.id}.json")  # noqa: PTH105 - atomic

    def get(self, check_id: str) -> CheckResult:
        """Return a kept result.

        Raises
        ------
        UnknownCheckError
            There is none with this id.
        """
        path = self._folder / f"{check_id}.json"
        if not _ID.fullmatch(check_id) or not path.is_file():
            raise UnknownCheckError(check_id=check_id[:64])
        return CheckResult.model_validate_json(path.read_text(encoding="utf-8"))
