"""The description of the OGC interfaces as OpenAPI 3.0, from the 3.1 that the routes give."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import FastAPI

TAGS: Final = frozenset({"ogc"})
_ITEMS: Final = "/collections/{collection_id}/items"
_REF: Final = "#/components/schemas/"


def openapi_30(app: FastAPI, base: str, collections: Iterable[str] = ()) -> dict[str, Any]:
    """Return the description of our interfaces in the words of OpenAPI 3.0.3.

    Older clients (QGIS before 3.34, GDAL) read no 3.1. The whole product stands in
    ``/openapi.json``. The items of each collection are described by their own address too,
    for clients that look for nothing else.
    """
    whole = app.openapi()
    paths = {
        path: {method: one for method, one in methods.items() if TAGS & set(one.get("tags", ()))}
        for path, methods in whole["paths"].items()
    }
    paths = {path: methods for path, methods in paths.items() if methods}
    schemas = whole.get("components", {}).get("schemas", {})
    wanted = _named_schemas(paths, schemas)
    components = {"schemas": {name: schemas[name] for name in sorted(wanted)}}
    document: dict[str, Any] = _older(
        {
            "openapi": "3.0.3",
            "info": {name: whole["info"][name] for name in ("title", "version")},
            "servers": [{"url": base}],
            "tags": [{"name": one} for one in sorted(TAGS)],
            "paths": paths,
            "components": components,
        }
    )
    document["paths"] |= _items_of(document, collections)
    return document


def _items_of(document: dict[str, Any], collections: Iterable[str]) -> dict[str, Any]:
    original = document["paths"].get(_ITEMS, {}).get("get")
    if original is None:
        return {}
    asked = {one["name"]: one for one in original["parameters"] if one["in"] == "query"}
    document["components"]["parameters"] = asked
    references = [{"$ref": f"#/components/parameters/{name}"} for name in asked]
    return {
        _ITEMS.replace("{collection_id}", name): {
            "get": {**original, "operationId": f"items_of_{name}", "parameters": references}
        }
        for name in collections
    }


def _named_schemas(node: Any, schemas: Mapping[str, Any]) -> set[str]:  # noqa: ANN401 - JSON
    """Return the names of the schemas that a part of a document leads to."""
    found: set[str] = set()
    todo = [node]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            reference = one.get("$ref", "")
            name = reference.removeprefix(_REF) if isinstance(reference, str) else ""
            if name in schemas and name not in found:
                found.add(name)
                todo.append(schemas[name])
            todo += one.values()
        elif isinstance(one, list):
            todo += one
    return found


def _older(node: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a part of an OpenAPI 3.1 document in the words of 3.0."""
    if isinstance(node, list):
        return [_older(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {name: _older(value) for name, value in node.items() if name not in _NEWER}
    for name in ("anyOf", "oneOf"):
        choices = found.get(name)
        if isinstance(choices, list) and {"type": "null"} in choices:
            rest = [one for one in choices if one != {"type": "null"}]
            found.pop(name)
            found |= {**rest[0], "nullable": True} if len(rest) == 1 else {name: rest}
            found["nullable"] = True
    if "const" in found:
        found["enum"] = [found.pop("const")]
    if "prefixItems" in found:
        found["items"] = {"anyOf": found.pop("prefixItems")}
    for name, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(found.get(name), (int, float)) and not isinstance(found[name], bool):
            found[limit], found[name] = found[name], True
    return found


_NEWER: Final = frozenset({"examples", "propertyNames", "$schema", "unevaluatedProperties"})
