"""What the HTTP documentation says of a declared operation."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from fastapi import Response

from api.operation import JSON, FileAnswer, GeoJson, Operation
from maps.i18n import tables, tr
from maps.workbench.tasks_answers import Task

_LANG: Final = "en"
_RING: Final = [[102.80, 24.96], [102.82, 24.96], [102.82, 24.98], [102.80, 24.96]]
_DRAWN: Final = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "A"},
            "geometry": {"type": "Polygon", "coordinates": [_RING]},
        }
    ],
}
_FORMAT: Final = {
    "name": "format",
    "in": "query",
    "required": False,
    "description": "json, or the kind of file that is wanted.",
}
TEXT: Final[dict[str, Any]] = {"schema": {"type": "string"}}
BYTES: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
"""What the contract says of files: clients read them as text, or as bytes."""

ANY_FILE: Final[dict[str, Any]] = {
    "response_class": Response,
    "responses": {200: {"content": {"*/*": BYTES}}},
}
"""How a route is declared that answers with files of several kinds."""


def describe_route(declared: Operation[Any, Any], method: str, path: str) -> dict[str, Any]:
    """Return the arguments with which FastAPI documents a route."""
    schema = question_schema(declared)
    names = [name for name in schema["properties"] if f"{{{name}}}" not in path]
    parameters = [
        _parameter(name, "path", schema, required=True)
        for name in schema["properties"]
        if name not in names
    ]
    if "{format}" in path:
        # A form of the file stands in the address, and in no question.
        parameters.append({**_FORMAT, "in": "path", "required": True, "schema": _forms(declared)})
    extra: dict[str, Any] = {"parameters": parameters}
    body = {} if method in {"GET", "DELETE"} else _body(declared, schema, names)
    if method in {"GET", "DELETE"} or "application/json" not in body:
        required = set(schema.get("required", ()))
        asked = [
            _parameter(name, "query", schema, required=not body and name in required)
            for name in names
            if name not in declared.inputs
        ]
        if body:
            # Clients send defaults: said in the address, they would contradict what a form says.
            for one in asked:
                one["schema"].pop("default", None)
        parameters += asked
    if declared.files or declared.forms:
        first = next(iter(declared.forms), JSON)
        parameters.append({**_FORMAT, "schema": {"type": "string", "default": first}})
    if body:
        extra["requestBody"] = {"required": _needs_body(declared, schema), "content": body}
    by_field = declared.long_by is not None and f"{{{declared.long_by}}}" in path
    long = method != "GET" and (declared.task is not None or by_field)
    done = 202 if long else declared.status
    answer = Task if long else declared.answer
    # At a terminal, what was written into a named file is told of; here it is the answer.
    is_file = FileAnswer in (answer, *get_args(answer))
    more: dict[int | str, dict[str, Any]] = {}
    if not long and method != "GET" and declared.takes_turns:
        more[202] = {"model": Task, "description": "A task, where the client prefers one."}
    if declared.answers_later and method == "GET":
        more[202] = {"model": Task, "description": "The task that makes it: ask again."}
    return {
        "status_code": done,
        "response_model": None if is_file or answer == GeoJson else answer,
        "responses": {done: {"content": _content(declared)}, **more},
        **({"response_class": Response} if is_file else {}),
        "summary": tr(f"operations.{declared.name}", _LANG),
        "description": tr(f"operations.{declared.name}", "zh"),
        "operation_id": _operation_id(declared, method, path),
        "openapi_extra": extra,
    }


def _operation_id(declared: Operation[Any, Any], method: str, path: str) -> str:
    """Return what a generated client calls a route: the operation, and what it is asked of."""
    name = declared.name.replace(" ", "_").replace("-", "_")
    asked_of = "" if path == declared.routes[0].partition(" ")[2] else path.split("/")[-2]
    return f"{method.lower()}_{name}" + (f"_of_{asked_of.strip('{}')}" if asked_of else "")


def _forms(declared: Operation[Any, Any]) -> dict[str, Any]:
    return {"type": "string", "enum": list(declared.forms)}


def help_of(declared: Operation[Any, Any], name: str, lang: str) -> str:
    """Return what a field means: said for the operation, or for all that have the field."""
    words = tables(lang)["fields"]
    own = f"{declared.name}.{name}"
    return words[own] if own in words else words[name]


def _content(declared: Operation[Any, Any]) -> dict[str, Any]:
    """Return the files that an operation answers with, and JSON that is a mapping."""
    if declared.answer == GeoJson:
        return {"application/json": {}, "application/geo+json": {}}
    return {kind: file_content(kind) for kind in declared.forms.values()}


def file_content(kind: str) -> dict[str, Any]:
    """Return what the contract says of a file of a kind: JSON is any JSON, YAML any YAML."""
    if kind.endswith(("json", "yaml")):
        return {}
    return TEXT if kind.startswith("text/") else BYTES


def _parameter(name: str, place: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    inner = _without_null(schema["properties"][name])
    return {
        "name": name,
        "in": place,
        "required": required,
        "description": inner.pop("description", ""),
        "schema": inner,
    }


def _without_null(inner: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema without null, which no address can say: what is not meant is left out."""
    found = {key: value for key, value in inner.items() if (key, value) != ("default", None)}
    choices = [one for one in found.pop("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        return {**choices[0], **found}
    return {**found, "anyOf": choices} if choices else found


def _body(
    declared: Operation[Any, Any], schema: dict[str, Any], names: list[str]
) -> dict[str, Any]:
    properties = {name: schema["properties"][name] for name in names}
    required = [name for name in schema.get("required", ()) if name in names]
    whole = {"type": "object", "properties": properties, "required": required}
    if not declared.inputs or (names and not set(declared.inputs) & {"file"}):
        return {"application/json": {"schema": whole}} if names else {}
    files = dict.fromkeys(declared.inputs, BYTES["schema"])
    form = {**whole, "properties": {**properties, **files}}
    found: dict[str, Any] = {"multipart/form-data": {"schema": form}}
    if declared.drawn:
        found["application/geo+json"] = {"schema": {"type": "object"}, "example": _DRAWN}
    return found


def _needs_body(declared: Operation[Any, Any], schema: dict[str, Any]) -> bool:
    required = set(schema.get("required", ()))
    return bool(
        required - {n for route in declared.routes for n in required if f"{{{n}}}" in route}
    )


def question_schema(declared: Operation[Any, Any]) -> dict[str, Any]:
    """Return the JSON schema of a question without references, described in words."""
    schema = declared.question.model_json_schema()
    parts = schema.pop("$defs", {})
    whole: dict[str, Any] = _inlined(schema, parts)
    whole.setdefault("properties", {})
    for name, entry in whole["properties"].items():
        entry.pop("title", None)
        entry["description"] = help_of(declared, name, _LANG)
    return whole


def _inlined(node: Any, parts: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(node, dict):
        if "$ref" in node:
            return _inlined(parts[node["$ref"].rsplit("/", 1)[1]], parts)
        return {key: _inlined(value, parts) for key, value in node.items()}
    return [_inlined(one, parts) for one in node] if isinstance(node, list) else node
