"""Areas as they are printed, in three units: each by itself, or as parts of a printed whole."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from geo.units import M2_PER_HA, m2_to_mu, round_as_printed, rounded_to_total
from maps.check.finding import Printed

_UNITS: Final[dict[str, tuple[Callable[[float], float], int]]] = {
    "m2": (float, 2),
    "ha": (lambda area_m2: area_m2 / M2_PER_HA, 4),
    "mu": (m2_to_mu, 3),
}
"""Unit to its conversion from m2, and its decimals."""


@lru_cache(maxsize=4096)
def print_area(area_m2: float) -> Printed:
    """Return an area by itself: it reads the same in every table that it stands in.

    Examples
    --------
    >>> print_area(1234.565).m2, print_area(1.0).ha
    (1234.57, 0.0001)
    """
    return Printed(
        **{
            unit: round_as_printed(of_m2(area_m2), decimals)
            for unit, (of_m2, decimals) in _UNITS.items()
        }
    )


def print_parts(areas_m2: Sequence[float], whole_m2: float) -> list[Printed]:
    """Return the parts of a whole, which in each unit add up to it as it is printed.

    Examples
    --------
    >>> [one.ha for one in print_parts([1 / 3, 1 / 3, 1 / 3], 1.0)]
    [0.0001, 0.0, 0.0]
    """
    if not areas_m2:
        return []
    columns = {
        unit: rounded_to_total([of_m2(one) for one in areas_m2], decimals, of_m2(whole_m2))
        for unit, (of_m2, decimals) in _UNITS.items()
    }
    return [
        Printed(m2=m2, ha=ha, mu=mu)
        for m2, ha, mu in zip(columns["m2"], columns["ha"], columns["mu"], strict=True)
    ]


def print_shares(areas_m2: Sequence[float], whole_m2: float) -> list[Printed]:
    """Return a printed whole shared out by the areas of what it consists of.

    These are measured apart from the whole, and may differ from it by square decimetres:
    the whole is what counts, and one part alone is the whole.

    Examples
    --------
    >>> [one.m2 for one in print_shares([100.03], 100.0)]
    [100.0]
    >>> [one.m2 for one in print_shares([50.3, 50.3], 100.0)]
    [50.0, 50.0]
    """
    factor = whole_m2 / (sum(areas_m2) or 1.0)
    return print_parts([area_m2 * factor for area_m2 in areas_m2], whole_m2)


@lru_cache(maxsize=4096)
def print_rest(whole: Printed, part: Printed) -> Printed:
    """Return what a printed part leaves of a printed whole.

    Examples
    --------
    >>> print_rest(print_area(30.01), print_area(20.005)).m2
    10.0
    """
    return Printed(
        **{
            unit: round_as_printed(max(getattr(whole, unit) - getattr(part, unit), 0.0), decimals)
            for unit, (_, decimals) in _UNITS.items()
        }
    )
