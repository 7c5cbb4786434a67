"""An import is held against what was said of it and what stood before.

Oracles: layers made by hand; for random ones the sets of features that were made wrong.
"""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.data.import_layer import ImportRequest, new_spec, prepare_import
from api.settings import Settings
from api.workspace.sandbox import sandbox_of
from api.workspace.workspace import Workspace
from layers.builtin.reference import read_counties
from layers.model import ReadOptions
from layers.readers import Source
from layers.zones import shipped_zone
from maps.i18n import LANGUAGES
from maps.refusals import concern_text

URL = "/api/v1/layers"
KUNMING, DEHONG, DALI = (102.80, 24.95), (97.85, 24.0), (100.40, 25.40)
CASES = Path(__file__).parents[2] / "golden" / "cases"
FACTS = {"id": "rl", "kind": "ecological_red_line", "title": "红线", "source": "某局"}


def grid(count: int, at: tuple[float, float] = KUNMING) -> list[list[list[list[float]]]]:
    return [
        square(at[0] + 0.003 * (number % 20), at[1] + 0.003 * (number // 20))
        for number in range(count)
    ]


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


def multipart(features: list[list[list[list[list[float]]]]]) -> bytes:
    shapes = [{"type": "MultiPolygon", "coordinates": parts} for parts in features]
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": str(at), "properties": {}, "geometry": shape}
        for at, shape in enumerate(shapes)
    ]}).encode()  # fmt: skip


def damage(workspace: Workspace, layer_id: str) -> None:
    path = workspace.store.get(layer_id).path
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-100] + bytes(100))


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
    data = collection(row(3), zone=["core", "外围", None])
    answer = send(client, data, kind="nature_reserve", id="nr")
    assert codes(answer) == ["unclassed"]
    params = answer.json()["params"]["concerns"][0]["params"]
    assert (params["count"], params["total"], params["classes"]) == (2, 3, "“”, “外围”")
    assert send(client, data, kind="nature_reserve", id="nr", accept="true").status_code == 201


def test_one_part_far_away_is_not_hidden_by_the_others(
    client: TestClient, workspace: Workspace
) -> None:
    # A dissolved layer is one feature; its second part lies in Dehong, 500 km off.
    parts = [square(*KUNMING), square(*DEHONG)]
    data = multipart([parts, [square(102.81, 24.95)]])
    answer = send(client, data, covers="5301")
    assert codes(answer) == ["outside_coverage"]
    params = answer.json()["params"]["concerns"][0]["params"]
    assert (params["count"], params["total"], params["parts"], params["features"]) == (1, 2, 1, "0")
    assert "rl" not in {version.layer_id for version in workspace.store.current()}


def test_a_damaged_version_is_replaced_by_importing_it_again(
    client: TestClient, workspace: Workspace
) -> None:
    assert send(client, collection(row(3))).status_code == 201
    damage(workspace, "rl")
    assert client.get(f"{URL}/rl/features").status_code == 500
    again = send(client, collection(row(3)))
    assert again.status_code == 201, again.text
    assert (again.json()["created"], again.json()["layer"]["version"]) == (True, 2)
    assert len(client.get(f"{URL}/rl/features").json()["features"]) == 3
    # Another content cannot be compared by its area: that is asked, and --accept is enough.
    damage(workspace, "rl")
    assert codes(send(client, collection(row(4)))) == ["former_damaged"]
    assert codes(send(client, collection(row(7)))) == ["former_damaged", "count_changed"]
    assert send(client, collection(row(7)), accept="true").json()["layer"]["version"] == 3
    assert len(client.get(f"{URL}/rl/features").json()["features"]) == 7


@pytest.mark.slow
def test_counties_can_be_imported_again_when_their_own_file_is_damaged(
    client: TestClient, workspace: Workspace
) -> None:
    counties = read_counties(shipped_zone().region)
    data = counties.to_json(drop_id=True).encode()
    damage(workspace, "counties")
    said = {"id": "counties", "kind": "county", "title": "县级行政区", "status": "reference"}
    answer = send(client, data, covers="53", accept="true", **said)
    assert answer.status_code == 201, answer.text
    assert answer.json()["layer"]["feature_count"] == len(counties)


def test_a_layer_of_the_kind_under_another_id_is_compared_too(client: TestClient) -> None:
    assert send(client, collection(grid(300)), covers="5301").status_code == 201
    answer = send(client, collection(grid(1)), id="rl_2024", covers="5301")
    assert codes(answer) == ["other_count_changed", "other_area_changed"]
    params = answer.json()["params"]["concerns"][0]["params"]
    assert params == {"now": 1, "before": 300, "layer": "rl"}
    # Elsewhere it says nothing of the same ground; of the province, only Kunming is compared.
    away = grid(1, DALI)
    assert send(client, collection(away), id="rl_dali", covers="5329").status_code == 201
    whole = [*grid(290), *grid(50, DALI)]
    answer = send(client, collection(whole), id="rl_all", covers="53")
    assert codes(answer) == ["other_count_changed", "other_area_changed"]
    assert {one["params"]["layer"] for one in answer.json()["params"]["concerns"]} == {"rl_dali"}


@pytest.mark.parametrize(
    ("said", "at", "found"),
    [
        ({"title": "安宁市生态保护红线"}, KUNMING, ["said_elsewhere"]),
        ({"title": "官渡区、呈贡区生态保护红线"}, KUNMING, []),
        ({"title": "昆明市生态保护红线"}, KUNMING, []),
        ({"title": "昆明市生态保护红线"}, DEHONG, ["said_elsewhere"]),
        ({"title_en": "Red line of Anning"}, KUNMING, ["said_elsewhere"]),
        ({"id": "rl_530181"}, KUNMING, ["said_elsewhere"]),
        ({"id": "anning_rl", "title": "安宁红线"}, KUNMING, ["said_elsewhere"]),
        ({"id": "dehong_rl", "title": "德宏红线"}, DEHONG, []),
    ],
)
def test_a_layer_lies_where_its_title_and_its_id_say(
    client: TestClient, said: dict[str, str], at: tuple[float, float], found: list[str]
) -> None:
    # KUNMING lies in 官渡区, DEHONG in 瑞丽市 (the layer of counties). The province is covered,
    # so that nothing else tells of the mistake.
    answer = send(client, collection(row(2, at)), **said)
    if not found:
        assert answer.status_code == 201, answer.text
        return
    assert codes(answer) == found
    params = answer.json()["params"]["concerns"][0]["params"]
    assert params["share_pct"] == 0.0
    (county,) = params["where"]
    assert county["share_pct"] == 100.0
    # What the software says in English has no county by its Chinese name alone.
    english = concern_text("said_elsewhere", {**params, "said": ""}, "en")
    assert county["en"].isascii()
    assert f"{county['en']} 100.0 %" in english
    assert f"{county['zh']} 100.0 %" in concern_text("said_elsewhere", params, "zh")
    assert send(client, collection(row(2, at)), **said, accept="true").status_code == 201


def test_a_layer_outside_of_all_counties_is_asked_about(client: TestClient) -> None:
    # Nothing names a place; three degrees west of Dehong is Myanmar.
    away = row(2, (DEHONG[0] - 3.0, DEHONG[1]))
    answer = send(client, collection(away), covers="")
    assert codes(answer) == ["outside_counties"]
    assert answer.json()["params"]["concerns"][0]["params"] == {"share_pct": 0.0}
    assert send(client, collection(row(2, DALI)), covers="").status_code == 201


def test_features_lie_in_the_county_that_they_say(client: TestClient) -> None:
    # Read in the neighbouring zone, a layer lies three degrees off; its own codes tell.
    tags = [530111, "官渡区", "530111100", "530181", "安宁市", None, "某区"]
    names = ["a"] * len(tags)
    answer = send(
        client, collection(row(len(tags)), XZQDM=[str(one or "") for one in tags], x=names)
    )
    assert codes(answer) == ["tagged_elsewhere"]
    params = answer.json()["params"]["concerns"][0]["params"]
    assert (params["count"], params["total"], params["features"]) == (2, 7, "3, 4")
    assert params["said"] == "“530181”, “安宁市”"
    off = [square(west - 3.0, south) for west, south in [KUNMING] * 2]
    answer = send(client, collection(off, xzqdm=[530111.0, 530111.0]))
    assert codes(answer) == ["tagged_elsewhere"]


def test_the_linkage_zone_with_a_boundary_comes_in_beside_points(
    client: TestClient, workspace: Workspace
) -> None:
    case = json.loads((CASES / "law" / "linkage.geojson").read_text("utf-8"))
    point = {"type": "Point", "coordinates": [100.25, 25.59]}
    case["features"].append({"type": "Feature", "properties": {"name": "大理"}, "geometry": point})
    said = {"kind": "linkage_zone", "id": "linkage_zones", "title": "联动创新区"}
    answer = send(client, json.dumps(case).encode(), accept="true", **said)
    assert answer.status_code == 201, answer.text
    assert answer.json()["layer"]["geometry_type"] == "Mixed"
    units = {one["name"]["zh"]: one for one in client.get("/api/v1/claim").json()["units"]}
    assert units["大理"]["reason"] == "no_limits"
    assert units["曲靖经济技术开发区"]["reason"] is None
    lines = {"type": "LineString", "coordinates": [[100.2, 25.5], [100.3, 25.6]]}
    refused = {**case, "features": [{"type": "Feature", "properties": {}, "geometry": lines}]}
    answer = send(client, json.dumps(refused).encode(), accept="true", **said)
    assert answer.json()["code"] == "layers.store.wrong_geometry"


def test_a_layer_over_http_is_read_by_the_process_that_may_be_killed(
    own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=own_store, allowed_hosts=("testserver",))

    def not_here(*_: object, **__: object) -> None:
        raise AssertionError("read in the process of the server")

    # What a spawned child imports is not touched by this.
    for module in ("api.workspace.workspace", "api.workspace.sandbox"):
        monkeypatch.setattr(f"{module}.read_layer", not_here)
    with sandbox_of(settings) as reader:
        workspace = Workspace(settings, reader=reader)
        client = TestClient(create_app(settings, workspace), raise_server_exceptions=False)
        taken = send(client, collection(row(2)))
        assert taken.status_code == 201, taken.text
        assert send(client, b"no layer at all").status_code == 422
        assert workspace.store.get("rl").feature_count == 2


def test_a_layer_is_matched_to_its_kind_and_shown_before_it_is_stored(
    client: TestClient, workspace: Workspace
) -> None:
    data = collection(row(4), gnq=["核心", "一般控制", "一般控制", "?"], 项目名称=["甲"] * 4)
    said = {**FACTS, "kind": "nature_reserve", "id": "nr", "covers": "5301"}
    files = {"file": ("a.geojson", data)}
    preview = client.post(f"{URL}/preview", data=said, files=files)
    assert preview.status_code == 200, preview.text
    fields = {one["attribute"]: one for one in preview.json()["matched"]}
    assert (fields["name"]["field"], fields["zone"]["field"]) == ("项目名称", "gnq")
    found = {one["said"]: one for one in fields["zone"]["values"]}
    assert {name: (one["meant"], one["count"]) for name, one in found.items()} == {
        "核心": ("core", 1), "一般控制": ("一般控制区", 2), "?": (None, 1),
    }  # fmt: skip
    assert [one["zh"] for one in found["核心"]["rules"]] == ["自然保护地核心保护区"]
    assert [one["code"] for one in preview.json()["concerns"]] == ["unclassed"]
    # 102.800 to 102.811 E at 24.95 N lies in 官渡区 and 呈贡区.
    assert sum(one["share_pct"] for one in preview.json()["counties"]) == pytest.approx(100.0)
    assert {one["code"] for one in preview.json()["counties"]} <= {"530111", "530114"}
    assert "nr" not in {version.layer_id for version in workspace.store.current()}
    taken = send(client, data, **said, accept="true")
    assert taken.json()["matched"] == preview.json()["matched"]
    # The rules read what was stored, and the file's words stay beside it.
    stored = [one["properties"] for one in client.get(f"{URL}/nr/features").json()["features"]]
    assert [one["zone"] for one in stored] == ["core", "一般控制区", "一般控制区", "?"]
    assert [one["gnq"] for one in stored] == ["核心", "一般控制", "一般控制", "?"]


def test_the_command_shows_what_was_matched_before_it_refuses(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(collection(row(2), 级别=["Ⅰ级", "四级"]))
    run = CliRunner(env={"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)})
    facts = {**FACTS, "kind": "drinking_water_source", "id": "ws"}
    asked = [part for name, value in facts.items() for part in (f"--{name}", value)]
    refused = run.invoke(app, ["layers", "import", str(path), *asked, "--lang", "en"])
    assert refused.exit_code == 2
    shown = [line for line in refused.stdout.splitlines() if "级别" in line]
    assert [line.rsplit("  ", 1)[-1] for line in shown] == [
        "Drinking-water source zone, first grade", "no rule knows this value",
    ]  # fmt: skip


def test_a_kind_whose_rules_have_ended_is_asked_about(
    own_store: Path, workspace: Workspace
) -> None:
    # The oldest rule of the kind is of 1994.
    early = workspace.as_of(date(1990, 1, 1))
    assert early.rules_in_force("nature_reserve") == ()
    source = Source(name="a", files={"a.geojson": collection(row(2), zone=["core", "core"])})
    spec = new_spec(
        workspace.kinds, kind="nature_reserve", status="official", id="nr", title_zh="保护地",
        title_en="Reserve", source="test", licence="test",
    )  # fmt: skip
    request = ImportRequest(source=source, spec=spec, options=ReadOptions(), covers=())
    (concern,) = prepare_import(early, request).concerns
    assert (concern.code, concern.params) == ("no_rule", {"count": 2})
    assert prepare_import(workspace, request).concerns == ()


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


@pytest.mark.slow
def test_whatever_is_wrong_is_named_whole(client: TestClient, workspace: Workspace) -> None:
    """Property: of random versions everything wrong is counted, and only a word stores it.

    Every third layer follows a version of its own, every third stands beside one of the same
    ground under another id.
    """
    chance = np.random.default_rng(20261129)
    for turn in range(15):
        count, before = (int(one) for one in chance.integers(1, 20, 2))
        stray, unknown = chance.random((2, count)) < 0.2
        layer_id = f"nr_{turn}"
        said = {"kind": "nature_reserve", "id": layer_id, "covers": "5301"}
        # Each turn in a place and of a coverage of its own: other turns say nothing of it.
        area = json.dumps(box_around(turn)).encode()
        said.pop("covers")
        prefix, stood = [("", layer_id), ("other_", f"before_{turn}"), ("", "")][turn % 3]
        if stood:
            first = collection(places(turn, np.zeros(before, bool)), zone=["core"] * before)
            assert send_area(client, first, area, **{**said, "id": stood}).status_code == 201
        data = collection(places(turn, stray), zone=["?" if one else "core" for one in unknown])
        answer = send_area(client, data, area, **said)
        # Beside another layer only what lies on the common ground is compared.
        now = count if prefix == "" else count - int(stray.sum())
        apart = stood and max(now, before) > 2 * min(now, before)
        larger = stood and max(now, before) > 1.5 * min(now, before)
        expected = [
            name
            for name, wrong in (
                ("outside_coverage", stray.any()), (f"{prefix}count_changed", apart),
                (f"{prefix}area_changed", larger), ("unclassed", unknown.any()),
            )
            if wrong
        ]  # fmt: skip
        if expected:
            assert codes(answer) == expected, (turn, count, before)
            found = {one["code"]: one["params"] for one in answer.json()["params"]["concerns"]}
            for code, wrong in (("outside_coverage", stray), ("unclassed", unknown)):
                if wrong.any():
                    assert found[code]["count"] == int(wrong.sum())
            standing = {one.layer_id: one.feature_count for one in workspace.store.current()}
            assert standing.get(layer_id) == (before if stood == layer_id else None)
            answer = send_area(client, data, area, **said, accept="true")
        assert answer.status_code == 201, answer.text
        assert [one["code"] for one in answer.json()["concerns"]] == expected
        assert workspace.store.get(layer_id).feature_count == count


def places(turn: int, stray: np.ndarray) -> list[list[list[list[float]]]]:
    """Squares of 20 rows a turn, the stray ones 0.3 degrees to the east."""
    return [
        square(102.6 + 0.003 * at + (0.3 if lost else 0.0), 24.6 + 0.03 * turn)
        for at, lost in enumerate(stray)
    ]


def box_around(turn: int) -> dict[str, object]:
    south = 24.59 + 0.03 * turn
    ring = [[102.59, south], [102.7, south], [102.7, south + 0.02], [102.59, south + 0.02]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def send_area(client: TestClient, data: bytes, area: bytes, **said: str):
    files = {"file": ("a.geojson", data), "covers_file": ("area.geojson", area)}
    return client.post(f"{URL}?lang=en", data={**FACTS, **said}, files=files)
