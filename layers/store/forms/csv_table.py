"""Features as a CSV table with a column of well-known text, and beside it the CRS of it."""

import csv
import re
from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely

from geo.measure.crs import require_crs, to_lonlat
from layers.store.forms.values import attribute_names, texts_of

WKT_COLUMN: Final = "WKT"
"""By this name GDAL and QGIS know the shape; they read no ``SRID=`` in front of it."""
CRS_COLUMN: Final = "wkt_crs"
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")


def write_csv(features: gpd.GeoDataFrame, path: Path) -> int:
    """Write features as CSV in UTF-8 with mark, as office programs read it.

    A text that an office program would run as a
    formula gets an apostrophe in front.

    Returns
    -------
    int
        EPSG code of the coordinates: that of the features, else 4490.
    """
    code = require_crs(features).to_epsg(min_confidence=70)
    shapes = features.geometry if code else to_lonlat(features.geometry)
    code = code or 4490
    texts = shapely.to_wkt(shapes.to_numpy(), rounding_precision=-1)
    columns = {name: texts_of(features[name]) for name in attribute_names(features)}
    is_text = {name: features[name].dtype.kind not in "biuf" for name in columns}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        own = [_free(name, set(columns)) for name in (WKT_COLUMN, CRS_COLUMN)]
        table.writerow([*map(_harmless, columns), *own])
        for row, text in zip(zip(*columns.values(), strict=True), texts, strict=True):
            cells = [
                _harmless(cell) if cell is not None and is_text[name] else cell
                for name, cell in zip(columns, row, strict=True)
            ]
            table.writerow([*cells, text, f"EPSG:{code}"])
    return code


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else _free(f"{name}_", taken)
