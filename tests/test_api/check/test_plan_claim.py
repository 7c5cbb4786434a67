"""The plan's claim: it cannot be told as long as a layer is missing, and one overlap ends it."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from api.check.plan_claim import check_claim
from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, MissingLayer, Sensitivity
from maps.check.answers import ClaimCheck, ClaimUnit
from maps.check.document import claim_document
from maps.check.sensitive import STATES
from maps.document.terminal import text_of

DISTRICTS = {"kunming", "honghe", "dehong"}
CLASSES = {
    "nature_reserve": {"zone": "core"},
    "national_park": {"zone": "core"},
    "scenic_historic_area": {"zone": "core"},
    "heritage_site": {"zone": "protection"},
    "protected_forest": {"forest_class": "natural"},
    "drinking_water_source": {"grade": 1},
    "key_wetland": {"grade": "国家重要湿地"},
    "lake_belt": {"belt": "core"},
    **{
        kind: {}
        for kind in (
            "ecological_red_line",
            "permanent_basic_farmland",
            "basic_grassland",
            "nature_park",
            "world_heritage",
            "wildlife_habitat",
            "plant_habitat",
            "aquatic_habitat",
            "soil_erosion_zone",
            "desert_closure",
            "sensitive_use",
        )
    },
}


def put(workspace: Workspace, kind: str, shape: shapely.Geometry) -> None:
    spec = LayerSpec(
        id=f"official_{kind}", kind=kind, title_zh=kind, title_en=kind, source="test", licence="none",
        status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    columns = {name: [value] for name, value in CLASSES[kind].items()}
    frame = LayerFrame(
        features=gpd.GeoDataFrame(
            {"feature_id": ["1"], **columns}, geometry=[shape], crs="EPSG:4490"
        ),
        coverage=gpd.GeoSeries([shapely.box(97, 21, 107, 30)], crs="EPSG:4490"),
    )
    workspace.store.put_version(spec, frame, report=None, now=workspace.now())


def claim(client: TestClient) -> tuple[dict, dict]:
    answer = client.get("/api/v1/claim").json()
    return answer, {unit["unit_id"]: unit for unit in answer["units"]}


def test_on_a_fresh_machine_it_rests_on_demonstrations_and_linkage_zones_stay_open(
    shared_client: TestClient,
) -> None:
    answer, units = claim(shared_client)
    assert (answer["holds"], answer["verdict"]) == (None, "undetermined")
    assert {item["status"] for item in answer["basis"]} == {"demonstration", "indicative"}
    assert len(units) == 8
    for unit in DISTRICTS:
        by_rule = {finding["rule_id"]: finding for finding in units[unit]["findings"]}
        assert by_rule["ecological_red_line"]["verdict"] == "clear"
        assert {finding["kind"] for finding in by_rule.values()} == set(CLASSES)
        # Beside the register, conditions alone make no ground sensitive.
        assert "lake_belt_green" not in by_rule
    assert all(units[unit]["reason"] == "no_limits" for unit in set(units) - DISTRICTS)


def test_a_kind_without_a_layer_cannot_be_told_and_says_so_once(
    client: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = workspace.store.controls
    monkeypatch.setattr(
        workspace.store,
        "controls",
        lambda kind: MissingLayer(kind=kind) if kind == "nature_reserve" else known(kind),
    )
    _, units = claim(client)
    missing = [f for f in units["kunming"]["findings"] if f["reasons"] == ["layer_missing"]]
    assert [finding["kind"] for finding in missing].count("nature_reserve") == 1
    not_examined = {m["id"] for m in units["kunming"]["members"] if m["state"] == "not_examined"}
    assert "nature_reserve" in not_examined
    assert units["kunming"]["verdict"] == "undetermined"


@pytest.mark.parametrize("hit", [True, False])
def test_one_overlap_ends_it_and_full_layers_clear_the_districts(
    client: TestClient, workspace: Workspace, hit: bool
) -> None:
    far = shapely.box(105.0, 27.0, 105.1, 27.1)
    inside_kunming = shapely.box(102.80, 24.98, 102.81, 24.99)
    for kind in CLASSES:
        put(workspace, kind, inside_kunming if hit and kind == "key_wetland" else far)
    answer, units = claim(client)
    assert {units[unit]["verdict"] for unit in DISTRICTS} == (
        {"conflict", "clear"} if hit else {"clear"}
    )
    # Linkage zones have no published limits: without a conflict it stays open.
    assert answer["holds"] is (False if hit else None)
    (wetland,) = [one for one in units["kunming"]["members"] if one["id"] == "key_wetland"]
    assert (wetland["state"], wetland["verdict"]) == (
        ("touched", "conflict") if hit else ("clear", "clear")
    )


def test_without_any_one_layer_clear_becomes_cannot_tell(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = shapely.box(105.0, 27.0, 105.1, 27.1)
    for kind in CLASSES:
        put(workspace, kind, far)
    assert district(workspace).verdict == "clear"
    known = workspace.store.controls
    for gone in CLASSES:

        def without(kind: str, gone: str = gone) -> object:
            return MissingLayer(kind=kind) if kind == gone else known(kind)

        monkeypatch.setattr(workspace.store, "controls", without)
        unit = district(workspace)
        assert unit.verdict == "undetermined", gone
        lost = [one.kind for one in unit.members if one.state == "not_examined"]
        # The belts of lakes are examined beside the register, and missed just the same.
        assert lost == [gone], gone
        assert all(
            one.state in ("clear", "cannot_occur") or one.kind == gone for one in unit.members
        )


def district(workspace: Workspace) -> ClaimUnit:
    return next(one for one in check_claim(workspace).units if one.unit_id == "kunming")


def test_ground_that_the_law_only_puts_under_conditions_is_a_member_all_the_same(
    workspace: Workspace,
) -> None:
    # 水土保持法 asks for higher standards in key zones of erosion; art. 3 of the catalogue lists them.
    put(workspace, "soil_erosion_zone", shapely.box(102.80, 24.98, 102.81, 24.99))
    unit = district(workspace)
    (zone,) = [one for one in unit.members if one.id == "soil_erosion_zone"]
    assert (zone.state, zone.verdict, unit.verdict) == ("touched", "conditional", "conflict")
    assert check_claim(workspace).holds is False


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_of_the_claim_shows_every_member_of_every_unit(
    shared_client: TestClient, lang: str
) -> None:
    answer = ClaimCheck.model_validate(shared_client.get("/api/v1/claim").json())
    text = text_of(claim_document(answer, lang))
    titles = [one.title.text(lang) for one in answer.units[0].members]
    assert all(text.count(title) >= len(answer.units) - 1 for title in titles if title)
    assert {"zh": "未查验（7 项）", "en": "not examined (7)"}[lang] in text
    for form in ("docx", "pdf", "html", "xlsx"):
        done = shared_client.get("/api/v1/claim", params={"format": form, "lang": lang})
        assert done.status_code == 200
        assert len(done.content) > 5000


def test_the_worked_example_says_what_the_product_says(shared_client: TestClient) -> None:
    page = (Path(__file__).parents[3] / "docs" / "claim-examined.md").read_text("utf-8")
    answer = ClaimCheck.model_validate(shared_client.get("/api/v1/claim").json())
    rows = [[one.strip() for one in line.strip("|").split("|")] for line in page.splitlines()]
    told = {
        row[0]: [int(one) for one in row[1:]] for row in rows if len(row) == 6 and row[1].isdigit()
    }
    assert len(told) == 4
    for unit in answer.units:
        name = unit.name.en if unit.unit_id in DISTRICTS else "the five linkage zones, each"
        counts = [sum(one.state == state for one in unit.members) for state in STATES]
        assert told[name] == counts, unit.unit_id
    assert len([unit for unit in answer.units if unit.reason]) == 5


def test_the_claim_says_what_rests_on_a_demonstration(shared_client: TestClient) -> None:
    answer = ClaimCheck.model_validate(shared_client.get("/api/v1/claim").json())
    for one in answer.units[0].members:
        expected = ["demonstration"] if one.state == "clear" else []
        assert one.statuses == expected, one.id


def test_units_are_those_of_their_kinds_whatever_the_layer_is_called(workspace: Workspace) -> None:
    # An official layer of districts under an id of its own, with one unit.
    spec = LayerSpec(
        id="pianqu_2026", kind="district", title_zh="片区", title_en="Districts", source="test",
        licence="none", status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.PUBLIC,
    )  # fmt: skip
    frame = LayerFrame(
        features=gpd.GeoDataFrame(
            {"feature_id": ["only"], "name_zh": ["甲片区"]},
            geometry=[shapely.box(102.77, 24.935, 102.78, 24.945)],
            crs="EPSG:4490",
        ),
        coverage=None,
    )
    before = {unit.unit_id for unit in check_claim(workspace).units}
    assert before >= DISTRICTS
    workspace.store.put_version(spec, frame, report=None, now=workspace.now())
    after = check_claim(workspace)
    # It speaks of one district: those of the sketch that it does not replace stay beside it.
    assert {unit.unit_id for unit in after.units} == before | {"only"}
    assert after.missing == []


def test_without_a_layer_of_units_the_claim_cannot_be_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    controls = workspace.controls
    monkeypatch.setattr(
        workspace,
        "controls",
        lambda kind: MissingLayer(kind=kind) if kind == "district" else controls(kind),
    )
    found = check_claim(workspace)
    assert [one.en for one in found.missing] == ["Districts"]
    assert found.holds is None
    assert "Districts" in text_of(claim_document(found, "en"))
