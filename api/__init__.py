"""Composition root: settings, HTTP, command line and the use cases that both call."""

from typing import Final

DIST: Final = "ftz-planning-gis"
