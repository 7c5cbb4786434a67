"""Rates of land use, their realisation of ideal values, and what potential is left.

The formulas are data (:mod:`layers.intensity`); here is the arithmetic that they share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from geo.density.errors import IdealError, NegativeQuantityError, ZeroDivisorError


class Better(StrEnum):
    """Whether a greater or a smaller value is the better one."""

    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """An indicator as a ratio of sums: factor * sum(numerator) / sum(denominator).

    Names refer to a table of quantities; a leading minus subtracts.
    """

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    factor: float


def ratio_value(ratio: Ratio, quantities: Mapping[str, float | None]) -> float | None:
    """Return an indicator's value; None if any of its quantities is not known.

    Raises
    ------
    IntensityError
        ``denominator``: the land to divide by is none; ``negative``:
        a quantity is below zero. ``params["names"]`` are the quantities.
    """
    names = [name.removeprefix("-") for name in (*ratio.numerator, *ratio.denominator)]
    known = {name: quantities.get(name) for name in names}
    if any(value is None for value in known.values()):
        return None
    negative = [name for name, value in known.items() if value is not None and value < 0.0]
    if negative:
        raise NegativeQuantityError(names=negative)
    divisor = _sum(ratio.denominator, known)
    if not divisor > 0.0:
        raise ZeroDivisorError(names=list(ratio.denominator))
    return ratio.factor * _sum(ratio.numerator, known) / divisor


def realisation_pct(value: float, ideal: float, better: Better) -> float:
    """Return how far a value realises its ideal, 0 to 100.

    More is better: ``min(value / ideal, 1) * 100``; less is better (idle land, in
    percent): ``100 - value``, whatever the ideal, which is zero.

    Raises
    ------
    IntensityError
        ``ideal``: an ideal that is to be reached must be above zero.

    Examples
    --------
    >>> realisation_pct(76.6, 93.0, Better.MORE) < 100.0 == realisation_pct(95.0, 93.0, Better.MORE)
    True
    """
    if better is Better.LESS:
        return min(max(100.0 - value, 0.0), 100.0)
    if not ideal > 0.0:
        raise IdealError(names=[])
    return min(max(value / ideal, 0.0), 1.0) * 100.0


def weighted_score(
    realisations: Mapping[str, float | None], weights: Mapping[str, float]
) -> tuple[float | None, float]:
    """Return the weighted mean of what is known, and the share of the weights it rests on.

    Missing realisations leave their weight out; the second number, 0 to 1, says how much
    of the whole was judged. The score is None where nothing is known.

    Examples
    --------
    >>> weighted_score({"a": 80.0, "b": None}, {"a": 0.75, "b": 0.25})
    (80.0, 0.75)
    """
    total = sum(weights.values())
    known = {name: value for name, value in realisations.items() if value is not None}
    judged = sum(weights[name] for name in known)
    if not judged > 0.0:
        return None, 0.0
    score = sum(weights[name] * value for name, value in known.items()) / judged
    return score, judged / total


def structure_potential_ha(built_ha: float, industrial_pct: float, ideal_pct: float) -> float:
    """Return the land whose use could turn industrial: built * (ideal - actual share)."""
    return max(built_ha * (ideal_pct - industrial_pct) / 100.0, 0.0)


def intensity_potential_ha(land_ha: float, value: float, ideal: float) -> float:
    """Return the land that would be freed at the ideal intensity: land * (T - X) / T."""
    if not ideal > 0.0:
        raise IdealError(names=[])
    return max(land_ha * (ideal - value) / ideal, 0.0)


def _sum(names: tuple[str, ...], known: Mapping[str, float | None]) -> float:
    return sum(
        -(known[name[1:]] or 0.0) if name.startswith("-") else (known[name] or 0.0)
        for name in names
    )
