"""Land cover of counties, as it ships."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from layers.density.statistics.builtin import csv_rows


@cache
def impervious_km2() -> Mapping[str, float]:
    """Return the impervious land of counties in 2023 by their Chinese names, in km2."""
    rows = csv_rows("county_landcover_2023.csv")
    return MappingProxyType({row["county"]: float(row["impervious"]) for row in rows})
