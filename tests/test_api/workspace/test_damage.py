"""Damage to every kind of thing that is stored: no calm number, no wordless failure.

Oracle: the same question to the same store before the damage. What rests on the damaged thing
is refused in words or cannot be told; what does not is as before; ``doctor`` names the thing.
"""

import json
import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from api.app import create_app
from api.check.batch.overlap_table import OverlapRequest, in_this_process, overlap_table
from api.check.override import OverrideRequest, override_finding
from api.check.sites import read_and_check
from api.data.tiles import build_tiles
from api.publish.bundle import publish
from api.publish.publication_plan import parse_plan
from api.settings import Settings
from api.workspace import kernels
from api.workspace.doctor import examine
from api.workspace.tasks import ENDED, TaskProgress
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions, Sensitivity
from layers.readers import Source
from layers.store import blocks
from layers.store.compiled.layer import open_compiled
from maps.answers import Title
from maps.data.answers import LayerList
from maps.data.document import layers_document
from maps.document.terminal import text_of

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
INSIDE = shapely.box(102.77, 24.935, 102.78, 24.945)
BESIDE = shapely.box(102.80, 24.98, 102.81, 24.99)
FREE_GROUND = shapely.box(102.80, 25.015, 102.83, 25.03)
RED = "ecological_red_line"
LOST = "layers.store.lost"
DAMAGES = ("zeroed", "cut", "empty", "gone", "swapped")
SPEC = LayerSpec(
    id="red", kind=RED, title_zh="红线", title_en="Red line", status=LayerStatus.OFFICIAL,
    sensitivity=Sensitivity.INTERNAL, source="某局", licence="internal",
)  # fmt: skip
TABLE = "片区,年份,进出口额（亿元）\n昆明,2023,{value}\n"
PLAN = {
    "id": "zone", "title": {"zh": "片区", "en": "Districts"}, "maker": {"zh": "某局", "en": "A bureau"},
    "disclaimer": {"zh": "示意", "en": "A sketch"}, "review_number": "云S(2026)12号", "draft": False,
    "prints": False, "layers": [{"id": "districts", "displacement_m": 0}], "densities": [],
    "story": [],
}  # fmt: skip


def opened(folder: Path) -> Workspace:
    """Open a store as a new process would: what another one has read is not known."""
    blocks._found_whole.clear()
    return Workspace(Settings(data_dir=folder, allowed_hosts=("testserver",)), now=lambda: NOW)


def client_of(workspace: Workspace) -> TestClient:
    return TestClient(create_app(workspace.settings, workspace), raise_server_exceptions=False)


def put_red(workspace: Workspace, east: float) -> None:
    features = gpd.GeoDataFrame(
        {"feature_id": ["a", "b"]},
        geometry=[shapely.box(102.772, 24.937, east, 24.94), shapely.box(103, 25, 103.1, 25.1)],
        crs="EPSG:4490",
    )
    covered = gpd.GeoSeries([shapely.box(97, 21, 107, 30)], crs="EPSG:4490")
    frame = LayerFrame(features=features, coverage=covered)
    workspace.store.put_version(SPEC, frame, report=None, now=NOW)


def kept_check(workspace: Workspace, shape: shapely.Polygon) -> str:
    source = Source(name="a.geojson", files={"a.geojson": shapely.to_geojson(shape).encode()})
    result = read_and_check(workspace, source, ReadOptions())
    finding = next(one for one in result.sites[0].findings if one.kind == RED)
    said = OverrideRequest(
        site_id=result.sites[0].site_id, rule_id=finding.rule_id, layer_id=finding.layer_id,
        verdict="contact", reason="复核", name="张三",
    )  # fmt: skip
    override_finding(workspace, result.id, said)
    return result.id


def imported(client: TestClient, value: int, dataset: str = "trade") -> dict:
    files = {"file": ("表.csv", TABLE.format(value=value).encode(), "text/csv")}
    said = {"dataset": dataset, "source": "年鉴", "accept": "true"}
    answer = client.post("/api/v1/statistics", files=files, data=said)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def ended(client: TestClient, task: dict) -> dict:
    with client.stream("GET", f"/api/v1/tasks/{task['id']}/events") as answer:
        lines = [line for line in answer.iter_lines() if line.startswith("data: ")]
    return json.loads(lines[-1].removeprefix("data: "))


def written(progress: TaskProgress) -> Title:
    (progress.folder / "a.csv").write_bytes(b"id,area_m2\n" + b"a,12.5\n" * 400)
    return Title(zh="好", en="good")


@pytest.fixture(scope="module")
def furnished(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one or two of each thing that can be stored."""
    folder = tmp_path_factory.mktemp("furnished") / "data"
    shutil.copytree(built_store, folder, ignore=shutil.ignore_patterns("checks", "tasks"))
    workspace = opened(folder)
    put_red(workspace, 102.773)
    for path in folder.glob("catalogue.sqlite*"):
        shutil.copy(path, folder / f"before-{path.name}")
    put_red(workspace, 102.775)
    client = client_of(workspace)
    ids = [kept_check(workspace, INSIDE), kept_check(workspace, BESIDE)]
    imported(client, 699, "earlier")
    imported(client, 700)
    imported(client, 701)
    publish(workspace, parse_plan({**PLAN, "id": "other", "data_date": "2026-11-01"}), release=True)
    for day in ("2026-11-01", "2026-11-02"):
        publish(workspace, parse_plan({**PLAN, "data_date": day}), release=True)
    tasks = [workspace.tasks.start("batch", written).id for _ in range(2)]
    assert {ended(client, {"id": task})["status"] for task in tasks} <= ENDED
    for number in (1, 2):
        open_compiled(folder, workspace.store, workspace.store.get("red", number))
    build_tiles(workspace, workspace.store.get("red"), waiting=lambda: None)
    build_tiles(workspace, workspace.store.get("districts"), waiting=lambda: None)
    workspace.tasks.close()
    (folder / "ids.json").write_text(json.dumps({"check": ids, "task": tasks}))
    return folder


@pytest.fixture
def store(furnished: Path, tmp_path: Path) -> Path:
    """A copy of its own; files are never changed in place here, so that links are enough."""

    def copied(source: str, target: str) -> None:
        (shutil.copy2 if ".sqlite" in source else os.link)(source, target)

    return Path(shutil.copytree(furnished, tmp_path / "data", copy_function=copied))


def damaged(path: Path, how: str, other: Path) -> None:
    data, known = path.read_bytes(), path.stat()
    instead = other.read_bytes()
    path.unlink()
    if how == "gone":
        return
    third = len(data) // 3
    path.write_bytes(
        {
            "zeroed": data[:third] + bytes(third) + data[2 * third :],
            "cut": data[: len(data) // 2],
            "empty": b"",
            "swapped": instead,
        }[how]
    )
    if how == "zeroed":
        # As a disk does it: neither size nor time of change tells.
        os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))


Answer = tuple[int, object]


def answered(client: TestClient, store: Path, address: str) -> Answer:
    """Ask a door; {check} and {task} are the ids of what was damaged."""
    ids = json.loads((store / "ids.json").read_text())
    answer = client.get(address.format(check=ids["check"][0], task=ids["task"][0]))
    if answer.status_code < 400:
        # The time of a check whose summary is gone is that of its file.
        return answer.status_code, re.sub(rb'"kept_at":"[^"]*"', b"", answer.content)
    problem = answer.json()
    assert problem["code"] != "api.internal", problem
    assert problem["detail"]
    return answer.status_code, problem["code"]


def first(store: Path, pattern: str) -> Path:
    ids = json.loads((store / "ids.json").read_text())
    named = pattern.format(check=ids["check"][0], other=ids["check"][1], task=ids["task"][0])
    return sorted(store.glob(named))[0]


CHECK = (
    "/api/v1/checks/{check}",
    "/api/v1/checks/{check}/report.html",
    "/api/v1/checks/{check}/evidence",
)
# What is stored, what may be found in its place, the doors that rest on it, the ailment.
STORED = {
    "layer": ("layers/red/v0002.gpkg", "layers/red/v0001.gpkg", "layer",
              ("/api/v1/layers/red/features", "/api/v1/layers/red/export?format=geojson", CHECK[2])),
    "compiled": ("compiled/*/polygons_xy.npy", "compiled/*/boxes_bounds.npy", "copy", ()),
    "compiled manifest": ("compiled/*/manifest.json", "ids.json", "copy", ()),
    "tiles": ("tiles/red/v0002.pmtiles", "tiles/districts/v0001.pmtiles", "copy", ()),
    "raster": ("rasters/demo_dem_kunming/v0001.tif", "rasters/demo_dem_dehong/v0001.tif", "raster",
               ("/tiles/demo_dem_kunming/1/elevation/10/804/438.png",)),
    "statistics": ("statistics/trade/v0002.json", "statistics/trade/v0001.json", "statistics",
                   ("/api/v1/density?indicator=trade&year=2023&denominator=approved",)),
    "check": ("checks/{check}.json", "checks/{other}.json", "check", CHECK),
    "override": ("checks/{check}.overrides.json", "checks/{other}.overrides.json", "check", CHECK),
    "summary": ("checks/{check}.summary.json", "checks/{other}.summary.json", "check", ()),
    "input": ("checks/{check}.input.zip", "checks/{other}.input.zip", "check", (CHECK[2],)),
    "publication": ("publications/zone/*/index.html", "publications/zone/*/manifest.json",
                    "publication", ("/public/zone/",)),
    "publication state": ("publications/zone/state.json", "statistics/trade/v0001.json",
                          "publication", ("/public/zone/",)),
    "task": ("tasks/{task}/state.json", "checks/{check}.json", "task",
             ("/api/v1/tasks/{task}", "/api/v1/tasks/{task}/files/a.csv")),
    "task file": ("tasks/{task}/files/a.csv", "ids.json", "task",
                  ("/api/v1/tasks/{task}/files/a.csv",)),
}  # fmt: skip
# Memories of what stood: of two that say the same, either one is enough.
STORED |= {
    "count": ("statistics/trade/count.json", "ids.json", "statistics", ()),
    "inventory": ("statistics.json", "publications.json", "inventory", ()),
    "inventory of publications": ("publications.json", "statistics.json", "inventory", ()),
}
# What is gone is unknown, and what belonged to it is left over.
GONE = {"check": "stray", "input": "input"}
# What is worked out again when it is asked for, and tiles that might never have been cut.
RESTORED = {("summary", "gone"), ("tiles", "gone"), ("inventory", "gone"),
            ("inventory of publications", "gone")}  # fmt: skip


@pytest.fixture(scope="module")
def truth(furnished: Path) -> dict[str, Answer]:
    """What every door says of the sound store."""
    workspace = opened(furnished)
    client = client_of(workspace)
    doors = {address for *_, addresses in STORED.values() for address in addresses}
    found = {address: answered(client, furnished, address) for address in doors}
    assert {status for status, _ in found.values()} == {200}
    assert examine(workspace).findings == []
    workspace.tasks.close()
    return found


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("what", STORED)
def test_no_door_rests_on_what_is_damaged(
    store: Path, truth: dict[str, Answer], what: str, how: str
) -> None:
    pattern, other, ailment, doors = STORED[what]
    path = first(store, pattern)
    paths = sorted(store.glob(pattern)) if what == "publication" else [path]
    for one in paths:
        damaged(one, how, first(store, other))
    workspace = opened(store)
    client = client_of(workspace)
    for address in doors:
        status, said = answered(client, store, address)
        assert (status, said) == truth[address] if (what, how) in RESTORED else status >= 400
    found = {(one.what, one.name) for one in examine(workspace).findings}
    told = any(one in {ailment, GONE.get(what)} for one, _ in found)
    assert told != ((what, how) in RESTORED), found
    workspace.tasks.close()


# Whose lists are asked: the address, where its items stand, and the name of the damaged one.
LISTS = {
    "statistics": ("/api/v1/statistics", "tables", "trade v2"),
    "count": ("/api/v1/statistics", "tables", "trade/count.json"),
    "publication": ("/api/v1/publications", "publications", "zone"),
    "publication state": ("/api/v1/publications", "publications", "zone"),
    "check": ("/api/v1/checks", "checks", "{check}"),
    "override": ("/api/v1/checks", "checks", "{check}"),
    "summary": ("/api/v1/checks", "checks", "{check}"),
    "task": ("/api/v1/tasks", "tasks", "{task}"),
}
ID_OF = {"tables": "dataset"}


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("what", LISTS)
def test_a_list_names_what_is_damaged_and_shows_the_others(
    store: Path, what: str, how: str
) -> None:
    """Oracle: the list of the sound store, without the one that was damaged."""
    address, items, name = LISTS[what]
    ids = json.loads((store / "ids.json").read_text())
    name = name.format(check=ids["check"][0], task=ids["task"][0])
    of = name.split("/")[0].split(" ")[0]

    def listed() -> tuple[dict[str, dict], list[str]]:
        workspace = opened(store)
        answer = client_of(workspace).get(address)
        assert answer.status_code == 200, answer.text
        workspace.tasks.close()
        said = answer.json()
        # The time of a check whose summary is gone is that of its file.
        shown = [
            {key: value for key, value in one.items() if key != "kept_at"} for one in said[items]
        ]
        return {one[ID_OF.get(items, "id")]: one for one in shown}, said.get("damaged", [])

    before, nothing = listed()
    assert nothing == []
    pattern, other, *_ = STORED[what]
    if what == "publication":
        pattern = "publications/zone/*/manifest.json"
        other = "ids.json"
    for path in sorted(store.glob(pattern)) if what == "publication" else [first(store, pattern)]:
        damaged(path, how, first(store, other))
    after, named = listed()
    assert {key: one for key, one in after.items() if key != of} == {
        key: one for key, one in before.items() if key != of
    }
    if (what, how) == ("summary", "gone"):
        assert (after, named) == (before, [])
    elif what == "task":
        assert after[of]["problem"]["code"] == "api.task.damaged"
    else:
        assert named == [name]


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize("lose", [shutil.rmtree, emptied], ids=["gone", "emptied"])
@pytest.mark.parametrize("of", ["one", "all"])
def test_a_data_set_without_its_folder_is_missed(store: Path, lose, of: str) -> None:
    """Else what ships would answer in the place of what was imported."""
    lose(store / "statistics" / ("trade" if of == "one" else ""))
    workspace = opened(store)
    client = client_of(workspace)
    asked = client.get("/api/v1/density?indicator=trade&year=2023&denominator=approved")
    assert asked.status_code >= 400
    gone = ["trade v1", "trade v2", "trade/count.json"]
    gone = gone if of == "one" else ["earlier v1", "earlier/count.json", *gone]
    assert client.get("/api/v1/statistics").json()["damaged"] == gone
    assert [(one.what, one.name) for one in examine(workspace).findings] == [
        ("statistics", name) for name in gone
    ]
    # What is put again comes anew, under a number that no former version had.
    assert imported(client, 702)["table"]["version"] == 3
    if of == "one":
        asked = client.get("/api/v1/density?indicator=trade&year=2023&denominator=approved")
        assert asked.status_code == 200


@pytest.mark.parametrize("lose", [shutil.rmtree, emptied], ids=["gone", "emptied"])
def test_a_publication_without_its_folder_is_missed(store: Path, lose) -> None:
    lose(store / "publications" / "zone")
    workspace = opened(store)
    client = client_of(workspace)
    listed = client.get("/api/v1/publications").json()
    assert [one["id"] for one in listed["publications"]] == ["other"]
    assert listed["damaged"] == ["zone"]
    found = [one.name for one in examine(workspace).findings if one.what == "publication"]
    # Its state and both bundles that were released.
    assert len(found) == 3
    assert all(name.startswith("zone/") for name in found)


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("what", ["index.html", "manifest.json", "state.json"])
def test_a_damaged_publication_heals_when_it_is_published_again(
    store: Path, what: str, how: str
) -> None:
    """Oracle: every byte of the publication before the damage."""
    home = store / "publications" / "zone"
    kept = {path: path.read_bytes() for path in home.rglob("*.*") if path.is_file()}
    for path in home.rglob(what):
        damaged(path, how, store / "ids.json")
    workspace = opened(store)
    for day in ("2026-11-01", "2026-11-02"):
        publish(workspace, parse_plan({**PLAN, "data_date": day}), release=True)
    # By name: to tell two maps apart byte by byte would take pytest minutes.
    assert [path for path in kept if not path.is_file() or path.read_bytes() != kept[path]] == []
    assert [one for one in examine(workspace).findings if one.what == "publication"] == []


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_table_heals_when_it_is_imported_again(
    store: Path, truth: dict[str, Answer], how: str
) -> None:
    damaged(store / "statistics/trade/v0002.json", how, store / "statistics/trade/v0001.json")
    client = client_of(opened(store))
    stored = imported(client, 701)
    assert (stored["created"], stored["table"]["version"]) == (True, 3)
    address = "/api/v1/density?indicator=trade&year=2023&denominator=approved"
    assert answered(client, store, address) == truth[address]
    # The damaged one is not forgotten: publications may rest on it.
    assert client.get("/api/v1/statistics").json()["damaged"] == ["trade v2"]


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("what", ["count", "inventory", "inventory of publications"])
def test_what_counts_versions_is_written_anew_by_doctor(store: Path, what: str, how: str) -> None:
    path = first(store, STORED[what][0])
    kept = path.read_bytes()
    damaged(path, how, store / "ids.json")
    assert examine(opened(store), rebuild=True).findings == []
    assert path.read_bytes() == kept


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


def without_file(store: Path) -> None:
    damaged(store / "layers/red/v0002.gpkg", "zeroed", store / "ids.json")
    # While it is sound, the compiled copy is the same content, and an overlap may rest on it.
    shutil.rmtree(store / "compiled")


LOSSES = {"rows": without_rows, "log": restored_without_its_log, "catalogue": without_catalogue,
          "file": without_file}  # fmt: skip


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
        "search": asked("POST", "/api/v1/sites/search", lambda said: said["untold"], json=wanted),
        "avoid": asked(
            "POST", "/api/v1/sites/avoidance", lambda said: (
                said["untold"], red_of(said["sites"][0]["before"])
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
        said = client.get(address)
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
        while (said := client.get(address)).status_code == 202:
            pass  # Not yet made.
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


def test_what_cannot_be_restored_is_still_named_after_a_rebuild(store: Path) -> None:
    without_rows(store)
    damaged(store / "layers/red/v0001.gpkg", "cut", store / "ids.json")
    health = examine(opened(store), rebuild=True)
    assert health.rebuilt == 2
    assert [(one.what, one.name) for one in health.findings] == [("layer", "red v1")]


@pytest.mark.parametrize("how", ["zeroed", "cut", "empty", "gone"])
def test_machine_code_that_a_disk_has_changed_is_not_run(tmp_path: Path, how: str) -> None:
    """Oracle: the bytes; what numba does not find it compiles anew (its documentation)."""
    home = tmp_path / "kernels"
    (home / "geo").mkdir(parents=True)
    one, two = home / "geo" / "join.py311.1.nbc", home / "geo" / "join.py311.nbi"
    one.write_bytes(b"code" * 100)
    two.write_bytes(b"index" * 100)
    kernels.keep_digests(home)
    assert kernels.drop_unsound(home) == []
    damaged(one, how, two)
    # What is only seen at the next start must not be taken for new at the end of this one.
    if how == "zeroed":
        kernels.keep_digests(home)
    assert kernels.drop_unsound(home) == ([] if how == "gone" else ["geo/join.py311.1.nbc"])
    assert not one.exists()
    assert two.read_bytes() == b"index" * 100


def test_machine_code_of_a_process_that_was_killed_is_compiled_anew(tmp_path: Path) -> None:
    path = tmp_path / "kernels" / "join.py311.1.nbc"
    path.parent.mkdir()
    path.write_bytes(b"code")
    assert kernels.drop_unsound(path.parent) == []
    assert not path.exists()


def test_doctor_names_machine_code_that_was_dropped(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "damaged", ["geo/join.py311.1.nbc"])
    findings = [(one.what, one.name) for one in examine(workspace).findings]
    assert findings == [("copy", "kernels/geo/join.py311.1.nbc")]
