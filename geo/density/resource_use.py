"""What a unit of product takes: energy, water, building land and carbon per gross product.

Product in 亿元 (100 million CNY), energy in 万吨标煤 (10,000 t of standard coal), water in 万立方米
(10,000 m3), land in km2; carbon by a factor in t CO2 per t of standard coal that the caller states.
"""

from geo.density.errors import NoProductError

_HA_PER_KM2 = 100.0


def energy_per_product(energy_wan_tce: float, product_yi: float) -> float:
    """Return energy per product in t of standard coal per 10,000 CNY.

    Examples
    --------
    500,000 t over 4,000,000 times 10,000 CNY; 10,000 t over 100 million CNY is 1 t over 10,000:

    >>> energy_per_product(50.0, 400.0)
    0.125
    """
    return energy_wan_tce / _product(product_yi)


def water_per_product(water_wan_m3: float, product_yi: float) -> float:
    """Return water per product in m3 per 10,000 CNY.

    Examples
    --------
    >>> water_per_product(3000.0, 400.0)
    7.5
    """
    return water_wan_m3 / _product(product_yi)


def land_per_product(land_km2: float, product_yi: float) -> float:
    """Return building land per product in ha per 100 million CNY.

    Examples
    --------
    >>> land_per_product(60.0, 400.0)
    15.0
    """
    return land_km2 * _HA_PER_KM2 / _product(product_yi)


def carbon_wan_t(energy_wan_tce: float, factor_t_per_tce: float) -> float:
    """Return carbon dioxide in 10,000 t from energy and a stated factor.

    Examples
    --------
    >>> carbon_wan_t(50.0, 2.66)
    133.0
    """
    if not factor_t_per_tce > 0.0:
        raise NoProductError(value=factor_t_per_tce)
    return energy_wan_tce * factor_t_per_tce


def _product(product_yi: float) -> float:
    if not product_yi > 0.0:
        raise NoProductError(value=product_yi)
    return product_yi
