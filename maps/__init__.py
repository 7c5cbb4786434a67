"""Values in, bytes out: pages, figures and every word and colour of the product."""

from typing import Final

DIST: Final = "ftz-planning-gis"
