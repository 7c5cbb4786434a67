"""What the items of a layer may be asked: each parameter read into a value, or refused."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal

import numpy as np
import shapely
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_snake

from api.errors import RequestError
from api.ogc.visit import Asked
from geo.errors import UnknownCrsError
from geo.filter.cql2_text import parse_cql2_text
from geo.filter.errors import FilterError, refuse
from geo.filter.tree import Node
from geo.filter.values import interval_ns
from geo.measure.crs_uri import (
    CRS84,
    crs_of_uri,
    epsg_uri,
    is_northing_first,
    to_lonlat_from_axes,
)

TEXT: Final = "cql2-text"
_NUMBERS: Final = {
    "type": "array",
    "minItems": 4,
    "maxItems": 6,
    "items": {"type": "number"},
}
Bounds = tuple[float, float, float, float]


def _hyphened(name: str) -> str:
    return to_snake(name).replace("_", "-")


class FeatureAsked(Asked):
    """What one feature may be asked."""

    crs: str = CRS84


class ItemsAsked(FeatureAsked):
    """What the items of a layer may be asked, beside their own properties."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_hyphened)

    limit: Annotated[int, Field(ge=1)] | None = None
    offset: Annotated[int, Field(ge=0)] = 0
    bbox: Annotated[str | None, Field(json_schema_extra={"parameter": {"schema": _NUMBERS}})] = None
    bbox_crs: str = CRS84
    datetime: str | None = None
    filter: str | None = None
    filter_lang: Literal["cql2-text", "cql2-json"] = "cql2-text"
    filter_crs: str = CRS84
    sortby: str | None = None
    properties: str | None = None


RESERVED: Final = frozenset(_hyphened(name) for name in ItemsAsked.model_fields)
"""Names that a property filter cannot have; a property of such a name is asked by ``filter``."""


def boxes_lonlat(asked: ItemsAsked) -> tuple[Any, ...]:
    """Return the boxes of ``bbox`` as lon/lat shapes: two where it crosses the date line.

    Raises
    ------
    RequestError
        It is not four or six finite numbers in order.
    UnknownCrsError, OutsideCrsError
        ``bbox-crs`` names no CRS, or the box does not fit it.
    """
    if asked.bbox is None:
        return ()
    numbers = _numbers(asked.bbox)
    crs = crs_of_uri(asked.bbox_crs)
    if not crs.is_geographic:
        return (_box_of(numbers, crs),)
    west, south, east, north = _lonlat_order(numbers) if is_northing_first(crs) else numbers
    if south > north or not -90 <= south <= north <= 90 or max(abs(west), abs(east)) > 180:
        raise RequestError(field="bbox", problem="bounds", given=asked.bbox[:80])
    if west <= east:
        return (shapely.box(west, south, east, north),)
    return (shapely.box(west, south, 180.0, north), shapely.box(-180.0, south, east, north))


def _numbers(text: str) -> Bounds:
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError as exc:
        raise RequestError(field="bbox", problem="bounds", given=text[:80]) from exc
    if len(found) == 6:
        # Heights: no layer has any.
        found = [*found[:2], *found[3:5]]
    if len(found) != 4 or not all(map(math.isfinite, found)):
        raise RequestError(field="bbox", problem="bounds", given=text[:80])
    return found[0], found[1], found[2], found[3]


def _lonlat_order(numbers: Bounds) -> Bounds:
    south, west, north, east = numbers
    return west, south, east, north


def _box_of(numbers: Bounds, crs: Any) -> Any:  # noqa: ANN401 - pyproj and shapely
    first, second, third, fourth = numbers
    if first > third or second > fourth:
        raise RequestError(field="bbox", problem="bounds", given=str(numbers)[:80])
    return to_lonlat_from_axes(_array(shapely.box(first, second, third, fourth)), crs)[0]


def _array(shape: Any) -> Any:  # noqa: ANN401 - numpy and shapely
    return np.array([shape], dtype=object)


def filter_tree(asked: ItemsAsked) -> Node | None:
    """Return the tree of ``filter``, None without one.

    Raises
    ------
    FilterError
        It is none.
    """
    if asked.filter is None:
        return None
    if asked.filter_lang == TEXT:
        return parse_cql2_text(asked.filter)
    try:
        tree = json.loads(asked.filter, parse_constant=_no_number)
    except (ValueError, RecursionError) as exc:
        raise refuse("json", asked.filter) from exc
    if tree is None:
        # None stands for no filter, and null is one that nothing is true of.
        raise refuse("json", asked.filter)
    return tree


def _no_number(text: str) -> float:
    raise ValueError(text)


def mover_to_lonlat(uri: str) -> Any:  # noqa: ANN401 - a function of shapes
    """Return what moves a shape of a filter into lon/lat.

    Raises
    ------
    UnknownCrsError
        ``filter-crs`` names no CRS.
    """
    crs = crs_of_uri(uri)
    return lambda shape: to_lonlat_from_axes(_array(shape), crs)[0]


def period_ns(text: str) -> tuple[int, int]:
    """Return ``datetime`` as the ends of a period in nanoseconds since 1970.

    A date is the whole day; ``..`` or nothing is an open end.

    Raises
    ------
    RequestError
        It is no date, time or interval of RFC 3339.

    Examples
    --------
    >>> first, last = period_ns("1970-01-01")
    >>> first, last + 1 == 86_400_000_000_000
    (0, True)
    """
    first, slash, last = text.partition("/")
    try:
        start, _ = interval_ns(first if first or not slash else "..", "..")
        _, end = interval_ns("..", (last or "..") if slash else first)
    except FilterError as exc:
        raise RequestError(field="datetime", problem="date", given=text[:60]) from exc
    if len(last if slash else first) == len("2026-01-31"):
        end += _DAY_NS - 1
    if start > end or text == "..":
        raise RequestError(field="datetime", problem="date", given=text[:60])
    return start, end


_DAY_NS: Final = 86_400_000_000_000


def names_of(text: str | None) -> list[str] | None:
    """Return names parted by commas, None where nothing is said."""
    if text is None:
        return None
    return [one.strip() for one in text.split(",") if one.strip()]


def sort_keys(text: str | None) -> list[tuple[str, bool]]:
    """Return properties with whether they rise, in the order in which they count.

    Examples
    --------
    >>> sort_keys("name,-area_m2")
    [('name', True), ('area_m2', False)]
    """
    found = names_of(text) or []
    # A plus sign in an address is a space.
    return [(one.removeprefix("+").removeprefix("-"), not one.startswith("-")) for one in found]


def answered_crs(uri: str, offered: Iterable[str]) -> str:
    """Return the address of the CRS to answer in, as we write it.

    Raises
    ------
    UnknownCrsError
        The layer is not answered in it.
    """
    crs = crs_of_uri(uri)
    wanted = CRS84 if crs.srs == "OGC:CRS84" else epsg_uri(int(crs.to_epsg() or 0))
    if wanted not in set(offered):
        raise UnknownCrsError(crs=uri[:80])
    return wanted


def property_filters(query: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that are no words of the interface: they name properties."""
    return {name: value for name, value in query.items() if name not in RESERVED}
