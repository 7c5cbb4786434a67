"""Nothing has moved on pages and sheets since somebody last looked at them.

The pictures of ``tests/golden/looks`` are compared at half size, so that the smoothing of
letters counts for nothing, and a picture may differ in few pixels; a legend that is gone or
a panel that is shifted is far more than that.
"""

import io
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from api.publish.bundle import export_bundle, publish
from api.publish.publication_plan import parse_plan, propose_plan
from api.settings import Settings
from api.workspace.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = Path(__file__).parents[2] / "golden" / "looks"
SEEN = 40
"""A difference of a colour, of 255, that an eye sees at once."""
MOST_PCT = 1.0


def small(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)


def differing_pct(one: Image.Image, other: Image.Image) -> float:
    """Return how many pixels of a hundred differ so that it is seen."""
    if one.size != other.size:
        return 100.0
    left, right = (np.asarray(picture, dtype=np.int16) for picture in (one, other))
    return 100.0 * float((np.abs(left - right).max(axis=2) > SEEN).mean())


def require_look(name: str, png: bytes) -> None:
    path, now = LOOKS / f"{name}.png", small(png)
    if os.environ.get("RENEW_LOOKS"):
        now.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    kept = Image.open(path).convert("RGB")
    pct = differing_pct(kept, now)
    if pct > MOST_PCT:
        now.save(path.with_suffix(".now.png"))
    assert pct <= MOST_PCT, f"{name}: {pct:.1f} % of the pixels differ; see {name}.now.png"


def still(page: Page) -> bytes:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)
    return page.screenshot(animations="disabled", caret="hide")


WORKBENCH = {
    "layers": ("zh", "#at=11/24.95/102.85&tab=layers&legend=1"),
    "density": ("en", "#tab=density"),
}


@pytest.mark.parametrize("name", WORKBENCH)
def test_the_workbench_looks_as_it_did(watched, name: str) -> None:
    lang, fragment = WORKBENCH[name]
    page = watched.page
    page.set_viewport_size({"width": 1366, "height": 768})
    watched.open(lang, fragment)
    require_look(f"workbench-{name}", still(page))


def test_a_legend_that_is_gone_is_noticed(watched) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1366, "height": 768})
    watched.open("zh", WORKBENCH["layers"][1])
    expect(page.locator("#map-legend")).to_be_visible()
    before = small(still(page))
    page.evaluate("void (document.getElementById('map-legend').hidden = true)")
    assert differing_pct(before, small(still(page))) > 3 * MOST_PCT


@pytest.fixture(scope="module")
def published(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication of the theme of densities with its sheets, in a folder."""
    folder = tmp_path_factory.mktemp("looks")
    shutil.copytree(built_store, folder / "data")
    workspace = Workspace(Settings(data_dir=folder / "data"))
    proposed = propose_plan(workspace, "density")
    one = {"indicator": "public_budget_revenue", "year": 2014, "denominator": "boundary"}
    plan = parse_plan(
        {
            **proposed,
            "maker": {"zh": "某市规划局", "en": "A bureau"},
            "data_date": "2026-11-01",
            "densities": [one],
        }
    )
    export_bundle(workspace, publish(workspace, plan, release=False), folder / "out")
    return folder / "out"


def test_a_published_page_looks_as_it_did(browser, published: Path) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto((published / "index.html").as_uri())
    require_look("published-density", still(page))
    context.close()


def test_a_printed_sheet_looks_as_it_did(published: Path) -> None:
    require_look("sheet-density", (published / "density-1-zh.png").read_bytes())
