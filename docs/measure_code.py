"""Print the figures of ADR 21 about the tree as it stands: ``python -P docs/measure_code.py``."""

import ast
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
STOREYS = ("geo", "layers", "maps", "api")
DOORS = ("api/cli.py", "api/web/tasks.py", "api/web/health.py", "routes.py")
DECLARED = ("operations.py", "questions.py")


def sources(folder: str = "") -> list[Path]:
    """Return the modules of the product below a folder."""
    found = (path for storey in STOREYS for path in (ROOT / storey).rglob("*.py"))
    return [path for path in found if path.relative_to(ROOT).as_posix().startswith(folder)]


def count_lines(paths: list[Path]) -> int:
    """Return how many lines modules have together."""
    return sum(len(path.read_text("utf-8").splitlines()) for path in paths)


def functions() -> Iterator[tuple[int, int]]:
    """Yield of each function its lines without the docstring, and its arguments without self."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                documented = ast.get_docstring(node) is not None
                lines = (node.end_lineno or 0) - node.body[documented and len(node.body) > 1].lineno
                every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                yield lines + 1, sum(one.arg not in {"self", "cls"} for one in every)


def ending(*names: str) -> list[Path]:
    """Return modules whose path ends so."""
    return [path for path in sources() if path.as_posix().endswith(names)]


def seconds_of_help() -> float:
    """Return the median time of ``--help`` in three runs, in seconds."""

    def run() -> float:
        begun = time.perf_counter()
        command = [sys.executable, "-m", "api", "--help"]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        return time.perf_counter() - begun

    return statistics.median(run() for _ in range(3))


def main() -> None:
    """Print the figures."""
    folders = Counter(path.parent.relative_to(ROOT).as_posix() for path in sources())
    print("folders:", folders.most_common(6))
    lines, arguments = zip(*functions(), strict=True)
    cuts = statistics.quantiles(lines, n=10)
    print(f"functions: {len(lines)}, p50 {cuts[4]:.0f}, p90 {cuts[8]:.0f}, max {max(lines)}")
    print("arguments at most:", max(arguments))
    print("lines:", {storey: count_lines(sources(f"{storey}/")) for storey in STOREYS})
    print("routes and commands by hand:", count_lines(ending(*DOORS)))
    print("declarations:", count_lines(ending(*DECLARED)))
    printers = [path for path in ending("document.py") if "/maps/" in path.as_posix()]
    print("printers:", count_lines(printers), "in", len(printers))
    whole = re.compile(r"from api\.workspace\.workspace import")
    knows = [path for path in sources("api/") if whole.search(path.read_text("utf-8"))]
    print("modules that import Workspace:", len(knows))
    print(f"--help: {seconds_of_help():.2f} s")


if __name__ == "__main__":
    main()
