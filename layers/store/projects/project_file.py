"""A project as one file, to send and to open elsewhere: a zip that knows when it was changed."""

import json
from collections.abc import Mapping
from typing import Any, Final

from layers.errors import AlteredBundleError, NotABundleError, ReadError
from layers.provenance import canonical_json
from layers.store.bundle import pack, unpack

SUFFIX: Final = "ftzproject"
FORM: Final = "ftzgis-project-1"
_CONTENT: Final = "project.json"
_ORIGIN: Final = "origin.json"


class NoProjectFileError(ReadError):
    """A file is no project, or one of a later release. Params: ``name``."""

    code = "layers.project.no_file"


class DamagedProjectFileError(ReadError):
    """A file of a project was changed since it was written. Params: ``name``."""

    code = "layers.project.damaged_file"


def pack_project(content: Mapping[str, Any], origin: Mapping[str, Any]) -> bytes:
    """Return the file of a project; ``origin`` says from which one and when it was written."""
    files = {_CONTENT: canonical_json(dict(content)), _ORIGIN: canonical_json(dict(origin))}
    return pack(files, FORM)


def unpack_project(name: str, data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return content and origin of the file of a project.

    Raises
    ------
    NoProjectFileError, DamagedProjectFileError
        It is none, or not what was written.
    """
    try:
        files = unpack(data, FORM)
        content, origin = (json.loads(files[one]) for one in (_CONTENT, _ORIGIN))
    except NotABundleError as exc:
        raise NoProjectFileError(name=name) from exc
    except (AlteredBundleError, KeyError, ValueError) as exc:
        raise DamagedProjectFileError(name=name) from exc
    if not isinstance(content, dict) or not isinstance(origin, dict):
        raise DamagedProjectFileError(name=name)
    return content, origin
