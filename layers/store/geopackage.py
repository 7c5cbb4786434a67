"""One layer version as one GeoPackage: a table of features, a table of its coverage."""

from collections.abc import Set
from pathlib import Path
from typing import Final

import geopandas as gpd

from layers.model import LayerFrame
from layers.store.geopackage_rows import read_plain_geopackage

FEATURES: Final = "features"
COVERAGE: Final = "coverage"
VERSION: Final = "1.2"
"""Later ones are opened by GDAL 3.6 of today's desktops with a warning."""


def write_geopackage(frame: LayerFrame, path: Path) -> None:
    """Write a new GeoPackage; rows keep their order and every attribute stays one."""
    from layers.readers._gdal import pyogrio  # noqa: PLC0415 - a check reads without GDAL

    pyogrio.write_dataframe(
        frame.features,
        path,
        layer=FEATURES,
        driver="GPKG",
        layer_options=free_columns(frame.features),
        dataset_options={"VERSION": VERSION},
    )
    if frame.coverage is not None:
        areas = gpd.GeoDataFrame(geometry=frame.coverage)
        pyogrio.write_dataframe(areas, path, layer=COVERAGE, driver="GPKG", append=True)


def read_geopackage(path: Path, *, covered: bool) -> LayerFrame:
    """Read what :func:`write_geopackage` wrote."""
    plain = read_plain_geopackage(path, FEATURES, COVERAGE if covered else None)
    if plain is not None:
        return plain
    from layers.readers._gdal import pyogrio  # noqa: PLC0415 - as above

    features = pyogrio.read_dataframe(path, layer=FEATURES)
    coverage = pyogrio.read_dataframe(path, layer=COVERAGE).geometry if covered else None
    return LayerFrame(features=features, coverage=coverage)


def free_columns(features: gpd.GeoDataFrame) -> dict[str, str]:
    """Return names of the columns that a GeoPackage adds, which no attribute has.

    GDAL takes an attribute called fid for its row number, and refuses one called geom.
    """
    fields = {str(name).lower() for name in features.columns}
    return {"FID": _free("fid", fields), "GEOMETRY_NAME": _free("geom", fields)}


def _free(name: str, taken: Set[str]) -> str:
    return name if name not in taken else _free(f"{name}_", taken)
