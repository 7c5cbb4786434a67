"""Units of land and the rounding of parts that must add up."""

from collections.abc import Sequence
from typing import Final

M2_PER_HA: Final = 10_000.0
M2_PER_KM2: Final = 1_000_000.0
MU_PER_HA: Final = 15.0
"""1 ha = 15 mu (亩) exactly, so 1 mu = 2000/3 m2."""


def m2_to_mu(area_m2: float) -> float:
    """Return square metres in mu.

    Examples
    --------
    >>> m2_to_mu(10_000.0)
    15.0
    """
    return area_m2 / M2_PER_HA * MU_PER_HA


def rounded_to_total(values: Sequence[float], decimals: int) -> list[float]:
    """Round parts so that they add up to their rounded total (largest remainder).

    Parameters
    ----------
    values : sequence of float
        Parts, all >= 0.
    decimals : int
        Decimals to keep.

    Examples
    --------
    >>> rounded_to_total([1.4, 1.4, 1.4], 0)
    [2.0, 1.0, 1.0]
    """
    scale = 10**decimals
    floors = [int(value * scale) for value in values]
    missing = round(sum(values) * scale) - sum(floors)
    by_remainder = sorted(
        range(len(values)), key=lambda at: values[at] * scale - floors[at], reverse=True
    )
    for at in by_remainder[:missing]:
        floors[at] += 1
    return [units / scale for units in floors]
