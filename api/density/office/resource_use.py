"""Energy, water, building land and carbon per gross product; carbon by a stated factor alone."""

from dataclasses import dataclass
from typing import Final

from api.density.lands import land_for, lands_of, reason_against
from api.density.qualifiers import combine_qualifiers, qualifiers_of
from api.density.unit_sheet import UnknownUnitError
from api.workspace.needs import DensityNeeds
from geo.density.resource_use import (
    carbon_wan_t,
    energy_per_product,
    land_per_product,
    water_per_product,
)
from geo.errors import InputError
from layers.density.statistics.collected import Statistics
from layers.density.statistics.model import Observation
from maps.answers import Title
from maps.density.answers import Qualifiers
from maps.density.statement_answers import ResourceRow, ResourceUse

_PRODUCT: Final = "gdp"
_ENERGY: Final = "energy_use"
_WATER: Final = "water_use"
_LANDS: Final = ("built_up", "supplied")


class FactorSourceError(InputError):
    """A factor of carbon is stated without its source, or a source without a factor."""

    code = "api.density.factor_source"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonFactor:
    """Carbon dioxide per standard coal, in t/t, and where that stands."""

    t_per_tce: float
    source: str


def resource_use(
    workspace: DensityNeeds, unit_id: str, year: int, factor: CarbonFactor | None
) -> ResourceUse:
    """Return what a unit of product took in a year; what is not known says why.

    Raises
    ------
    UnknownUnitError
        There is no such unit.
    """
    statistics = workspace.statistics
    unit = statistics.units.get(unit_id)
    if unit is None:
        raise UnknownUnitError(unit=unit_id[:80], known=sorted(statistics.units)[:50])
    product = _fact(statistics, unit_id, _PRODUCT, year)
    energy = _fact(statistics, unit_id, _ENERGY, year)
    water = _fact(statistics, unit_id, _WATER, year)
    rows = [
        _row("energy", energy, product, "万吨标煤"),
        _row("water", water, product, "万立方米"),
        _land_row(workspace, product),
        _carbon_row(energy, product, factor),
    ]
    return ResourceUse(
        unit_id=unit_id,
        unit_name=Title(zh=unit.name_zh, en=unit.name_en),
        year=year,
        product=product.value if product else None,
        product_unit=statistics.indicators[_PRODUCT].unit,
        product_qualifiers=qualifiers_of(product.qualified) if product else None,
        factor_t_per_tce=factor.t_per_tce if factor else None,
        factor_source=factor.source if factor else None,
        rows=rows,
    )


def _fact(statistics: Statistics, unit_id: str, indicator: str, year: int) -> Observation | None:
    return next(
        (
            one
            for one in statistics.observations
            if (one.unit_id, one.indicator, one.year) == (unit_id, indicator, year)
            and one.qualified.is_fact_of_year
        ),
        None,
    )


def _row(
    name: str, amount: Observation | None, product: Observation | None, unit: str
) -> ResourceRow:
    value = None
    if amount and product:
        per = energy_per_product if name == "energy" else water_per_product
        value = per(amount.value, product.value)
    return ResourceRow(
        id=name,
        amount=amount.value if amount else None,
        amount_unit=unit,
        value=value,
        unit="吨标煤/万元" if name == "energy" else "立方米/万元",
        qualifiers=_qualifiers(amount, product),
        reason=_reason(amount, product),
    )


def _land_row(workspace: DensityNeeds, product: Observation | None) -> ResourceRow:
    """Return building land per product: built-up, else supplied land of that year."""
    lands, land = lands_of(workspace, workspace.statistics), None
    for kind in _LANDS if product else ():
        found = land_for(lands, product, kind) if product else None
        if found and reason_against(product, found) is None:
            land = found
            break
    area = land.denominator.area_km2 if land else None
    said = qualifiers_of(product.qualified, land.quality) if product and land else None
    return ResourceRow(
        id="land",
        amount=area,
        amount_unit="km²",
        value=land_per_product(area, product.value) if area and product else None,
        unit="公顷/亿元",
        qualifiers=said,
        reason="no_product" if product is None else None if land else "no_land",
    )


def _carbon_row(
    energy: Observation | None, product: Observation | None, factor: CarbonFactor | None
) -> ResourceRow:
    carbon = carbon_wan_t(energy.value, factor.t_per_tce) if energy and factor else None
    value = None
    if carbon is not None and product:
        value = energy_per_product(carbon, product.value)
    return ResourceRow(
        id="carbon",
        amount=carbon,
        amount_unit="万吨",
        value=value,
        unit="吨/万元",
        qualifiers=_qualifiers(energy, product) if factor else None,
        reason="no_factor" if factor is None else _reason(energy, product),
    )


def _qualifiers(amount: Observation | None, product: Observation | None) -> Qualifiers | None:
    found = [qualifiers_of(one.qualified) for one in (amount, product) if one]
    return combine_qualifiers(found) if amount else None


def _reason(amount: Observation | None, product: Observation | None) -> str | None:
    if product is None:
        return "no_product"
    return None if amount else "no_value"
