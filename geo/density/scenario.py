"""What land must yield: expansions that keep or reach a density, and land that a target saves."""

from dataclasses import dataclass

from geo.density.errors import NoLandError


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What an expansion asks for.

    ``value_needed`` is on all land together; ``value_of_new_land`` what the added land
    must yield if the present land keeps its value; densities are per km2.
    """

    area_km2: float
    density_now: float
    density_then: float
    value_needed: float
    value_of_new_land: float
    growth_pct: float


def expansion(
    value_now: float, area_now_km2: float, added_km2: float, density_then: float | None
) -> Expansion:
    """Return what an expansion must yield to keep the present density, or to reach another.

    Parameters
    ----------
    value_now : float
        Extensive value of one year, > 0.
    area_now_km2, added_km2 : float
        Land, > 0 and >= 0.
    density_then : float or None
        Value per km2 to reach; None keeps the present one.

    Raises
    ------
    DenominatorError
        ``not_positive``: land or value is not above zero.

    Examples
    --------
    >>> round(expansion(717.9, 119.86, 10.0, None).value_of_new_land, 2)
    59.89
    """
    if not (area_now_km2 > 0.0 and added_km2 >= 0.0 and value_now > 0.0):
        raise NoLandError(units=[])
    now = value_now / area_now_km2
    then = now if density_then is None else density_then
    area = area_now_km2 + added_km2
    needed = then * area
    return Expansion(
        area_km2=area,
        density_now=now,
        density_then=then,
        value_needed=needed,
        value_of_new_land=needed - value_now,
        growth_pct=100.0 * (needed / value_now - 1.0),
    )


def land_saved_km2(value: float, density_now: float, density_then: float) -> float:
    """Return how much less land a value needs at a higher density; below zero: more.

    Raises
    ------
    DenominatorError
        ``not_positive``: a density is not above zero.

    Examples
    --------
    >>> land_saved_km2(100.0, 5.0, 10.0)
    10.0
    """
    if not (density_now > 0.0 and density_then > 0.0):
        raise NoLandError(units=[])
    return value / density_now - value / density_then
