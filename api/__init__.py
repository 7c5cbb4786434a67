"""Composition root: settings, HTTP, command line and the use cases that both call."""

from typing import Final

DIST: Final = "ftz-planning-gis"
VERSION: Final = "0.1.0"
"""Of the release; the wheel takes it from here, and a clone has it without being installed."""
