"""The tables that name tests name such as there are. Oracle: the test files themselves."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize(("table", "least"), [("docs/faults.md", 31), ("docs/ogc.md", 13)])
def test_every_test_that_a_table_names_is_there(table: str, least: int) -> None:
    named = NAMED.findall((ROOT / table).read_text("utf-8"))
    assert len(named) >= least
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert not name or name in functions, f"{path}::{name}"


def test_every_kind_of_fault_has_a_test() -> None:
    rows = [
        line
        for line in (ROOT / "docs/faults.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| 故障 ")
    ]
    assert rows
    for row in rows:
        assert "tests/" in row.rsplit("|", 2)[1], row
