"""What all benchmarks share: CPU seconds, medians, and a table of ratios."""

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Row:
    """One contestant: how long it took (CPU seconds), and how that compares with ours."""

    what: str
    who: str
    seconds: float
    note: str = ""


def cpu_s(work: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """Return the median CPU time of this process, all threads, and the last answer."""
    taken, answer = [], None
    for _ in range(repeats):
        start = time.process_time()
        answer = work()
        taken.append(time.process_time() - start)
    return statistics.median(taken), answer


def children_cpu_s(work: Callable[[], Any]) -> float:
    """Return the CPU time of the programs that a call runs."""

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = used()
    work()
    return used() - before


def shown(rows: list[Row], ours: float) -> list[Row]:
    """Print rows with their ratio to ours, and return them."""
    for row in rows:
        ratio = f"x{row.seconds / ours:.1f}" if ours else ""
        print(
            f"{row.what:26}{row.who:44}{row.seconds:11.4f} CPU s {ratio:>9}  {row.note}", flush=True
        )
    return rows


def require_agreement(who: str, ours: dict, theirs: dict, unit_m2: float) -> None:
    """Stop unless |d| <= 1e-9 a + 1e-6 m2 for every pair, those that one lacks among them."""
    worst = 0.0
    for key in ours.keys() | theirs.keys():
        a, b = ours.get(key, 0.0) * unit_m2, theirs.get(key, 0.0) * unit_m2
        worst = max(worst, abs(a - b) / (1e-9 * max(a, b) + 1e-6))
    if worst > 1.0:
        raise SystemExit(f"{who} disagrees: {worst:.1f} times the allowed difference")
