"""The planning of a zone, opened from a folder of this machine or from a server."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
from typing_extensions import override

from api.notebook.calls import Calls
from api.notebook.doors import Door, FolderDoor, ServerDoor
from layers.model import Progress, ignore_progress
from layers.rasters.reading import open_raster

_ADDRESSES = ("http://", "https://")


def open_planning(
    place: str | Path | None = None,
    *,
    lang: str = "zh",
    progress: Progress = ignore_progress,
    zone: str | Path | None = None,
) -> "Planning":
    """Open the layers, rasters, tables and past checks of an office.

    Parameters
    ----------
    place : str or Path, optional
        A folder of this machine, or the address of a server (``http://...``); the folder of the
        settings (``FTZGIS_DATA_DIR``) if not given. A folder without data gets those that ship.
    lang : str
        ``zh`` or ``en``: the language of refusals, help and files.
    progress : callable
        Is told of long work how many steps of how many are done, and what is at hand.
    zone : str or Path, optional
        Folder of the zone that is planned for; that of the settings (``FTZGIS_ZONE``), else the
        one that ships, if not given. A server has its own.

    Raises
    ------
    Refused
        The zone's folder is not as it must be, or the data were made for another zone.
    """
    text = str(place) if place is not None else ""
    door: Door
    if text.startswith(_ADDRESSES):
        door = ServerDoor(text, lang, progress)
    else:
        door = FolderDoor(
            Path(place) if place is not None else None,
            lang,
            progress,
            Path(zone) if zone is not None else None,
        )
    return Planning(door, text)


class Planning(Calls):
    """All operations of the product as methods: ``check``, ``density``, ``search`` and so on.

    They take what the command of the same name takes, with words parted by ``_``
    (``layers import`` is :meth:`layers_import`); files may also be GeoDataFrames. A refusal is
    :class:`~api.notebook.doors.Refused`, in words.
    """

    def __init__(self, door: Door, place: str = "") -> None:
        super().__init__(door)
        self._place = place

    def read_layer(self, layer_id: str, version: int | None = None) -> gpd.GeoDataFrame:
        """Return the features of a layer version in the CRS in which they are kept.

        Raises
        ------
        Refused
            There is no such layer or version, or what is kept of it is damaged.
        """
        packed = self.layers_export(layer_id, version=version, form="gpkg")
        with TemporaryDirectory(prefix="ftzgis-layer-") as folder:
            path = packed.save(Path(folder) / "layer.gpkg")
            return gpd.read_file(path, layer=layer_id)

    def read_raster(self, raster_id: str, version: int | None = None) -> Any:  # noqa: ANN401 - rasterio is untyped
        """Return a raster version as an open dataset of rasterio, with its CRS and unit.

        ``dataset.read(1, masked=True)`` are its values; ``rioxarray.open_rasterio(dataset)`` makes
        an xarray of it, where that is installed.

        Raises
        ------
        Refused
            There is no such raster or version, or what is kept of it is damaged.
        """
        packed = self.rasters_export(raster_id, version=version, form="tif")
        return open_raster(packed.data)

    @override
    def __repr__(self) -> str:
        return f"<Planning: {self._place or 'folder of the settings'}>"
