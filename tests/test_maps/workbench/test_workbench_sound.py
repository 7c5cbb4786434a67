"""Accessible, hostile-proof, and right on shifted tiles: the page against other programs."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, expect

from api.app import create_app
from api.settings import Settings
from geo.measure.gcj02 import from_true

pytestmark = pytest.mark.browser

# The kinds of the handbook: markup, broken-out attributes, template literals, script ends,
# script addresses, entities, names that are code, and a single quote.
PAYLOADS = (
    '<img src=x onerror="window.broken=1">',
    "<script>window.broken=1</script>",
    "</script><script>window.broken=1</script>",
    '"><svg onload="window.broken=1">',
    "'><img src=x onerror='window.broken=1'>",
    "' onmouseover='window.broken=1' x='",
    '" autofocus onfocus="window.broken=1" x="',
    "${window.broken=1}",
    "`;window.broken=1;`",
    "';window.broken=1;//",
    "{{constructor.constructor('window.broken=1')()}}",
    "javascript:window.broken=1",
    "&lt;img src=x onerror=window.broken=1&gt;",
    "a,window.broken=1",
    "<iframe srcdoc='<script>parent.broken=1</script>'>",
    "<style>*{background:url(/broken)}</style>",
    "<a href='javascript:window.broken=1'>x</a>",
    "\u2028window.broken=1\u2029",
)


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 1366), ("en", 390)])
def test_axe_finds_nothing_on_any_tab_in_either_scheme(watched, lang: str, width: int) -> None:
    # Another program is the oracle: axe-core.
    watched.page.set_viewport_size({"width": width, "height": 768})
    page = watched.open(lang, "#at=12/24.95000/102.82000&tab=layers&spot=102.82,24.95&legend=1")
    expect(page.locator("#card h3").first).to_be_visible()
    page.locator(".about").first.click()
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for name in page.evaluate("inside(({ tabs }) => tabs.names())"):
            page.locator(f"#tab-{name}").click()
            page.wait_for_timeout(500)
            violations = Axe().run(page).response["violations"]
            if violations:
                found[scheme, name] = [
                    (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
                    for one in violations
                ]
    assert found == {}


def hostile(payload: str) -> dict:
    title = {"zh": payload, "en": payload}
    square = [[[102.7, 24.9], [102.9, 24.9], [102.9, 25.1], [102.7, 25.1], [102.7, 24.9]]]
    shape = {"type": "Polygon", "coordinates": square}
    layer = {
        "id": "districts",
        "kind": "district",
        "title": title,
        "status": "official",
        "source": payload,
        "licence": payload,
        "version": 1,
        "crs": payload,
        "feature_count": 1,
        "geometry_type": "Polygon",
        "in_use": True,
        "withdrawals": [],
        "bounds_lonlat": [102.7, 24.9, 102.9, 25.1],
        "created_at": payload,
    }
    hit = {
        "layer_id": "districts",
        "layer_title": title,
        "layer_status": payload,
        "layer_version": 1,
        "kind": "district",
        "feature_id": payload,
        "name": title,
        "area_m2": 1.0,
        "length_m": None,
        "distance_m": 0.0,
        "attributes": {payload: payload},
        "geometry": shape,
    }
    at = {
        "lon_deg": 102.8,
        "lat_deg": 25.0,
        "lon_dms": payload,
        "lat_dms": payload,
        "gauss_krueger_crs": payload,
        "easting_m": 1.0,
        "northing_m": 1.0,
        "county": payload,
    }
    place = {
        "kind": "feature",
        "name": title,
        "layer_id": None,
        "layer_title": title,
        "feature_id": payload,
        "lon_deg": 102.8,
        "lat_deg": 25.0,
        "bounds_lonlat": [102.7, 24.9, 102.9, 25.1],
        "crs": payload,
        "evidence": [payload],
    }
    change = {
        "feature_id": payload,
        "change": "added",
        "area_before_m2": None,
        "area_after_m2": 1.0,
        "length_before_m": None,
        "length_after_m": None,
        "attributes": [payload],
        "before": None,
        "after": shape,
    }
    past = {
        "id": payload,
        "kept_at": "2026-11-24T00:00:00+00:00",
        "checked_on": payload,
        "verdict": payload,
        "nature": payload,
        "name": payload,
        "site_count": 2,
        "area_m2": 1.0,
        "printed": {"m2": 1.0, "ha": 0.0001, "mu": 0.002},
    }
    task = {
        "id": "0" * 32,
        "kind": payload,
        "status": "failed",
        "done": 1,
        "total": 2,
        "note": payload,
        "created_at": "2026-11-24T00:00:00+00:00",
        "files": [payload],
        "problem": {"code": payload, "params": {"a": payload}},
    }
    basemap = {
        "id": "x",
        "title": title,
        "url": "/basemap/x/{z}/{x}/{y}",
        "datum": "true",
        "max_zoom": 3,
        "attribution": payload,
    }
    feature = {"type": "Feature", "id": payload, "geometry": shape}
    feature["properties"] = {"name_zh": payload, "name_en": payload, payload: payload}
    told = {"id": "districts", "version": 1, "status": "official", "matched": 2, "returned": 1}
    return {
        "**/api/v1/layers": {"layers": [layer]},
        "**/api/v1/layers/*/features": {
            "type": "FeatureCollection",
            "features": [feature],
            "layer": told,
        },
        "**/api/v1/layers/*/versions": {"layers": [layer, {**layer, "version": 2}]},
        "**/api/v1/layers/*/diff?*": {
            "layer_id": payload,
            "from_version": 1,
            "to_version": 2,
            "counts": {"added": 1},
            "same_count": 0,
            "area_before_m2": 0.0,
            "area_after_m2": 1.0,
            "changes": [change],
            "more": 0,
        },
        "**/api/v1/identify?*": {"position": at, "features": [hit], "more": 1, "silent": [hit]},
        "**/api/v1/places?*": {"query": payload, "places": [place], "more": 1, "lost": [payload]},
        "**/api/v1/checks": {"checks": [past], "more": 1},
        "**/api/v1/tasks": {"tasks": [task], "missing": []},
        "**/api/v1/basemaps": {"basemaps": [basemap]},
    }


@pytest.mark.slow
def test_no_payload_runs_wherever_a_stranger_can_put_words(watched) -> None:
    page = watched.page
    for payload in PAYLOADS:
        for address, answer in hostile(payload).items():
            page.unroute(address)
            page.route(address, lambda route, _, answer=answer: route.fulfill(json=answer))
        page.goto("about:blank")
        watched.open("en", "#at=11/25.00000/102.80000&tab=layers&legend=1&spot=102.8,25&base=x")
        page.locator(".about").first.click()
        page.locator(".facts button", has_text="Versions").click()
        page.locator(".versions button", has_text="Compare").click()
        expect(page.locator("#card tbody th")).to_have_text(payload, use_inner_text=False)
        page.locator("#search").fill(payload)
        expect(page.locator("#search-found [role=option]")).to_have_count(1)
        page.locator("#search").fill("")
        page.locator("#tasks-button").click()
        expect(page.locator("#tasks li")).to_have_count(1)
        page.keyboard.press("Escape")
        page.locator("#tab-check").click()
        page.locator("#history summary").click()
        expect(page.locator("#history .past")).to_have_count(1)
        page.locator("#tool-print").click()
        page.locator("#sheet-title").fill(payload)
        expect(page.locator("#sheet-name")).to_have_text(payload)
        assert page.evaluate("window.broken") is None, payload
        strange = "img:not(.leaflet-tile), iframe, #sheet script, [onerror], [onload], [onfocus]"
        assert page.locator(strange).count() == 0, payload
        assert page.locator("a[href^='javascript']").count() == 0, payload


MARK = (102.8123, 24.9567)
ZOOMS = (11, 14, 17)


class ShiftedTiles(BaseHTTPRequestHandler):
    """Tiles on GCJ-02: white, with a red dot where the mark is on that datum."""

    def do_GET(self) -> None:
        z, x, y = (int(part) for part in self.path.strip("/").split("/"))
        lon, lat = (
            float(v) for v in from_true(np.array(MARK[0]), np.array(MARK[1]), datum="gcj02")
        )
        size = 256 * 2**z
        px = (lon + 180) / 360 * size - 256 * x
        py = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * size - 256 * y
        tile = Image.new("RGB", (256, 256), "white")
        ImageDraw.Draw(tile).ellipse((px - 4, py - 4, px + 4, py + 4), fill=(255, 0, 0))
        held = io.BytesIO()
        tile.save(held, "PNG")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(held.getvalue())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shifted(own_store: Path, tmp_path: Path) -> Iterator[str]:
    tiles = ThreadingHTTPServer(("127.0.0.1", 0), ShiftedTiles)
    threading.Thread(target=tiles.serve_forever, daemon=True).start()
    path = tmp_path / "basemaps.toml"
    path.write_text(
        '[[basemap]]\nid="gaode"\ntitle_zh="高德"\ntitle_en="Gaode"\nattribution="x"\n'
        f'datum="gcj02"\nmax_zoom=18\nurl="http://127.0.0.1:{tiles.server_port}/{{z}}/{{x}}/{{y}}"\n',
        encoding="utf-8",
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(Settings(data_dir=own_store, basemaps_file=path))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
    tiles.shutdown()
    tiles.server_close()


def test_shifted_tiles_lie_within_three_pixels_also_after_panning(
    browser: Browser, shifted: str, inside: str
) -> None:
    # The oracle is geo.gcj02, tested against two independent converters, in the tiles' maker.
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.add_init_script(inside)
    for zoom in ZOOMS:
        page.goto("about:blank")
        page.goto(f"{shifted}/?lang=en#at={zoom}/{MARK[1]}/{MARK[0]}&tab=layers&layers=&base=gaode")
        page.wait_for_timeout(1500)
        for pan in ((0, 0), (180, -120)):
            page.evaluate(
                f"inside(({{ map }}) => {{ map.panBy([{pan[0]}, {pan[1]}], {{ animate: false }}); }})"
            )
            page.wait_for_timeout(900)
            at = page.evaluate(
                "inside(({ map }, mark) => { const p = map.latLngToContainerPoint(mark),"
                " box = map.getContainer().getBoundingClientRect();"
                f" return [p.x + box.x, p.y + box.y]; }}, [{MARK[1]}, {MARK[0]}])"
            )
            shot = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)
            red = (shot[..., 0] > 230) & (shot[..., 1] < 60) & (shot[..., 2] < 60)
            ys, xs = np.nonzero(red)
            assert len(xs), (zoom, pan)
            off_px = np.hypot(xs.mean() - at[0], ys.mean() - at[1])
            assert off_px <= 3, (zoom, pan, off_px)
    page.close()
