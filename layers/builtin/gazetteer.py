"""Names by which places of Yunnan are found: counties, waters, zones, towns, ports, airports."""

import csv
import io
from functools import cache
from importlib.resources import files
from typing import NamedTuple

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


@cache
def read_gazetteer() -> tuple[Place, ...]:
    """Return all places, made by ``docs/make_gazetteer.py``; sources are in SOURCE.md."""
    text = files("layers.builtin").joinpath("data", "gazetteer.csv").read_text(encoding="utf-8")
    return tuple(
        Place(
            kind=row["kind"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            pinyin=row["pinyin"],
            bounds_lonlat=(
                float(row["west"]),
                float(row["south"]),
                float(row["east"]),
                float(row["north"]),
            ),
            county=row["county"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )
