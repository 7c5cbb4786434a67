"""Damage to every kind of thing that is stored: no calm number, no wordless failure.

Oracle: the same question to the same store before the damage. What rests on the damaged thing
is refused in words or cannot be told; what does not is as before; ``doctor`` names the thing.
"""

import json
import shutil
from pathlib import Path

import pytest

from api.publish.bundle import publish
from api.publish.publication_plan import parse_plan
from api.workspace.doctor import examine
from tests.test_api.workspace.conftest import (
    PLAN,
    Answer,
    answered,
    client_of,
    damaged,
    first,
    imported,
    opened,
)

LOST = "layers.store.lost"
DAMAGES = ("zeroed", "cut", "empty", "gone", "swapped")

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
    "inventory of layers": ("layers.json", "statistics.json", "inventory", ()),
}
# What is gone is unknown, and what belonged to it is left over.
GONE = {"check": "stray", "input": "input"}
# What is worked out again when it is asked for, and tiles that might never have been cut.
RESTORED = {("summary", "gone"), ("tiles", "gone"), ("inventory", "gone"),
            ("inventory of publications", "gone"), ("inventory of layers", "gone")}  # fmt: skip


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
