"""What a project keeps, as it comes in: as values, as JSON, or as the file of a project."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

from api.errors import RequestError, request_error
from api.upload import Upload
from api.workspace.needs import UploadSource
from geo.errors import InputError
from layers.errors import TooLargeError
from layers.provenance import canonical_json
from layers.store.projects.project_file import NoProjectFileError, unpack_project
from maps.workbench.projects_answers import ProjectContent

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of one version: drawings and what was filled in; results are kept by reference."""


class NoContentError(InputError):
    """Neither values nor a file say what a project keeps, or both do."""

    code = "api.project.no_content"


def content_of(values: Mapping[str, Any]) -> ProjectContent:
    """Return what a project keeps.

    Raises
    ------
    RequestError
        A part does not fit, or is not known; names it.
    TooLargeError
        It is more than a version may hold.
    """
    try:
        content = ProjectContent.model_validate(values)
    except ValidationError as exc:
        raise request_error(exc) from exc
    if len(canonical_json(content.model_dump(mode="json"))) > MOST_BYTES:
        raise TooLargeError(limit_bytes=MOST_BYTES)
    return content


def asked_content(
    workspace: UploadSource, values: Mapping[str, Any] | None, file: Upload | None
) -> ProjectContent:
    """Return what a project keeps, from values or from a JSON file.

    Raises
    ------
    NoContentError, RequestError, TooLargeError
        Neither is given, or both; or as :func:`content_of`.
    """
    if (values is None) == (file is None):
        raise NoContentError
    if file is None:
        return content_of(values or {})
    (data,) = list(file.source(workspace.limits).files.values())[:1]
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise RequestError(field="file", problem="json") from exc
    if not isinstance(found, dict):
        raise RequestError(field="file", problem="json")
    return content_of(found)


def opened_content(workspace: UploadSource, file: Upload) -> ProjectContent:
    """Return what the file of a project keeps.

    Raises
    ------
    NoProjectFileError, DamagedProjectFileError, TooLargeError
        It is none, or one of a later release; or it was changed.
    """
    source = file.source(workspace.limits)
    (data,) = list(source.files.values())[:1]
    # Anybody's bytes: unpacked where they can do no harm.
    values, _ = workspace.read_apart(source.name, partial(unpack_project, source.name), data)
    try:
        return content_of(values)
    except RequestError as exc:
        raise NoProjectFileError(name=source.name) from exc
