"""Both doors of every operation: the same names, the same meaning, the same refusal.

The oracle is the other door: what one refuses, the other refuses with the same field and words.
"""

import inspect
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import ROOMS, app, commands_of
from api.operation import FileAnswer, GeoJson, Operation, resolve, takes_several, types_of
from api.terminal.door import _command
from api.upload import Upload
from maps.answers import Answer
from maps.i18n import LANGUAGES, tables

ONE_DOOR = {
    "overlap": "parcels are larger than any upload, and lie on the disk of a terminal",
    "doctor": "says paths of the machine",
    "backup": "writes the whole store to a path of the machine",
    "publications due": "is for the clock of a machine; a server does so by itself",
    "publications export": "writes a site into a folder of the machine",
    "restore": "fills a data folder of the machine",
    "purge": "removes for good, which nobody does from afar",
    "zone check": "reads a folder of the machine",
}
OPERATIONS: tuple[Operation[Any, Any], ...] = tuple(
    one for room in ROOMS for one in import_module(f"api.{room}.operations").OPERATIONS
)
WELL_FORMED = {"cases": ["a:1"], "points": ["102.8,24.9"], "roles": ["reader"], "year": "2020"}
HTTP = [one for one in OPERATIONS if one.routes]


def named(one: Operation[Any, Any]) -> str:
    return one.name


def faults() -> Iterator[tuple[Operation[Any, Any], str, str]]:
    """A value for every field that has limits or choices, just outside them."""
    for one in HTTP:
        for name, entry in one.question.model_json_schema()["properties"].items():
            inner = next((e for e in entry.get("anyOf", [entry]) if e.get("type") != "null"), {})
            if name in one.inputs or inner.get("type") == "array":
                continue
            if "minimum" in inner or "exclusiveMinimum" in inner:
                yield one, name, str(inner.get("minimum", inner.get("exclusiveMinimum")) - 1)
            elif "enum" in inner or inner.get("type") in {"number", "integer"}:
                yield one, name, "moon"


def test_every_operation_has_both_doors_or_a_reason() -> None:
    assert {one.name for one in OPERATIONS if not one.routes} == set(ONE_DOOR)


def test_the_listed_commands_are_those_that_are_declared() -> None:
    assert {name for names in ROOMS.values() for name in names} == {
        one.name.split()[0] for one in OPERATIONS
    }
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)
    routes = [route for one in OPERATIONS for route in one.routes]
    assert len(set(routes)) == len(routes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_operation_and_field_has_words_and_no_word_is_left_over(lang: str) -> None:
    words, used = tables(lang)["fields"], {"output_file", "output_folder", "output_form"}
    for one in OPERATIONS:
        for name in one.fields:
            own = f"{one.name}.{name}"
            used.add(own if own in words else name)
    assert used == set(words)
    groups = {name.split()[0] for name in (one.name for one in OPERATIONS) if " " in name}
    assert set(tables(lang)["operations"]) == {
        "serve",
        *groups,
        *(one.name for one in OPERATIONS),
    }


@pytest.mark.parametrize("one", OPERATIONS, ids=named)
def test_printers_and_checks_exist_and_take_the_answer(one: Operation[Any, Any]) -> None:
    for reference in (one.text, one.files, one.require):
        if reference is not None:
            resolve(reference)
    assert one.text or one.makes_file
    assert one.run.__doc__


@pytest.mark.parametrize("one", OPERATIONS, ids=named)
def test_every_field_is_an_option_of_the_command(one: Operation[Any, Any]) -> None:
    parameters = set(inspect.signature(_command(one)).parameters)
    assert parameters - {"as_json", "context", "lang", "output"} == set(one.fields)


@pytest.mark.parametrize("one", HTTP, ids=named)
def test_every_field_is_documented_over_http(
    shared_client: TestClient, one: Operation[Any, Any]
) -> None:
    paths = openapi(shared_client)["paths"]
    for route in one.routes:
        method, path = route.split(" ")
        described = paths[path][method.lower()]
        known = {parameter["name"] for parameter in described.get("parameters", ())}
        for content in described.get("requestBody", {}).get("content", {}).values():
            known |= set(content["schema"].get("properties", {}))
        missing = set(one.fields) - known
        # An address of its own for what is stored takes no file.
        assert missing <= (set(one.inputs) if method == "GET" else set()), route


def test_generated_clients_call_every_route_by_a_plain_name(shared_client: TestClient) -> None:
    paths = openapi(shared_client)["paths"]
    ids = [one["operationId"] for methods in paths.values() for one in methods.values()]
    assert len(ids) == len(set(ids))
    # The addresses that FastAPI adds would be in it: their parts, and the method at the end.
    ugly = [one for one in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)*", one) or "_api_" in one]
    assert not ugly
    assert max(map(len, ids)) <= 40
    assert {"get_layer_tile", "get_tile", "execute_process", "get_catalogue_items"} <= set(ids)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "multipart/form-data"])
@pytest.mark.parametrize("address", ["/api/v1/checks", "/api/v1/layers/preview"])
def test_a_form_that_is_none_is_refused_in_words(
    shared_client: TestClient, address: str, kind: str
) -> None:
    headers = {"content-type": kind, "accept-language": "en"}
    answer = shared_client.post(address, content=b"no form", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["params"] == {"field": "body", "problem": "unreadable"}
    assert "whole form" in answer.json()["detail"]


@pytest.mark.parametrize("one", HTTP, ids=named)
def test_every_kind_of_answer_is_in_the_contract(one: Operation[Any, Any]) -> None:
    # A mapping is sent as GeoJSON where it is such, which a plain dict did not document.
    kinds = get_args(one.answer) or (one.answer,)
    assert one.answer == GeoJson or all(issubclass(kind, (Answer, FileAnswer)) for kind in kinds)


_OPENAPI: dict[str, Any] = {}


def openapi(client: TestClient) -> dict[str, Any]:
    if not _OPENAPI:
        _OPENAPI.update(client.get("/openapi.json").json())
    return _OPENAPI


def given(one: Operation[Any, Any], tmp_path: Path) -> dict[str, Any]:
    """Values for all that an operation must be asked."""
    found: dict[str, Any] = {}
    for name, info in one.fields.items():
        if Upload in types_of(info) and info.is_required():
            path = tmp_path / "site.geojson"
            path.write_text('{"type": "Point", "coordinates": [102.8, 24.9]}', encoding="utf-8")
            found[name] = path
        elif info.is_required():
            found[name] = WELL_FORMED.get(name, ["1"] if takes_several(info) else "1")
    return found


def asked_over_http(client: TestClient, one: Operation[Any, Any], values: dict[str, Any]) -> Any:
    method, path = one.routes[0].split(" ")
    rest = dict(values)
    for name in re.findall(r"{(\w+)}", path):
        path = path.replace(f"{{{name}}}", str(rest.pop(name, next(iter(one.forms), "1"))))
    files = {name: rest.pop(name) for name in list(rest) if isinstance(rest[name], Path)}
    if method == "GET":
        return client.get(path, params=rest)
    sent = {name: (file.name, file.read_bytes()) for name, file in files.items()}
    # Without a file, too, a form is taken: multipart it must be.
    return client.post(path, data=rest, files=sent or {"none": ("", b"")})


def asked_at_the_terminal(
    one: Operation[Any, Any], values: dict[str, Any], tmp_path: Path, folder: Path
) -> Any:
    command = one.name.split()
    for name in one.arguments:
        value = values.get(name)
        command += [
            str(v) for v in (value if isinstance(value, list) else [value]) if v is not None
        ]
    for name, value in values.items():
        if name not in one.arguments:
            for each in value if isinstance(value, list) else [value]:
                command += [f"--{name.replace('_', '-')}={each}"]
    if one.makes_file or one.needs_output:
        command += ["-o", str(tmp_path / f"out.{next(iter(one.forms), 'x')}")]
    run = CliRunner(env={"FTZGIS_DATA_DIR": str(folder)})
    return run.invoke(app, [*command, "--json"])


@pytest.mark.parametrize(
    ("one", "field", "value"), list(faults()), ids=lambda part: getattr(part, "name", str(part))
)
def test_a_value_out_of_bounds_is_refused_alike(
    shared_client: TestClient,
    built_store: Path,
    tmp_path: Path,
    one: Operation[Any, Any],
    field: str,
    value: str,
) -> None:
    values = {**given(one, tmp_path), field: value}
    over_http = asked_over_http(shared_client, one, values)
    assert over_http.status_code == 422, over_http.text
    body = over_http.json()
    assert body["params"]["field"].split(".")[0] == field
    at_terminal = asked_at_the_terminal(one, values, tmp_path, built_store)
    assert at_terminal.exit_code == 2, at_terminal.output
    assert json.loads(at_terminal.stdout) == body


@pytest.mark.parametrize("one", HTTP, ids=named)
def test_what_is_not_asked_for_is_refused(
    shared_client: TestClient, tmp_path: Path, one: Operation[Any, Any]
) -> None:
    answer = asked_over_http(shared_client, one, {**given(one, tmp_path), "colour": "red"})
    assert answer.status_code == 422
    if answer.json()["code"] == "api.request.invalid":
        assert answer.json()["params"]["field"] in {"colour", *one.fields}


def test_help_of_every_command_names_every_option() -> None:
    runner = CliRunner()
    for names in ROOMS.values():
        for name in names:
            assert commands_of(name)
            done = runner.invoke(app, [name, "--help"])
            assert done.exit_code == 0, name
