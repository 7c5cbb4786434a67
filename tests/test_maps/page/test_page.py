"""The page as bytes: nothing inline, nothing from outside, the same each time."""

import hashlib
import json
import re
from pathlib import Path

import folium
import pytest

import maps
from maps.answers import Title
from maps.i18n import tables
from maps.page import assets
from maps.page.page import render_page, ui_texts
from maps.page.page_config import PageConfig
from maps.page.single_file import render_single_file
from maps.style.styles import styles

BOUNDS = (97.8, 22.5, 104.0, 25.1)
STATIC = Path(maps.__file__).parent / "static"
ZONE = Title(zh="甲区", en="Zone A")
EVIL = "</script><img src=x onerror=alert(1)>${alert(1)}`"


def config(lang: str = "zh", embedded: dict | None = None) -> PageConfig:
    return PageConfig(lang=lang, zone=ZONE, bounds_lonlat=BOUNDS, embedded=embedded)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_served_page_has_nothing_inline_and_nothing_from_outside(lang: str) -> None:
    html = render_page(config(lang)).html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "<style" not in html
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son\w+=", html)
    assert not re.search(r"(?:src|href)=\"(?!static/|m/|docs/|api/v1/|\?lang=|#|data:,)", html)


def test_rendering_twice_gives_the_same_bytes() -> None:
    first, second = render_page(config()), render_page(config())
    assert (first.html, first.script) == (second.html, second.script)
    assert first.script_name == hashlib.sha256(first.script.encode()).hexdigest()[:16]


def test_every_vendored_file_is_what_the_manifest_says() -> None:
    listed = {row["path"]: row["sha256"] for row in assets.manifest()["files"]}
    found = {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == listed


def test_every_vendored_library_has_its_licence() -> None:
    for folder in (STATIC / "vendor").iterdir():
        if folder.is_dir():
            assert (folder / "LICENSE").is_file(), folder


def test_an_address_that_folium_asks_for_and_we_do_not_know_is_an_error() -> None:
    known = [url for _, url in folium.Map.default_js]
    assert assets.local_paths(known)
    with pytest.raises(assets.UnknownAssetError):
        assets.local_paths(["https://cdn.example/new.js"])


def test_no_style_sheet_asks_for_anything_from_outside() -> None:
    for path in STATIC.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//|@import", path.read_text("utf-8")), path


def test_a_single_file_holds_everything_and_hostile_data_stays_text() -> None:
    # The payloads are those of the handbook: element break-out and template literals.
    hostile = {"layers": {"layers": [{"id": "x", "title": {"zh": EVIL, "en": EVIL}}]}}
    html = render_single_file(config(embedded=hostile))
    markup = re.sub(r"(?s)<(script|style)>.*?</\1>", "", html)
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", markup)
    assert EVIL not in html
    assert html.count("</script>") == html.count("<script>")
    start = html.index("start(map_0")
    carried, _ = json.JSONDecoder().raw_decode(html, html.index("{", start))
    assert carried["embedded"]["layers"]["layers"][0]["title"]["zh"] == EVIL


def test_styles_tell_the_three_control_lines_apart_without_colour() -> None:
    kinds = styles()["kinds"]
    red, farm, town = (
        kinds[kind]
        for kind in (
            "ecological_red_line",
            "permanent_basic_farmland",
            "urban_development_boundary",
        )
    )
    assert {red["pattern"], farm["pattern"]} == {"hatch", "dots"}
    assert town["dash"]
    assert town["weight"] >= 2


def test_every_word_that_scripts_and_template_ask_for_exists_and_no_other() -> None:
    scripts = "".join(path.read_text("utf-8") for path in (STATIC / "app").rglob("*.js"))
    templates = (STATIC.parent / "templates").rglob("*.html")
    markup = "".join(path.read_text("utf-8") for path in templates)
    asked = set(re.findall(r"\bui\(\s*\"(\w+)\"", scripts))
    asked |= {
        one or two for one, two in re.findall(r"\bui\.(\w+)|(?:say|label)\(\"(\w+)\"\)", markup)
    }
    known = set(ui_texts("zh", ZONE))
    assert asked <= known
    computed = {
        key for key in known if key.startswith(("verdict_", "breaks_", "tab_", "theme_", "group_"))
    }
    literals = set(re.findall(r"\"(\w+)\"", scripts))
    assert known - asked - literals - computed == set()


def test_every_word_that_a_published_map_asks_for_exists_and_no_other() -> None:
    scripts = sorted((STATIC / "public").glob("*.js"))
    script = "".join(path.read_text("utf-8") for path in scripts)
    core = "".join(path.read_text("utf-8") for path in (STATIC / "app" / "core").glob("*.js"))
    templates = [
        STATIC.parent / "templates" / f"{name}.html" for name in ("public", "public_plain")
    ]
    markup = "".join(path.read_text("utf-8") for path in templates)
    asked = set(re.findall(r"\bui\(\s*\"(\w+)\"", script))
    asked |= set(re.findall(r"words\.(\w+)", markup))
    # The sheets for print beside the page are worded from the same table.
    beside = [STATIC.parent / "publish" / f"{name}.py" for name in ("print", "plain")]
    sheets = "".join(path.read_text("utf-8") for path in beside)
    asked |= set(re.findall(r"\"public\.(\w+)\"", sheets))
    known = set(tables("zh")["public"])
    assert asked <= known
    assert known - asked <= set(re.findall(r"\bui\(\s*\"(\w+)\"", core)) | {
        "other_lang",
        "disclaimer",
    }
