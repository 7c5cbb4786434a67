"""The zone of an installation: which it is, that its data folder stays with it, how it comes in."""

import json
from datetime import datetime
from pathlib import Path
from typing import Final

from api.settings import Settings
from layers.builtin import BuiltinRaster
from layers.density.zone_figures import figure_faults
from layers.rasters.store import RasterOrigin, RasterStore
from layers.store.durable import write_file
from layers.store.layer_store import LayerStore
from layers.zones import Zone, load_zone, shipped_zone
from layers.zones.errors import OtherZoneError, ZoneRulesError

_MARKER: Final = "zone.json"
_BUILT: Final = "builtin-recipe.txt"


def open_zone(settings: Settings) -> tuple[Zone, Settings]:
    """Return the zone of the settings, and the settings with the zone's own rules.

    Raises
    ------
    ZoneFolderError
        The zone's folder is not as it must be.
    ZoneRulesError
        The zone has rules of its own, and another folder of rules is set beside them.
    OtherZoneError
        The data folder was made for another zone.
    """
    zone = shipped_zone() if settings.zone is None else load_zone(settings.zone)
    for fault in figure_faults(zone):
        raise fault
    require_same_zone(settings.data_dir, zone)
    if zone.rules_dir is None:
        return zone, settings
    if settings.rules_dir not in (None, zone.rules_dir):
        raise ZoneRulesError(zone=str(zone.rules_dir), folder=str(settings.rules_dir))
    return zone, settings.model_copy(update={"rules_dir": zone.rules_dir})


def require_same_zone(data_dir: Path, zone: Zone) -> None:
    """Refuse a data folder that was made for another zone; one from before zones is the shipped.

    Raises
    ------
    OtherZoneError
        Its layers and figures would stand under the wrong names.
    """
    made_for = _made_for(data_dir)
    if made_for is not None and made_for["id"] != zone.id:
        raise OtherZoneError(
            folder=str(data_dir),
            made_for={"zh": made_for["zh"], "en": made_for["en"]},
            opened_with=zone.profile.name.model_dump(),
        )


def remember_zone(data_dir: Path, zone: Zone) -> None:
    """Note in a data folder for which zone it is."""
    said = _describe_zone(zone)
    if _read(data_dir / _MARKER) != said:
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        write_file(data_dir / _MARKER, text.encode("utf-8"))


def _made_for(data_dir: Path) -> dict[str, str] | None:
    said = _read(data_dir / _MARKER)
    if said is None and (data_dir / _BUILT).is_file():
        return _describe_zone(shipped_zone())
    return said


def _describe_zone(zone: Zone) -> dict[str, str]:
    return {"id": zone.id, "zh": zone.profile.name.zh, "en": zone.profile.name.en}


def _read(path: Path) -> dict[str, str] | None:
    if not path.is_file():
        return None
    said: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return said


def ids_not_to_build(store: LayerStore, rasters: RasterStore) -> set[str]:
    """Return ids that were imported by a person, or of which nothing is left in use."""
    layers, grids = store.current(), rasters.current()
    imported = {one.layer_id for one in layers if one.report}
    imported |= {one.raster_id for one in grids if one.report}
    known = {one.layer_id for one in store.everything()}
    known |= {one.raster_id for one in rasters.everything()}
    used = {one.layer_id for one in layers} | {one.raster_id for one in grids}
    return imported | (known - used)


def put_raster(rasters: RasterStore, made: BuiltinRaster, now: datetime) -> None:
    """Keep a raster that a zone brings."""
    from layers.rasters.building import put_grids  # noqa: PLC0415 - on the first start alone

    put_grids(
        rasters,
        made.spec,
        {made.spec.kind: made.grid},
        classes=made.classes,
        origin=RasterOrigin(),
        now=now,
    )
