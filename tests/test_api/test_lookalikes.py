"""What looks like a value and is none, at every field of every declared operation."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.check import operations as check
from api.data import operations as data
from api.density import operations as density
from api.errors import RequestError
from api.expansion import operations as expansion
from api.operation import Operation, takes_several, types_of
from api.publish import operations as publish
from api.workbench import operations as workbench

ROOMS = (check, data, density, expansion, publish, workbench)


def fields_of(*kinds: type) -> Iterator[tuple[Operation[Any, Any], str]]:
    for room in ROOMS:
        for declared in room.OPERATIONS:
            for name, info in declared.fields.items():
                found = set(types_of(info))
                if found & set(kinds) and not found & {bool, str}:
                    yield declared, name


NUMBERS, DATES = list(fields_of(int, float)), list(fields_of(date))


def named(value: object) -> str:
    return value.name.replace(" ", "-") if isinstance(value, Operation) else str(value)


@pytest.mark.parametrize(("declared", "name"), NUMBERS, ids=named)
@pytest.mark.parametrize("value", [True, False])
def test_a_truth_value_is_no_number(declared: Operation[Any, Any], name: str, value: bool) -> None:
    given = [value] if takes_several(declared.fields[name]) else value
    with pytest.raises(RequestError) as caught:
        declared.ask({name: given})
    assert (caught.value.params["field"], caught.value.params["problem"]) == (name, "number")


@pytest.mark.parametrize(("declared", "name"), DATES, ids=named)
@pytest.mark.parametrize("value", [0, 1.5, "0", "1700000000", "2026", "2026-01-01T00:00:00Z", True])
def test_only_year_month_and_day_are_a_date(
    declared: Operation[Any, Any], name: str, value: object
) -> None:
    with pytest.raises(RequestError) as caught:
        declared.ask({name: value})
    assert (caught.value.params["field"], caught.value.params["problem"]) == (name, "date")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/checks/stale?since=0", None),
        ("GET", "/api/v1/claim?on=0", None),
        ("POST", "/api/v1/measure", {"points": [[True, 24], [102, 25]], "closed": False}),
        ("POST", "/api/v1/scenarios", {"indicator": "trade", "year": True, "denominator": "approved",
                                       "unit_id": "ftz", "cases": []}),
    ],
)  # fmt: skip
def test_the_doors_refuse_them_in_words(
    shared_client: TestClient, method: str, path: str, body: object
) -> None:
    answer = shared_client.request(method, path, json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "api.request.invalid"
    assert answer.json()["params"]["problem"] in {"number", "date"}


@pytest.mark.parametrize(
    "path",
    ["/livez", "/readyz", "/api/v1/tasks", "/api/v1/tasks/x", "/api/v1/layers", "/conformance",
     "/api/v1/layers/x/versions/1/tiles/1/1/1.mvt", "/tiles/a/1/b/1/1/1.png"],
)  # fmt: skip
def test_parameters_that_nobody_reads_are_refused(shared_client: TestClient, path: str) -> None:
    answer = shared_client.get(f"{path}?nothing=1")
    assert answer.status_code in {400, 422}
    assert answer.json()["params"]["field"] == "nothing"


def test_there_are_such_fields() -> None:
    assert len(NUMBERS) > 20
    assert len(DATES) > 5
