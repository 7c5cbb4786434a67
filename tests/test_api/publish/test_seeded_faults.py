"""The gate refuses every fault of a table, one at a time, in a bundle that is sound without it.

Oracle: by hand; each fault is put into the finished bytes of one and the same bundle.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely

from api.publish.bundle import publish
from api.publish.publication_plan import parse_plan
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.model import LayerStatus, Sensitivity
from layers.publish.policy import publish_policy
from maps.publish.gate import Original, data_faults, faults_of
from maps.publish.packing import pack, unpack

LINE = "demo_urban_development_boundary"
HIDDEN = "昆明某某公司的地"
FILES = ("data.geojson", "data.csv", "data.gpkg")
CALL = re.compile(r"^\s*start\(map_\d+, (?=\{)", re.MULTILINE)
Json = dict[str, Any]
Change = Callable[[Json], object]


@dataclass(frozen=True)
class Made:
    document: str
    files: dict[str, bytes]
    originals: tuple[Original, ...]
    surveyed: Any

    def changed(self, change: Change) -> str:
        *_, call = CALL.finditer(self.document)
        config, end = json.JSONDecoder().raw_decode(self.document, call.end())
        said = config["publication"]
        for layer in said["layers"]:
            layer["features"] = unpack(layer["features"])
        change(said)
        for layer in said["layers"]:
            layer["features"] = pack(layer["features"])
        return self.document[: call.end()] + json.dumps(config) + self.document[end:]

    def codes(self, document: str, files: dict[str, bytes] | None = None) -> set[str]:
        found = faults_of(document, self.originals, publish_policy())
        return {one.code for one in [*found, *data_faults(document, files or self.files)]}


@pytest.fixture(scope="module")
def made(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    import shutil

    folder = tmp_path_factory.mktemp("seeded") / "data"
    shutil.copytree(built_store, folder)
    workspace = Workspace(Settings(data_dir=folder))
    plan = parse_plan(
        {
            "id": "zone",
            "title": {"zh": "边界", "en": "Boundary"},
            "maker": {"zh": "某局", "en": "A bureau"},
            "disclaimer": {"zh": "示意", "en": "A sketch"},
            "data_date": "2026-11-01",
            "review_number": "云S(2026)12号",
            "draft": False,
            "prints": False,
            "layers": [
                {"id": "districts", "displacement_m": 0},
                {"id": LINE, "displacement_m": 200},
            ],
            "densities": [{"indicator": "trade", "year": 2020, "denominator": "approved"}],
        }
    )
    bundle = publish(workspace, plan, release=False)
    assert bundle.sha256
    read = workspace.publications.read
    surveyed = workspace.load(workspace.store.get(LINE)).features.geometry.to_numpy()
    drawn = workspace.load(workspace.store.get("districts")).features.geometry.to_numpy()
    return Made(
        document=read("zone", bundle.sha256, "index.html").decode(),
        files={name: read("zone", bundle.sha256, name) for name in FILES},
        originals=(
            Original(
                id="districts", kind="district", sensitivity=Sensitivity.PUBLIC,
                status=LayerStatus.INDICATIVE, geometries=drawn, attributes={},
            ),
            Original(
                id=LINE, kind="urban_development_boundary", sensitivity=Sensitivity.INTERNAL,
                status=LayerStatus.DEMONSTRATION, geometries=surveyed,
                attributes={"owner": (HIDDEN,)},
            ),
        ),
        surveyed=surveyed,
    )  # fmt: skip


def test_without_a_fault_it_passes(made: Made) -> None:
    assert made.codes(made.document) == set()
    assert made.codes(made.changed(lambda said: said)) == set()


def layer_of(said: Json, layer_id: str = LINE) -> Json:
    return next(one for one in said["layers"] if one["id"] == layer_id)


def first(said: Json, layer_id: str = LINE) -> Json:
    return layer_of(said, layer_id)["features"]["features"][0]


def put(*path: str | int, value: object) -> Change:
    """Change one statement of the map as a whole."""

    def change(said: Json) -> None:
        *way, last = path
        holder: Any = said
        for name in way:
            holder = holder[name]
        holder[last] = value

    return change


def of_layer(value: object, name: str, layer_id: str = LINE) -> Change:
    return lambda said: layer_of(said, layer_id).update({name: value})


def property_of(name: str, value: object, layer_id: str = LINE) -> Change:
    return lambda said: first(said, layer_id)["properties"].update({name: value})


def corners(change: Callable[[list[float]], list[float]], *, whole: bool = True) -> Change:
    """Move the corners of the first ring of the line, or its second corner alone."""

    def moved(said: Json) -> None:
        geometry = first(said)["geometry"]
        parts = geometry["coordinates"]
        ring = parts[0] if geometry["type"] == "Polygon" else parts[0][0]
        for at in range(len(ring)) if whole else [1]:
            ring[at] = change(ring[at])
        ring[-1] = ring[0]

    return moved


def row_of(change: Change) -> Change:
    return lambda said: change(
        next(one for one in said["densities"][0]["rows"] if one["value"] is not None)
    )


def qualifier(name: str, value: object) -> Change:
    return row_of(lambda row: row["qualifiers"].update({name: value}))


STATEMENTS: dict[str, tuple[str, Change]] = {
    "no title in Chinese": ("missing_mark", put("title", "zh", value="")),
    "a blank title in English": ("missing_mark", put("title", "en", value=" ")),
    "no maker in Chinese": ("missing_mark", put("maker", "zh", value="")),
    "a blank maker in English": ("missing_mark", put("maker", "en", value="\t")),
    "no disclaimer": ("missing_mark", put("disclaimer", "zh", value="")),
    "no disclaimer in English": ("missing_mark", put("disclaimer", "en", value="")),
    "no date": ("missing_mark", put("data_date", value="")),
    "no reference system": ("missing_mark", put("crs", value=" ")),
    "no review number and no draft": ("missing_mark", put("review_number", value=None)),
    "a number without its year": ("review_number", put("review_number", value="GS2024")),
    "a number of another century": ("review_number", put("review_number", value="GS(1899)1号")),
    "a number without a number": ("review_number", put("review_number", value="云S(2026)号")),
    "demonstration as official": ("unmarked", of_layer("official", "status")),
    "demonstration as reference": ("unmarked", of_layer("reference", "status")),
    "a sketch as official": ("unmarked", of_layer("official", "status", "districts")),
    "an attribute of its own": ("attribute", property_of("owner", "x")),
    "a name of what is hidden": ("attribute", property_of("name", "x")),
    "an attribute nobody allowed": ("attribute", property_of("phone", "1", "districts")),
    "a field of another kind": ("attribute", property_of("contact_zh", "1", "districts")),
    "hidden contents as a name": ("leaked_text", property_of("name", HIDDEN)),
    "hidden contents in another layer": ("leaked_text", property_of("name", HIDDEN, "districts")),
    "hidden contents as an id": ("leaked_text", lambda said: first(said).update(id=HIDDEN)),
    "stated as too exact": ("too_exact", of_layer(20.0, "displacement_m")),
    "stated as not moved": ("too_exact", of_layer(0.0, "displacement_m")),
    "just below the least": ("too_exact", of_layer(99.9, "displacement_m")),
    "shifted by a kilometre": ("shifted", corners(lambda at: [at[0] + 0.01, at[1]])),
    "axes swapped": ("shifted", corners(lambda at: [at[1], at[0]])),
    "one corner far away": ("shifted", corners(lambda at: [at[0], at[1] + 0.02], whole=False)),
    "no feature left": (
        "vanished", lambda said: layer_of(said)["features"].update(features=[]),
    ),
    "a target said to be a fact": ("shown_as", put("densities", 0, "nature", value="target")),
    "a fact said to be a target": (
        "shown_as", put("densities", 0, "stated_nature", value="target"),
    ),
    "one estimate among facts": ("shown_as", qualifier("nature", "estimate")),
    "a quarter as a year": ("shown_as", qualifier("period", "partial_year")),
    "a value without qualifiers": (
        "qualifier_lost", row_of(lambda row: row.update(qualifiers=None)),
    ),
    "another mark than its own": (
        "qualifier_lost", row_of(lambda row: row.update(mark={"zh": "x", "en": "x"})),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_fault_in_what_the_map_says_is_refused(made: Made, name: str) -> None:
    code, change = STATEMENTS[name]
    assert code in made.codes(made.changed(change))


ADDRESSES = {
    "a stylesheet": '<link rel="stylesheet" href="https://a.example/x.css">',
    "a picture": "<img src=https://a.example/x.png>",
    "a picture in several sizes": '<img srcset="https://a.example/x.png 2x">',
    "without its scheme": '<script src="//a.example/x.js"></script>',
    "a frame": "<iframe src='http://a.example'></iframe>",
    "a form": '<form action="https://a.example"></form>',
    "a button of a form": '<button formaction="https://a.example">x</button>',
    "a background": "<style>a{background:url(//a.example/x.png)}</style>",
    "an imported style": '<style>@import "https://a.example/x.css";</style>',
    "a redirect": '<meta http-equiv="refresh" content="0; url=https://a.example">',
    "a film's picture": '<video poster="https://a.example/x.png"></video>',
    "a fetch": "<script>fetch('https://a.example')</script>",
    "a module": "<script>import('https://a.example/x.js')</script>",
    "a socket": "<script>new WebSocket('wss://a.example')</script>",
    "a stream": "<script>new EventSource(`https://a.example`)</script>",
    "a beacon": "<script>navigator.sendBeacon('https://a.example')</script>",
    "a request": "<script>x.open('GET', 'https://a.example')</script>",
    "a window": "<script>window.open('https://a.example')</script>",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_outside_is_refused(made: Made, name: str) -> None:
    document = made.document.replace("</head>", f"{ADDRESSES[name]}</head>", 1)
    assert made.codes(document) == {"outside_address"}


def test_surveyed_corners_are_refused(made: Made) -> None:
    # Rounded to a millionth of a degree as all that is published, 11 cm, it is one all the same.
    raw = iter(shapely.get_coordinates(made.surveyed).tolist())
    document = made.changed(corners(lambda _: next(raw)))
    assert "raw_vertices" in made.codes(document)


def test_a_surveyed_line_is_refused(made: Made) -> None:
    shape = json.loads(shapely.to_geojson(made.surveyed[0]))
    rounded = json.loads(json.dumps(shape))
    document = made.changed(lambda said: first(said).update(geometry=rounded))
    assert "raw_vertices" in made.codes(document)


def files_with_faults(made: Made) -> Iterator[tuple[str, bytes]]:
    content = json.loads(made.files["data.geojson"])
    yield "data.geojson", json.dumps({**content, "features": content["features"][1:]}).encode()
    shape = json.loads(shapely.to_geojson(made.surveyed[0]))
    content["features"][0]["geometry"] = shape
    yield "data.geojson", json.dumps(content).encode()
    rows = made.files["data.csv"].decode("utf-8-sig").split("\r\n")
    yield "data.csv", "\r\n".join([rows[0], *rows[2:]]).encode("utf-8-sig")
    second = re.findall(r"\d+\.\d+ \d+\.\d+", rows[1])[1]
    moved = rows[1].replace(second, "102.123456 25.123456", 1)
    yield "data.csv", "\r\n".join([rows[0], moved, *rows[2:]]).encode("utf-8-sig")


def test_a_file_beside_that_shows_something_else_is_refused(made: Made) -> None:
    found = list(files_with_faults(made))
    assert len(found) == 4
    for name, data in found:
        assert made.codes(made.document, {**made.files, name: data}) == {"file_differs"}


def test_the_table_is_as_long_as_it_is_said_to_be() -> None:
    assert len(STATEMENTS) + len(ADDRESSES) + 2 + 4 >= 40
