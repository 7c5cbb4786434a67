"""How much a report shows: data from ``maps/styles``, never in code."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLimits:
    """Counts at most: points in tables, enlarged maps, sites drawn with lines, numbers on a map."""

    most_points: int
    most_enlarged: int
    most_relations: int
    most_numbered: int


@cache
def report_limits() -> ReportLimits:
    """Return the limits of ``styles/report.toml``."""
    text = files("maps").joinpath("styles/report.toml").read_text(encoding="utf-8")
    return ReportLimits(**tomllib.loads(text))
