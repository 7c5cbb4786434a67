"""Declared operations as processes: what each takes and gives, from its declaration alone."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from api.check import operations as check
from api.data import operations as data
from api.density import operations as density
from api.expansion import operations as expansion
from api.ogc.visit import Visit
from api.operation import Operation
from api.web.description import help_of, question_schema
from api.workbench import operations as workbench
from layers.errors import NotFoundError
from maps.i18n import tr
from maps.ogc.answers import GEOJSON_TYPE, JSON_TYPE, Link
from maps.ogc.process_answers import (
    InputDescription,
    OutputDescription,
    Process,
    ProcessList,
    ProcessSummary,
)

ANSWER: Final = "answer"
VERSION: Final = "1.0.0"
_EXECUTE: Final = "http://www.opengis.net/def/rel/ogc/1.0/execute"
_COMPUTE: Final = (
    *("check", "claim", "report", "verify", "batch", "stale", "layers audit", "convert"),
    *("density", "density-years", "intensity", "permu", "scenario", "downscale"),
    *(
        "terrain",
        "suitability",
        "suitability-map",
        "search",
        "avoid",
        "rank",
        "access",
        "earthworks",
    ),
    *("find", "identify", "measure", "figure"),
)
"""Operations that compute an answer. What changes the store, or publishes, is done by its own
address; ``overlap`` has none: its parcels are larger than any upload."""


class UnknownProcessError(NotFoundError):
    """No process has this id. Params: ``id``."""

    code = "api.ogc.unknown_process"


@cache
def processes() -> Mapping[str, Operation[Any, Any]]:
    """Return the operations that are processes, by id."""
    rooms = (check, data, density, expansion, workbench)
    known = {one.name: one for room in rooms for one in room.OPERATIONS}
    return MappingProxyType({process_id(known[name]): known[name] for name in _COMPUTE})


def process_id(declared: Operation[Any, Any]) -> str:
    """Return the id of an operation as a process."""
    return declared.name.replace(" ", "-")


def process(name: str) -> Operation[Any, Any]:
    """Return a process.

    Raises
    ------
    UnknownProcessError
        There is none of this id.
    """
    found = processes().get(name)
    if found is None:
        raise UnknownProcessError(id=name[:80])
    return found


def list_processes(visit: Visit) -> ProcessList:
    """Return all processes."""
    found = [
        ProcessSummary(**_summary(visit, name, one), links=[_own(visit, name, "self")])
        for name, one in processes().items()
    ]
    return ProcessList(processes=found, links=visit.own_links())


def describe_process(visit: Visit, name: str) -> Process:
    """Return a process with its inputs and outputs.

    Raises
    ------
    UnknownProcessError
        There is none of this id.
    """
    declared = process(name)
    return Process(
        **_summary(visit, name, declared),
        links=[
            *visit.own_links(),
            visit.link(_EXECUTE, f"/processes/{name}/execution", title="execution"),
        ],
        inputs=_inputs(declared, visit.lang),
        outputs={
            ANSWER: OutputDescription.model_validate(
                {
                    "title": visit.word("answer"),
                    "description": tr(f"operations.{declared.name}", visit.lang),
                    "schema": {"type": "object", "contentMediaType": JSON_TYPE},
                }
            )
        },
    )


def _summary(visit: Visit, name: str, declared: Operation[Any, Any]) -> dict[str, Any]:
    text = tr(f"operations.{declared.name}", visit.lang)
    sync = [] if declared.task else ["sync-execute"]
    return {
        "id": name,
        "version": VERSION,
        "title": text.partition("：" if visit.lang == "zh" else ":")[0].rstrip("。."),
        "description": text,
        "job_control_options": [*sync, "async-execute", "dismiss"],
        "output_transmission": ["value", "reference"],
    }


def _own(visit: Visit, name: str, rel: str) -> Link:
    return visit.link(rel, f"/processes/{name}", title="this_process")


def _inputs(declared: Operation[Any, Any], lang: str) -> dict[str, InputDescription]:
    schema = question_schema(declared)
    required = set(schema.get("required", ()))
    found = {
        name: _input(dict(entry), help_of(declared, name, lang), required=name in required)
        for name, entry in schema["properties"].items()
    }
    for name in declared.inputs:
        found[name] = _input(dict(_FILE), help_of(declared, name, lang), required=name in required)
    if declared.forms:
        schema = {"type": "string", "enum": list(declared.forms)}
        found["format"] = _input(schema, tr("ogc.form_of_file", lang), required=False)
    return found


def _input(schema: dict[str, Any], text: str, *, required: bool) -> InputDescription:
    schema.pop("description", None)
    return InputDescription.model_validate(
        {"title": text, "description": text, "schema": schema, "minOccurs": int(required)}
    )


_FILE: Final[Mapping[str, Any]] = {
    "oneOf": [
        {"type": "object", "contentMediaType": GEOJSON_TYPE},
        {"type": "string", "contentEncoding": "base64"},
    ]
}
