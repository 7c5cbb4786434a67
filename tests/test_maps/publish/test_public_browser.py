"""Publishing in a real Chromium: the form step by step, and the document from a USB stick."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.publish.bundle import export_bundle, publish
from api.publish.publication_plan import parse_plan
from api.settings import Settings
from api.workspace.workspace import Workspace

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=alert(1)>${alert(2)}</script>"


@pytest.fixture(scope="module")
def document(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    folder = tmp_path_factory.mktemp("publish")
    shutil.copytree(built_store, folder / "data")
    workspace = Workspace(Settings(data_dir=folder / "data"))
    plan = parse_plan(
        {
            "id": "zone",
            "title": {"zh": "密度图", "en": "Density"},
            "maker": {"zh": EVIL, "en": EVIL},
            "disclaimer": {"zh": "示意", "en": "A sketch"},
            "data_date": "2026-11-01",
            "review_number": "云S(2026)12号",
            "draft": False,
            "prints": False,
            "layers": [
                {"id": "districts", "displacement_m": 0},
                {"id": "zone", "displacement_m": 0},
                {"id": "demo_ecological_red_line", "displacement_m": 200},
            ],
            "densities": [{"indicator": "trade", "year": 2020, "denominator": "approved"}],
            "story": [
                {
                    "heading": {"zh": "昆明", "en": "Kunming"},
                    "text": {"zh": EVIL, "en": EVIL},
                    "layers": ["districts"],
                    "bounds_lonlat": [102.7, 24.8, 103.0, 25.1],
                }
            ],
        }
    )
    export_bundle(workspace, publish(workspace, plan, release=False), folder / "stick")
    return folder / "stick" / "index.html"


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_the_document_stands_alone(browser: Browser, document: Path, lang: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    # The language stands in the link of the map, or as in the workbench's own address.
    page.goto(f"{document.as_uri()}{'#' if lang == 'zh' else '?'}lang={lang}")
    expect(page.locator("#title")).to_have_text({"zh": "密度图", "en": "Density"}[lang])
    expect(page.locator("#review")).to_contain_text("云S(2026)12号")
    expect(page.locator("#maker")).to_contain_text(EVIL)
    expect(page.locator("#marks .notice")).to_have_count(2)
    # 2020 trade over 119.86 km2, on the map's legend and in its twin.
    expect(page.locator("#tables")).to_contain_text("119.86")
    page.locator("#story-list button").click()
    expect(page.locator("#show-demo_ecological_red_line")).not_to_be_checked()
    assert Axe().run(page).violations_count == 0, Axe().run(page).generate_report()
    page.locator("#lang").click()
    expect(page.locator("#title")).to_have_text({"zh": "Density", "en": "密度图"}[lang])
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    context.close()


def _fill(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)


def test_a_person_publishes_and_withdraws(watched) -> None:
    page = watched.open("zh", "#tab=publish")
    expect(page.get_by_label("标题（中文）", exact=True)).to_be_visible()
    page.locator("#publish-build").click()
    expect(page.locator("#publish-result .faults li")).to_have_text("缺少 编制单位。")
    _fill(page, "编制单位（中文）", EVIL)
    _fill(page, "编制单位（英文）", EVIL)
    page.locator("#lang-switch").click()
    # The draft survives the change of language.
    expect(page.get_by_label("Maker (English)", exact=True)).to_have_value(EVIL)
    page.locator("#publish-build").click()
    expect(page.get_by_role("link", name="Preview")).to_be_visible()
    address = page.get_by_role("link", name="Preview").get_attribute("href")
    page.get_by_role("button", name="Release").click()
    expect(page.locator(".publication").get_by_role("link", name="Open")).to_be_visible()
    for shown in (address, "/public/overview/"):
        page.goto(f"{watched.origin}/{shown.removeprefix('/')}")
        expect(page.locator("#maker")).to_contain_text(EVIL)
        expect(page.locator("#draft")).to_be_visible()
    # The slider through versions shows the bundle in a frame, under a policy of its own.
    page.goto(f"{watched.origin}/public/overview/versions?lang=en")
    expect(page.locator("#versions > li")).to_have_count(1)
    title = page.frame_locator("#shown").locator("#title")
    expect(title).to_have_text("The free-trade zone at a glance")
    page.goto(f"{watched.origin}/?lang=zh#tab=publish")
    publication = page.locator(".publication")
    publication.get_by_role("button", name="撤回").first.click()
    publication.get_by_label("署名").fill("李某")
    publication.get_by_label("理由").fill(EVIL)
    page.get_by_role("button", name="确认撤回").click()
    expect(publication.locator(".standing")).to_contain_text(EVIL)
    page.get_by_role("button", name="刷新").click()
    expect(publication).to_contain_text("已于")
    assert page.request.get(f"{watched.origin}/public/overview/").status == 410
    assert watched.outside == []
    # The gate's refusal is an answer of a task and no complaint of the browser.
    assert watched.complaints == []
