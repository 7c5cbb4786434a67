"""Change the code a little, many times over, and see whether a test notices.

    python -m bench.mutants FOLDER plan     copy the tree, see which tests reach which lines, draw
    python -m bench.mutants FOLDER copy     copy the tree alone, where there is no hour for a plan
    python -m bench.mutants FOLDER draw     draw the mutants
    python -m bench.mutants FOLDER run      try the mutants drawn that were not tried yet
    python -m bench.mutants FOLDER show     the share that is killed, and what lived

Mutants are cosmic-ray's. It is no part of the project and is not run by CI; it needs an
environment of its own: the test requirements, `cosmic-ray` and `coverage`. One place of the
code is drawn once, by a seed, so many in each area, or fewer in all (`--count`). Annotations are
left out, for a mutant there only fails to import, and so are the arguments of a class's
decorators, which change no answer. The tests that reach the line are run, the nearest first;
without `plan` (`copy`, `draw`, `run`) the tests of the area are, until the first that fails.
"""

import argparse
import ast
import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
AREAS: dict[str, tuple[int, tuple[str, ...], tuple[str, ...]]] = {
    "judgement": (20, ("api/check/judgement.py", "api/check/measurement.py",
                       "api/check/controls.py", "api/check/hard_lines.py"),
                  ("test_api/check/test_judgement.py", "test_api/check/test_three_lines.py",
                   "test_api/check/test_layers_relied_on.py",
                   "test_api/check/test_contradicting_sites.py")),
    "gate": (15, ("maps/publish/gate.py", "api/publish/publication_plan.py",
                  "layers/publish/policy.py"),
             ("test_layers/publish", "test_api/publish/test_publish.py",
              "test_api/publish/test_seeded_faults.py")),
    "geometry": (55, ("geo/model.py", "geo/units.py", "geo/check", "geo/measure", "geo/publish",
                      "geo/raster", "geo/expansion", "geo/density"), ("test_geo",)),
    "kernel": (10, ("geo/kernel",), ("test_geo/kernel", "test_geo/check")),
    "readers": (45, ("layers/readers",), ("test_layers/readers",)),
    "statistics": (30, ("layers/density",), ("test_layers/density",)),
    "rules": (15, ("layers/check",),
              ("test_layers/check", "test_api/check/test_law_of_a_day.py")),
}  # fmt: skip
"""By area how many mutants are drawn, from which files, and which tests speak of them."""
TESTS = (
    "tests/test_geo", "tests/test_layers/readers", "tests/test_layers/density",
    "tests/test_layers/check", "tests/test_layers/publish", "tests/test_api/check",
    "tests/test_api/density", "tests/test_api/expansion", "tests/test_api/publish",
)  # fmt: skip
MARKS = "not browser and not tooling and not slow"
UNUSED = ("RemoveDecorator", "VariableInserter", "VariableReplacer", "NoOp")
"""Kinds of mutant that say nothing: caches and registrations, or code that nobody writes."""
MOST_SECONDS, MOST_TESTS, LATE_SECONDS = 40.0, 80, 900.0

reached: dict[str, float] = {}
"""Seconds by test, while this module is loaded as a plugin of pytest."""


def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Name the lines that are reached from here on by the test that reaches them."""
    coverage = sys.modules["coverage"].Coverage.current()
    if coverage is not None:
        coverage.switch_context(item.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember how long tests take."""
    reached[report.nodeid] = reached.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish() -> None:
    """Write how long tests took beside the tree."""
    (Path.cwd().parent / "seconds.json").write_text(json.dumps(reached), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("step", choices=("plan", "copy", "draw", "run", "show"))
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--area", choices=tuple(AREAS), help="run only this one")
    parser.add_argument("--count", type=int, help="draw so many in all, areas as above")
    options = parser.parse_args()
    folder = options.folder.resolve()
    if options.step in ("plan", "copy"):
        copy_tree(folder)
    if options.step == "plan":
        follow_tests(folder)
    if options.step in ("plan", "draw"):
        drawn = draw(folder, options.seed, options.count)
        _write(folder / "drawn.json", drawn)
        print(Counter(one["area"] for one in drawn))
    elif options.step == "run":
        run(folder, options.area)
    show(folder)


def copy_tree(folder: Path) -> None:
    """Copy what is under version control: mutants are written into the copy alone."""
    shutil.rmtree(folder / "tree", ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        target = folder / "tree" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)


def follow_tests(folder: Path) -> None:
    """Run the tests once, to learn which lines each of them reaches."""
    command = [
        *(sys.executable, "-P", "-m", "coverage", "run", "--data-file", str(folder / "coverage")),
        *("--source", "geo,layers,maps,api", "-m", "pytest", "-q", "-n", "0"),
        *("-p", "no:cacheprovider", "-p", "bench.mutants", "-m", MARKS, *TESTS),
    ]
    subprocess.run(command, cwd=folder / "tree", check=False, env=_environment(folder))


def draw(folder: Path, seed: int, wanted: int | None) -> list[dict[str, Any]]:
    """Return the mutants to try: one at each place that is drawn."""
    whole_count = sum(count for count, *_ in AREAS.values())
    chance = random.Random(seed)  # noqa: S311 - a seeded sample
    drawn: list[dict[str, Any]] = []
    for area, (count, paths, _) in AREAS.items():
        places: dict[tuple[str, int, int], list[dict[str, Any]]] = defaultdict(list)
        for path in paths:
            whole = folder / "tree" / path
            for file in sorted(whole.rglob("*.py")) if whole.is_dir() else [whole]:
                for one in _mutants(file, folder / "tree"):
                    places[one["path"], one["line"], one["column"]].append(one)
        if wanted is not None:
            count = max(1, round(count * wanted / whole_count))  # noqa: PLW2901 - its share
        chosen = chance.sample(sorted(places), min(count, len(places)))
        drawn += [{"area": area, **chance.choice(places[place])} for place in chosen]
    return drawn


def _mutants(file: Path, tree: Path) -> Iterator[dict[str, Any]]:
    from cosmic_ray.ast import ast_nodes, get_ast_from_path  # noqa: PLC0415
    from cosmic_ray.plugins import get_operator, operator_names  # noqa: PLC0415

    unmeant = _annotations(file)
    nodes = list(ast_nodes(get_ast_from_path(file)))
    for name in operator_names():
        operator = get_operator(name)
        if operator.arguments() or name.rpartition("/")[2].startswith(UNUSED):
            continue
        found = (at for node in nodes for at in operator().mutation_positions(node))
        for occurrence, ((line, column), (last, _)) in enumerate(found):
            if not any((top, left) <= (line, column) < end for (top, left), end in unmeant):
                yield {
                    "path": file.relative_to(tree).as_posix(), "operator": name,
                    "occurrence": occurrence, "line": line, "column": column, "last": last,
                }  # fmt: skip


def _annotations(file: Path) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where annotations, names of types and decorators of classes stand."""
    found: list[ast.AST | None] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.arg() | ast.AnnAssign():
                found.append(node.annotation)
            case ast.FunctionDef():
                found.append(node.returns)
            case ast.Call(func=ast.Name(id="cast")):
                found.append(node.args[0])
            case ast.ClassDef():
                found += node.decorator_list
            case _:
                pass
    return [
        ((one.lineno, one.col_offset), (one.end_lineno, one.end_col_offset))  # type: ignore[attr-defined]
        for one in found
        if one is not None
    ]


def run(folder: Path, area: str | None) -> None:
    """Try the mutants that were not tried; each result is written as soon as it is known."""
    tests = _Tests(folder) if (folder / "coverage").exists() else _TestsOfAreas()
    done = _results(folder)
    for number, one in enumerate(_read(folder / "drawn.json")):
        if _key(one) in done or (area and one["area"] != area):
            continue
        began = time.monotonic()
        chosen = tests.reaching(one)
        outcome, diff = _tried(folder, one, chosen) if chosen else ("unreached", "")
        line = {**one, "outcome": outcome, "tests": len(chosen), "diff": diff}
        with (folder / "results.jsonl").open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")
        print(number, outcome, one["path"], one["line"], one["operator"],
              f"{time.monotonic() - began:.0f} s", flush=True)  # fmt: skip


def _tried(folder: Path, one: dict[str, Any], chosen: list[str]) -> tuple[str, str]:
    from cosmic_ray.mutating import use_mutation  # noqa: PLC0415
    from cosmic_ray.plugins import get_operator  # noqa: PLC0415

    tree = folder / "tree"
    path = tree / one["path"]
    kernel = one["area"] == "kernel"
    if kernel:
        # Machine code that is kept does not know of the mutant.
        shutil.rmtree(tree / ".local", ignore_errors=True)
    shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)
    with use_mutation(path, get_operator(one["operator"])(), one["occurrence"]) as (old, new):
        if new is None:
            return "no mutant", ""
        command = [
            *(sys.executable, "-P", "-m", "pytest", "-q", "-x", "-n", "0", "--tb=no"),
            *("-p", "no:cacheprovider", "-m", MARKS, *chosen),
        ]
        try:
            ended = subprocess.run(
                command, cwd=tree, env=_environment(folder), capture_output=True,
                timeout=LATE_SECONDS, check=False,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            ended = -1
    shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)
    if kernel:
        shutil.rmtree(tree / ".local", ignore_errors=True)
    changed = [
        f"-{was}\n+{now}"
        for was, now in zip(old.splitlines(), new.splitlines(), strict=False)
        if was != now
    ]
    return {0: "lived", -1: "late"}.get(ended, "killed"), "\n".join(changed[:3])


class _TestsOfAreas:
    """Tests of the same folder or name, then those that import the file, then the area's."""

    def reaching(self, one: dict[str, Any]) -> list[str]:
        path = Path(one["path"]).with_suffix("")
        near = ROOT / "tests" / f"test_{path.parts[0]}" / path.parts[1]
        every = [file for name in TESTS for file in sorted((ROOT / name).rglob("test_*.py"))]
        named = [file for file in every if path.stem in file.stem and near in file.parents]
        module = re.compile(rf"{re.escape('.'.join(path.parts[:-1]))}[. ]\S*\b{path.stem}\b")
        importing = [
            file
            for file in every
            if module.search(file.read_text("utf-8").replace(" import ", "."))
        ]
        areas = [ROOT / "tests" / name for name in AREAS[one["area"]][2]]
        if path.parts[0] == "geo" and near.is_dir():
            areas = [near]
        found = dict.fromkeys(
            file.relative_to(ROOT).as_posix() for file in (*named, *importing, *areas)
        )
        return list(found)


class _Tests:
    """Which tests reach a line, those nearest to it first, as many as time allows."""

    def __init__(self, folder: Path) -> None:
        from coverage import CoverageData  # noqa: PLC0415

        self._data = CoverageData(str(folder / "coverage"))
        self._data.read()
        self._seconds: dict[str, float] = _read(folder / "seconds.json")
        self._tree = folder / "tree"

    def reaching(self, one: dict[str, Any]) -> list[str]:
        path = str(self._tree / one["path"])
        by_line = self._data.contexts_by_lineno(path)
        lines = range(one["line"], one["last"] + 1)
        tests = {test for line in lines for test in by_line.get(line, ()) if test}
        if not tests:
            # At the top of a file, on a later line of a statement, or compiled by numba.
            tests = {test for found in by_line.values() for test in found if test}
        if one["area"] == "kernel":
            tests |= {test for test in self._seconds if "/kernel/" in test}
        parts = Path(one["path"]).with_suffix("").parts

        def far(test: str) -> tuple[int, float]:
            return -sum(part in test for part in parts), self._seconds.get(test, 1.0)

        chosen, seconds = list[str](), 0.0
        for test in sorted(tests, key=far):
            seconds += self._seconds.get(test, 1.0)
            if chosen and (seconds > MOST_SECONDS or len(chosen) == MOST_TESTS):
                break
            chosen.append(test)
        return chosen


def show(folder: Path) -> None:
    """Print the share that is killed by area, and each that lived."""
    results = list(_results(folder).values())
    for area in AREAS:
        own = [one for one in results if one["area"] == area]
        killed = sum(one["outcome"] in ("killed", "late") for one in own)
        if own:
            print(f"{area:12} {killed:4} of {len(own):4}  {100 * killed / len(own):.0f} %")
    for one in results:
        if one["outcome"] not in ("killed", "late"):
            print(f"{one['outcome']} {one['path']}:{one['line']} {one['operator']}\n{one['diff']}")


def _results(folder: Path) -> dict[tuple[Any, ...], dict[str, Any]]:
    path = folder / "results.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {_key(one): one for one in map(json.loads, lines)}


def _key(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["path"], one["operator"], one["occurrence"]


def _environment(folder: Path) -> dict[str, str]:
    import os  # noqa: PLC0415

    return {
        **os.environ, "PYTHONPATH": str(folder / "tree"), "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
    }  # fmt: skip


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever was written
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
