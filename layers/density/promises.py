"""Promises of standard land (标准地) against what was reached, and when terms end."""

from calendar import monthrange
from datetime import date, timedelta

_NOISE = 1e-9
"""Relative: what is reached to the last digit of a division is kept."""


def first_due_year(deadline: date, *, at_deadline: bool) -> int:
    """Return the first year whose figure a promise is held against.

    ``at_deadline``: what grows up to the deadline, such as investment, is read at the end of the
    deadline's own year. What is promised of a year is due in the first year that begins after it.

    Examples
    --------
    >>> first_due_year(date(2023, 6, 30), at_deadline=True)
    2023
    >>> first_due_year(date(2023, 6, 30), at_deadline=False)
    2024
    """
    return deadline.year if at_deadline else deadline.year + 1


def keeps_least(actual: float, promised: float) -> bool:
    """Tell whether at least what was promised was reached.

    Examples
    --------
    >>> keeps_least(24.0, 25.0), keeps_least(25.0, 25.0)
    (False, True)
    """
    return actual >= promised - _NOISE * abs(promised)


def keeps_most(actual: float, promised: float) -> bool:
    """Tell whether no more than what was promised was used.

    Examples
    --------
    >>> keeps_most(0.21, 0.2), keeps_most(0.2, 0.2)
    (False, True)
    """
    return actual <= promised + _NOISE * abs(promised)


def term_end(start: date, months: int) -> date:
    """Return the last day of a term: the day before the one on which it began, months later.

    A month without that day is used up to its own last one (Civil Code, article 202).

    Examples
    --------
    >>> term_end(date(2020, 5, 1), 50 * 12), term_end(date(2024, 2, 29), 12)
    (datetime.date(2070, 4, 30), datetime.date(2025, 2, 28))
    """
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    last = monthrange(year, month)[1]
    if start.day > last:
        return date(year, month, last)
    return date(year, month, start.day) - timedelta(days=1)


def expiry_state(ends_on: date, today: date, warn_months: int) -> str:
    """Tell whether a term has ended (``expired``), ends within some months (``soon``) or ``later``.

    Examples
    --------
    >>> expiry_state(date(2026, 11, 29), date(2026, 11, 29), 12)
    'soon'
    """
    if ends_on < today:
        return "expired"
    return "soon" if ends_on <= term_end(today, warn_months) + timedelta(days=1) else "later"
