"""Publishing through its doors: the gate, the bundle, the public's address.

Oracles: by hand, and the store's own geometry against what the finished bytes carry.
"""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
import yaml
from pypdf import PdfReader
from typer.testing import CliRunner

from api.check.protections import list_protections
from api.cli import app
from api.density.land import DensityQuery, density_table
from api.publish.bundle import publish
from api.publish.publication_plan import (
    NothingToShowError,
    PlanError,
    PlannedDensity,
    PlanNotYamlError,
    PublicationPlan,
    UnknownThemeError,
    parse_plan,
    propose_plan,
    read_plan,
)
from api.workspace.workspace import Workspace
from geo.measure.gcj02 import from_true
from layers.model import LayerSpec, LayerStatus, Sensitivity
from layers.publish.policy import publish_policy
from maps.i18n import LANGUAGES, tr
from maps.publish.errors import PublicationRefusedError
from maps.publish.gate import Original, faults_of, read_publication
from maps.publish.print import density_sheet
from maps.publish.publication import Publication

BOUNDARY = "demo_urban_development_boundary"


def plan(**changes: object) -> PublicationPlan:
    content = {
        "id": "zone",
        "title": {"zh": "片区与开发边界", "en": "Districts and boundary"},
        "maker": {"zh": "某市规划局", "en": "A bureau"},
        "disclaimer": {"zh": "示意", "en": "A sketch"},
        "data_date": "2026-11-01",
        "review_number": "云S(2026)12号",
        "draft": False,
        "prints": False,
        "layers": [
            {"id": "districts", "displacement_m": 0},
            {"id": BOUNDARY, "displacement_m": 200},
        ],
        "densities": [{"indicator": "trade", "year": 2020, "denominator": "approved"}],
        "story": [],
    }
    return parse_plan({**content, **changes})


def refused(workspace: Workspace, **changes: object) -> list[str]:
    with pytest.raises(PublicationRefusedError) as caught:
        publish(workspace, plan(**changes), release=True)
    assert workspace.publications.sound_states() == ([], [])
    return [code for code, _ in caught.value.faults]


def test_a_bundle_carries_what_was_planned_and_no_surveyed_vertex(workspace: Workspace) -> None:
    bundle = publish(workspace, plan(), release=True)
    assert bundle.sha256
    document = workspace.publications.read("zone", bundle.sha256, "index.html").decode()
    publication = read_publication(document)
    by_id = {layer["id"]: layer for layer in publication["layers"]}
    assert list(by_id) == ["districts", BOUNDARY]
    features = by_id[BOUNDARY]["features"]["features"]
    assert all(feature["properties"] == {} for feature in features)
    raw = workspace.load(workspace.store.get(BOUNDARY)).features.geometry.to_numpy()
    surveyed = shapely.STRtree(shapely.points(shapely.get_coordinates(raw)))
    shown = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    _, apart_deg = surveyed.query_nearest(
        shapely.points(shapely.get_coordinates(shown)), return_distance=True
    )
    assert apart_deg.min() > 1e-7  # a centimetre
    # The plan's own number, on the map that the public sees.
    row = publication["densities"][0]["rows"][0]
    assert row["density"] == pytest.approx(row["value"] / row["area_km2"])
    # Nothing secret goes along under another name.
    assert "town-0001" not in document


def test_the_same_plan_gives_the_same_bundle(workspace: Workspace) -> None:
    assert publish(workspace, plan(), release=False) == publish(workspace, plan(), release=False)


def test_a_target_is_no_fact_of_a_published_map(workspace: Workspace) -> None:
    """Oracle: the plan's own table, in which 2025 has nothing but targets."""
    target = {"indicator": "trade", "year": 2025, "denominator": "approved"}
    assert refused(workspace, densities=[target]) == ["shown_as"]
    fact = {"indicator": "trade", "year": 2020, "denominator": "approved"}
    assert refused(workspace, densities=[fact | {"nature": "target"}]) == ["shown_as"]
    named = plan(densities=[target | {"nature": "target"}], prints=True)
    bundle = publish(workspace, named, release=True)
    assert bundle.sha256
    document = workspace.publications.read("zone", bundle.sha256, "index.html").decode()
    shown = Publication.model_validate(read_publication(document))
    for lang in LANGUAGES:
        sheet = density_sheet(shown, shown.densities[0], lang)
        # No district has a number of its own: there is no map of it to print.
        assert sheet is None
    # Whoever changes the word in the finished bytes is found by the gate as well.
    forged = document.replace('"stated_nature": "target"', '"stated_nature": "fact"')
    assert forged != document
    assert [fault.code for fault in faults_of(forged, [], publish_policy())] == ["shown_as"]


@pytest.mark.parametrize("nature", ["target", "estimate", "preliminary", "unclear"])
def test_one_value_of_another_nature_is_found_in_a_table_of_facts(
    made_with_density: str, nature: str
) -> None:
    forged = made_with_density.replace(
        '"nature": "fact", "period"', f'"nature": "{nature}", "period"', 1
    )
    assert forged != made_with_density
    fault, lost = faults_of(forged, [], publish_policy())
    assert (fault.code, fault.params["nature"]) == ("shown_as", nature)
    # Its mark is still that of a fact.
    assert lost.code == "qualifier_lost"


def test_no_proposed_density_is_a_target(workspace: Workspace) -> None:
    themes = [one for one in publish_policy().themes.values() if one.density]
    assert {one.id for one in themes if one.targets} == {"targets"}
    for theme in themes:
        natures = set()
        for density in propose_plan(workspace, theme.id)["densities"]:
            asked = PlannedDensity.model_validate(density)
            assert density_table(workspace, asked.query()).nature == asked.nature
            natures.add(asked.nature)
        assert "fact" in natures
        assert (natures == {"fact"}) != theme.targets


def test_no_district_wears_the_colour_of_the_zone(workspace: Workspace) -> None:
    """Oracle: 2020 has a value of the whole zone and of none of its districts."""
    asked = DensityQuery(indicator="trade", year=2020, denominator="approved")
    table = density_table(workspace, asked)
    found = {(row.level, row.density is None, row.layer) for row in table.rows}
    assert {("zone", False, None), ("district", True, "districts")} <= found
    assert all(row.density is None for row in table.rows if row.layer)


def test_the_gate_names_every_missing_mark(workspace: Workspace) -> None:
    empty = {"zh": "", "en": ""}
    assert (
        refused(workspace, title=empty, maker=empty, disclaimer=empty, review_number=None)
        == ["missing_mark"] * 4
    )
    assert refused(workspace, review_number="GS2024") == ["review_number"]


def test_a_draft_needs_no_review_number_and_says_so(workspace: Workspace) -> None:
    bundle = publish(workspace, plan(review_number=None, draft=True), release=False)
    assert bundle.draft
    assert bundle.address == f"/drafts/zone/{bundle.sha256}/index.html"


@pytest.mark.parametrize("metres", [0, 50])
def test_an_internal_layer_must_be_generalised_enough(workspace: Workspace, metres: int) -> None:
    layers = [{"id": BOUNDARY, "displacement_m": metres}]
    assert "too_exact" in refused(workspace, layers=layers, densities=[])


def test_what_leaves_nothing_is_said(workspace: Workspace) -> None:
    layers = [{"id": "bonded_zone", "displacement_m": 9000}]
    assert refused(workspace, layers=layers, densities=[]) == ["vanished"]


def test_a_classified_layer_never_passes(workspace: Workspace) -> None:
    frame = workspace.store.read(workspace.store.get(BOUNDARY))
    spec = LayerSpec(
        id="secret",
        kind="urban_development_boundary",
        title_zh="密",
        title_en="Secret",
        status=LayerStatus.OFFICIAL,
        sensitivity=Sensitivity.CLASSIFIED,
        source="某局",
        licence="none",
    )
    workspace.store.put_version(spec, frame, report=None, now=workspace.now())
    layers = [{"id": "secret", "displacement_m": 500}]
    assert refused(workspace, layers=layers, densities=[]) == ["classified"]


def _original(workspace: Workspace, document: str) -> tuple[str, Original]:
    features = workspace.load(workspace.store.get(BOUNDARY)).features
    return document, Original(
        id=BOUNDARY,
        sensitivity=Sensitivity.INTERNAL,
        status=LayerStatus.DEMONSTRATION,
        geometries=features.geometry.to_numpy(),
        attributes={"owner": ("昆明某某公司",)},
    )


@pytest.fixture
def made(workspace: Workspace) -> tuple[str, Original]:
    only = plan(layers=[{"id": BOUNDARY, "displacement_m": 200}], densities=[])
    bundle = publish(workspace, only, release=False)
    assert bundle.sha256
    document = workspace.publications.read("zone", bundle.sha256, "index.html").decode()
    return _original(workspace, document)


@pytest.fixture
def made_with_density(workspace: Workspace) -> str:
    bundle = publish(workspace, plan(), release=False)
    assert bundle.sha256
    return workspace.publications.read("zone", bundle.sha256, "index.html").decode()


def test_a_published_control_line_carries_the_card_why_it_is_there(workspace: Workspace) -> None:
    bundle = publish(workspace, plan(), release=False)
    assert bundle.sha256
    document = workspace.publications.read("zone", bundle.sha256, "index.html").decode()
    publication = Publication.model_validate(read_publication(document))
    cards = {one.id: one.protections for one in publication.layers}
    assert cards["districts"] == []
    (card,) = cards[BOUNDARY]
    (own,) = list_protections(workspace, "urban_development_boundary").protections
    assert card == own.model_copy(update={"where": {}})
    # The words of the card are in the page too, in both languages: it asks nobody.
    for lang in LANGUAGES:
        assert json.dumps(tr("why.allowed", lang))[1:-1] in document


def _codes(document: str, original: Original) -> list[str]:
    return [fault.code for fault in faults_of(document, [original], publish_policy())]


def test_the_gate_lets_a_good_document_pass(made: tuple[str, Original]) -> None:
    assert _codes(*made) == []


def test_the_gate_finds_a_surveyed_vertex(made: tuple[str, Original]) -> None:
    # As if the grid had been forgotten: the surveyed line is where the published one is.
    document, original = made
    shown = read_publication(document)["layers"][0]["features"]["features"]
    raw = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in shown])
    assert "raw_vertices" in _codes(document, replace(original, geometries=np.asarray(raw)))


def test_the_gate_finds_a_shifted_datum(made: tuple[str, Original]) -> None:
    # The store's lines on GCJ-02: some 370 m from where they should be.
    document, original = made

    def shifted(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(from_true(xy[:, 0], xy[:, 1], datum="gcj02"))

    moved = shapely.transform(original.geometries, shifted)
    assert "shifted" in _codes(document, replace(original, geometries=np.asarray(moved)))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("</head>", '<link href="https://example.org/a.css"></head>', "outside_address"),
        (
            "</head>",
            "<style>a{background:url(//example.org/x.png)}</style></head>",
            "outside_address",
        ),
        ("</head>", "<script>fetch('https://example.org')</script></head>", "outside_address"),
        ('"status": "demonstration"', '"status": "official"', "unmarked"),
        ('"properties": {}', '"properties": {"owner": "x"}', "attribute"),
        ('"properties": {}', '"properties": {"name": "昆明某某公司"}', "leaked_text"),
        ('"displacement_m": 200.0', '"displacement_m": 20.0', "too_exact"),
        ('"maker": {"en": "A bureau"', '"maker": {"en": " "', "missing_mark"),
    ],
)
def test_the_gate_reads_the_finished_bytes(made, old: str, new: str, code: str) -> None:
    document, original = made
    assert old in document
    assert code in _codes(document.replace(old, new, 1), original)


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"title": None}, "title", "model_type"),
        ({"data_date": "soon"}, "data_date", "date_from_datetime_parsing"),
        ({"layers": []}, "layers", "too_short"),
        (
            {"layers": [{"id": "a", "displacement_m": -1}]},
            "layers.0.displacement_m",
            "greater_than_equal",
        ),
        ({"layers": [{"id": "a", "displacement_m": 0}] * 2}, "layers", "repeated"),
        ({"more": 1}, "more", "extra_forbidden"),
        (
            {
                "story": [
                    {"heading": {"zh": "", "en": ""}, "text": {"zh": "", "en": ""}, "density": 3}
                ]
            },
            "story.0.density",
            "unknown",
        ),
        (
            {
                "story": [
                    {"heading": {"zh": "", "en": ""}, "text": {"zh": "", "en": ""}, "layers": ["x"]}
                ]
            },
            "story.0.layers",
            "unknown",
        ),
    ],
)
def test_a_wrong_plan_is_named_with_its_field(changes, field: str, problem: str) -> None:
    with pytest.raises(PlanError) as caught:
        plan(**changes)
    assert caught.value.params == {"field": field, "problem": problem}


def test_a_file_that_is_no_plan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes("标题: [".encode("gb18030"))
    with pytest.raises(PlanNotYamlError):
        read_plan(path.name, path.read_bytes())


@pytest.mark.parametrize("theme", sorted(publish_policy().themes))
def test_every_theme_proposes_a_plan_that_only_lacks_its_maker(workspace, theme: str) -> None:
    if publish_policy().themes[theme].about:
        # A map about nothing is not proposed: no layer of the kind ships.
        with pytest.raises(NothingToShowError):
            propose_plan(workspace, theme)
        return
    proposal = propose_plan(workspace, theme)
    assert parse_plan(json.loads(json.dumps(proposal))).draft
    with pytest.raises(UnknownThemeError):
        propose_plan(workspace, "none")


def test_a_shown_map_can_be_framed_by_any_site(client, workspace) -> None:
    publish(workspace, plan(), release=True)
    # Pasted into a page of another site it still finds the map, below a proxy's prefix, too.
    for said, where in (({}, ""), ({"x-forwarded-prefix": "/gis"}, "/gis")):
        frame = client.get("/public/zone/embed.txt", headers=said).text
        address = f"http://testserver{where}/public/zone/"
        assert re.findall(r'src="([^"]+)"', frame) == [f"{address}#lang=zh", f"{address}#lang=en"]
        assert re.findall(r'height="(\d+)"', frame) == ["640", "640"]
        assert frame.startswith("<iframe ")
    shown = client.get("/public/zone/")
    assert "frame-ancestors *" in shown.headers["content-security-policy"]
    assert "x-frame-options" not in shown.headers
    assert client.get("/public/zone", follow_redirects=False).headers["location"] == "zone/"


@pytest.mark.slow
def test_over_http_a_map_is_built_previewed_shown_replaced_and_withdrawn(client) -> None:
    def built(**changes: object) -> dict:
        body = plan(**changes).model_dump(mode="json")
        task = client.post("/api/v1/publications", json={"plan": body}).json()
        with client.stream("GET", f"/api/v1/tasks/{task['id']}/events") as answer:
            lines = [line for line in answer.iter_lines() if line.startswith("data: ")]
        return json.loads(lines[-1][len("data: ") :])

    first = built()["result"]
    assert client.get("/public/zone/").status_code == 404
    preview = client.get(first["address"])
    assert preview.status_code == 200
    released = client.post(f"/api/v1/publications/zone/{first['sha256']}/release").json()
    assert released["address"] == "/public/zone/"
    shown = client.get("/public/zone/")
    assert shown.content == preview.content
    assert "frame-ancestors *" in shown.headers["content-security-policy"]
    assert "'unsafe" not in shown.headers["content-security-policy"]
    again = client.get("/public/zone/", headers={"if-none-match": shown.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    past = client.get(f"/public/zone/{first['sha256']}/index.html")
    assert "immutable" in past.headers["cache-control"]
    second = built(data_date="2026-11-02")["result"]
    client.post(f"/api/v1/publications/zone/{second['sha256']}/release")
    assert client.get("/public/zone/").content != shown.content
    assert client.get(f"/public/zone/{first['sha256']}/index.html").content == shown.content
    listed = client.get("/api/v1/publications").json()["publications"]
    assert [len(one["releases"]) for one in listed] == [2]
    said = {"name": "李某", "reason": "图上有误"}
    path = f"/api/v1/publications/zone/versions/{second['sha256']}"
    # One version: the former one is shown again.
    assert client.post(f"{path}/withdraw", json=said).json()["in_use"] == first["sha256"]
    assert client.get(f"/public/zone/{second['sha256']}/index.html").status_code == 410
    assert client.get("/public/zone/").content == shown.content
    assert client.post(f"{path}/restore", json=said).json()["in_use"] == second["sha256"]
    # The whole: nothing is shown.
    client.post("/api/v1/publications/zone/withdraw", json=said)
    gone = client.get("/public/zone/")
    assert (gone.status_code, gone.json()["code"]) == (410, "layers.publication.withdrawn")
    listed = client.get("/api/v1/publications").json()["publications"]
    assert [one["withdrawals"][-1]["reason"] for one in listed[0]["releases"]] == ["图上有误"] * 2
    faulty = built(review_number=None)
    assert faulty["problem"]["code"] == "api.publish.refused"
    assert faulty["problem"]["params"]["faults"][0]["params"] == {"mark": "review_number"}


@pytest.mark.parametrize(
    "address", ["/public/zone/", "/public/zone/state.json", "/public/..%2f..%2fcatalogue.sqlite"]
)
def test_the_public_sees_nothing_else(client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_density_is_printed_in_its_classes(workspace: Workspace, lang: str) -> None:
    wanted = plan(
        prints=True,
        layers=[{"id": "counties", "displacement_m": 0}, {"id": "districts", "displacement_m": 0}],
        densities=[{"indicator": "public_budget_revenue", "year": 2014, "denominator": "boundary"}],
    )
    bundle = publish(workspace, wanted, release=False)
    assert {f"density-1-{lang}.pdf", f"density-1-{lang}.png"} <= set(bundle.files)
    data = workspace.publications.read("zone", bundle.sha256, f"density-1-{lang}.pdf")
    assert len(PdfReader(io.BytesIO(data)).pages) == 1
    document = workspace.publications.read("zone", bundle.sha256, "index.html").decode()
    publication = read_publication(document)
    (table,) = publication["densities"]
    shown_map = Publication.model_validate(publication)
    sheet = density_sheet(shown_map, shown_map.densities[0], lang)
    known = [row for row in table["rows"] if row["density"] is not None]
    silent = [row for row in table["rows"] if row["density"] is None]
    shown = {layer.title: layer for layer in sheet.layers if layer.look.startswith("class/")}
    # Every unit with a density is drawn once in a class, the others as without data.
    assert sum(len(layer.geometries) // 2 for layer in shown.values()) == len(known) > 0
    none = next(layer for layer in sheet.layers if layer.look == "no_density")
    assert len(none.geometries) // 2 == len(silent)
    (said,) = [name for layer in shown.values() for name in layer.names if name]
    # Its source is a newspaper, and the print says so.
    press = tr("qualities.press", lang)
    assert said == f"{known[0]['name'][lang]} {known[0]['density']:.4f} ({press})"
    assert str(table["year"]) in sheet.title
    assert any("km²" in note for note in sheet.notes)


def test_at_the_command_line(own_store: Path, tmp_path: Path) -> None:
    run = CliRunner(env={"FTZGIS_DATA_DIR": str(own_store)})
    path = tmp_path / "方案.yaml"
    assert run.invoke(app, ["publications", "plan", "overview", "-o", str(path)]).exit_code == 0
    refusal = run.invoke(app, ["publish", str(path)])
    assert refusal.exit_code == 2
    assert "编制单位" in refusal.stderr
    path.write_text(
        yaml.safe_dump(plan(prints=True).model_dump(mode="json"), allow_unicode=True), "utf-8"
    )
    done = run.invoke(
        app, ["publish", str(path), "--release", "-o", str(tmp_path / "out"), "--json"]
    )
    assert done.exit_code == 0, done.stderr
    bundle = json.loads(done.stdout)
    # No layer of the plan draws the zone, of which alone the density is known.
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "data.csv",
        "data.geojson",
        "data.gpkg",
        "embed.txt",
        "index.html",
        "manifest.json",
        "map-en.pdf",
        "map-en.png",
        "map-zh.pdf",
        "map-zh.png",
        "record.jsonld",
        "share.png",
    ]
    # Second program: pypdf reads the sheet; A4 across, lettered in Chinese.
    sheet = PdfReader(tmp_path / "out" / "map-zh.pdf").pages[0]
    assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == [297, 210]
    assert bundle["sha256"] in run.invoke(app, ["publications", "list"]).stdout
    who = ["--name", "李某", "--reason", "图上有误"]
    assert "撤回" in run.invoke(app, ["publications", "withdraw", "zone", *who]).stdout
    assert run.invoke(app, ["publications", "release", "zone", bundle["sha256"]]).exit_code == 2
    back = ["publications", "restore", "zone", bundle["sha256"], *who]
    assert run.invoke(app, back).exit_code == 0
    assert run.invoke(app, ["publications", "withdraw", "none", *who]).exit_code == 2
