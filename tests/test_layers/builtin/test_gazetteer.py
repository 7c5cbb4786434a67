"""Names of places. Oracles: the county boundaries, and the Latin spelling beside the Chinese one."""

import unicodedata

import shapely

from layers.builtin.gazetteer import read_gazetteer
from layers.builtin.reference import read_counties
from layers.zones import shipped_zone

SPELLED_OTHERWISE = {"绿春县", "香格里拉市"}
ENDS = (
    "Autonomous County",
    "County",
    "District",
    "City",
    "International Airport",
    "Airport",
    "Port",
)


def letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).lower()
    return "".join(char for char in plain if char.isascii() and char.isalpha())


def test_every_place_lies_in_the_county_that_it_names() -> None:
    counties = read_counties(shipped_zone().region).set_index("name_zh").geometry
    assert not counties.index.has_duplicates
    for place in read_gazetteer(shipped_zone()):
        west, south, east, north = place.bounds_lonlat
        if place.county and west == east:
            assert counties[place.county].covers(shapely.Point(west, south)), place
        elif place.county:
            found = counties[place.county].bounds
            assert max(abs(a - b) for a, b in zip(found, place.bounds_lonlat, strict=True)) < 1e-4
        assert 97.5 < west <= east < 106.2, place
        assert 21.1 < south <= north < 29.3, place


def test_names_are_read_as_they_are_spelled() -> None:
    """长水 is chang shui and not zhang shui, 畹町 is wan ding."""
    for place in read_gazetteer(shipped_zone()):
        if place.kind == "linkage_zone" or place.name_zh in SPELLED_OTHERWISE:
            continue
        spelled = place.name_en
        for end in ENDS:
            spelled = spelled.removesuffix(f" {end}")
        assert letters(place.pinyin).startswith(letters(spelled)), place


def test_every_county_lake_and_linkage_zone_is_found() -> None:
    kinds = [place.kind for place in read_gazetteer(shipped_zone())]
    assert kinds.count("county") == len(read_counties(shipped_zone().region)) == 129
    assert (kinds.count("lake"), kinds.count("linkage_zone")) == (6, 5)
    names = {place.name_zh for place in read_gazetteer(shipped_zone())}
    assert {"昆明长水国际机场", "河口口岸", "曲靖经济技术开发区"} <= names
