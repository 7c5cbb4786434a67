"""Areas as they are printed: rounded so that parts add up to their printed total."""

from collections.abc import Sequence
from typing import Final

from geo.units import M2_PER_HA, m2_to_mu, rounded_to_total
from maps.check.answers import Printed

_M2_DECIMALS: Final = 2
_HA_DECIMALS: Final = 4
_MU_DECIMALS: Final = 3


def print_area(areas_m2: Sequence[float]) -> list[Printed]:
    """Return areas in m2, ha and mu, in each of which they add up to their rounded total.

    Examples
    --------
    >>> [one.ha for one in print_area([1 / 3, 1 / 3, 1 / 3])], print_area([1.0])[0].ha
    ([0.0001, 0.0, 0.0], 0.0001)
    """
    hectares = [area / M2_PER_HA for area in areas_m2]
    mu = [m2_to_mu(area) for area in areas_m2]
    return [
        Printed(m2=one, ha=two, mu=three)
        for one, two, three in zip(
            rounded_to_total(areas_m2, _M2_DECIMALS),
            rounded_to_total(hectares, _HA_DECIMALS),
            rounded_to_total(mu, _MU_DECIMALS),
            strict=True,
        )
    ]
