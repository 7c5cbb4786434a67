"""Pure spatial-planning geometry and arithmetic: values in, values out."""

from typing import Final

DIST: Final = "ftz-planning-gis"
