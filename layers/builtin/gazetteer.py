"""Names by which places are found: counties, waters, zones, towns, ports, airports."""

from typing import NamedTuple

from layers.zones import Zone

Bounds = tuple[float, float, float, float]


class Place(NamedTuple):
    """A named place.

    ``pinyin`` are the syllables of ``name_zh`` without tones, apart by spaces.
    ``bounds_lonlat`` has no extent where only a point is known; of ports and airports it is
    that of ``county``, since no open data has their position.
    """

    kind: str
    name_zh: str
    name_en: str
    pinyin: str
    bounds_lonlat: Bounds
    county: str


def read_gazetteer(zone: Zone) -> tuple[Place, ...]:
    """Return all places of a zone's folder; for the one that ships sources are in SOURCE.md."""
    return tuple(
        Place(
            kind=row.kind,
            name_zh=row.name_zh,
            name_en=row.name_en,
            pinyin=row.pinyin,
            bounds_lonlat=(row.west, row.south, row.east, row.north),
            county=row.county or "",
        )
        for row in zone.gazetteer
    )
