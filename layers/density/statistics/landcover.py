"""Land cover of counties, as a zone's folder has it."""

from collections.abc import Mapping
from types import MappingProxyType

from layers.zones import Zone


def impervious_km2(zone: Zone) -> Mapping[str, float]:
    """Return the impervious land of counties by their Chinese names, in km2."""
    return MappingProxyType({row.county: row.impervious for row in zone.land_cover})
