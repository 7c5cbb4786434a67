"""What a published map tells of features: sites on offer, linkage zones and their batches.

Oracles: the example that ships with the guide, by hand, and the table of batches.
"""

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from api.publish.bundle import publish
from api.publish.public_layer import public_layer, shown_layer
from api.publish.publication_plan import PlannedLayer, parse_plan, propose_plan
from api.workspace.workspace import Workspace
from layers.model import LayerSpec, LayerStatus, Sensitivity
from layers.publish.fields import read_fields
from layers.zones import shipped_zone
from maps.publish.gate import read_publication
from maps.publish.publication import PublicLayer

OFFERS = Path("docs/guides/examples/offers.geojson")
SPEC = LayerSpec(
    id="offers",
    kind="site_offer",
    title_zh="清单",
    title_en="Offers",
    status=LayerStatus.OFFICIAL,
    sensitivity=Sensitivity.PUBLIC,
    source="某局",
    licence="CC-BY-4.0",
)


def keep(workspace: Workspace, spec: LayerSpec) -> None:
    told = json.loads(OFFERS.read_text("utf-8"))["features"]
    features = gpd.GeoDataFrame.from_features(told, crs=4490)
    features["feature_id"] = [str(at) for at in range(len(features))]
    other = workspace.store.read(workspace.store.get("linkage_zones"))
    frame = replace(other, features=features)
    workspace.store.put_version(spec, frame, report=None, now=workspace.now())


def shown(workspace: Workspace, layer_id: str) -> PublicLayer:
    planned = PlannedLayer(id=layer_id, displacement_m=0.0)
    return public_layer(workspace, shown_layer(workspace, planned))


@pytest.mark.slow
def test_offers_are_published_with_what_they_say(workspace: Workspace) -> None:
    keep(workspace, SPEC)
    plan = propose_plan(workspace, "offers") | {"maker": {"zh": "某局", "en": "A"}, "prints": False}
    bundle = publish(workspace, parse_plan(plan), release=False)
    assert bundle.sha256
    document = workspace.publications.read("offers", bundle.sha256, "index.html").decode()
    (layer,) = [one for one in read_publication(document)["layers"] if one["id"] == "offers"]
    said = [one["properties"] for one in layer["features"]["features"]]
    assert [one["name_zh"] for one in said][:2] == ["示例地块一", "示例厂房"]
    assert [one["offer_state"] for one in said] == ["open", "reserved", "open", "taken", "待定"]
    assert said[0]["stated_area_ha"] == 4.0
    # Without scripts, too, and what is not said is named.
    plain = document.partition("<noscript>")[2]
    assert "Example service window 12345" in plain
    assert "not stated" in plain
    rows = workspace.publications.read("offers", bundle.sha256, "data.csv").decode("utf-8-sig")
    assert "offer_state" in rows.splitlines()[0]


def test_offers_that_are_kept_inside_tell_nothing(workspace: Workspace) -> None:
    keep(workspace, replace(SPEC, sensitivity=Sensitivity.INTERNAL))
    layer = shown(workspace, "offers")
    assert layer.fields == []
    assert {str(one["properties"]) for one in layer.features["features"]} == {"{}"}


def test_linkage_zones_tell_their_batch(workspace: Workspace) -> None:
    batches = {name: row.batch for name, row in shipped_zone().batches.items()}
    layer = shown(workspace, "linkage_zones")
    said = [one["properties"] for one in layer.features["features"]]
    assert len(said) == len(batches) == 5
    assert {one["batch"] for one in said} == set(batches.values()) == {"1"}
    assert {one["granted_on"] for one in said} == {"2021-02"}


@pytest.mark.parametrize("kind", ["lake", "district"])
def test_other_layers_have_no_fields(workspace: Workspace, kind: str) -> None:
    layer = shown(workspace, f"{kind}s")
    assert layer.fields == []
    assert "batch" not in str(layer.features)


@pytest.mark.parametrize(
    ("text", "told"),
    [("1,234.5", 1234.5), ("3,5", None), ("12", 12.0), ("约3", None), ("-1", None)],
)
def test_a_size_that_is_no_number_stays_the_words_that_it_is(text: str, told: float | None) -> None:
    """Oracle: by hand; "3,5" read as thirty-five would be published as a size."""
    frame = gpd.GeoDataFrame(
        {"面积（公顷）": [text]}, geometry=[shapely.Point(102.8, 25)], crs=4490
    )
    (said,) = read_fields("site_offer", frame)
    assert said.get("stated_area_ha") == told
    assert said.get("stated_area_text") == (None if told else f"面积（公顷）: {text}")
