"""What the catalogue has lost: no door takes what is left for the whole.

Oracle: the same question to the same store before the loss, and figures by hand.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from api.check.batch.overlap_table import OverlapRequest, in_this_process, overlap_table
from api.workspace.doctor import examine
from geo.errors import PlanningError
from maps.data.answers import LayerList
from maps.data.document import layers_document
from maps.document.terminal import text_of
from tests.test_api.workspace.conftest import (
    BESIDE,
    FREE_GROUND,
    INSIDE,
    RED,
    client_of,
    damaged,
    ended,
    opened,
)

LOST = "layers.store.lost"


def without_rows(store: Path) -> None:
    with closing(sqlite3.connect(store / "catalogue.sqlite")) as connection:
        connection.execute("DELETE FROM layer_version WHERE layer_id = 'red'")
        connection.commit()


def restored_without_its_log(store: Path) -> None:
    for path in store.glob("catalogue.sqlite*"):
        path.unlink()
    shutil.copy(store / "before-catalogue.sqlite", store / "catalogue.sqlite")


def without_catalogue(store: Path) -> None:
    for path in store.glob("catalogue.sqlite*"):
        path.unlink()


def without_anything(store: Path) -> None:
    without_rows(store)
    shutil.rmtree(store / "layers" / "red")


def without_file(store: Path) -> None:
    damaged(store / "layers/red/v0002.gpkg", "zeroed", store / "ids.json")
    # While it is sound, the compiled copy is the same content, and an overlap may rest on it.
    shutil.rmtree(store / "compiled")


LOSSES = {"rows": without_rows, "log": restored_without_its_log, "catalogue": without_catalogue,
          "file": without_file, "all": without_anything}  # fmt: skip


def judged(client: TestClient, store: Path) -> dict[str, object]:
    """Return what each door that judges by the red line says of it, or the code of a refusal."""

    def asked(method: str, address: str, read, **sent: object) -> object:
        answer = client.request(method, address, **sent)
        said = answer.json()
        if answer.status_code == 202:
            task = ended(client, said)
            said = task["result"] if task["status"] == "finished" else task["problem"]
        assert said.get("code") not in {"api.internal", "api.task.failed"}, said
        return said["code"] if "code" in said else read(said)

    def red_of(said: dict) -> list[tuple[str, object]]:
        found = [one for one in said["findings"] if one["rule_id"] == RED]
        return [(one["verdict"], one["layer_id"]) for one in found]

    def kinds_of(untold: list[dict]) -> list[str]:
        return [one["kind"] for one in untold]

    def batch_of(said: dict) -> object:
        (file,) = said["batch"]["files"]
        return file["refusal"]["code"] if file["refusal"] else said["verdicts"]

    site = {
        "content": shapely.to_geojson(INSIDE),
        "headers": {"content-type": "application/geo+json"},
    }
    area = json.loads(shapely.to_geojson(FREE_GROUND))
    wanted = {"area": area, "least_ha": 10, "most_ha": 60, "width_m": 200, "slope_deg": 15}
    return {
        "check": asked("POST", "/api/v1/checks", lambda said: red_of(said["sites"][0]), **site),
        "claim": asked(
            "GET", "/api/v1/claim", lambda said: [red_of(unit) for unit in said["units"][:1]]
        ),
        "batch": asked(
            "POST", "/api/v1/batches", batch_of,
            files={"file": ("a.geojson", shapely.to_geojson(BESIDE).encode())},
        ),
        "search": asked("POST", "/api/v1/sites/search", lambda said: kinds_of(said["untold"]), json=wanted),
        "avoid": asked(
            "POST", "/api/v1/sites/avoidance", lambda said: (
                kinds_of(said["untold"]), red_of(said["sites"][0]["before"])
            ), params={"target_m2": 0, "width_m": 0}, **site,
        ),
        "overlap": overlap_with_red(store),
    }  # fmt: skip


def overlap_with_red(store: Path) -> object:
    workspace = opened(store)
    parcels = gpd.GeoDataFrame({"id": ["a"]}, geometry=[INSIDE], crs="EPSG:4490")
    parcels.to_parquet(store / "parcels.parquet")
    request = OverlapRequest(
        parcels=store / "parcels.parquet", layer_id="red", id_column="id",
        output=store / "overlaps.parquet",
    )  # fmt: skip
    try:
        done = overlap_table(workspace, request, in_this_process(1), lambda *_: None)
    except PlanningError as exc:
        return exc.code
    return round(done.overlap_area_m2)


# By hand: the red line covers 100,692 m2 of the site (shapely's part by the area of its own
# test), lies far from Kunming's district, and nothing of it near the ground that is searched.
SOUND = {
    "check": [("conflict", "red")], "claim": [[("clear", "red")]], "batch": {"clear": 1},
    "search": [], "avoid": ([], [("conflict", "red")]), "overlap": 100_692,
}  # fmt: skip


def cannot_tell(layer_id: str | None, overlap: str) -> dict[str, object]:
    red = [("undetermined", layer_id)]
    return {
        "check": red, "claim": [red], "batch": {"undetermined": 1}, "search": [RED],
        "avoid": ([RED], red), "overlap": overlap,
    }  # fmt: skip


# Without a catalogue nothing stands, not even the counties that a file is held against.
SAID = {
    None: SOUND,
    "rows": cannot_tell(None, LOST),
    "log": cannot_tell(None, LOST),
    "catalogue": dict.fromkeys(SOUND, LOST),
    "file": cannot_tell("red", "layers.store.damaged"),
    "all": cannot_tell(None, "layers.store.vanished"),
}


@pytest.mark.parametrize("loss", SAID)
def test_a_lost_official_layer_is_cannot_tell_at_every_door(store: Path, loss: str | None) -> None:
    if loss:
        LOSSES[loss](store)
    workspace = opened(store)
    assert judged(client_of(workspace), store) == SAID[loss]
    workspace.tasks.close()


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["rows", "log", "catalogue"])
def test_every_list_and_map_says_what_the_catalogue_lost(store: Path, loss: str) -> None:
    LOSSES[loss](store)
    workspace = opened(store)
    client = client_of(workspace)
    # The copy of the catalogue alone, without its log, knows neither version.
    names = {"rows": ["red v1", "red v2"], "log": ["red v1", "red v2"]}.get(loss)
    names = names or [
        f"{path.parent.name} v{int(path.stem[1:])}"
        for path in sorted(store.glob("layers/*/*.gpkg"))
    ]
    for address in ("/api/v1/layers", "/api/v1/places?q=Kunming"):
        while (said := client.get(address)).status_code == 202:
            pass  # Not yet made.
        if said.status_code == 200:
            assert said.json()["lost"] == names, address
        else:
            assert said.json()["code"] == LOST
    texts = [
        text_of(
            layers_document(LayerList.model_validate(client.get("/api/v1/layers").json()), lang)
        )
        for lang in ("zh", "en")
    ]
    assert all(name in text and "doctor --rebuild" in text for name in names for text in texts)
    for address in ("/api/v1/map", "/api/v1/identify?lon=102.775&lat=24.94"):
        said = client.get(address)
        assert said.status_code == 200 if loss != "catalogue" else said.json()["code"] == LOST
        assert loss == "catalogue" or all(f'"{name}"' in said.text for name in names), address
    workspace.tasks.close()


@pytest.mark.parametrize("loss", ["rows", "log", "catalogue"])
def test_what_the_catalogue_lost_is_restored_by_doctor(store: Path, loss: str) -> None:
    LOSSES[loss](store)
    health = examine(opened(store), rebuild=True)
    assert health.rebuilt > 0
    assert health.findings == []
    client = client_of(opened(store))
    (finding,) = [
        one
        for one in client.post(
            "/api/v1/checks", json=json.loads(shapely.to_geojson(INSIDE))
        ).json()["sites"][0]["findings"]
        if one["rule_id"] == RED
    ]
    assert (finding["layer_id"], finding["layer_version"]) == ("red", 2)
    assert round(finding["overlap_area_m2"]) == overlap_with_red(store) == SOUND["overlap"]


def test_what_left_neither_file_nor_row_is_named_until_it_is_imported_again(store: Path) -> None:
    without_anything(store)
    workspace = opened(store)
    health = examine(workspace, rebuild=True)
    assert {(one.what, one.name) for one in health.findings} >= {
        ("vanished", "red v2"), ("kind", "ecological_red_line: red"),
    }  # fmt: skip
    assert client_of(workspace).get("/api/v1/layers").json()["lost"] == ["red v2"]


def test_what_cannot_be_restored_is_still_named_after_a_rebuild(store: Path) -> None:
    without_rows(store)
    damaged(store / "layers/red/v0001.gpkg", "cut", store / "ids.json")
    health = examine(opened(store), rebuild=True)
    assert health.rebuilt == 2
    assert [(one.what, one.name) for one in health.findings] == [("layer", "red v1")]
