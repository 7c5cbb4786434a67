"""One layer version as one GeoPackage: a table of features, a table of its coverage."""

from collections.abc import Set
from pathlib import Path
from typing import Final

import geopandas as gpd

from layers.model import LayerFrame
from layers.readers._gdal import pyogrio

FEATURES: Final = "features"
COVERAGE: Final = "coverage"


def write_geopackage(frame: LayerFrame, path: Path) -> None:
    """Write a new GeoPackage; rows keep their order and every attribute stays one."""
    fields = {str(name).lower() for name in frame.features.columns}
    # GDAL takes an attribute called fid for its row number, and refuses one called geom.
    options = {"FID": _free("fid", fields), "GEOMETRY_NAME": _free("geom", fields)}
    pyogrio.write_dataframe(
        frame.features, path, layer=FEATURES, driver="GPKG", layer_options=options
    )
    if frame.coverage is not None:
        areas = gpd.GeoDataFrame(geometry=frame.coverage)
        pyogrio.write_dataframe(areas, path, layer=COVERAGE, driver="GPKG", append=True)


def read_geopackage(path: Path, *, covered: bool) -> LayerFrame:
    """Read what :func:`write_geopackage` wrote."""
    features = pyogrio.read_dataframe(path, layer=FEATURES)
    coverage = pyogrio.read_dataframe(path, layer=COVERAGE).geometry if covered else None
    return LayerFrame(features=features, coverage=coverage)


def _free(name: str, taken: Set[str]) -> str:
    return name if name not in taken else _free(f"{name}_", taken)
