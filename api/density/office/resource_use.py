"""Energy, water, building land and carbon per gross product; carbon by a stated factor alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from api.density.lands import land_of_year, lands_of
from api.density.qualifiers import combine_qualifiers, qualifiers_of
from api.density.unit_sheet import UnknownUnitError
from api.workspace.needs import DensityNeeds
from geo.density.bounds import relation_of_ratio
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
from maps.density.qualified import with_mark
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """What is known of an amount in a year; ``only`` are periods of figures that are no fact of it.

    ``nothing`` says why there is no value.
    """

    value: float | None
    qualifiers: Qualifiers | None
    nothing: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A row of the answer: its units, and how an amount is divided by the product."""

    id: str
    amount_unit: str
    unit: str
    per: Callable[[float, float], float]


_KINDS: Final = (
    _Kind(id="energy", amount_unit="万吨标煤", unit="吨标煤/万元", per=energy_per_product),
    _Kind(id="water", amount_unit="万立方米", unit="立方米/万元", per=water_per_product),
    _Kind(id="land", amount_unit="km²", unit="公顷/亿元", per=land_per_product),
    _Kind(id="carbon", amount_unit="万吨", unit="吨/万元", per=energy_per_product),
)


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
    product = _figure(statistics, unit_id, _PRODUCT, year)
    energy = _figure(statistics, unit_id, _ENERGY, year)
    amounts = (
        energy,
        _figure(statistics, unit_id, _WATER, year),
        _land(workspace, unit_id, year),
        _carbon(energy, factor),
    )
    return ResourceUse(
        unit_id=unit_id,
        unit_name=Title(zh=unit.name_zh, en=unit.name_en),
        year=year,
        product=product.value,
        product_unit=statistics.indicators[_PRODUCT].unit,
        product_qualifiers=product.qualifiers,
        product_only=list(product.only),
        factor_t_per_tce=factor.t_per_tce if factor else None,
        factor_source=factor.source if factor else None,
        rows=[_row(kind, amount, product) for kind, amount in zip(_KINDS, amounts, strict=True)],
    )


def _figure(statistics: Statistics, unit_id: str, indicator: str, year: int) -> _Figure:
    own = [
        one
        for one in statistics.observations
        if (one.unit_id, one.indicator, one.year) == (unit_id, indicator, year)
    ]
    found = next((one for one in own if one.qualified.is_fact_of_year), None)
    if found is None:
        return _Figure(value=None, qualifiers=None, nothing="no_value", only=_periods(own))
    return _Figure(value=found.value, qualifiers=qualifiers_of(found.qualified), nothing="no_value")


def _periods(found: Sequence[Observation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.period for one in found))


def _land(workspace: DensityNeeds, unit_id: str, year: int) -> _Figure:
    """Return built-up, else supplied land of that year."""
    land = land_of_year(lands_of(workspace, workspace.statistics), unit_id, year, _LANDS)
    if land is None:
        return _Figure(value=None, qualifiers=None, nothing="no_land")
    said = Qualifiers(
        relation="=", year=year, period="full_year", months="", nature="fact",
        quality=land.quality, source=land.denominator.source, basis="",
    )  # fmt: skip
    area = land.denominator.area_km2
    return _Figure(value=area, qualifiers=with_mark(said), nothing="no_land")


def _carbon(energy: _Figure, factor: CarbonFactor | None) -> _Figure:
    if factor is None:
        return _Figure(value=None, qualifiers=None, nothing="no_factor")
    carbon = None if energy.value is None else carbon_wan_t(energy.value, factor.t_per_tce)
    return _Figure(value=carbon, qualifiers=energy.qualifiers, nothing="no_value", only=energy.only)


def _row(kind: _Kind, amount: _Figure, product: _Figure) -> ResourceRow:
    value, said, reason = None, None, _reason(amount, product)
    if amount.value is not None and product.value is not None and reason is None:
        value, said = kind.per(amount.value, product.value), _of_ratio(amount, product)
    return ResourceRow(
        id=kind.id,
        amount=amount.value,
        amount_unit=kind.amount_unit,
        amount_qualifiers=amount.qualifiers,
        amount_only=list(amount.only),
        value=value,
        unit=kind.unit,
        qualifiers=said,
        reason=reason,
    )


def _reason(amount: _Figure, product: _Figure) -> str | None:
    if amount.nothing == "no_factor":
        return amount.nothing
    if product.value is None:
        return "no_product"
    if amount.value is None:
        return amount.nothing
    return "open_both_ways" if _relation(amount, product) is None else None


def _relation(amount: _Figure, product: _Figure) -> str | None:
    over, under = (one.qualifiers.relation if one.qualifiers else "=" for one in (amount, product))
    return relation_of_ratio(over, under)


def _of_ratio(amount: _Figure, product: _Figure) -> Qualifiers:
    whole = combine_qualifiers(one.qualifiers for one in (amount, product) if one.qualifiers)
    return with_mark(whole.model_copy(update={"relation": _relation(amount, product) or "="}))
