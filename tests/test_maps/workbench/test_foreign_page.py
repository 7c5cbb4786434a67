"""A page of another site, merely opened in the planner's browser, changes nothing.

Oracle: what the server tells of its own state before and after; and the same page with the
guard taken away, which does all of it: what is tried would else have worked.
"""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import pytest
from playwright.sync_api import APIRequestContext, Browser

from api.web import origin as guard

pytestmark = pytest.mark.browser

TABLE: Final = "片区,年份,进出口额（亿元）\n昆明,2023,88888\n"
SQUARE: Final = {
    "type": "Polygon",
    "coordinates": [[[102.8, 24.98], [102.81, 24.98], [102.81, 24.99], [102.8, 24.98]]],
}
PLAN: Final = {
    "id": "zone", "title": {"zh": "片区", "en": "Districts"}, "maker": {"zh": "某局", "en": "A bureau"},
    "disclaimer": {"zh": "示意", "en": "A sketch"}, "data_date": "2026-11-01",
    "review_number": "云S(2026)12号", "draft": False, "prints": False,
    "layers": [{"id": "districts", "displacement_m": 0}], "densities": [], "story": [],
}  # fmt: skip
LAYER: Final = {
    "id": "mine", "kind": "ecological_red_line", "status": "official", "title": "我的",
    "source": "x", "accept": "true",
}  # fmt: skip
# All ways that need no leave of the other side, and those that ask for it first.
ATTACK: Final = """
async ({ target, routes, gets, table, square, plan, layer, publication }) => {
  const tried = [];
  const send = (path, method, options) =>
    tried.push(fetch(target + path, { method, credentials: "include", ...options }).catch(() => 0));
  const table_form = () => {
    const form = new FormData();
    form.append("file", new File([table], "t.csv", { type: "text/csv" }));
    for (const [name, value] of Object.entries({ dataset: "trade", source: "x", accept: "true" }))
      form.append(name, value);
    return form;
  };
  const layer_form = () => {
    const form = new FormData();
    form.append("file", new File([JSON.stringify(square)], "a.geojson"));
    for (const [name, value] of Object.entries(layer)) form.append(name, value);
    return form;
  };
  const bodies = () => [
    [{ "content-type": "text/plain" }, JSON.stringify(square)],
    [{ "content-type": "text/plain" }, JSON.stringify({ plan })],
    [{}, new URLSearchParams({ dataset: "trade", source: "x" })],
    [{}, table_form()], [{}, layer_form()], [{}, new Blob([JSON.stringify(square)])], [{}, ""],
  ];
  for (const [method, path] of routes) {
    for (const [headers, body] of bodies()) {
      send(path, method, { mode: "no-cors", headers, body });
      if (method === "POST") navigator.sendBeacon(target + path, body);
    }
    send(path, method, { headers: { "content-type": "application/json" }, body: "{}" });
  }
  for (const path of gets) {
    for (const [tag, name] of [["img", "src"], ["script", "src"], ["iframe", "src"]]) {
      const element = document.createElement(tag);
      // What a browser saves instead of showing never loads.
      tried.push(new Promise((done) => {
        element.onload = element.onerror = done;
        setTimeout(done, 3000);
      }));
      element[name] = target + path;
      document.body.append(element);
    }
  }
  const forms = [
    ["/api/v1/statistics", "multipart/form-data", { dataset: "trade", source: "x", accept: "true" }],
    [publication, "application/x-www-form-urlencoded", { name: "x", reason: "y" }],
    [publication, "text/plain", { a: "b" }],
  ];
  for (const [path, enctype, fields] of forms) {
    const frame = Object.assign(document.createElement("iframe"), { name: `f${Math.random()}` });
    document.body.append(frame);
    const form = Object.assign(document.createElement("form"), {
      method: "post", action: target + path, enctype, target: frame.name });
    for (const [name, value] of Object.entries(fields))
      form.append(Object.assign(document.createElement("input"), { name, value }));
    if (enctype.startsWith("multipart")) {
      const files = new DataTransfer();
      files.items.add(new File([table], "t.csv", { type: "text/csv" }));
      form.append(Object.assign(document.createElement("input"),
        { type: "file", name: "file", files: files.files }));
    }
    document.body.append(form);
    tried.push(new Promise((done) => { frame.onload = done; setTimeout(done, 3000); }));
    form.submit();
  }
  await Promise.race([Promise.all(tried), new Promise((done) => setTimeout(done, 20000))]);
  return tried.length;
}
"""


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>evil</title><body>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def foreign_port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def planner(browser: Browser, origin: str) -> Iterator[APIRequestContext]:
    """A program at a server with a table that a page could replace, and a map to withdraw."""
    context = browser.new_context(base_url=origin)
    client = context.request
    file = {
        "name": "t.csv",
        "mimeType": "text/csv",
        "buffer": TABLE.replace("88888", "717").encode(),
    }
    said = {"file": file, "dataset": "trade", "source": "年鉴", "accept": "true"}
    assert client.post("/api/v1/statistics", multipart=said).ok
    task = client.post("/api/v1/publications", data={"plan": PLAN}).json()
    while task["status"] in {"waiting", "running"}:
        time.sleep(0.1)
        task = client.get(f"/api/v1/tasks/{task['id']}").json()
    sha256 = task["result"]["sha256"]
    assert client.post(f"/api/v1/publications/zone/{sha256}/release").ok
    yield client
    context.close()


def state(client: APIRequestContext) -> dict[str, object]:
    lists = ("statistics", "layers", "rasters", "publications", "tasks", "checks")
    return {name: client.get(f"/api/v1/{name}").json() for name in lists}


def attacked(browser: Browser, client: APIRequestContext, foreign: str, origin: str) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    known = {"publication_id": "zone", "layer_id": "districts", "format": "html"}

    def filled(path: str) -> str:
        return path.format_map(type("Known", (dict,), {"__missing__": lambda _, name: name})(known))

    asked = {
        "target": origin,
        "routes": [
            [m.upper(), filled(path)] for path in paths for m in paths[path] if m != "get"
        ],
        "gets": [filled(path) for path in paths if "get" in paths[path] and "events" not in path],
        "table": TABLE, "square": SQUARE, "plan": PLAN, "layer": LAYER,
        "publication": "/api/v1/publications/zone/withdraw",
    }  # fmt: skip
    context = browser.new_context()
    page = context.new_page()
    page.goto(foreign)
    assert page.evaluate(ATTACK, asked) > 100
    # Beacons go on their own time.
    page.wait_for_timeout(1500)
    context.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same site", "cross site"])
def test_a_foreign_page_imports_withdraws_publishes_and_starts_nothing(
    browser: Browser, planner: APIRequestContext, origin: str, foreign_port: int, host: str
) -> None:
    before = state(planner)
    assert before["statistics"]["tables"][0]["version"] == 1
    attacked(browser, planner, f"http://{host}:{foreign_port}/", origin)
    assert state(planner) == before
    assert planner.get("/public/zone/").status == 200


def test_without_the_guard_it_would_have_done_all_of_it(
    browser: Browser,
    planner: APIRequestContext,
    origin: str,
    foreign_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = state(planner)
    monkeypatch.setattr(guard, "is_foreign", lambda _: False)
    attacked(browser, planner, f"http://127.0.0.1:{foreign_port}/", origin)
    after = state(planner)
    changed = {name for name in before if before[name] != after[name]}
    assert changed >= {"statistics", "publications", "tasks"}
    assert planner.get("/public/zone/").status == 410
