"""The plan's own table of indicators and the shares of the province that it states."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from layers.density.statistics.builtin import csv_rows, optional, text_of
from layers.density.statistics.model import PlanIndicator
from layers.yaml_text import load_yaml

BASE_YEAR: Final = 2020
TARGET_YEAR: Final = 2025
"""Years of the plan's table (column 3, 《“十四五”中国（云南）自由贸易试验区建设规划》)."""


PLAN_SOURCE: Final = "《“十四五”中国（云南）自由贸易试验区建设规划》"
PLAN_QUALITY: Final = "official text (reprint)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShare:
    """A share of the province as printed, and which figures it follows from.

    Either ``indicator`` of the unit ``of`` and of the unit ``whole``, or the land of
    the kind ``land`` and the ellipsoidal area of ``whole_layer``.
    """

    id: str
    name_zh: str
    name_en: str
    printed_pct: float
    year: int
    of: str
    indicator: str | None = None
    whole: str | None = None
    land: str | None = None
    whole_layer: str | None = None


@cache
def load_plan_indicators() -> tuple[PlanIndicator, ...]:
    """Return the plan's 16 indicators in their order."""
    return tuple(
        PlanIndicator(
            number=int(row["number"]),
            id=row["id"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            unit=row["unit"],
            value_2020=optional(row["value_2020"], float),
            target_2025=optional(row["target_2025"], float),
            target_rule=row["target_rule"],
            printed_growth=optional(row["printed_growth"], float),
            growth_kind=row["growth_kind"] or None,
        )
        for row in csv_rows("plan_indicators.csv")
    )


@cache
def load_plan_shares() -> tuple[PlanShare, ...]:
    """Return the shares of the province that the plan states."""
    printed = {row["id"]: row for row in csv_rows("plan_figures.csv")}
    return tuple(
        PlanShare(
            id=name,
            name_zh=printed[name]["name_zh"],
            name_en=printed[name]["name_en"],
            printed_pct=float(printed[name]["value"]),
            **entry,
        )
        for name, entry in load_yaml(text_of("plan_shares.yaml")).items()
    )
