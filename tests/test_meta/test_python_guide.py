"""The notebooks and the guide of Python's door run as they stand, cell by cell."""

import ast
import json
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))


def run_cell(source: str, names: dict[str, object]) -> object:
    """Run a cell as a notebook does, and return what it would show."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - our own documents
    shown = ast.Expression(last.value) if last is not None else None
    return eval(compile(shown, "cell", "eval"), names) if shown is not None else None  # noqa: S307


@pytest.fixture(autouse=True)
def _store(built_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(built_store))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_it_says(path: Path) -> None:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    names: dict[str, object] = {}
    shown = [run_cell("".join(one["source"]), names) for one in cells if one["cell_type"] == "code"]
    assert len(shown) >= 4
    assert all(one is not None and repr(one) for one in shown)
    assert not any(one.get("outputs") for one in cells)


def test_the_guide_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "python.md").read_text("utf-8"), re.S)
    names: dict[str, object] = {}
    for block in blocks:
        run_cell(block, names)
    said = capsys.readouterr().out
    assert said.startswith("conflict ['conflict']\n")
    assert "geo.crs.missing" in said


def test_every_method_that_the_guide_names_is_there() -> None:
    from api.notebook.operations import operations_by_name

    table = (DOCS / "python.md").read_text("utf-8").split("|---|---|")[1]
    table = table[: table.rindex("|")]
    named = set(re.findall(r"`([a-z_]+)[`(]", table)) - {"read_layer", "read_raster"}
    assert named <= set(operations_by_name())
    assert len(NOTEBOOKS) == 3
