"""What earthworks cost, by prices that somebody gives: there are none of our own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from api.expansion.questions import EarthworksQuestion
from layers.expansion.earthworks import UnitPrice, load_prices
from maps.expansion.earthworks_answers import PriceOut, Span

_ITEMS: Final = ("cut", "fill", "spoil", "borrow")
_BASIC: Final = ("cut", "fill")
_LEAST_M3: Final = 0.5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """Prices by item, and where they are from; those of a question before a file's."""

    by_item: dict[str, UnitPrice]
    source: str | None

    @classmethod
    def of(cls, asked: EarthworksQuestion, data_dir: Path) -> "PriceList":
        """Return the prices of a question, or those of the data folder where it names none.

        Raises
        ------
        RuleFileError
            The file of prices is wrong.
        """
        if asked.prices:
            own: dict[str, UnitPrice] = {
                one.item: UnitPrice(least=one.least, most=one.most) for one in asked.prices
            }
            return cls(by_item=own, source=asked.price_source)
        kept = load_prices(data_dir / "earthworks")
        if kept is None:
            return cls(by_item={}, source=None)
        return cls(
            by_item={str(name): one for name, one in kept.cny_per_m3.items()}, source=kept.source
        )

    def out(self) -> list[PriceOut]:
        """Return them as a part of an answer."""
        return [
            PriceOut(item=name, cny_per_m3=Span(least=one.least, most=one.most))
            for name in _ITEMS
            if (one := self.by_item.get(name))
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A range of cost, None without the prices of what is moved; and items not in it."""

    span: Span | None
    unpriced: list[str]


def cost_of(
    prices: PriceList, cut_m3: Floats, fill_m3: Floats, swell: float, interval_pct: float
) -> Cost:
    """Return what volumes cost: the lowest prices with small volumes to the highest with large.

    Parameters
    ----------
    prices : PriceList
        See there.
    cut_m3, fill_m3 : array of float, shape (draws,)
        Volumes under the errors of the heights; one where these are not known.
    swell : float
        Cubic metres of finished fill from one of cut.
    interval_pct : float
        The share of the draws that the range holds.
    """
    surplus = cut_m3 - fill_m3 / swell
    amounts = {
        "cut": cut_m3,
        "fill": fill_m3,
        "spoil": np.maximum(surplus, 0.0),
        "borrow": np.maximum(-surplus, 0.0),
    }
    moved = [name for name in _ITEMS if float(amounts[name].max()) >= _LEAST_M3]
    unpriced = [name for name in moved if name not in prices.by_item]
    if any(name in unpriced for name in _BASIC) or not prices.by_item:
        return Cost(span=None, unpriced=unpriced)
    priced = [name for name in moved if name in prices.by_item]
    low = sum((amounts[name] * prices.by_item[name].least for name in priced), np.zeros(1))
    high = sum((amounts[name] * prices.by_item[name].most for name in priced), np.zeros(1))
    tail = (100.0 - interval_pct) / 2.0
    least, most = np.percentile(low, tail), np.percentile(high, 100.0 - tail)
    return Cost(
        span=Span(least=round(float(least), -2), most=round(float(most), -2)), unpriced=unpriced
    )
