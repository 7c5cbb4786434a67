"""The page's modules: in order, joined for a file that stands alone, under an address of their own.

Oracle of order and joining: what the language says of modules, on small ones by hand. That the
joined script does what the modules do is seen by the browser tests of the single file.
"""

import re
from pathlib import Path

import pytest

import maps
from maps.answers import Title
from maps.page import modules
from maps.page.modules import (
    UnjoinableModuleError,
    join_modules,
    list_text_tables,
    module_address,
    module_paths,
)
from maps.publish.gate import read_publication
from maps.publish.map import render_public_map
from maps.publish.publication import Publication

STATIC = Path(maps.__file__).parent / "static"
ENTRIES = ["app/main.js", "public/public.js"]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch):
    """Put texts in the stead of the modules."""
    texts: dict[str, str] = {}
    monkeypatch.setattr(modules, "read_text", texts.__getitem__)
    module_paths.cache_clear()
    yield texts
    module_paths.cache_clear()


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_module_comes_after_those_that_it_imports(entry: str) -> None:
    paths = module_paths(entry)
    assert paths[-1] == entry
    assert len(set(paths)) == len(paths)
    for at, path in enumerate(paths):
        text = (STATIC / path).read_text("utf-8")
        for name in re.findall(r'^import [^;]*? from "([^"]+)";', text, re.MULTILINE):
            needed = ((STATIC / path).parent / name).resolve().relative_to(STATIC).as_posix()
            assert paths.index(needed) < at, (path, needed)


def test_no_module_of_the_page_is_left_over() -> None:
    there = {path.relative_to(STATIC).as_posix() for path in (STATIC / "app").rglob("*.js")}
    assert there - {"app/theme_first.js"} == set(module_paths("app/main.js"))


def test_modules_are_joined_as_the_language_links_them(written: dict[str, str]) -> None:
    written["app/main.js"] = (
        'import { one as first, add } from "./core/a.js";\nimport * as b from "./b.js";\n\n'
        "const one = 5;\nexport function start(x) {\n  return add(first, b.two) + one + x;\n}\n"
    )
    written["app/b.js"] = (
        'import {\n  one,\n} from "./core/a.js";\n\n'
        "export const two = one + 1;\nexport class Three {}\nexport async function four() {}\n"
    )
    written["app/core/a.js"] = "export const one = 1;\nexport const add = (x, y) => x + y;\n"
    assert module_paths("app/main.js") == ("app/core/a.js", "app/b.js", "app/main.js")
    assert join_modules("app/main.js", "start(2);\n") == (
        '"use strict";\n(() => {\n'
        "const module0 = (() => {\nconst one = 1;\nconst add = (x, y) => x + y;\n"
        "return { one, add };\n})();\n"
        "const module1 = (() => {\nconst {\n  one,\n} = module0;\n\n"
        "const two = one + 1;\nclass Three {}\nasync function four() {}\n"
        "return { two, Three, four };\n})();\n"
        "const module2 = (() => {\nconst { one: first, add } = module0;\nconst b = module1;\n\n"
        "const one = 5;\nfunction start(x) {\n  return add(first, b.two) + one + x;\n}\n"
        "return { start };\n})();\n"
        "const { start } = module2;\nstart(2);\n})();\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        'import "./b.js";\n',
        'import b from "./b.js";\n',
        'import { a } from "elsewhere";\n',
        "export default 1;\n",
        "export let a = 1;\n",
        "export { a };\n",
        'export * from "./b.js";\n',
    ],
)
def test_what_cannot_be_joined_is_refused(written: dict[str, str], text: str) -> None:
    written["app/main.js"] = text
    written["app/b.js"] = ""
    with pytest.raises(UnjoinableModuleError):
        join_modules("app/main.js", "")


def test_a_circle_of_modules_is_refused(written: dict[str, str]) -> None:
    written["app/main.js"] = 'import { b } from "./b.js";\n'
    written["app/b.js"] = 'import { main } from "./main.js";\n'
    with pytest.raises(UnjoinableModuleError, match=r"main\.js -> app/b\.js -> app/main\.js"):
        module_paths("app/main.js")


def test_the_address_of_modules_changes_with_any_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = module_address("app/main.js")
    assert re.fullmatch(r"static/v-[0-9a-f]{12}/app/main\.js", before)
    real = modules.read_bytes
    monkeypatch.setattr(modules, "read_bytes", lambda path: real(path) + b"/" * ("swipe" in path))
    modules.modules_digest.cache_clear()
    after = module_address("app/main.js")
    modules.modules_digest.cache_clear()
    assert after != before


def test_only_tables_of_texts_that_are_asked_for_are_sent() -> None:
    known = frozenset({"ui", "units", "verdicts", "report_words"})
    assert list_text_tables("app/main.js", known) == ["ui", "units", "verdicts"]
    assert list_text_tables("public/public.js", known) == ["ui", "units"]


def test_the_gate_reads_the_publication_that_runs_whatever_its_texts_say() -> None:
    # Oracle: the text comes back as it went in, calls that it imitates included.
    title = {"zh": '\nstart(map_0, {"publication": {}});', "en": "start(map_0, {"}
    publication = Publication(
        id="zone", title=Title(**title), maker=Title(zh="", en=""), disclaimer=Title(zh="", en=""),
        data_date="2026-11-01", review_number=None, draft=True, story=[], crs="EPSG:4490",
        bounds_lonlat=(97.0, 22.0, 104.0, 25.0), layers=[], densities=[],
    )  # fmt: skip
    html = render_public_map(publication, "zh", ()).html
    assert read_publication(html) == publication.model_dump(mode="json")
