"""Land economic density: a value over an area, with both said in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import shapely

from geo.density.errors import (
    DenominatorError,
    LandYearUnknownError,
    MixedLandsError,
    MixedMeasuresError,
    MixedYearsError,
    NoLandError,
    OtherUnitLandError,
    OtherYearLandError,
    OverlappingUnitsError,
    RepeatedUnitError,
)
from geo.measure.area import NOISE_M2, area_lonlat_m2
from geo.measure.restore import polygonal


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A published value of one planning unit: an extensive quantity of one year."""

    unit_id: str
    value: float
    unit: str
    year: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Denominator:
    """The land that a value is divided by.

    ``kind`` says which land (approved, administered, built-up ...). ``first_year`` and
    ``last_year`` bound the years that the figure holds for; None in ``last_year`` is
    open, None in ``first_year`` is unknown and refused. ``geometry`` is a polygon in
    EPSG:4490 or None where no boundary is known.
    """

    unit_id: str
    kind: str
    area_km2: float
    first_year: int | None
    last_year: int | None
    source: str
    geometry: Any | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """One row of a density table; ``density`` is in ``unit`` per km2."""

    measured: Measured
    denominator: Denominator
    density: float


def land_density(
    measured: Sequence[Measured], denominators: Sequence[Denominator]
) -> tuple[Density, ...]:
    """Divide values by areas, pairwise, as one comparable table.

    Parameters
    ----------
    measured, denominators : sequences of equal length
        Row by row of the same planning unit.

    Returns
    -------
    tuple of Density
        In the order given.

    Raises
    ------
    DenominatorError
        Its class says which: ``unit_differs``, ``not_positive``, ``mixed_years``,
        ``mixed_units``, ``mixed_kinds``, ``repeated``, ``year_unknown``, ``other_year``,
        ``overlap``.
        Nothing is divided then: a table of which one row cannot be compared with the
        others is worse than none.

    Examples
    --------
    >>> trade = Measured(unit_id="ftz", value=717.9, unit="1e8 CNY", year=2020, source="plan")
    >>> land = Denominator(unit_id="ftz", kind="approved", area_km2=119.86, first_year=2019,
    ...                    last_year=None, source="State Council")
    >>> round(land_density([trade], [land])[0].density, 2)
    5.99
    """
    rows = list(zip(measured, denominators, strict=True))
    for value, land in rows:
        _require_pair(value, land)
    _require_one(MixedYearsError, {str(value.year) for value in measured})
    _require_one(MixedMeasuresError, {value.unit for value in measured})
    _require_one(MixedLandsError, {land.kind for land in denominators})
    _require_once([value.unit_id for value in measured])
    _require_apart(denominators)
    return tuple(
        Density(measured=value, denominator=land, density=value.value / land.area_km2)
        for value, land in rows
    )


def pair_problem(value: Measured, land: Denominator) -> str | None:
    """Return why a value cannot be divided by a land, as a code; None if it can."""
    return land_problem(land, value.unit_id, value.year)


def land_problem(land: Denominator, unit_id: str, year: int) -> str | None:
    """Return why a land is none of a unit in a year, as a code; None if it is."""
    if unit_id != land.unit_id:
        return "unit_differs"
    if not land.area_km2 > 0.0 or not np.isfinite(land.area_km2):
        return "not_positive"
    if land.first_year is None:
        return "year_unknown"
    if not land.first_year <= year <= (land.last_year or year):
        return "other_year"
    return None


_PAIR_ERRORS: Final[Mapping[str, type[DenominatorError]]] = MappingProxyType(
    {
        "unit_differs": OtherUnitLandError,
        "not_positive": NoLandError,
        "year_unknown": LandYearUnknownError,
        "other_year": OtherYearLandError,
    }
)


def _require_pair(value: Measured, land: Denominator) -> None:
    if problem := pair_problem(value, land):
        raise _PAIR_ERRORS[problem](units=[value.unit_id])


def _require_one(error: type[DenominatorError], found: set[str]) -> None:
    if len(found) > 1:
        raise error(units=sorted(found))


def _require_once(unit_ids: Sequence[str]) -> None:
    repeated = sorted({unit for unit in unit_ids if unit_ids.count(unit) > 1})
    if repeated:
        raise RepeatedUnitError(units=repeated)


def _require_apart(denominators: Sequence[Denominator]) -> None:
    """Refuse units that share ground: their densities would count it twice."""
    known = [land for land in denominators if land.geometry is not None]
    shapes = np.array([land.geometry for land in known], dtype=object)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = left < right
    shared = polygonal(shapely.intersection(shapes[left[pairs]], shapes[right[pairs]]))
    # A hairline between neighbours whose boundaries were digitised apart is no overlap.
    areas = area_lonlat_m2(shapes)
    smaller = np.minimum(areas[left[pairs]], areas[right[pairs]])
    limit = np.maximum(1e-6 * smaller, NOISE_M2)
    bad = np.flatnonzero(area_lonlat_m2(shared) > limit)
    if len(bad):
        pair = (left[pairs][bad[0]], right[pairs][bad[0]])
        raise OverlappingUnitsError(units=[known[at].unit_id for at in pair])
