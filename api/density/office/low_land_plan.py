"""Low-yield land to a decision: the routes that are open, and what a budget frees."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from api.workspace.needs import Configured
from geo.density.routes import RouteOption, choose_routes
from geo.errors import InputError
from layers.density.route_rules import RouteRule, load_routes
from maps.answers import Title
from maps.density.evaluation_answers import FirmOut, PermuReport
from maps.density.route_answers import LowLandPlan, ParcelRoute, RouteSum

Aim = Literal["land", "money"]
_PARTS: Final = 3


class RoutePriceError(InputError):
    """A price is not ROUTE=cost:share:money. Params: ``text``, ``known``."""

    code = "api.density.route_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePrice:
    """What a route costs in 万元 a mu, the share of the land that it frees, and 万元 a freed mu."""

    cost_per_mu: float
    freed_share: float
    money_per_mu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """``budget`` in 万元; ``prices`` as texts; what is to be as much as possible."""

    budget: float
    prices: tuple[str, ...]
    aim: Aim


def low_land_plan(workspace: Configured, report: PermuReport, request: PlanRequest) -> LowLandPlan:
    """Return the route of each parcel, and what the budget frees in all.

    A parcel takes the option that frees most within the budget; what the budget does not reach
    waits, and is converted in place where that is open. Whether land is low-yield of which a rule
    cannot be told is not decided. A route without a price is named and is not chosen.

    Raises
    ------
    RoutePriceError, SchemeFileError
        A price or the office's own routes cannot be read.
    """
    rules = load_routes(workspace.settings.data_dir / "density")
    prices = _prices(request.prices, [rule.id for rule in rules])
    open_to = {
        firm.line: [rule for rule in rules if rule.is_open(firm.low, firm.land_mu)]
        for firm in report.firms
    }
    options = list(_options(report.firms, open_to, prices, request.aim))
    choice = choose_routes(options, request.budget)
    taken = {options[at].parcel: options[at].route for at in choice.chosen}
    parcels = [
        _parcel(firm, open_to[firm.line], taken.get(str(firm.line)), prices)
        for firm in report.firms
        if firm.low or firm.untold
    ]
    return LowLandPlan(
        budget=request.budget,
        aim=request.aim,
        parcels=parcels,
        sums=_sums(parcels, rules),
        spent=choice.cost,
        freed_mu=math.fsum(one.freed_mu for one in parcels),
        money=math.fsum(one.money for one in parcels),
        gain=choice.gain,
        most=choice.most,
        kept_firms=sum(not (firm.low or firm.untold) for firm in report.firms),
        unpriced=[_title(rule) for rule in rules if rule.id not in prices],
        source_name=report.source_name,
        qualifiers=report.qualifiers,
        basis=report.basis,
        features=report.features,
    )


def _prices(texts: Iterable[str], known: Sequence[str]) -> dict[str, RoutePrice]:
    found = {}
    for text in texts:
        name, _, said = text.partition("=")
        try:
            amounts = [float(one) for one in said.split(":")]
        except ValueError:
            amounts = []
        good = len(amounts) == _PARTS and all(math.isfinite(one) and one >= 0 for one in amounts)
        if not good or name not in known or name in found or amounts[1] > 1.0:
            raise RoutePriceError(text=text[:80], known=list(known))
        found[name] = RoutePrice(
            cost_per_mu=amounts[0], freed_share=amounts[1], money_per_mu=amounts[2]
        )
    return found


def _options(
    firms: Iterable[FirmOut],
    open_to: Mapping[int, Sequence[RouteRule]],
    prices: Mapping[str, RoutePrice],
    aim: Aim,
) -> Iterator[RouteOption]:
    for firm in firms:
        for rule in open_to[firm.line]:
            price = prices.get(rule.id)
            if price is not None:
                freed = firm.land_mu * price.freed_share
                yield RouteOption(
                    parcel=str(firm.line),
                    route=rule.id,
                    cost=firm.land_mu * price.cost_per_mu,
                    gain=freed if aim == "land" else freed * price.money_per_mu,
                )


def _parcel(
    firm: FirmOut,
    routes: Sequence[RouteRule],
    taken: str | None,
    prices: Mapping[str, RoutePrice],
) -> ParcelRoute:
    price = prices[taken] if taken else None
    freed = firm.land_mu * price.freed_share if price else 0.0
    return ParcelRoute(
        line=firm.line,
        name=firm.name,
        district=firm.district,
        parcels=firm.parcels,
        land_mu=firm.land_mu,
        low=firm.low,
        open=[rule.id for rule in routes],
        route=taken,
        decision=_decision(firm, routes, taken, prices),
        cost=firm.land_mu * price.cost_per_mu if price else 0.0,
        freed_mu=freed,
        money=freed * price.money_per_mu if price else 0.0,
        qualifiers=firm.qualifiers,
    )


def _decision(
    firm: FirmOut,
    routes: Sequence[RouteRule],
    taken: str | None,
    prices: Mapping[str, RoutePrice],
) -> str:
    if taken:
        return "chosen"
    if not firm.low:
        return "cannot_tell"
    if not routes:
        return "no_route"
    return "over_budget" if any(rule.id in prices for rule in routes) else "no_price"


def _sums(parcels: Sequence[ParcelRoute], rules: Sequence[RouteRule]) -> list[RouteSum]:
    found = []
    for rule in rules:
        own = [one for one in parcels if one.route == rule.id]
        found.append(
            RouteSum(
                route=rule.id,
                name=_title(rule),
                parcels=len(own),
                open_parcels=sum(rule.id in one.open for one in parcels),
                land_mu=math.fsum(one.land_mu for one in own),
                cost=math.fsum(one.cost for one in own),
                freed_mu=math.fsum(one.freed_mu for one in own),
                money=math.fsum(one.money for one in own),
            )
        )
    return found


def _title(rule: RouteRule) -> Title:
    return Title(zh=rule.name_zh, en=rule.name_en)
