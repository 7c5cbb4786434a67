"""Progress to a yearly target, from figures of parts of a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from geo.density.errors import NoTargetError

MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Months of a year, both counted in."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A judgement: ``least`` is the progress that it takes, as a share of time or of the target."""

    id: str
    least: float
    of_target: bool = False


def spans_until(known: Sequence[Span], last: int) -> tuple[Span, ...]:
    """Return the fewest known spans that cover January to a month, none of it twice.

    Returns nothing where they leave a gap: what is not known is not zero.

    Examples
    --------
    >>> quarters = [Span(first=1, last=3), Span(first=4, last=6), Span(first=7, last=9)]
    >>> len(spans_until(quarters, 9)), len(spans_until([*quarters, Span(first=1, last=9)], 9))
    (3, 1)
    >>> spans_until([Span(first=1, last=3), Span(first=7, last=9)], 9)
    ()
    """
    best: dict[int, tuple[Span, ...]] = {0: ()}
    for month in range(1, last + 1):
        ends = [
            (*best[one.first - 1], one)
            for one in known
            if one.last == month and one.first <= one.last and one.first - 1 in best
        ]
        if ends:
            best[month] = min(ends, key=len)
    return best.get(last, ())


def value_until(values: Mapping[Span, float], last: int) -> tuple[float, tuple[Span, ...]] | None:
    """Return a value from January to a month, and the spans that it is the sum of; None if gaps.

    Examples
    --------
    >>> parts = {Span(first=1, last=3): 20.0, Span(first=4, last=6): 25.5}
    >>> value_until(parts, 6)[0], value_until(parts, 9)
    (45.5, None)
    """
    spans = spans_until(list(values), last)
    return (fsum(values[one] for one in spans), spans) if spans else None


def progress_pct(value: float, target: float) -> float:
    """Return how much of a target has been reached, in percent.

    Raises
    ------
    NoTargetError
        The target is not above zero.

    Examples
    --------
    >>> progress_pct(45.5, 91.0)
    50.0
    """
    if not target > 0.0:
        raise NoTargetError()
    return 100.0 * value / target


def judge_progress(progress: float, last_month: int, steps: Sequence[Step]) -> str:
    """Return the first judgement whose share is reached.

    Parameters
    ----------
    progress : float
        In percent of the target.
    last_month : int
        The share of the year that has passed is this over 12.
    steps : sequence of Step
        From the best to the last.

    Examples
    --------
    After nine months 75 % is on time, and 70 % is 0.93 of it.

    >>> steps = [Step(id="on_time", least=1.0), Step(id="late", least=0.9), Step(id="far", least=0)]
    >>> [judge_progress(one, 9, steps) for one in (75.0, 70.0, 60.0)]
    ['on_time', 'late', 'far']
    """
    time_pct = 100.0 * last_month / MONTHS
    for step in steps:
        whole = 100.0 if step.of_target else time_pct
        # What is printed as reached is reached: a hundredth of a percent is no shortfall.
        if round(progress, 2) >= round(step.least * whole, 2):
            return step.id
    return steps[-1].id


def change_pct(now: float, before: float) -> float | None:
    """Return the change against the same months of the year before, in percent; None from 0.

    Examples
    --------
    >>> change_pct(55.0, 50.0), change_pct(1.0, 0.0)
    (10.0, None)
    """
    return 100.0 * (now - before) / before if before > 0.0 else None
