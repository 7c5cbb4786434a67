"""The page's modules: linted, formatted, type-checked against the answers, computed values tested.

Node and npm are needed here and nowhere else (Debian: ``apt-get install nodejs npm``). The types
of the answers are written from the models that the server answers with, so a field that is
renamed there and not in the page is an error here.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic.json_schema import models_json_schema

import api.app  # noqa: F401 - brings the answers of the server in
import maps.publish.publication  # noqa: F401 - brings those of published maps in
from maps.answers import Answer

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BIN = HERE / "node_modules" / ".bin"

pytestmark = pytest.mark.tooling

PLAIN = {
    "integer": "number",
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "null": "null",
}
# What JSON objects of no stated form are, by the name of their field.
OPEN_OBJECTS = {
    "geometry": "App.Shape",
    "before": "App.Shape",
    "after": "App.Shape",
    "features": "App.Collection",
    "citation": "App.Citation",
}


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    assert shutil.which("npm"), "the page's checks need Node: apt-get install nodejs npm"
    locked, there = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not there.exists() or there.stat().st_mtime < locked.stat().st_mtime:
        run("npm", "ci", "--ignore-scripts", "--prefix", str(HERE))
    (HERE / "answers.d.ts").write_text(answer_types(), encoding="utf-8")


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_finds_nothing() -> None:
    run(str(BIN / "eslint"), "-c", str(HERE / "eslint.config.js"), "maps/static", str(HERE))


def test_modules_are_formatted() -> None:
    run(
        str(BIN / "prettier"), "--config", str(HERE / ".prettierrc.json"), "--check", *own_scripts()
    )


def test_types_hold_against_the_answers() -> None:
    run(str(BIN / "tsc"), "--project", str(HERE))


def test_what_the_page_computes() -> None:
    run("node", "--test", *(str(path) for path in sorted(HERE.glob("*.test.js"))))


def own_scripts() -> list[str]:
    static = ROOT / "maps" / "static"
    paths = [*static.glob("app/**/*.js"), *static.glob("public/*.js"), *HERE.glob("*.js")]
    return sorted(str(path) for path in paths)


def answer_types() -> str:
    """Return a namespace of interfaces, one for each answer."""
    models = [(model, "serialization") for model in answers_below(Answer)]
    _, schema = models_json_schema(models, ref_template="{model}")
    lines = ["/* Written by test_page_js.py from the models of the answers. */", ""]
    lines.append("declare namespace Answers {")
    for name, model in sorted(schema["$defs"].items()):
        if model.get("type") == "object":
            lines.append(f"  interface {identifier(name)} {{")
            lines += [
                f"    {key}: {type_of(key, one)};" for key, one in model["properties"].items()
            ]
            lines.append("  }")
        else:
            lines.append(f"  type {identifier(name)} = {type_of('', model)};")
    return "\n".join([*lines, "}", ""])


def answers_below(model: type[Answer]) -> Iterator[type[Answer]]:
    for below in model.__subclasses__():
        yield below
        yield from answers_below(below)


def identifier(name: str) -> str:
    return re.sub(r"\W+", "_", name)


def type_of(key: str, schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return identifier(schema["$ref"])
    if "anyOf" in schema:
        return " | ".join(type_of(key, one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(map(json.dumps, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return _type_of_array(key, schema)
    if schema.get("type") == "object":
        of = schema.get("additionalProperties")
        open_object = OPEN_OBJECTS.get(key, "App.JsonObject")
        return f"Record<string, {type_of(key, of)}>" if isinstance(of, dict) else open_object
    return PLAIN.get(schema.get("type", ""), "App.Json")


def _type_of_array(key: str, schema: dict[str, Any]) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(type_of(key, one) for one in schema['prefixItems'])}]"
    return f"({type_of(key, schema.get('items', {}))})[]"
