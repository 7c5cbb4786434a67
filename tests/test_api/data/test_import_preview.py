"""What of data would come in: drawn, as rows, and what it would change. Oracle: by hand, the store."""

import json

import pytest
import shapely
from starlette.testclient import TestClient

from api.data.import_preview import MOST_DRAWN, MOST_ROWS

SAID = {
    "id": "rl",
    "kind": "ecological_red_line",
    "title": "红线",
    "source": "某局",
    "covers": "53",
}
DEMONSTRATION = "demo_ecological_red_line"


def layer(count: int) -> bytes:
    """Squares of 0.001 degrees in rows of 50, named by their number."""
    shapes = [
        shapely.box(x, y, x + 0.001, y + 0.001)
        for x, y in ((102.7 + 0.002 * (n % 50), 24.9 + 0.002 * (n // 50)) for n in range(count))
    ]
    features = [
        {
            "type": "Feature", "id": str(at), "properties": {"地块名称": f"第{at}块"},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for at, shape in enumerate(shapes)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def preview(client: TestClient, data: bytes, **said: str) -> dict:
    files = {"file": ("a.geojson", data)}
    answer = client.post("/api/v1/layers/preview", files=files, data={**SAID, **said})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_first_features_are_drawn_where_they_lie_and_the_rest_is_counted(
    client: TestClient,
) -> None:
    count = MOST_DRAWN + 20
    found = preview(client, layer(count))
    sample = found["sample"]
    assert (found["feature_count"], sample["shown"]) == (count, MOST_DRAWN)
    assert len(sample["features"]["features"]) == MOST_DRAWN
    drawn = shapely.from_geojson(json.dumps(sample["features"]["features"][51]["geometry"]))
    wanted = shapely.box(102.702, 24.902, 102.703, 24.903)
    # A thousandth of what is drawn, 0.1 degrees, is less than what can be seen.
    assert shapely.hausdorff_distance(drawn, wanted) < 2e-4
    assert len(sample["rows"]) == MOST_ROWS
    assert sample["rows"][7][sample["columns"].index("地块名称")] == "第7块"


def test_what_it_takes_the_place_of_is_named_with_what_rests_on_that(client: TestClient) -> None:
    site = json.loads(shapely.to_geojson(shapely.box(102.77, 24.92, 102.78, 24.93)))
    check = client.post("/api/v1/checks", json=site).json()
    change = preview(client, layer(3))["change"]
    assert [(one["id"], one["version"]) for one in change["replaces"]] == [(DEMONSTRATION, 1)]
    assert check["id"] in {one["id"] for one in change["resting"] if one["what"] == "check"}
    # A demonstration takes no place, and nothing was stored by looking.
    assert preview(client, layer(3), status="demonstration")["change"]["replaces"] == []
    kinds = {one["kind"]: one for one in client.get("/api/v1/layers").json()["layers"]}
    assert kinds["ecological_red_line"]["id"] == DEMONSTRATION


def test_a_next_version_takes_the_place_of_the_one_before(client: TestClient) -> None:
    files = {"file": ("a.geojson", layer(3))}
    stored = client.post("/api/v1/layers", files=files, data={**SAID, "accept": "true"})
    assert stored.status_code == 201, stored.text
    replaces = preview(client, layer(4))["change"]["replaces"]
    assert ("rl", 1, 3) in {(one["id"], one["version"], one["feature_count"]) for one in replaces}
    # The same again takes no place: the door says what an import then does.
    again = preview(client, layer(3))["change"]
    assert (again["stands"]["id"], again["stands"]["version"]) == ("rl", 1)
    assert (again["replaces"], again["resting"]) == ([], [])
    assert client.post("/api/v1/layers", files=files, data=SAID).json()["created"] is False
    assert preview(client, layer(3), title="另一名称")["change"]["stands"] is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_is_in_the_language_of_the_person(client: TestClient, lang: str) -> None:
    files = {"file": ("a.geojson", b"{")}
    answer = client.post(
        "/api/v1/layers/preview", files=files, data=SAID, headers={"accept-language": lang}
    )
    assert answer.status_code == 422
    chinese = any("\u4e00" <= one <= "\u9fff" for one in answer.json()["title"])
    assert chinese == (lang == "zh")


def test_choices_hold_every_kind_that_can_come_in_and_every_county(client: TestClient) -> None:
    found = client.get("/api/v1/import-choices").json()
    guides = client.get("/api/v1/kinds/guide").json()["guides"]
    assert {one["id"] for one in found["layer_kinds"]} == {one["kind"] for one in guides}
    assert "suitability" not in {one["id"] for one in found["raster_kinds"]}
    counties = client.get("/api/v1/layers/counties/features").json()["features"]
    assert {one["id"] for one in found["counties"]} == {one["id"] for one in counties}
    assert {one["id"][:4] for one in found["counties"]} == {
        one["id"] for one in found["prefectures"]
    }
    assert [(one["id"], one["title"]["en"]) for one in found["regions"]] == [("53", "Yunnan")]
