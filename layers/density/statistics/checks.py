"""Beyond which differences figures are called out: a data file."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from layers.yaml_text import load_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLimits:
    """Differences in percent, and how many times another a figure may be unasked."""

    area_warning_pct: float
    reconciliation_warning_pct: float
    value_factor: float
    smallness_factor: float
    fewest_rows: int
    area_factor: float
    whole_factor: float


@cache
def check_limits() -> CheckLimits:
    """Return the limits."""
    text = (
        files("layers.density").joinpath("statistics_data/checks.yaml").read_text(encoding="utf-8")
    )
    return CheckLimits(**load_yaml(text))
