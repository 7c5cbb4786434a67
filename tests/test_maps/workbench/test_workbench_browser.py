"""The tools of the map in a real Chromium, with the network closed."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from geo.measure.distance import leg_lengths_m

pytestmark = pytest.mark.browser

OVER_RED_LINE = "#at=14/24.93500/102.77000&tab=check"


def click_map(page: Page, *spots: tuple[float, float]) -> None:
    box = page.locator(".folium-map").bounding_box()
    assert box
    for x, y in spots:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_timeout(250)


def rings(page: Page) -> list:
    return page.evaluate("inside(({ sketch }) => sketch.state.polygons)")


def test_a_drawing_gets_a_hole_and_every_step_is_undone_and_redone(watched) -> None:
    page = watched.open("en", OVER_RED_LINE)
    watched.draw_triangle()
    expect(page.locator("#verdict b")).to_have_text("Conflict")
    whole = len(rings(page)[0])
    page.locator("#tool-hole").click()
    # The page fits the result, so the site fills the middle: its centre is inside.
    middle = page.evaluate(
        "inside(({ map, sketch }) => { const ring = sketch.state.polygons[0][0];"
        " const lon = ring.reduce((s, p) => s + p[0], 0) / ring.length;"
        " const lat = ring.reduce((s, p) => s + p[1], 0) / ring.length;"
        " const at = map.latLngToContainerPoint([lat, lon]), size = map.getSize();"
        " return [at.x / size.x, at.y / size.y]; })"
    )
    x, y = middle
    click_map(page, (x - 0.02, y - 0.02), (x + 0.02, y - 0.02), (x, y + 0.03), (x - 0.02, y - 0.02))
    expect(page.locator("#verdict b")).to_have_text("Conflict")
    assert (whole, len(rings(page)[0])) == (1, 2)
    with_hole = rings(page)
    page.keyboard.press("Control+z")
    assert len(rings(page)[0]) == 1
    page.keyboard.press("Control+z")
    assert rings(page) == []
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+Shift+z")
    assert rings(page) == with_hole
    # The address holds the drawing: another page in the other language has the same one.
    page.wait_for_timeout(300)
    fragment = page.evaluate("location.hash")
    watched.open("zh", fragment)
    assert rings(page) == with_hole
    watched.require_quiet()


def test_drawing_snaps_to_the_corners_of_a_large_layer(watched) -> None:
    # 780 features are a canvas, to whose shapes nothing snaps by itself.
    layer = "demo_permanent_basic_farmland"
    request = watched.page.request
    address = f"{watched.origin}/api/v1/layers/{layer}/features?bbox=102.8,25.0,102.85,25.05"
    watched.page.goto(watched.origin)
    feature = request.get(address).json()["features"][0]
    lon, lat = feature["geometry"]["coordinates"][0][5][:2]
    page = watched.open("en", f"#at=15/{lat}/{lon}&tab=check&layers={layer}")
    page.wait_for_timeout(800)
    with page.expect_response(lambda one: f"{layer}/features?bbox" in one.url):
        page.locator("#draw").click()
    page.wait_for_timeout(400)
    box = page.locator(".folium-map").bounding_box()
    at = page.evaluate(f"inside(({{ map }}) => map.latLngToContainerPoint([{lat}, {lon}]))")
    x, y = box["x"] + at["x"], box["y"] + at["y"]
    # Near the corner, and not on it.
    for dx, dy in ((5, 4), (150, 20), (60, 160), (5, 4)):
        page.mouse.move(x + dx + 12, y + dy)
        page.mouse.move(x + dx, y + dy, steps=3)
        page.wait_for_timeout(150)
        page.mouse.click(x + dx, y + dy)
        page.wait_for_timeout(350)
    rings = page.evaluate("inside(({ sketch }) => sketch.drawnGeometry().coordinates)")
    assert [lon, lat] in rings[0]
    watched.require_quiet()


def test_a_corner_is_moved_and_the_site_is_checked_again(watched) -> None:
    page = watched.open("en", OVER_RED_LINE)
    watched.draw_triangle()
    expect(page.locator("#verdict")).to_be_visible()
    before, check = rings(page), page.evaluate("inside((own) => own.hashState.check)")
    page.locator("#tool-edit").click()
    corner = page.locator(".leaflet-marker-icon.marker-icon:not(.marker-icon-middle)").first
    box = corner.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 30, steps=6)
    page.mouse.up()
    page.keyboard.press("Escape")
    expect(page.locator("#verdict")).to_be_visible()
    assert rings(page) != before
    for _ in range(50):
        if page.evaluate("inside((own) => own.hashState.check)") != check:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("inside((own) => own.hashState.check)") != check
    watched.require_quiet()


def test_a_measured_line_has_the_length_of_the_geodesic(watched) -> None:
    page = watched.open("en", "#at=12/24.96/102.82&tab=layers")
    page.keyboard.press("m")
    click_map(page, (0.3, 0.4), (0.5, 0.5))
    expect(page.locator("#card dd").first).to_contain_text("m")
    points = page.evaluate("inside(({ measure }) => measure.state.points)")
    # Second method: the same points by the function that PROJ stands behind.
    metres = float(leg_lengths_m(np.array(points))[0])
    shown = page.locator("#card dd").first.inner_text()
    factor = 1000 if "km" in shown else 1
    assert float(shown.split()[0].replace(",", "")) * factor == pytest.approx(metres, abs=1)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    watched.require_quiet()


def test_metres_without_zone_number_are_for_a_person_to_choose(watched) -> None:
    page = watched.open("zh", "#tab=layers")
    page.keyboard.press("/")
    page.keyboard.type("500000, 2765000")
    expect(page.locator("#search-found [role=option]")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.locator("#search-found [role=option]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#card .position")).to_contain_text("102.000000")
    expect(page.locator("#card .position")).to_contain_text("EPSG:4522")
    assert round(page.evaluate("inside(({ map }) => map.getCenter().lng)"), 3) == 102
    watched.require_quiet()


def test_the_keyboard_alone_asks_what_is_there(watched) -> None:
    page = watched.open("en", "#at=12/24.95/102.82&tab=layers")
    page.locator(".folium-map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card h3").first).to_be_visible()
    names = page.locator("#card h3").all_inner_texts()
    answer = page.request.get(f"{watched.origin}/api/v1/identify?lon=102.82&lat=24.95").json()
    assert len(names) == len(answer["features"])
    watched.require_quiet()


def test_layers_keep_order_and_opacity_in_the_address(watched) -> None:
    page = watched.open("en", "#at=12/24.96/102.82&tab=layers")
    row = page.locator("#row-demo_ecological_red_line")
    row.locator(".about").click()
    row.locator("input[type=range]").fill("40")
    row.locator("button", has_text="Up").click()
    order = page.evaluate("inside(({ layers }) => layers.state.order)")
    watched.open("zh", page.evaluate("location.hash"))
    assert page.evaluate("inside(({ layers }) => layers.state.order)") == order
    pane = ".leaflet-layer-demo_ecological_red_line-pane"
    expect(page.locator(pane)).to_have_css("opacity", "0.4")
    watched.require_quiet()


CUT_ROWS = """() => [...document.querySelectorAll("#sheet li")].filter((row) => {
    const inner = row.getBoundingClientRect();
    const outer = (row.closest("#sheet-side") || row.closest(".page")).getBoundingClientRect();
    return [...row.children].some((part) => {
        const box = part.getBoundingClientRect();
        return box.right > outer.right + 1 || box.left < outer.left - 1;
    }) || inner.bottom > outer.bottom + 1 || inner.top < outer.top - 1;
}).map((row) => row.textContent)"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_row_of_a_sheets_legend_is_cut_off(watched, lang: str) -> None:
    page = watched.open(lang, "#at=12/24.96/102.82&tab=layers")
    # On a busy machine layers come one by one: those that are on are shown as they come.
    for _ in range(5):
        for every in page.locator(".group-head button:first-of-type").all():
            every.click()
        page.wait_for_timeout(2000)
        if page.evaluate("inside(({ legend }) => legend.shownLayers().length)") > 20:
            break
    page.locator("#tool-print").click()
    expect(page.locator("#sheet li").nth(20)).to_be_attached()
    page.wait_for_timeout(1000)
    # As it opens, before anything is chosen.
    assert page.evaluate(CUT_ROWS) == []
    for paper in ("a4", "a3"):
        for turned in ("landscape", "portrait"):
            page.locator("#sheet-paper").select_option(paper)
            page.locator("#sheet-turned").select_option(turned)
            expect(page.locator("#sheet li").nth(20)).to_be_attached()
            rows, shown = page.evaluate(
                "inside(({ legend }) => [document.querySelectorAll('#sheet li').length,"
                " legend.shownLayers().length])"
            )
            assert rows == shown
            # The sheet is laid out after the map has taken its new size.
            page.wait_for_function(f"() => ({CUT_ROWS})().length === 0", timeout=15_000)
    watched.require_quiet()


def test_a_sheet_is_at_its_scale_and_goes_back(watched) -> None:
    page = watched.open("en", "#at=12/24.96/102.82&tab=layers")
    page.locator("#tool-print").click()
    page.locator("#sheet-scale").select_option("50000")
    # By hand: the map's own metres per pixel against 1:50,000 on paper of 96 pixels an inch.
    metres = page.evaluate(
        "inside(({ map }) => { const at = map.getSize().divideBy(2);"
        " const a = map.containerPointToLatLng(at);"
        " const b = map.containerPointToLatLng(at.add([100, 0]));"
        " return [[a.lng, a.lat], [b.lng, b.lat]]; })"
    )
    per_px = float(leg_lengths_m(np.array(metres))[0]) / 100
    assert per_px / (0.0254 / 96) == pytest.approx(50_000, rel=0.005)
    expect(page.locator("#sheet-notes")).to_contain_text("1:50,000")
    expect(page.locator("#sheet-notes")).to_contain_text("demonstration data")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_have_count(0)
    assert page.evaluate("inside(({ map }) => map.getZoom())") == 12
    watched.require_quiet()


def test_what_stands_in_forms_outlives_a_change_of_language(watched) -> None:
    page = watched.open("zh", "#tab=check")
    page.locator("summary", has_text="粘贴坐标").click()
    page.locator("#paste").fill("J1 102.76 24.93")
    page.locator("#declare-crs").evaluate("field => { field.value = 'EPSG:4543'; }")
    page.locator("#lang-switch").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#paste")).to_have_value("J1 102.76 24.93")
    expect(page.locator("#declare-crs")).to_have_value("EPSG:4543")
    watched.require_quiet()


@pytest.mark.parametrize("width", [390, 1366, 3840])
def test_nothing_runs_over_the_edge_and_dark_is_dark(watched, width: int) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme="dark")
    watched.open("en", "#tab=layers")
    for name in page.evaluate("inside(({ tabs }) => tabs.names())"):
        page.locator(f"#tab-{name}").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(
            "(id) => { const view = document.getElementById(id);"
            " return view.scrollWidth <= view.clientWidth; }",
            f"view-{name}",
        ), name
    ground = page.evaluate("getComputedStyle(document.getElementById('panel')).backgroundColor")
    assert sum(int(part) for part in ground[4:-1].split(",")) < 150
    watched.require_quiet()


def test_a_large_layer_comes_as_tiles_and_a_click_names_its_feature(watched) -> None:
    # Every layer counts as large here: the server's own districts are cut into tiles.
    page = watched.page
    watched.open("en", "#at=13/24.97000/102.82000&tab=layers&layers=")
    expect(page.locator("#row-districts")).to_be_attached()
    page.evaluate(
        "inside(({ layers }) => { const entry = layers.state.entries.get('districts');"
        " entry.tiled = true; layers.toggle(entry, true); })"
    )
    tiles = page.locator(".leaflet-layer-districts-pane canvas.leaflet-tile-loaded")
    expect(tiles.first).to_be_attached()
    expect(page.locator("#row-districts .state")).to_contain_text("shown as tiles")
    # The browser is the oracle: some pixel of a tile is painted.
    painted = (
        "[...document.querySelectorAll('.leaflet-layer-districts-pane canvas')].some((one) =>"
        " one.width && one.getContext('2d').getImageData(0, 0, one.width, one.height)"
        ".data.some((value) => value))"
    )
    for _ in range(100):
        if page.evaluate(painted):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(painted)
    click_map(page, (0.5, 0.5))
    expect(page.locator("#card")).to_contain_text("Kunming District")
    assert watched.outside == []
    # Reading the pixels is the test's own doing.
    assert all("getImageData" in text for text in watched.complaints)
