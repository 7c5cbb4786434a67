"""What land must yield: expansions that keep or reach a density, and land that growth saves."""

from dataclasses import dataclass

from geo.density.errors import NoLandError


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What an expansion asks for.

    ``value_needed`` is on all land together; ``value_of_present_land`` what the present land
    yields then (its value now, unless it grows), ``value_of_new_land`` what the added land must
    yield besides. ``land_spared_km2`` is added land that growth on the present land makes
    unnecessary at the density reached, at most all of it. Densities are per km2.
    """

    area_km2: float
    density_now: float
    density_then: float
    value_needed: float
    value_of_present_land: float
    value_of_new_land: float
    growth_pct: float
    land_spared_km2: float


def expansion(
    value_now: float,
    area_now_km2: float,
    added_km2: float,
    density_then: float | None,
    present_growth_pct: float = 0.0,
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
    present_growth_pct : float
        By how much the present land yields more then; 0 freezes it at its value now.

    Raises
    ------
    DenominatorError
        ``not_positive``: land or value is not above zero.

    Examples
    --------
    >>> round(expansion(717.9, 119.86, 10.0, None).value_of_new_land, 2)
    59.89

    Growth of 5 % where one stands yields 35.9, what 5.99 km2 of new land would:

    >>> round(expansion(717.9, 119.86, 10.0, None, 5.0).land_spared_km2, 2)
    5.99
    """
    if not (area_now_km2 > 0.0 and added_km2 >= 0.0 and value_now > 0.0):
        raise NoLandError(units=[])
    now = value_now / area_now_km2
    then = now if density_then is None else density_then
    area = area_now_km2 + added_km2
    needed = then * area
    gain = value_now * present_growth_pct / 100.0
    return Expansion(
        area_km2=area,
        density_now=now,
        density_then=then,
        value_needed=needed,
        value_of_present_land=value_now + gain,
        value_of_new_land=needed - value_now - gain,
        growth_pct=100.0 * (needed / value_now - 1.0),
        land_spared_km2=min(gain / then, added_km2),
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
