"""What a result rests on, in a form that has one digest on every machine."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

ID_LENGTH: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """Everything that decides a result: change one entry and the id changes.

    ``inputs`` and ``layers`` map names to content digests; ``layers`` are
    ``<layer id>@<version>``.
    """

    inputs: Mapping[str, str]
    layers: Mapping[str, str]
    rules_sha256: str
    parameters: Mapping[str, Any]
    software: Mapping[str, str]


def canonical_json(value: object) -> bytes:
    """Return JSON that is the same for equal values: sorted keys, no spaces, UTF-8.

    Raises
    ------
    ValueError
        A number is NaN or infinite, which JSON cannot say.
    """
    text = json.dumps(
        _plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes in hex."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex; the file is never whole in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run_id(record: RunRecord) -> str:
    """Return the id of a result: the start of its record's digest."""
    return digest(canonical_json(asdict(record)))[:ID_LENGTH]


def _plain(value: object) -> object:
    # Most values are texts; whether something is a mapping takes longer to tell.
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and math.isfinite(value) and value == 0.0:
        return 0.0  # -0.0 equals 0.0 and must not have another digest
    return value
