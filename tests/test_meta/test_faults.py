"""The table of faults names tests that there are. Oracle: the test files themselves."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.findall(
    r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs/faults.md").read_text("utf-8")
)


def test_every_test_that_the_table_names_is_there() -> None:
    named = [(path, name) for path, name in NAMED if path != "tests/test_meta/test_faults.py"]
    assert len(named) > 30
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
