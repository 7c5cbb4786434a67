"""Projects on the page, in both languages and widths. Oracle: answers of HTTP, a second page."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=alert(1)>南片"
OPEN = "/?lang={lang}&project={id}"
RINGS = [[[[102.7, 24.9], [102.72, 24.9], [102.72, 24.92]]]]
DRAW = f"inside(({{ sketch }}) => sketch.takePolygons({json.dumps(RINGS)}))"


def begin(watched, title: str) -> str:
    """Begin a project of what is shown, and return its id."""
    page = watched.page
    page.locator("#project-button").click()
    page.locator("#project-new-title").fill(title)
    page.locator("#project-create").click()
    expect(page.locator("#project-title")).to_have_value(title)
    found = re.search(r"project=(\w+)", page.url)
    assert found
    return found[1]


def kept(watched, of: str) -> dict:
    return watched.page.request.get(f"{watched.origin}/api/v1/projects/{of}").json()


def wait_for(watched, of: str, holds) -> dict:
    """Wait until the server has what was done on the page: it is saved by itself."""
    for _ in range(60):
        found = kept(watched, of)
        if holds(found["content"]):
            return found
        watched.page.wait_for_timeout(250)
    raise AssertionError(json.dumps(found["content"], ensure_ascii=False)[:2000])


def rings(page: Page) -> list:
    return page.evaluate("inside(({ sketch }) => sketch.state.polygons)")


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_it_saves_itself_and_a_colleague_finds_it_as_it_was(watched, lang, width) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 800})
    watched.open(lang, "#tab=expand&layers=counties")
    of = begin(watched, EVIL)
    page.locator("#project-notes").fill("先看二号地")
    page.keyboard.press("Escape")
    page.locator("#siting-least_ha").fill("37.5")
    page.evaluate(DRAW)
    found = wait_for(watched, of, lambda one: len(one["sites"]) == 1 and one["notes"] != "")
    assert found["content"]["fields"]["siting-least_ha"] == "37.5"
    assert found["content"]["layers"] == ["counties"]
    # Another page, which has nothing but the link.
    page.goto("about:blank")
    page.goto(watched.origin + OPEN.format(lang=lang, id=of))
    expect(page.locator("#siting-least_ha")).to_have_value("37.5")
    expect(page.locator("#view-expand")).to_be_visible()
    assert rings(page) == RINGS
    expect(page.locator("#layer-counties")).to_be_checked()
    expect(page.locator("#layer-lakes")).not_to_be_checked()
    page.locator("#project-button").click()
    expect(page.locator("#project-title")).to_have_value(EVIL)
    expect(page.locator("#project-notes")).to_have_value("先看二号地")
    expect(page.locator("#project-sites input")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Looking makes no version.
    page.wait_for_timeout(2000)
    assert kept(watched, of)["newest"] == found["newest"]
    # The other language has the same project.
    page.keyboard.press("Escape")
    page.locator("#lang-switch").click()
    expect(page.locator("#siting-least_ha")).to_have_value("37.5")
    assert f"project={of}" in page.url
    watched.require_quiet()


def test_changes_are_undone_redone_and_returned_to(watched) -> None:
    page = watched.open("en", "#tab=expand")
    of = begin(watched, "Undo")
    page.keyboard.press("Escape")
    for value in ("11", "22"):
        page.locator("#siting-least_ha").fill(value)
        wait_for(watched, of, lambda one, now=value: one["fields"].get("siting-least_ha") == now)
    page.locator("#project-button").click()
    page.locator("#project-undo").click()
    expect(page.locator("#siting-least_ha")).to_have_value("11")
    # The drawer is open again, and the next step goes on from there.
    page.locator("#project-redo").click()
    expect(page.locator("#siting-least_ha")).to_have_value("22")
    page.locator("#project details summary").click()
    rows = page.locator("#project-versions > li")
    expect(rows.first).to_contain_text("done again")
    rows.last.locator("button").click()
    expect(page.locator("#siting-least_ha")).to_have_value("")
    assert kept(watched, of)["action"] == "return"
    watched.require_quiet()


def test_alternatives_have_names_and_are_shown_again(watched) -> None:
    page = watched.open("zh", "#tab=expand")
    of = begin(watched, "方案")
    page.keyboard.press("Escape")
    page.evaluate(DRAW)
    page.locator("#project-button").click()
    page.locator("#project-sites input").fill("一号地")
    page.locator("#project-keep").click()
    page.locator("#project-alternatives input").fill("甲案")
    wait_for(watched, of, lambda one: [a["name"] for a in one["alternatives"]] == ["甲案"])
    page.evaluate("inside(({ sketch }) => sketch.takePolygons([]))")
    page.locator("#project-alternatives button").click()
    assert rings(page) == RINGS
    found = kept(watched, of)["content"]
    names = {one["id"]: one["name"] for one in found["sites"]}
    assert [names[one] for one in found["alternatives"][0]["site_ids"]] == ["一号地"]


def test_two_who_work_at_once_lose_nothing(watched) -> None:
    page = watched.open("zh", "#tab=expand")
    of = begin(watched, "两人")
    page.keyboard.press("Escape")
    found = kept(watched, of)
    theirs = {**found["content"], "notes": "对方"}
    answer = page.request.post(
        f"{watched.origin}/api/v1/projects/{of}/versions",
        data={"base": found["version"], "content": theirs},
    )
    assert answer.status == 201
    page.locator("#siting-least_ha").fill("44")
    expect(page.locator("#project-button")).to_have_class(re.compile("has-problem"))
    page.locator("#project-button").click()
    expect(page.locator("#project-state")).to_contain_text("其间已有他人保存")
    assert kept(watched, of)["content"]["notes"] == "对方"
    page.locator("#project-state button").first.click()
    page.wait_for_url(lambda url: f"project={of}" not in url)
    expect(page.locator("#siting-least_ha")).to_have_value("44")
    assert watched.outside == []
    assert [one for one in watched.complaints if "409" not in one] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_is_opened_and_a_foreign_one_refused_in_words(watched, lang, tmp_path) -> None:
    page = watched.open(lang, "#tab=expand")
    of = begin(watched, "File")
    with page.expect_download() as saved:
        page.locator("#project-export").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    assert path.suffix == ".ftzproject"
    watched.open(lang)
    page.locator("#project-button").click()
    foreign = {"name": "a.ftzproject", "mimeType": "application/zip", "buffer": b"PK nothing"}
    page.locator("#project-file").set_input_files(foreign)
    words = {"zh": "不是本软件的项目文件", "en": "is no project file"}
    expect(page.locator("#project .problem")).to_contain_text(words[lang])
    page.locator("#project-file").set_input_files(path)
    expect(page.locator("#project-title")).to_have_value("File")
    assert f"project={of}" not in page.url
    assert watched.outside == []
    assert [one for one in watched.complaints if "422" not in one] == []


@pytest.mark.slow
def test_a_reload_keeps_the_search_and_tasks_say_what_they_were(watched) -> None:
    page = watched.open("en", "#tab=expand")
    page.locator("#siting-county option[value='530111']").wait_for(state="attached")
    page.locator("#siting-county").select_option("530111")
    page.locator("#siting-least_ha").fill("20")
    page.locator("#siting-width_m").fill("200")
    page.locator("#siting-search").click()
    rows = page.locator("#siting-result tbody tr[data-site]")
    expect(rows.first).to_be_visible(timeout=60_000)
    count = rows.count()
    page.reload()
    expect(rows).to_have_count(count)
    page.locator("#tab-layers").click()
    page.locator("#tasks-button").click()
    line = page.locator("#tasks li").first
    expect(line).to_contain_text("Guandu District")
    expect(line).to_contain_text("200")
    line.get_by_role("button", name="Open").click()
    expect(page.locator("#view-expand")).to_be_visible()
    watched.require_quiet()


def test_a_project_that_is_not_there_is_said_and_the_page_works(watched) -> None:
    page = watched.page
    page.goto(watched.origin + OPEN.format(lang="en", id="0" * 12))
    expect(page.locator("#project .problem")).to_contain_text("There is no such project")
    expect(page.locator("ul.layers li").first).to_be_attached()


def test_weights_and_tasks_are_those_of_the_project(watched) -> None:
    page = watched.open("en", "#tab=expand")
    of = begin(watched, "Weights")
    page.keyboard.press("Escape")
    page.locator("#siting-terms > summary").click()
    page.locator("#weight-area_ha").fill("7")
    wait_for(watched, of, lambda one: one["weights"] == {"area_ha": 7.0})
    page.locator("#weight-area_ha").fill("")
    page.locator("#weight-compactness").fill("0.5")
    found = wait_for(watched, of, lambda one: one["weights"] == {"compactness": 0.5})
    assert not any(name.startswith("weight-") for name in found["content"]["fields"])
    page.locator("#project-button").click()
    page.locator("#project-undo").click()
    expect(page.locator("#weight-area_ha")).to_have_value("7")
    expect(page.locator("#weight-compactness")).to_have_value("")
    page.keyboard.press("Escape")
    # A task of nobody's project, and one of this.
    page.request.post(f"{watched.origin}/api/v1/audits")
    page.locator("#tab-review").click()
    page.locator("#audit-start").click()
    expect(page.locator("#audit-result table")).to_be_visible(timeout=60_000)
    wait_for(watched, of, lambda one: len(one["results"]) == 1)
    page.locator("#tasks-button").click()
    # Other tests may have left tasks on the server that they share.
    expect(page.locator("#tasks > ul > li").nth(1)).to_be_visible()
    page.locator("#tasks-own").check()
    expect(page.locator("#tasks > ul > li")).to_have_count(1)
    # What a task found is shown again.
    page.goto("about:blank")
    page.goto(watched.origin + OPEN.format(lang="en", id=of))
    page.locator("#tasks-button").click()
    page.locator("#tasks > ul > li button").first.click()
    expect(page.locator("#audit-result table")).to_be_visible()
    watched.require_quiet()
