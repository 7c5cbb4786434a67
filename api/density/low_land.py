"""Low-yield and idle land: which rules hold, how much it is, and what it could yield."""

from collections.abc import Iterable, Mapping, Sequence

from api.density.firm_land import FirmLand, land_qualifiers
from api.density.qualifiers import combine_qualifiers
from geo.density.permu import raise_to_mean
from layers.density.permu import LandRule
from maps.answers import Title
from maps.density.answers import Qualifiers
from maps.density.evaluation_answers import FirmOut, LandRuleOut, LowLand

Known = Mapping[str, float | None]


def rules_of(
    land: FirmLand, values: Known, grade: str | None, rules: Iterable[LandRule], means: Known
) -> tuple[list[str], list[str]]:
    """Return the rules that hold for a firm's land, and those that cannot be told."""
    low, untold = [], []
    for rule in rules:
        holds = _holds(rule, land, values, grade, means)
        if holds is None:
            untold.append(rule.id)
        elif holds:
            low.append(rule.id)
    return low, untold


def rule_counts(rules: Iterable[LandRule], firms: Sequence[FirmOut]) -> list[LandRuleOut]:
    """Return how many firms each rule holds for, and for how many it cannot be told."""
    return [
        LandRuleOut(
            id=rule.id,
            name=Title(zh=rule.name_zh, en=rule.name_en),
            firms=sum(rule.id in firm.low for firm in firms),
            untold=sum(rule.id in firm.untold for firm in firms),
        )
        for rule in rules
    ]


def low_lands(lands: Sequence[FirmLand], firms: Sequence[FirmOut]) -> list[LowLand]:
    """Return low-yield land by district, in the order in which districts are named.

    The mean of a district is the sum of its tax over the sum of its land; firms that do
    not report their tax are left out of it and counted.
    """
    districts = dict.fromkeys(land.firm.district for land in lands)
    pairs = list(zip(lands, firms, strict=True))
    return [
        _low_land(district, [pair for pair in pairs if pair[0].firm.district == district])
        for district in districts
    ]


def whole_of(parts: Sequence[LowLand]) -> LowLand:
    """Return all districts together; each one's low-yield land is raised to its own mean."""
    land_mu = sum(part.land_mu for part in parts)
    low_mu = sum(part.low_land_mu for part in parts)
    gains = [part.gain for part in parts if part.gain is not None]
    taxed_mu = sum(part.taxed_mu for part in parts)
    low_taxed_mu = sum(part.low_taxed_mu for part in parts)
    tax = sum(part.tax for part in parts)
    gain = sum(gains) if gains else None
    told = [part.qualifiers for part in parts if part.qualifiers]
    return LowLand(
        district=None,
        firms=sum(part.firms for part in parts),
        land_mu=land_mu,
        low_firms=sum(part.low_firms for part in parts),
        low_land_mu=low_mu,
        low_share_pct=_share(low_mu, land_mu),
        tax=tax,
        low_tax=sum(part.low_tax for part in parts),
        taxed_mu=taxed_mu,
        low_taxed_mu=low_taxed_mu,
        tax_per_mu=_ratio(tax, taxed_mu),
        low_tax_per_mu=_ratio(sum(part.low_tax for part in parts), low_taxed_mu),
        gain=gain,
        tax_per_mu_then=None if gain is None else _ratio(tax + gain, taxed_mu),
        unreported=sum(part.unreported for part in parts),
        qualifiers=combine_qualifiers(told) if told else None,
    )


def _holds(
    rule: LandRule, land: FirmLand, values: Known, grade: str | None, means: Known
) -> bool | None:
    if rule.zero:
        found = [land.firm.quantities.get(name) for name in rule.zero]
        if any(value for value in found):
            return False
        return None if None in found else True
    if rule.grades:
        return None if grade is None else grade in rule.grades
    if rule.indicator is None or rule.indicator not in values:
        # The group is not scored by it.
        return False
    value, mean = values[rule.indicator], means.get(rule.indicator)
    if value is None or mean is None or rule.below_share_of_mean is None:
        return None
    return value < rule.below_share_of_mean * mean


def _low_land(district: str | None, pairs: Sequence[tuple[FirmLand, FirmOut]]) -> LowLand:
    taxed = [(land, out) for land, out in pairs if "tax" in land.firm.quantities]
    tax = sum(land.firm.quantities["tax"] for land, _ in taxed)
    taxed_mu = sum(land.land_mu for land, _ in taxed)
    mean = _ratio(tax, taxed_mu)
    low_taxed = [land for land, out in taxed if out.low]
    taxes = [land.firm.quantities["tax"] for land in low_taxed]
    areas = [land.land_mu for land in low_taxed]
    gain = None if mean is None else raise_to_mean(taxes, areas, mean)
    land_mu = sum(land.land_mu for land, _ in pairs)
    low_mu = sum(land.land_mu for land, out in pairs if out.low)
    return LowLand(
        district=district,
        firms=len(pairs),
        land_mu=land_mu,
        low_firms=sum(bool(out.low) for _, out in pairs),
        low_land_mu=low_mu,
        low_share_pct=_share(low_mu, land_mu),
        tax=tax,
        low_tax=sum(taxes),
        taxed_mu=taxed_mu,
        low_taxed_mu=sum(areas),
        tax_per_mu=mean,
        low_tax_per_mu=_ratio(sum(taxes), sum(areas)),
        gain=gain,
        tax_per_mu_then=None if gain is None else _ratio(tax + gain, taxed_mu),
        unreported=len(pairs) - len(taxed),
        qualifiers=_taxes_of([land for land, _ in taxed]),
    )


def _taxes_of(lands: Sequence[FirmLand]) -> Qualifiers | None:
    """Return what qualifies a tax by the mu, None where nobody reports tax."""
    found = [land_qualifiers(land, ("tax", "land_mu")) for land in lands]
    return combine_qualifiers(found) if found else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None


def _share(part: float, whole: float) -> float:
    return 100.0 * part / whole if whole > 0.0 else 0.0
