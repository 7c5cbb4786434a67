"""An import is held against what was said of it and what stood before.

Oracles: layers made by hand; for random ones the sets of features that were made wrong.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.workspace.workspace import Workspace
from maps.i18n import LANGUAGES

URL = "/api/v1/layers"
KUNMING, DEHONG = (102.80, 24.95), (97.85, 24.0)
FACTS = {"id": "rl", "kind": "ecological_red_line", "title": "红线", "source": "某局"}


def square(west: float, south: float, size: float = 0.002) -> list[list[list[float]]]:
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def collection(shapes: list[list[list[list[float]]]], **columns: list[object]) -> bytes:
    features = [
        {
            "type": "Feature", "id": str(at),
            "properties": {name: values[at] for name, values in columns.items()},
            "geometry": {"type": "Polygon", "coordinates": rings},
        }
        for at, rings in enumerate(shapes)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def row(count: int, at: tuple[float, float] = KUNMING) -> list[list[list[list[float]]]]:
    return [square(at[0] + 0.003 * number, at[1]) for number in range(count)]


def send(client: TestClient, data: bytes, lang: str = "en", **said: str):
    form = {**FACTS, "covers": "53", **said}
    files = {"file": ("a.geojson", data)}
    return client.post(f"{URL}?lang={lang}", data=form, files=files)


def codes(answer) -> list[str]:
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "layers.store.concerns"
    return [one["code"] for one in answer.json()["params"]["concerns"]]


def test_a_layer_of_the_neighbouring_zone_is_not_taken_for_this_one(
    client: TestClient, workspace: Workspace
) -> None:
    # 5301 is Kunming; the second feature lies in Dehong, 500 km off.
    data = collection([*row(1), *row(1, DEHONG)])
    answer = send(client, data, covers="5301")
    assert codes(answer) == ["outside_coverage"]
    (concern,) = answer.json()["params"]["concerns"]
    assert (concern["params"]["count"], concern["params"]["total"]) == (1, 2)
    assert "rl" not in {version.layer_id for version in workspace.store.current()}
    taken = send(client, data, covers="5301", accept="true")
    assert taken.status_code == 201
    assert [one["code"] for one in taken.json()["concerns"]] == ["outside_coverage"]
    for lang in LANGUAGES:
        said = send(client, data, lang, covers="5301", id=f"x_{lang}").json()["detail"]
        assert "--covers" in said
        assert "outside_coverage" not in said


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (row(300), []),
        (row(150), []),
        (row(1), ["count_changed", "area_changed"]),
        (row(600), ["area_changed"]),
        ([square(102.8 + 0.003 * at, 24.95, 0.0026) for at in range(300)], ["area_changed"]),
        (row(601), ["count_changed", "area_changed"]),
    ],
)  # fmt: skip
def test_a_version_is_held_against_the_one_before(
    client: TestClient, workspace: Workspace, now: list, found: list[str]
) -> None:
    # By hand: twice as many are asked about from 601 and below 150; 1.3 squared is 1.69 times.
    assert send(client, collection(row(300))).status_code == 201
    if len(now) == 150:
        now = [square(102.8 + 0.003 * at, 24.95, 0.0024) for at in range(150)]
    answer = send(client, collection(now))
    if not found:
        assert answer.status_code == 201, answer.text
        return
    assert codes(answer) == found
    assert workspace.store.get("rl").feature_count == 300
    assert send(client, collection(now), accept="true").json()["layer"]["feature_count"] == len(now)


def test_classes_that_no_rule_knows_are_named_at_import(client: TestClient) -> None:
    data = collection(row(3), zone=["core", "核心", None])
    answer = send(client, data, kind="nature_reserve", id="nr")
    assert codes(answer) == ["unclassed"]
    params = answer.json()["params"]["concerns"][0]["params"]
    assert (params["count"], params["total"], params["classes"]) == (2, 3, "“”, “核心”")
    assert send(client, data, kind="nature_reserve", id="nr", accept="true").status_code == 201


def test_the_command_asks_the_same(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(collection([*row(1), *row(1, DEHONG)]))
    run = CliRunner(env={"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)})
    facts = [part for name, value in FACTS.items() for part in (f"--{name}", value)]
    asked = ["layers", "import", str(path), *facts, "--covers", "5301"]
    for lang in LANGUAGES:
        refused = run.invoke(app, [*asked, "--lang", lang])
        assert refused.exit_code == 2
        assert "--accept" in refused.stderr
    done = run.invoke(app, [*asked, "--accept", "--lang", "en"])
    assert done.exit_code == 0, done.stderr
    assert "lie outside the area" in done.output


def test_whatever_is_wrong_is_named_whole(client: TestClient, workspace: Workspace) -> None:
    """Property: of random layers every stray feature and every unknown class is counted."""
    chance = np.random.default_rng(20261129)
    for turn in range(20):
        count = int(chance.integers(1, 30))
        stray, unknown = chance.random((2, count)) < 0.2
        shapes = [
            square((DEHONG if lost else KUNMING)[0] + 0.003 * at, (DEHONG if lost else KUNMING)[1])
            for at, lost in enumerate(stray)
        ]
        data = collection(shapes, zone=["?" if one else "core" for one in unknown])
        said = {"kind": "nature_reserve", "id": f"nr_{turn}", "covers": "5301"}
        answer = send(client, data, **said)
        expected = {
            name: int(wrong.sum())
            for name, wrong in (("outside_coverage", stray), ("unclassed", unknown))
            if wrong.any()
        }
        stored = {version.layer_id for version in workspace.store.current()}
        if not expected:
            assert answer.status_code == 201, answer.text
            continue
        codes(answer)
        found = answer.json()["params"]["concerns"]
        assert {one["code"]: one["params"]["count"] for one in found} == expected
        assert said["id"] not in stored
