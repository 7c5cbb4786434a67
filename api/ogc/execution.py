"""Run processes: at once, or as a job on the board of tasks that the page shows."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.errors import RequestError, request_error
from api.operation import JSON, Operation, Question
from api.upload import Upload

_UPLOADED = "upload"
_QUALIFIED = frozenset({"value", "mediaType", "encoding", "schema", "contentEncoding"})


class ExecuteAsked(BaseModel):
    """What a process is asked to do (OGC 18-062r2, 7.11)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: dict[str, Any] = Field(default_factory=dict)
    outputs: dict[str, Any] | None = None
    response: Annotated[Literal["raw", "document"], Field()] = "raw"


def read_execution(body: Mapping[str, Any]) -> ExecuteAsked:
    """Return what is asked of a process.

    Raises
    ------
    RequestError
        A member is unknown or does not fit.
    """
    try:
        return ExecuteAsked.model_validate(body)
    except ValidationError as exc:
        raise request_error(exc) from exc


def ask_process(declared: Operation[Any, Any], inputs: Mapping[str, Any]) -> tuple[Question, str]:
    """Return the question of inputs, and the form that its answer is asked for in.

    Raises
    ------
    RequestError
        An input is unknown, missing or does not fit; names it.
    """
    given = dict(inputs)
    form = str(given.pop("format", None) or next(iter(declared.forms), JSON))
    for name, value in given.items():
        given[name] = _upload(name, value) if name in declared.inputs else _plain(name, value)
    return declared.ask(given), form


def _upload(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a file that came inline: GeoJSON as it is, any other as base64.

    An address is never fetched: a server that fetches for anybody is a door into its network.
    """
    if isinstance(value, list):
        return [_upload(name, one) for one in value]
    if isinstance(value, dict) and "value" in value and set(value) <= _QUALIFIED:
        value = value["value"]
    if isinstance(value, dict):
        if "href" in value:
            raise RequestError(field=name, problem="reference")
        return value
    if not isinstance(value, str):
        raise RequestError(field=name, problem="file")
    try:
        return Upload(name=_UPLOADED, files={_UPLOADED: base64.b64decode(value, validate=True)})
    except (binascii.Error, ValueError) as exc:
        raise RequestError(field=name, problem="file") from exc


def _plain(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict) and "href" in value:
        raise RequestError(field=name, problem="reference")
    if isinstance(value, dict) and "value" in value and set(value) <= _QUALIFIED:
        return value["value"]
    return value
