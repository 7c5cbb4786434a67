"""Places and weights as a person writes them in one line."""

from collections.abc import Iterable
from math import isfinite

from api.expansion.search import Place
from geo.errors import InputError


class PlaceError(InputError):
    """A place is not written as name=longitude,latitude. Params: ``text``."""

    code = "api.sites.place"


class WeightError(InputError):
    """A weight is not written as criterion=number. Params: ``text``."""

    code = "api.sites.weight"


def places_of(texts: Iterable[str]) -> tuple[Place, ...]:
    """Return places from ``name=longitude,latitude``.

    Raises
    ------
    PlaceError
        A text is none, or lies on no globe.

    Examples
    --------
    >>> places_of(["河口口岸=103.95,22.51"])
    (Place(name='河口口岸', lon=103.95, lat=22.51),)
    """
    return tuple(_place(text) for text in texts)


def weights_of(texts: Iterable[str]) -> dict[str, float] | None:
    """Return weights from ``criterion=number``; None without any.

    Raises
    ------
    WeightError
        A text is none. That it is no criterion, or below zero, is found later.

    Examples
    --------
    >>> weights_of(["slope_mean_deg=2", "area_ha=1"])
    {'slope_mean_deg': 2.0, 'area_ha': 1.0}
    """
    found = dict(_weight(text) for text in texts)
    return found or None


def _place(text: str) -> Place:
    name, _, numbers = text.rpartition("=")
    try:
        lon, lat = (float(one) for one in numbers.split(","))
    except ValueError as exc:
        raise PlaceError(text=text[:80]) from exc
    if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
        raise PlaceError(text=text[:80])
    return Place(name=name.strip(), lon=lon, lat=lat)


def _weight(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        weight = float(number)
    except ValueError as exc:
        raise WeightError(text=text[:80]) from exc
    if not isfinite(weight):
        raise WeightError(text=text[:80])
    return name.strip(), weight
