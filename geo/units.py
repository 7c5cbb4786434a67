"""Units of land, rounding as it is printed, and of parts that must add up."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from math import fsum, isfinite
from typing import Final

M2_PER_HA: Final = 10_000.0
M2_PER_KM2: Final = 1_000_000.0
MU_PER_HA: Final = 15.0
"""1 ha = 15 mu (亩) exactly, so 1 mu = 2000/3 m2."""
_CONTEXT: Final = Context(prec=400)
_AS_HELD: Final = Context(prec=15, rounding=ROUND_HALF_UP)


def m2_to_mu(area_m2: float) -> float:
    """Return square metres in mu.

    Examples
    --------
    >>> m2_to_mu(10_000.0)
    15.0
    """
    return area_m2 / M2_PER_HA * MU_PER_HA


def round_as_printed(value: float, decimals: int) -> float:
    """Return what is read of a number: halves go up in size, of 15 digits, as in spreadsheets.

    What is compared with another number on the same page (ranks, ties, limits, classes) is
    compared as this, so that no two numbers that read the same are called different.

    Examples
    --------
    >>> round_as_printed(2.675, 2), round_as_printed(-2.5, 0), round_as_printed(-0.004, 2)
    (2.68, -3.0, 0.0)
    """
    return float(decimal_as_printed(value, decimals)) if isfinite(value) else value


def decimal_as_printed(value: float, decimals: int) -> Decimal:
    """Return a finite number as :func:`round_as_printed`, exact; zero is never below zero."""
    step = Decimal(1).scaleb(-decimals)
    found = _decimal(value).quantize(step, ROUND_HALF_UP, _CONTEXT)
    return found if found else found.copy_abs()


def rounded_to_total(
    values: Sequence[float], decimals: int, total: float | None = None
) -> list[float]:
    """Round the parts of a whole so that they add up to it as it is printed (largest remainder).

    For parts of one whole only: what stands apart, such as plots in a list, is rounded by
    itself, or one plot would read otherwise in the next table.

    Parameters
    ----------
    values : sequence of float
        Parts, all >= 0.
    decimals : int
        Decimals to keep.
    total : float, optional
        The whole, where it is measured by itself; else the parts' own sum.

    Examples
    --------
    >>> rounded_to_total([1.4, 1.4, 1.4], 0)
    [2.0, 1.0, 1.0]
    >>> rounded_to_total([1.4, 1.4], 0, 3.0), rounded_to_total([2.675], 2)
    ([2.0, 1.0], [2.68])
    """
    steps = [_decimal(value).scaleb(decimals) for value in values]
    floors = [int(step) for step in steps]
    whole = round_as_printed(fsum(values) if total is None else total, decimals)
    missing = int(_decimal(whole).scaleb(decimals)) - sum(floors)
    by_remainder = sorted(range(len(values)), key=lambda at: steps[at] - floors[at], reverse=True)
    for at in by_remainder[: max(missing, 0)]:
        floors[at] += 1
    return [float(Decimal(units).scaleb(-decimals)) for units in floors]


def _decimal(value: float) -> Decimal:
    """Return a number with the 15 digits that spreadsheets hold and show of it.

    The digits after them are of its binary form; nobody gave them, and 16424.774999999998 in a
    text would be 16424.775 in the workbook beside it.
    """
    return _AS_HELD.create_decimal_from_float(float(value))
