"""Density of units together, with bounds where the land of some is not known closely."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite
from types import MappingProxyType
from typing import Final

from geo.density.errors import BoundsError

_TURNED: Final = MappingProxyType({">": "<", "<": ">"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A figure that lies between two others; ``most`` may be infinite."""

    least: float
    most: float

    @property
    def exact(self) -> bool:
        """Whether it is one figure."""
        return self.least == self.most


def pooled_density(values: Sequence[Span], lands_km2: Sequence[Span]) -> Span:
    """Return the sum of values over the sum of lands, with its bounds.

    Parameters
    ----------
    values : sequence of Span
        Value of each unit, at least 0, in one unit of measure.
    lands_km2 : sequence of Span
        Land of each unit in km2, above 0.

    Returns
    -------
    Span
        In the unit of the values per km2: least value over most land, and the other way round.

    Raises
    ------
    BoundsError
        There is nothing to divide, a value is negative or a land not positive.

    Examples
    --------
    300 over 17.87 to 157 km2 is 1.91 at least and 16.79 at most.

    >>> found = pooled_density([Span(least=300, most=300)], [Span(least=17.87, most=157.0)])
    >>> round(found.least, 2), round(found.most, 2)
    (1.91, 16.79)
    """
    if not values or len(values) != len(lands_km2):
        raise BoundsError(units=len(values))
    if any(not one.least >= 0.0 or one.most < one.least for one in values):
        raise BoundsError(units=len(values))
    if any(
        not one.least > 0.0 or not isfinite(one.most) or one.most < one.least for one in lands_km2
    ):
        raise BoundsError(units=len(values))
    least = sum(one.least for one in values) / sum(one.most for one in lands_km2)
    most = sum(one.most for one in values) / sum(one.least for one in lands_km2)
    return Span(least=least, most=most)


def span_of(value: float, relation: str) -> Span:
    """Return what a figure and its relation leave open: ``>`` has no upper end, ``<`` none below.

    Examples
    --------
    >>> span_of(800.0, ">")
    Span(least=800.0, most=inf)
    """
    if relation == ">":
        return Span(least=value, most=inf)
    if relation == "<":
        return Span(least=0.0, most=value)
    return Span(least=value, most=value)


def relation_of_ratio(over: str, under: str) -> str | None:
    """Return the relation of a quotient of two figures above zero; None if it may be anything.

    Less of what is divided by makes more: 7 over more than 35 is less than 0.2, and more than 6
    over more than 35 may be either side of what the two make.

    Examples
    --------
    >>> relation_of_ratio("=", ">"), relation_of_ratio(">", "="), relation_of_ratio("~", "=")
    ('<', '>', '~')
    >>> relation_of_ratio("<", ">"), relation_of_ratio(">", ">")
    ('<', None)
    """
    found = {over, _TURNED.get(under, under)} - {"="}
    if found >= {">", "<"}:
        return None
    return next((one for one in (">", "<", "~") if one in found), "=")
