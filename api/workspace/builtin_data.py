"""How the layers and rasters that a zone brings come into the store."""

from datetime import datetime

from layers.builtin import BuiltinRaster
from layers.rasters.store import RasterOrigin, RasterStore
from layers.store.layer_store import LayerStore


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
