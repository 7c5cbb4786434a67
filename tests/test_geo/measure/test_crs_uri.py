"""Reference systems by address. Oracle: PROJ's own registry and axis information."""

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from geo.errors import UnknownCrsError
from geo.measure.crs_uri import (
    CRS84,
    OFFERED_CODES,
    crs_of_uri,
    epsg_uri,
    from_lonlat_to_axes,
    is_northing_first,
    to_lonlat_from_axes,
    uri_of,
)


@pytest.mark.parametrize("code", OFFERED_CODES)
def test_coordinates_stand_in_the_order_of_the_axes(code: int) -> None:
    crs = crs_of_uri(epsg_uri(code))
    # Second method: PROJ with the axes as EPSG has them, not always x before y.
    by_axes = Transformer.from_crs("EPSG:4326" if code == 3857 else "EPSG:4490", crs)
    lon = 3.0 * (code - 4534 + 25 if code >= 4534 else code - 4513 + 25) if code > 4500 else 102.0
    expected = by_axes.transform(25.0, lon + 0.5) if code not in {4490, 4326} else (25.0, lon + 0.5)
    point = np.array([shapely.Point(lon + 0.5, 25.0)], dtype=object)
    (moved,) = from_lonlat_to_axes(point, crs)
    assert (moved.x, moved.y) == pytest.approx(expected, abs=1e-6)
    (back,) = to_lonlat_from_axes(np.array([moved], dtype=object), crs)
    assert (back.x, back.y) == pytest.approx((lon + 0.5, 25.0), abs=1e-9)


def test_every_three_degree_zone_is_offered() -> None:
    # EPSG names of the national zones, by PROJ.
    names = [CRS.from_epsg(code).name for code in OFFERED_CODES if code > 4500]
    meridians = {f"CM {one}E" for one in range(75, 136, 3)} | {f"zone {z}" for z in range(25, 46)}
    assert len(names) == 42
    assert {name.rsplit(" ", 2)[-2] + " " + name.rsplit(" ", 1)[-1] for name in names} == meridians


@pytest.mark.parametrize(
    "text",
    ["EPSG:4490", "[EPSG:4490]", "urn:ogc:def:crs:EPSG::4490", epsg_uri(4490),
     "https://www.opengis.net/def/crs/EPSG/0/4490"],
)  # fmt: skip
def test_one_system_has_several_names(text: str) -> None:
    assert uri_of(crs_of_uri(text)) == epsg_uri(4490)


def test_crs84_has_longitude_first() -> None:
    assert not is_northing_first(crs_of_uri(CRS84))


@pytest.mark.parametrize(
    "text", ["", "4490", "EPSG:1", "http://evil.example/4490", "+proj=longlat"]
)
def test_what_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(UnknownCrsError):
        crs_of_uri(text)
