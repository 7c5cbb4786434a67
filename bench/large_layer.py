"""A large layer on the page: our tiles beside plain folium, in one run and one browser.

Ready is from the request until the layer is drawn; panning is the 95th percentile of the
time between frames while the map is dragged; zooming until the tiles or shapes stand.

    python bench/large_layer.py                    100k parcels, folium with less too
    python bench/large_layer.py --parcels 10000    quicker

Folium runs in a process of its own, which is ended when patience is: a page that is busy
drawing half a million corners answers nobody.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import shapely
import uvicorn
from playwright.sync_api import Browser, Page, Route, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from api.app import create_app
from api.data.tiles import build_tiles
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity

VERTICES = 20
STEP_DEG = 0.0016
FOLIUM_SIZES = (2_000, 10_000, 30_000)
OUR_MAP = """async () => {
  const main = document.querySelector('link[rel=modulepreload][href$="/app/main.js"]').href;
  window.plan = (await import(new URL("core/page.js", main))).page.map;
}"""
FRAMES = """() => new Promise((resolve) => {
  const gaps = [], begin = performance.now(); let last = begin, step = 0;
  const tick = (now) => {
    gaps.push(now - last); last = now; step += 1;
    MAP.panBy([step % 60 < 30 ? 9 : -9, 4], { animate: false });
    if (step < 120 && now - begin < 10000) requestAnimationFrame(tick);
    else {
      const steady = gaps.length > 10 ? gaps.slice(5) : gaps;
      resolve(steady.sort((a, b) => a - b)[Math.floor(0.95 * steady.length)]);
    }
  };
  requestAnimationFrame(tick);
})"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for folium")
    parser.add_argument("--only-folium", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_folium:
        _in_browser(_folium, options.parcels)
        return
    print(f"{options.parcels} parcels of {VERTICES + 1} vertices", flush=True)
    _in_browser(_ours, options.parcels)
    for size in (*(one for one in FOLIUM_SIZES if one < options.parcels), options.parcels):
        _folium_apart(size, options.patience)


def _in_browser(work: Callable[[Browser, gpd.GeoDataFrame, Path], None], parcels: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=arguments
        )
        work(browser, _parcels(parcels), Path(folder))
        browser.close()


def _folium_apart(parcels: int, patience_s: float) -> None:
    command = [sys.executable, __file__, "--only-folium", "--parcels", str(parcels)]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        process.wait(timeout=patience_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        print(f"folium {parcels:>7} parcels: not done within {patience_s:g} s", flush=True)


def _parcels(count: int) -> gpd.GeoDataFrame:
    chance = np.random.default_rng(7)
    side, at = int(np.ceil(np.sqrt(count))), np.arange(count)
    turn = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    reach = STEP_DEG * 0.45 * (0.8 + 0.2 * chance.random((count, VERTICES)))
    lon = 102.55 + at % side * STEP_DEG
    lat = 24.75 + at // side * STEP_DEG
    rings = np.stack([lon[:, None] + reach * np.cos(turn), lat[:, None] + reach * np.sin(turn)], -1)
    names = {"feature_id": [f"p{one}" for one in at]}
    return gpd.GeoDataFrame(names, geometry=shapely.polygons(rings), crs="EPSG:4490")


def _ours(browser: Browser, parcels: gpd.GeoDataFrame, folder: Path) -> None:
    workspace = Workspace(Settings(data_dir=folder / "data"))
    workspace.ensure_builtin()
    spec = LayerSpec(
        id="parcels_big", kind="parcel", title_zh="宗地", title_en="Parcels",
        status=LayerStatus.DEMONSTRATION, sensitivity=Sensitivity.INTERNAL, source="bench",
        licence="bench",
    )  # fmt: skip
    frame = LayerFrame(features=parcels, coverage=None)
    workspace.store.put_version(spec, frame, report=None, now=datetime.now(tz=UTC))
    start_s = time.perf_counter()
    build_tiles(workspace, workspace.store.get("parcels_big"), waiting=lambda: None)
    made_s = time.perf_counter() - start_s
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(create_app(workspace.settings, workspace), port=port, log_level="error")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    start_s = time.perf_counter()
    fragment = "#at=12/24.95/102.75&tab=layers&layers=parcels_big"
    page.goto(f"http://127.0.0.1:{port}/?lang=en{fragment}")
    _until(page, "document.querySelectorAll('.pane-layer canvas.leaflet-tile-loaded').length > 6")
    ready_s = time.perf_counter() - start_s
    tiles = "[...document.querySelectorAll('.pane-layer canvas.leaflet-tile')]"
    drawn = (
        f"{tiles}.length > 0 && {tiles}.every((t) => t.classList.contains('leaflet-tile-loaded'))"
    )
    page.evaluate(OUR_MAP)
    _say("ours, tiles", made_s, ready_s, *_moved(page, "plan", drawn))
    page.close()
    server.should_exit = True


def _folium(browser: Browser, parcels: gpd.GeoDataFrame, folder: Path) -> None:
    start_s = time.perf_counter()
    plan = folium.Map(location=[24.95, 102.75], zoom_start=12, tiles=None)
    folium.GeoJson(parcels, style_function=lambda _: {"weight": 1, "fillOpacity": 0.4}).add_to(plan)
    path = folder / "folium.html"
    plan.save(path)
    made_s = time.perf_counter() - start_s
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(600_000)
    static = Path(__file__).parent.parent / "maps" / "static" / "vendor" / "leaflet-1.9.4"

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        kept = static / name
        route.fulfill(path=kept) if kept.is_file() else route.fulfill(body="")

    page.route("http*://**/*", answer)
    start_s = time.perf_counter()
    page.goto(path.as_uri(), timeout=600_000)
    name = plan.get_name()
    drawn = f"typeof {name} !== 'undefined' && document.querySelectorAll('path').length > 0"
    _until(page, drawn)
    ready_s = time.perf_counter() - start_s
    _say(f"folium, {len(parcels)}", made_s, ready_s, *_moved(page, name, drawn))
    page.close()


def _moved(page: Page, name: str, drawn: str) -> tuple[float, float, float]:
    frame_ms = page.evaluate(FRAMES.replace("MAP", name))
    start_s = time.perf_counter()
    page.evaluate(f"{name}.setZoom({name}.getZoom() + 1, {{ animate: false }})")
    _until(page, drawn)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    zoom_s = time.perf_counter() - start_s
    heap_mb = page.evaluate("performance.memory.usedJSHeapSize / 1048576")
    return frame_ms, zoom_s, heap_mb


def _until(page: Page, condition: str, most_s: float = 600.0) -> None:
    end_s = time.perf_counter() + most_s
    while not page.evaluate(condition):
        if time.perf_counter() > end_s:
            raise TimeoutError(condition)
        page.wait_for_timeout(50)


def _say(
    name: str, made_s: float, ready_s: float, frame_ms: float, zoom_s: float, heap_mb: float
) -> None:
    print(
        f"{name:18} made {made_s:7.1f} s   ready {ready_s:6.2f} s   "
        f"pan p95 {frame_ms:6.1f} ms   zoom {zoom_s:6.2f} s   heap {heap_mb:6.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
