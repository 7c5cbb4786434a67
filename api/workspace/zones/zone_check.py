"""Check a zone's folder as a start would read it, without a store."""

from pathlib import Path

from api.workspace.terms import read_terms
from geo.errors import InputError
from layers.builtin import BuiltinLayer, build_all, layer_ids, raster_ids
from layers.density.zone_figures import figure_faults
from layers.errors import RuleFileError
from layers.kinds import own_kind_folders
from layers.model import Progress
from layers.store.catalogue import Kinds
from layers.zones import Zone, examine_folder
from layers.zones.errors import ZoneFolderError
from maps.answers import Title
from maps.data.zone_answers import ZoneCheck, ZoneFault, ZoneKind, ZoneUnit

_APPROVED = "approved"


def check_zone(folder: Path, progress: Progress) -> ZoneCheck:
    """Return all that is wrong with a zone's folder; of a sound one, what the zone is.

    Files are read first, then compared, then all that the zone brings is made, as on its first
    start, and thrown away.
    """
    zone, faults = examine_folder(folder)
    faults = (*faults, *(figure_faults(zone) if zone else ()))
    if zone is None or faults:
        return _refused(folder, faults, compared=zone is not None)
    try:
        kinds = read_terms(zone.rules_dir, zone.region).kinds
        brought = _make_all(zone, progress)
    except (ZoneFolderError, RuleFileError) as exc:
        return _refused(folder, (exc,), compared=True)
    return _sound(folder, zone, kinds, brought)


def _make_all(zone: Zone, progress: Progress) -> tuple[list[str], list[str]]:
    layers: list[str] = []
    rasters: list[str] = []
    total = len(layer_ids(zone, zone.rules_dir)) + len(raster_ids(zone))
    for made in build_all(zone, zone.rules_dir):
        (layers if isinstance(made, BuiltinLayer) else rasters).append(made.spec.id)
        progress(len(layers) + len(rasters), total)
    return layers, rasters


def _refused(folder: Path, faults: tuple[InputError, ...], *, compared: bool) -> ZoneCheck:
    found = [
        ZoneFault.model_validate(
            {
                "file": one.params["file"],
                "field": one.params["field"],
                "problem": str(one.params["problem"]),
                "given": str(one.params.get("given", "")),
                "limit": None if (most := one.params.get("limit")) is None else str(most),
            }
        )
        for one in faults
    ]
    return ZoneCheck(folder=str(folder), sound=False, compared=compared, faults=found)


def _sound(
    folder: Path, zone: Zone, kinds: Kinds, brought: tuple[list[str], list[str]]
) -> ZoneCheck:
    approved = {one.unit_id: one.area_km2 for one in zone.areas if one.denominator == _APPROVED}
    own = {one.kind for one in own_kind_folders(zone.rules_dir)}
    layers, rasters = brought
    return ZoneCheck(
        folder=str(folder),
        sound=True,
        compared=True,
        faults=[],
        id=zone.id,
        name=Title(**zone.profile.name.model_dump()),
        region=Title(**zone.profile.region.name.model_dump()),
        units=tuple(
            ZoneUnit(
                id=one.id,
                level=one.level,
                name=Title(zh=one.name_zh, en=one.name_en),
                approved_km2=approved.get(one.id),
            )
            for one in zone.units.values()
        ),
        kinds=tuple(
            ZoneKind(id=one.id, name=Title(zh=one.title_zh, en=one.title_en), own=one.id in own)
            for one in kinds.values()
        ),
        layers=tuple(layers),
        rasters=tuple(rasters),
    )
