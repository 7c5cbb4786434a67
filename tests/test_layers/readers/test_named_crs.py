"""What strangers may call a reference system."""

import pytest
from pyproj import CRS

from geo.errors import UnknownCrsError
from layers.readers.named_crs import parse_named_crs


@pytest.mark.parametrize(
    "text",
    ["EPSG:4543", "4543", " epsg:4490 ", "urn:ogc:def:crs:EPSG::4490", "OGC:CRS84",
     CRS(4543).to_wkt(), CRS(4543).to_wkt("WKT1_ESRI"), CRS(4543).to_wkt("WKT1_GDAL"),
     CRS(3857).to_wkt("WKT1_GDAL"), CRS(4543).to_json()],
)  # fmt: skip
def test_codes_wkt_and_projjson_name_one(text: str) -> None:
    """Oracle: pyproj by itself."""
    assert parse_named_crs(text) == CRS.from_user_input(
        int(text) if text.isdigit() else text.strip()
    )


@pytest.mark.parametrize(
    "text",
    ["+proj=longlat +datum=WGS84", "proj=utm zone=48", "+init=epsg:4326", "init=epsg:4326",
     "+proj=longlat +nadgrids=/etc/passwd", "+proj=pipeline +step +proj=noop",
     CRS(3857).to_wkt("WKT1_GDAL").replace("@null", "/etc/passwd"),
     CRS(3857).to_wkt("WKT1_GDAL").replace("@null", "@secret.gsb"),
     'GEOGCRS["x",PARAMETERFILE["Latitude","/etc/passwd"]]', "EPSG:4490" + " " * 30_000, "", "x"],
)  # fmt: skip
def test_what_speaks_projs_own_language_is_none(text: str) -> None:
    with pytest.raises(UnknownCrsError):
        parse_named_crs(text)
