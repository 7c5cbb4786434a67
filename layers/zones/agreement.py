"""Whether the files of a zone's folder agree: no unit without a name, no figure without a unit."""

from collections.abc import Iterable, Iterator
from typing import Final

from layers.zones.errors import ZoneFolderError
from layers.zones.model import Zone
from layers.zones.schema import DistrictPlace, LinkagePlace

_APPROVED: Final = "approved"
_SAME_KM2: Final = 1e-9


def layers_of(zone: Zone) -> tuple[str, ...]:
    """Return the layers that a zone's folder brings, beside its demonstration control lines."""
    wanted = {
        "zone": True,
        "districts": True,
        "bonded_zone": zone.recipe.bonded_zone is not None,
        "linkage_zones": bool(zone.places.linkage_zones),
        "counties": True,
        "lakes": bool(zone.water["lakes"]),
        "rivers": bool(zone.water["rivers"]),
        "demo_parcels": bool(zone.recipe.windows),
    }
    return tuple(name for name, is_there in wanted.items() if is_there)


def contradictions(zone: Zone) -> Iterator[ZoneFolderError]:
    """Yield what in a zone's files contradicts what another one says."""
    yield from _one_whole(zone)
    yield from _known_units(zone)
    yield from _areas(zone)
    yield from _places(zone)
    yield from _linkage_areas(zone)
    yield from _layers(zone)


def _one_whole(zone: Zone) -> Iterator[ZoneFolderError]:
    for level, least in (("zone", 1), ("district", 1), ("province", 0)):
        units = [unit.id for unit in zone.units.values() if unit.level == level]
        most = None if level == "district" else 1
        if len(units) < least or (most is not None and len(units) > most):
            yield _fault("units.csv", f"level {level}", "how_many", ", ".join(units))


def _known_units(zone: Zone) -> Iterator[ZoneFolderError]:
    named: tuple[tuple[str, Iterable[str | None]], ...] = (
        ("areas.csv", (row.unit_id for row in zone.areas)),
        ("holders.csv", zone.holders),
        ("observations.csv", (row.unit_id for row in zone.observations)),
        ("linkage_batches.csv", zone.batches),
        ("unit_names.yaml", (*zone.unit_names.names, *zone.unit_names.suffixes)),
        ("searched.yaml", zone.searched),
        ("places.yaml", (*zone.places.districts, *zone.places.linkage_zones)),
        ("plan_shares.yaml", (unit for row in zone.plan_shares.values()
                              for unit in (row.of, row.whole) if unit)),
    )  # fmt: skip
    for file, ids in named:
        for unit_id in ids:
            if unit_id not in zone.units:
                yield _fault(file, "unit_id", "unknown_unit", str(unit_id))
    for name in zone.plan_shares:
        if name not in zone.plan_figures:
            yield _fault("plan_shares.yaml", name, "no_figure", name)
    for unit_id in zone.units:
        if unit_id not in zone.holders:
            yield _fault("holders.csv", "unit_id", "no_holder", unit_id)


def _areas(zone: Zone) -> Iterator[ZoneFolderError]:
    seen = set()
    for line, row in enumerate(zone.areas, start=2):
        key = (row.unit_id, row.denominator)
        if key in seen:
            yield _fault("areas.csv", f"{line}, unit_id", "repeated", row.unit_id)
        seen.add(key)
    approved = {row.unit_id: row.area_km2 for row in zone.areas if row.denominator == _APPROVED}
    for unit in zone.units.values():
        if unit.level in {"zone", "district"} and unit.id not in approved:
            yield _fault("areas.csv", _APPROVED, "no_area", unit.id)
    for unit_id, sketch in zone.recipe.footprints.items():
        if abs(sketch.area_km2 - approved.get(unit_id, sketch.area_km2)) > _SAME_KM2:
            yield _fault("recipe.yaml", f"footprints.{unit_id}.area_km2", "other_area",
                         str(sketch.area_km2))  # fmt: skip


def _places(zone: Zone) -> Iterator[ZoneFolderError]:
    districts = {unit.id for unit in zone.districts}
    for file, found in (
        ("places.yaml", zone.places.districts.keys()),
        ("recipe.yaml", zone.recipe.footprints.keys()),
    ):
        for unit_id in sorted(districts ^ found):
            yield _fault(file, "districts", "not_the_districts", unit_id)
    places: dict[str, DistrictPlace | LinkagePlace] = {
        **zone.places.districts,
        **zone.places.linkage_zones,
    }
    for unit_id, place in places.items():
        unit = zone.units.get(unit_id)
        if unit and (place.zh, place.en) != (unit.name_zh, unit.name_en):
            yield _fault("places.yaml", unit_id, "other_name", f"{place.zh} / {place.en}")
    bonded = [unit.id for unit in zone.units.values() if unit.level == "bonded_zone"]
    if len(bonded) != int(zone.recipe.bonded_zone is not None):
        yield _fault("recipe.yaml", "bonded_zone", "how_many", ", ".join(bonded))
    sketch = zone.recipe.bonded_zone
    if sketch is not None and sketch.inside not in districts:
        yield _fault("recipe.yaml", "bonded_zone.inside", "unknown_unit", sketch.inside)
    for code in zone.region.county_codes:
        if not any(known.startswith(code) for known, _ in zone.region.place_names):
            yield _fault("place_names.yaml", code, "no_names", code)


def _linkage_areas(zone: Zone) -> Iterator[ZoneFolderError]:
    stated = {(row.unit_id, row.area_km2) for row in zone.areas}
    for unit_id, spot in zone.places.linkage_zones.items():
        area_km2 = spot.published_area_km2
        if area_km2 is not None and (unit_id, area_km2) not in stated:
            where = f"linkage_zones.{unit_id}.published_area_km2"
            yield _fault("places.yaml", where, "not_in_areas", f"{area_km2:g}")


def _layers(zone: Zone) -> Iterator[ZoneFolderError]:
    for name in sorted(zone.layers.keys() ^ set(layers_of(zone))):
        yield _fault("layers.yaml", name, "not_the_layers", name)
    grounds = zone.recipe.demonstration["ground"]["windows"] if zone.recipe.windows else {}
    for name, raster in zone.rasters.items():
        if raster.window not in grounds:
            yield _fault("rasters.yaml", name, "no_window", raster.window)
    for name in grounds:
        if name not in zone.recipe.windows:
            yield _fault("recipe.yaml", "demonstration.ground.windows", "no_window", name)


def _fault(file: str, where: str, problem: str, given: str) -> ZoneFolderError:
    return ZoneFolderError(file=file, field=where, problem=problem, given=given)
