"""Keeping rasters that were calculated here, not imported."""

from collections.abc import Mapping
from datetime import datetime

from geo.model import Grid
from layers.model import LayerSpec
from layers.rasters.cog import facts_of, write_grids
from layers.rasters.store import RasterOrigin, RasterPut, RasterStore


def put_grids(
    store: RasterStore,
    spec: LayerSpec,
    bands: Mapping[str, Grid],
    *,
    classes: str | None,
    origin: RasterOrigin,
    now: datetime,
) -> RasterPut:
    """Store grids on the same pixels as the bands of a raster, by name.

    Raises
    ------
    EmptyFileError
        No pixel of the first band says anything.
    """
    first = next(iter(bands.values()))
    with store.staging() as staged:
        write_grids(staged, dict(bands))
        facts = facts_of(staged, unit=first.unit, classes=classes)
        return store.put_version(spec, staged, facts, origin=origin, now=now)
