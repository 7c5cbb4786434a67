"""Whether the installation is whole and the stored layers are what they were."""

from importlib.metadata import version
from typing import Final

import pyproj
import shapely

from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.readers._gdal import pyogrio
from maps.data.health_answers import Health

_DISTRIBUTIONS: Final = ("geopandas", "shapely", "pyproj", "pyogrio", "folium", "fastapi")


def examine(workspace: Workspace) -> Health:
    """Read every layer version against its digest; past checks rest on old ones."""
    damaged = []
    current = workspace.store.current()
    for layer in current:
        for stored in workspace.store.versions(layer.layer_id):
            try:
                workspace.store.read(stored)
            except PlanningError:
                damaged.append(f"{stored.layer_id} v{stored.number}")
    rasters = workspace.rasters.current()
    for raster in rasters:
        for kept in workspace.rasters.versions(raster.raster_id):
            try:
                workspace.rasters.sound_path(kept)
            except PlanningError:
                damaged.append(f"{kept.raster_id} v{kept.number}")
    return Health(
        software={
            **{name: version(name) for name in _DISTRIBUTIONS},
            "GDAL": ".".join(map(str, pyogrio.__gdal_version__)),
            "PROJ": pyproj.proj_version_str,
            "GEOS": ".".join(map(str, shapely.geos_version)),
        },
        data_dir=str(workspace.settings.data_dir),
        layer_count=len(current) + len(rasters),
        damaged=damaged,
        sound=not damaged,
    )
