"""The report as HTML in a real browser. Oracles: axe-core, and the browser's own complaints."""

import json
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

RING = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.935]]
SITE = {
    "type": "Feature",
    "properties": {"name": "<img src=x onerror=alert(1)>"},
    "geometry": {"type": "Polygon", "coordinates": [RING]},
}


def answered(address: str, body: dict | None = None) -> bytes:
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the server of this test
        return answer.read()


@pytest.fixture(scope="module")
def pages(origin: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report in both languages, as files beside nothing."""
    collection = {"type": "FeatureCollection", "features": [SITE]}
    check = json.loads(answered(f"{origin}/api/v1/checks", collection))
    folder, made = tmp_path_factory.mktemp("reports"), {}
    for lang in ("zh", "en"):
        made[lang] = folder / f"{lang}.html"
        address = f"{origin}/api/v1/checks/{check['id']}/report.html?lang={lang}"
        made[lang].write_bytes(answered(address))
    return made


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1366, 390])
def test_a_report_is_accessible_quiet_and_asks_for_nothing(
    browser: Browser, pages: dict[str, Path], lang: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(pages[lang].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.images].every((one) => one.naturalWidth > 0)")
    assert complaints == []
    assert {address.split(":")[0] for address in asked} <= {"file", "data"}
    page.close()
    # axe puts its own script into the page, which the page's policy rightly forbids.
    unbound = browser.new_page(bypass_csp=True, viewport={"width": width, "height": 800})
    unbound.goto(pages[lang].as_uri())
    found = Axe().run(unbound)
    assert found.violations_count == 0, found.generate_report()
    unbound.close()
