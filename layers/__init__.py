"""Files in, checked frames out: readers, catalogue, immutable versions, rules as data."""

from typing import Final

DIST: Final = "ftz-planning-gis"
