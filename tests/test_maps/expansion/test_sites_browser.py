"""Expansion sites end to end in a real Chromium: search, compare, rank, clear; no network."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def search(page, county: str, **more: str) -> None:
    page.locator("#siting-county").select_option(county)
    page.locator("#siting-form summary").first.click()
    for name, value in {"least_ha": "20", "width_m": "200", **more}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("#siting-search").click()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_search_compare_and_clear(watched, lang) -> None:
    page = watched.open(lang, "#tab=expand")
    search(page, "530111", most_ha="100", compactness="0.3", slope_deg="15")
    result = page.locator("#siting-result")
    expect(result.locator("tbody tr[data-site]").first).to_be_visible(timeout=60_000)
    shown = result.locator("tbody tr[data-site]").count()
    expect(page.locator(".leaflet-result-pane path")).to_have_count(shown)
    expect(page.locator(".candidate-name")).to_have_count(shown)
    # The legend, which the printed sheet takes over, has a row for each by its name.
    page.locator("#tool-legend").click()
    expect(page.locator("#map-legend .candidate-key")).to_have_count(shown)
    expect(page.locator("#map-legend .candidate-key").first).to_contain_text("C001")
    expect(result.locator("a[download='candidates.gpkg']")).to_have_count(1)

    # One is no comparison; three are, side by side, with a bar each.
    boxes = result.locator("input[type=checkbox]")
    boxes.nth(0).check()
    page.locator("#siting-compare").click()
    expect(page.locator("#siting-ranking .problem")).to_be_visible()
    boxes.nth(1).check()
    boxes.nth(2).check()
    page.locator("#siting-compare").click()
    ranking = page.locator("#siting-ranking")
    expect(ranking.locator(".score-bar")).to_have_count(3)
    expect(ranking.locator("thead th")).to_have_count(4)
    with page.expect_download() as saved:
        ranking.get_by_role("button", name=".xlsx").click()
    assert saved.value.suggested_filename == "comparison.xlsx"

    result.locator("tbody tr[data-site] button.link").first.click()
    expect(page.locator(".leaflet-popup .tip strong")).to_have_text("C001")
    # A candidate is studied as any site is.
    page.locator(".leaflet-popup .tip button").click()
    expect(page.locator("#ground-chosen b")).to_have_text("C001")
    expect(page.locator("#ground-result article")).to_have_count(1)

    ring = [
        [102.79, 24.945],
        [102.81, 24.935],
        [102.81, 24.955],
        [102.79, 24.955],
        [102.79, 24.945],
    ]
    site = {
        "type": "Feature", "id": "1", "properties": {"name": "<img src=x onerror=alert(1)>"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip
    body = json.dumps({"type": "FeatureCollection", "features": [site]}).encode()
    page.locator("#ground-file").set_input_files(
        {"name": "a.geojson", "mimeType": "application/json", "buffer": body}
    )
    page.locator("#avoid-button").click()
    cards = page.locator("#avoid-result .avoid-card")
    expect(cards).to_have_count(3)
    # Hostile names stay text, and both ways out lie on no hard line.
    expect(page.locator("#avoid-result h3")).to_have_text("<img src=x onerror=alert(1)>")
    for at in (1, 2):
        expect(cards.nth(at)).to_contain_text("0.00 m²")
    watched.require_quiet()


def test_why_nothing_was_found_is_said(watched) -> None:
    page = watched.open("zh", "#tab=expand")
    search(page, "530111", slope_deg="0")
    problem = page.locator("#siting-result .problem")
    expect(problem).to_contain_text("坡度超限", timeout=60_000)
    expect(page.locator("#siting-result details table")).to_be_visible()
    # What to give up, and what that would give.
    expect(page.locator("#siting-result section tbody tr").first).to_contain_text("坡度超限")
    # Without a county it is the drawn area that is searched, and there is none.
    page.locator("#siting-county").select_option("")
    page.locator("#siting-search").click()
    expect(page.locator("#siting-status .problem")).to_be_visible()
    # What was cancelled says so, and blames nobody.
    page.locator("#suit-map").click()
    page.locator("#suit-making .task button").click()
    expect(page.locator("#suit-making .problem")).to_have_text("已取消")
    # Chromium itself logs a refused request; nothing else may complain.
    assert [one for one in watched.complaints if "422" not in one] == []
    assert watched.outside == []


OWN = """
name: {zh: 本局约束, en: Our constraints}
note: {zh: 内部, en: internal}
constraints:
  slope:
    name: {zh: 缓坡, en: Gentle slope}
    ground: {slope_above_deg: 1}
    treatment: soft
    at_most_pct: 80
    price: {yuan_per_ha: 10000, year: 2025, source: 本局}
    asks: {zh: 须平整场地, en: needs levelling}
    quality: own
    source: 本局
"""


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_ground_that_candidates_take_is_told(watched, lang, width) -> None:
    page = watched.open(lang, "#tab=expand")
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("#siting-constraints").set_input_files(
        {"name": "own.yaml", "mimeType": "application/yaml", "buffer": OWN.encode()}
    )
    search(page, "530111", most_ha="100", compactness="0.3", slope_deg="15")
    taken = page.locator("#siting-result .taken")
    expect(taken.locator("tbody tr").first).to_be_visible(timeout=60_000)
    words = {"zh": ("缓坡", "符合", "须平整场地", "本局约束", "费用（万元）"),
             "en": ("Gentle slope", "Yes", "needs levelling", "Our constraints", "Cost, 10,000 yuan")}[lang]  # fmt: skip
    for word in words:
        expect(taken).to_contain_text(word)
    # A file with a fault says which field of it.
    page.locator("#siting-constraints").set_input_files(
        {"name": "own.yaml", "mimeType": "application/yaml",
         "buffer": OWN.replace("at_most_pct", "at_least_pct").encode()}
    )  # fmt: skip
    page.locator("#siting-search").click()
    expect(page.locator("#siting-status .problem")).to_contain_text("own.yaml")
    assert [one for one in watched.complaints if "422" not in one] == []
    assert watched.outside == []


CRITERIA = """
name: {zh: 本局指标, en: Our criteria}
draws: 1000
seed: 1
weights_quality: own
weights_note: {zh: 本局权重, en: our weights}
criteria:
  height_m:
    name: {zh: 平均高程, en: Mean height}
    unit: m
    weight: 1
    points: [[1000, 1.0], [3000, 0.0]]
    quality: own
    source: 本局
    measure: {what: mean, raster: demo_dem_kunming}
"""
TWO_SITES = [
    [[102.80, 24.98], [102.806, 24.98], [102.806, 24.986], [102.80, 24.986], [102.80, 24.98]],
    [[102.81, 24.98], [102.816, 24.98], [102.816, 24.986], [102.81, 24.986], [102.81, 24.98]],
]


def yaml_file(text: str) -> dict:
    return {"name": "own.yaml", "mimeType": "application/yaml", "buffer": text.encode()}


def sites_file(*rings: list) -> dict:
    features = [
        {"type": "Feature", "id": name, "properties": {"name": name},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for name, ring in zip("甲乙", rings, strict=False)
    ]  # fmt: skip
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return {"name": "a.geojson", "mimeType": "application/json", "buffer": body}


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_ranking_and_dossier_take_constraints_criteria_and_weights(watched, lang, width) -> None:
    page = watched.open(lang, "#tab=expand")
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("#siting-terms > summary").click()
    page.locator("#siting-constraint_set").select_option("soft")
    page.locator("#siting-constraints").set_input_files(
        yaml_file(OWN.replace("at_most_pct: 80", "points_per_pct: 0.1"))
    )
    page.locator("#siting-criteria_file").set_input_files(yaml_file(CRITERIA))
    page.locator("#ground-file").set_input_files(sites_file(*TWO_SITES))
    page.locator("#siting-rank-chosen").click()
    ranking = page.locator("#siting-ranking")
    zh = lang == "zh"
    # Of the file alone, with what each site takes by the set and the file.
    expect(ranking).to_contain_text("平均高程 100.0%" if zh else "Mean height 100.0%")
    for word in ("缓坡", "软约束示例 + 本局约束") if zh else ("Gentle slope", "+ Our constraints"):
        expect(ranking.locator(".taken")).to_contain_text(word)
    # With those that ship, which weights on the page are of.
    page.locator("#siting-criteria").select_option("expansion")
    page.locator("#weight-area_ha").fill("1000")
    page.locator("#siting-rank-chosen").click()
    expect(ranking).to_contain_text("平均高程 0.1%" if zh else "Mean height 0.1%")
    with page.expect_response(lambda one: "format=xlsx" in one.url) as saved:
        ranking.get_by_role("button", name=".xlsx").click()
    assert saved.value.status == 200
    page.locator("#dossier-alternatives").set_input_files(sites_file(TWO_SITES[1]))
    page.locator("#ground-file").set_input_files(sites_file(TWO_SITES[0]))
    page.locator("#dossier-html").click()
    link = page.locator("#dossier-status a[download]")
    expect(link).to_have_count(1, timeout=120_000)
    text = page.request.get(f"{watched.origin}/{link.get_attribute('href')}").text()
    for word in ("平均高程", "缓坡", "须平整场地") if zh else ("Mean height", "Gentle slope"):
        assert word in text
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    watched.require_quiet()
