"""Boundaries as a file draws them, with what it calls their points."""

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import shapely
from pyproj import CRS

from geo.measure.crs import crs_name, parse_crs
from geo.model import Boundary
from layers.readers.axes import Order
from layers.readers.boundary_rings import Point

Numbers = tuple[str, ...]
"""A text for each coordinate of a geometry, empty where it has none; () if none has one."""


def numbers_along(shape: Any, points: Sequence[Point], order: Order) -> Numbers:  # noqa: ANN401
    """Return what the points are called that a shape was made of, along its coordinates."""
    east_first = order is Order.EAST_NORTH
    return _numbers_at(
        shape,
        (((p.first, p.second) if east_first else (p.second, p.first), p.label) for p in points),
    )


def carry_numbers(before: Any, after: Any, numbers: Numbers) -> Numbers:  # noqa: ANN401 - shapely
    """Return the numbers of a shape whose rings were set in another order, or repaired."""
    if before is after or not numbers:
        return numbers
    places = ((x, y) for x, y in shapely.get_coordinates(before).tolist())
    return _numbers_at(after, zip(places, numbers, strict=True))


def boundaries_of(
    drawn: gpd.GeoSeries, valid: gpd.GeoSeries, numbers: Sequence[Numbers]
) -> tuple[Boundary, ...]:
    """Return the boundaries of sites; ``numbers`` are along those that were ``drawn``."""
    crs = _text_of(CRS(valid.crs))
    rows = zip(drawn, valid, numbers or [()] * len(drawn), strict=True)
    return tuple(
        Boundary(polygon=after, crs=crs, numbers=carry_numbers(before, after, own))
        for before, after, own in rows
    )


def _numbers_at(
    shape: Any,  # noqa: ANN401 - shapely is untyped
    named: Iterable[tuple[tuple[float, float], str]],
) -> Numbers:
    found: dict[tuple[float, float], dict[str, None]] = {}
    for place, number in named:
        if number:
            found.setdefault(place, {})[number] = None
    if not found:
        return ()
    # Where a plot comes to a place twice, under two numbers, both stand there.
    places = shapely.get_coordinates(shape).tolist()
    return tuple("/".join(found.get((x, y), ())) for x, y in places)


def _text_of(crs: CRS) -> str:
    """Return a text that gives the very same CRS again."""
    name = crs_name(crs)
    return name if name.startswith("EPSG:") and parse_crs(name) == crs else str(crs.to_wkt())
