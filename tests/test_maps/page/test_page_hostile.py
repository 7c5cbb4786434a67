"""The page under hostile words, an outage and a script of a stranger."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.settings import Settings
from api.workbench.build_map import build_single_file
from api.workspace.workspace import Workspace

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="window.broken=1">${window.broken=1}`'


def hostile_layer(layer_id: str, kind: str, geometry_type: str) -> dict:
    return {
        "id": layer_id,
        "kind": kind,
        "title": {"zh": EVIL, "en": EVIL},
        "status": "official",
        "source": EVIL,
        "licence": EVIL,
        "version": 1,
        "crs": EVIL,
        "feature_count": 1,
        "geometry_type": geometry_type,
        "in_use": True,
        "withdrawals": [],
    }


def hostile_features(layer_id: str) -> dict:
    square = [[[102.7, 24.9], [102.9, 24.9], [102.9, 25.1], [102.7, 25.1], [102.7, 24.9]]]
    feature = {
        "type": "Feature",
        "id": EVIL,
        "properties": {"name_zh": EVIL, "name_en": EVIL, "a,alert(1)": EVIL},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    return {
        "type": "FeatureCollection",
        "features": [feature],
        "layer": {"id": layer_id, "version": 1, "status": "official", "matched": 1, "returned": 1},
    }


def test_hostile_titles_names_and_errors_are_shown_as_text(watched) -> None:
    page = watched.page
    layers = [
        hostile_layer("districts", "district", "Polygon"),
        hostile_layer("counties", "county", "Polygon"),
        hostile_layer("x", EVIL, EVIL),
    ]
    refused = {
        "code": EVIL,
        "title": EVIL,
        "detail": EVIL,
        "params": {"proposals": [{"crs": EVIL}]},
    }
    page.route("**/api/v1/layers", lambda route: route.fulfill(json={"layers": layers}))
    page.route(
        "**/api/v1/layers/*/features",
        lambda route: route.fulfill(json=hostile_features(route.request.url.split("/")[-2])),
    )
    page.route("**/api/v1/checks?*", lambda route: route.fulfill(status=422, json=refused))
    watched.open("en", "#at=11/25.00000/102.80000&tab=layers")
    expect(page.locator("ul.layers .name").first).to_have_text(EVIL)
    expect(page.locator(".label-district")).to_have_text(EVIL)
    expect(page.locator("#places button").nth(1)).to_have_text(EVIL)
    page.locator(".about").first.click()
    expect(page.locator(".facts").first).to_contain_text(EVIL)
    page.locator(".pane-41 path").first.hover()
    expect(page.locator(".leaflet-tooltip strong")).to_have_text(EVIL)
    watched.draw_triangle()
    expect(page.locator(".problem strong")).to_have_text(EVIL)
    expect(page.locator(".remedies button")).to_contain_text(EVIL)
    assert page.locator("img").count() == 0
    assert page.evaluate("window.broken") is None
    assert all("422" in text for text in watched.complaints)


def test_a_drawn_site_outlives_an_outage(watched) -> None:
    page = watched.page
    page.route("**/api/v1/checks?*", lambda route: route.abort())
    watched.open("zh", "#at=14/24.93500/102.77000&tab=check")
    watched.draw_triangle()
    expect(page.locator(".problem")).to_contain_text("已画的地块不会丢失")
    drawn = page.locator(".leaflet-draw-pane path")
    box = drawn.bounding_box()
    assert box
    # The browser says what a person sees there: nothing lies over the drawing.
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    top = f"document.elementFromPoint({x}, {y}).closest('.leaflet-draw-pane') !== null"
    assert page.evaluate(top)
    page.unroute("**/api/v1/checks?*")
    page.locator(".remedies button").click()
    expect(page.locator("#verdict b")).to_have_text("冲突")
    # The result draws the site itself, so the drawing has done its work.
    expect(drawn).to_have_count(0)


def test_a_single_file_changes_language_and_lets_nothing_else_run(
    browser: Browser, own_store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    text = build_single_file(Workspace(Settings(data_dir=own_store)), "zh")
    path.write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    expect(page.locator("#tab-density")).to_have_text("土地经济密度")
    page.locator("#tab-density").click()
    page.locator("#lang-switch").click()
    expect(page.locator("#tab-density")).to_have_text("Land density")
    expect(page.locator("#legend")).to_contain_text("Imports and exports")
    assert page.evaluate("document.documentElement.lang") == "en"
    # The browser is the oracle: under the file's policy a script of a stranger does not run.
    page.evaluate(
        "(() => { const one = document.createElement('script');"
        " one.textContent = 'window.broken = 1'; document.body.append(one); })()"
    )
    assert page.evaluate("window.broken") is None
    page.close()
