"""The pages of tables are what the program says of itself. Oracle: the script that makes them."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from layers.store.catalogue import load_kinds
from maps.i18n import tr

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["reference.md", "http-reference.md", "layer-guides.md"])
def test_a_page_is_as_it_would_be_made_now(made: ModuleType, page: str) -> None:
    # Made anew by: python docs/make_reference.py
    assert (DOCS / page).read_text("utf-8") == made.PAGES[page]()


def test_the_glossary_calls_things_as_the_program_does(made: ModuleType) -> None:
    text = (DOCS / "glossary.md").read_text("utf-8")
    for kind in load_kinds().values():
        if kind.control:
            assert f"| {kind.title_zh} |" in text, kind.id
    for verdict in made.GRAVITY:
        assert f"{verdict} {tr(f'verdicts.{verdict}', 'zh')}" in text


def test_decisions_are_numbered_without_a_gap_and_in_one_form() -> None:
    records = sorted((DOCS / "adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in records]
    for path, number in zip(records, numbers, strict=True):
        text = path.read_text("utf-8")
        assert text.startswith(f"# {number}. "), path.name
        parts = [text.find(f"**{part}.**") for part in ("Context", "Decision", "Consequences")]
        assert -1 not in parts, path.name
        assert parts == sorted(parts), path.name
    assert len(set(numbers)) == len(numbers)
    assert set(range(1, max(numbers) + 1)) == set(numbers)


def test_every_decision_that_is_named_is_there() -> None:
    known = {path.name[:4] for path in (DOCS / "adr").glob("*.md")}
    for path in (
        p
        for room in ("layers", "docs")
        for p in (ROOT / room).rglob("*")
        if p.suffix in {".py", ".md", ".yaml"}
    ):
        named = re.findall(r"docs/adr/(\d{4})", path.read_text("utf-8"))
        assert set(named) <= known, path.name


def test_the_floor_plan_is_that_of_the_import_contracts() -> None:
    """Oracle: pyproject's contracts; every room that they name stands in the record."""
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    plan = (DOCS / "adr" / "0021-floor-plan.md").read_text("utf-8")
    for contract in contracts["contracts"]:
        if contract["name"].startswith("rooms of "):
            assert f"`{' > '.join(contract['layers'])}`" in plan, contract["name"]


def test_each_thing_that_the_comparison_says_we_can_is_shown_by_a_test() -> None:
    text = (DOCS / "ogc.md").read_text("utf-8")
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.count(" | ") == 6]
    rows = {row[0]: (row[1], row[6]) for row in cells if row[1] in {"●", "◐", "○"}}
    assert len(rows) >= 15
    for capability, (ours, shown) in rows.items():
        if ours == "○":
            assert shown == "—", capability
            continue
        path, _, name = shown.strip("`").partition("::")
        assert f"\ndef {name}(" in (ROOT / path).read_text("utf-8"), capability
