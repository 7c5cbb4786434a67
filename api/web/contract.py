"""What the HTTP documentation says of refusals: problem details, under every status."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI

PROBLEM_TYPE: Final = "application/problem+json"
_NAME: Final = "Problem"
_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Problem details (RFC 9457) in the language of the request.",
    "required": ["type", "title", "detail", "status", "code", "params"],
    "properties": {
        "type": {"type": "string", "description": "urn:ftzgis: and the code."},
        "title": {"type": "string"},
        "detail": {"type": "string", "description": "What is wrong and what to do."},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "params": {"type": "object"},
    },
}
_ALWAYS: Final = {
    "401": "Who asks must sign in, or send a key.",
    "403": "It is not for the roles of who asks, or a page of another site asked for it.",
    "404": "There is no such thing.",
    "429": "The client asks more than the setting allows.",
    "500": "Something unforeseen; the log says what, under the incident.",
    "503": "The server has enough to do; Retry-After says when to ask again.",
}
_QUESTION: Final = {
    "409": "Nothing can be told from what stands in the store.",
    "410": "It stood here, and was taken back or removed.",
    "422": "What was asked or handed in cannot be used.",
}
_WRITING: Final = {
    "413": "The body is larger than the setting allows.",
    "415": "The body is of a kind that is not taken.",
}
_PLAIN: Final = frozenset({"/livez", "/readyz"})
_OURS: Final = "HTTPValidationError"


def describe_problems(app: FastAPI) -> None:
    """Have an app's OpenAPI document say how it refuses."""
    original: Callable[[], dict[str, Any]] = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            _add_problems(original())
        found: dict[str, Any] = app.openapi_schema or {}
        return found

    app.openapi = document  # type: ignore[method-assign]


def _add_problems(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in (_OURS, "ValidationError"):
        schemas.pop(name, None)
    schemas[_NAME] = _SCHEMA
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _describe(operation, method, path)


def _describe(operation: dict[str, Any], method: str, path: str) -> None:
    responses = operation["responses"]
    refused = responses.get("422", {})
    if _OURS in str(refused):
        del responses["422"]
    said = dict(_ALWAYS)
    if path not in _PLAIN and "ogc" not in operation.get("tags", ()):
        said |= _QUESTION
    if method not in {"get", "head"}:
        said |= _WRITING
    for status, meaning in said.items():
        responses.setdefault(status, {"description": meaning})
    for status, response in responses.items():
        if status.isdecimal() and int(status) >= 400 and path not in _PLAIN:
            response.setdefault("content", {})[PROBLEM_TYPE] = {
                "schema": {"$ref": f"#/components/schemas/{_NAME}"}
            }
    operation["responses"] = dict(sorted(responses.items()))
