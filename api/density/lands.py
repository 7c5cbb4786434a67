"""The land that values are divided by: published areas, and boundaries as they are drawn."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from api.workspace.needs import LayerSource
from geo.density.land import Denominator, Measured, land_problem, pair_problem
from geo.measure.area import area_lonlat_m2
from geo.units import M2_PER_KM2
from layers.density.linkage import boundary_of
from layers.density.statistics.collected import Statistics
from layers.density.statistics.model import Observation, PlanningUnit, PublishedArea
from layers.model import LayerVersion

BOUNDARY: Final = "boundary"
"""The denominator that is measured on the catalogue's own polygon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """A denominator with what a reader must know of it.

    ``quality`` is that of the source, of a drawn boundary the status of its layer.
    """

    denominator: Denominator
    method: str
    quality: str
    version: LayerVersion | None


Lands = Mapping[str, Mapping[str, tuple[Land, ...]]]
"""By unit and kind of land; several where an area was published for several years."""


def lands_of(workspace: LayerSource, statistics: Statistics) -> Lands:
    """Return all denominators of all units: published ones and measured boundaries."""
    shapes = boundaries(workspace, statistics.units.values())
    found: dict[str, dict[str, list[Land]]] = defaultdict(lambda: defaultdict(list))
    for area in statistics.areas:
        drawn = shapes.get(area.unit_id)
        land = _published(area, drawn.denominator.geometry if drawn else None)
        found[area.unit_id][area.denominator].append(land)
    for unit_id, shape in shapes.items():
        found[unit_id][BOUNDARY].append(shape)
    return {
        unit: {kind: tuple(lands) for kind, lands in kinds.items()} for unit, kinds in found.items()
    }


def land_for(lands: Lands, value: Observation, kind: str) -> Land | None:
    """Return the land of a kind that fits a value's year; else any, for its reason.

    Of several that fit the one of the fewest years counts, and of equal ones the last
    that came in: an area that is stated for the very year is better than an open one.
    """
    offered = lands.get(value.unit_id, {}).get(kind, ())
    fitting = [land for land in offered if reason_against(value, land) is None]
    if fitting:
        return min(reversed(fitting), key=_years)
    return offered[-1] if offered else None


def land_of_year(lands: Lands, unit_id: str, year: int, kinds: Sequence[str]) -> Land | None:
    """Return the land of a unit in a year, of the first of these kinds that has one."""
    for kind in kinds:
        offered = lands.get(unit_id, {}).get(kind, ())
        fitting = [one for one in offered if land_problem(one.denominator, unit_id, year) is None]
        if fitting:
            return min(reversed(fitting), key=_years)
    return None


def _years(land: Land) -> float:
    first, last = land.denominator.first_year, land.denominator.last_year
    return math.inf if first is None or last is None else last - first


def reason_against(value: Observation | None, land: Land | None) -> str | None:
    """Return why a value cannot be divided by a land; None if it can."""
    if value is None:
        return "no_value"
    if land is None:
        return "no_area"
    why = pair_problem(measure_value(value), land.denominator)
    return f"area_{why}" if why else None


def measure_value(value: Observation) -> Measured:
    """Return an observation as the numerator of a density."""
    return Measured(
        unit_id=value.unit_id,
        value=value.value,
        unit=value.unit,
        year=value.year,
        source=value.source,
    )


def boundaries(workspace: LayerSource, units: Iterable[PlanningUnit]) -> dict[str, Land]:
    """Return the drawn boundary of every unit that has one, with its ellipsoidal area."""
    by_layer: dict[str, list[PlanningUnit]] = defaultdict(list)
    for unit in units:
        if unit.layer is not None:
            by_layer[unit.layer].append(unit)
    found: dict[str, Land] = {}
    for layer_id, wanted in by_layer.items():
        found |= _drawn(workspace, layer_id, wanted)
    return found


def _drawn(workspace: LayerSource, layer_id: str, units: list[PlanningUnit]) -> dict[str, Land]:
    loaded = workspace.load(workspace.store.get(layer_id))
    shapes = {unit.id: boundary_of(loaded.features, unit) for unit in units}
    drawn = [unit for unit in units if shapes[unit.id] is not None]
    areas_km2 = area_lonlat_m2(np.array([shapes[unit.id] for unit in drawn])) / M2_PER_KM2

    def land(unit: PlanningUnit, area_km2: float) -> Land:
        return Land(
            denominator=Denominator(
                unit_id=unit.id,
                kind=BOUNDARY,
                area_km2=area_km2,
                first_year=unit.boundary_since,
                last_year=None,
                source=loaded.version.spec.source,
                geometry=shapes[unit.id],
            ),
            method="ellipsoidal",
            quality=loaded.version.spec.status.value,
            version=loaded.version,
        )

    return {unit.id: land(unit, float(area)) for unit, area in zip(drawn, areas_km2, strict=True)}


def _published(area: PublishedArea, geometry: Any) -> Land:  # noqa: ANN401 - shapely is untyped
    return Land(
        denominator=Denominator(
            unit_id=area.unit_id,
            kind=area.denominator,
            area_km2=area.area_km2,
            first_year=area.first_year,
            last_year=area.last_year,
            source=area.source,
            geometry=geometry,
        ),
        method="published",
        quality=area.quality,
        version=None,
    )
