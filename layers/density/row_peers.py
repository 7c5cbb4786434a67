"""Rows whose figures are negative or far from the others: a slip of a sign, a unit or a digit."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from layers.density.refusals import Problem
from layers.density.statistics.checks import check_limits

_SHARE: Final = "_pct"
_MAY_BE_LOST: Final = ("tax", "added")
"""Figures that losses and taxes paid back turn below zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRow:
    """The figures of one row, by the name of the quantity."""

    line: int
    name: str
    figures: Mapping[str, float]


def ask_about_rows(
    rows: Sequence[PeerRow], headings: Mapping[str, str], land: str | None
) -> list[Problem]:
    """Return a question for each row with a figure that may be a slip of a sign or a unit.

    What is below zero is asked about, but for what losses and taxes paid back may turn so.
    A figure is asked about where it is so many times the middle of the other rows, or so small
    a part of it, as ``checks.yaml`` says. ``land`` names the quantity by which all others are
    divided, since firms differ in size; it is compared first, for a wrong one makes all others
    wrong.

    Examples
    --------
    >>> rows = [PeerRow(line=n, name=f"f{n}", figures={"tax": 10.0 + n}) for n in range(3)]
    >>> rows.append(PeerRow(line=9, name="f9", figures={"tax": 120000.0}))
    >>> [(one.line, one.column) for one in ask_about_rows(rows, {"tax": "Tax"}, None)]
    [(9, 'Tax')]
    """
    names = sorted({name for row in rows for name in row.figures if not name.endswith(_SHARE)})
    if land in names:
        names = [land, *(name for name in names if name != land)]
    questions = {one.line: one for one in _below_zero(rows, headings)}
    for name in names:
        for question in _far(rows, name, None if name == land else land, headings):
            questions.setdefault(question.line, question)
    return sorted(questions.values(), key=lambda one: one.line)


def _below_zero(rows: Sequence[PeerRow], headings: Mapping[str, str]) -> Iterator[Problem]:
    """Return a question for each row with negative figures, which names them all."""
    for row in rows:
        below = [
            (name, value)
            for name, value in row.figures.items()
            if value < 0.0 and not any(word in name for word in _MAY_BE_LOST)
        ]
        if below:
            told = ", ".join(f"{headings.get(name, name)} {value:.6g}" for name, value in below)
            text = f"{row.name}: {told}"
            yield Problem(line=row.line, column=None, code="below_zero", text=text)


def _far(
    rows: Sequence[PeerRow], name: str, land: str | None, headings: Mapping[str, str]
) -> Iterator[Problem]:
    by_land = land is not None and all(row.figures.get(land, 0.0) > 0.0 for row in rows)
    sizes = {
        at: abs(row.figures[name]) / (row.figures[str(land)] if by_land else 1.0)
        for at, row in enumerate(rows)
        if row.figures.get(name)
    }
    limits = check_limits()
    if len(sizes) < limits.fewest_rows:
        return
    ordered = sorted(sizes.values())
    for at, size in sizes.items():
        middle = _middle_without(ordered, size)
        if size >= limits.value_factor * middle or size * limits.smallness_factor <= middle:
            text = f"{rows[at].name}: {size:.4g} / {middle:.4g}"
            code = "far_from_rows_by_mu" if by_land else "far_from_rows"
            yield Problem(line=rows[at].line, column=headings.get(name), code=code, text=text)


def _middle_without(ordered: Sequence[float], size: float) -> float:
    """Return the median of ordered values without one of them.

    Examples
    --------
    >>> _middle_without([1.0, 2.0, 3.0, 9.0], 9.0), _middle_without([1.0, 2.0, 9.0], 1.0)
    (2.0, 5.5)
    """
    gone, count = bisect_left(ordered, size), len(ordered) - 1
    lower, upper = (ordered[at + (at >= gone)] for at in ((count - 1) // 2, count // 2))
    return (lower + upper) / 2.0
