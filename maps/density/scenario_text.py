"""Scenarios and downscaled totals as plain text for a terminal."""

from typing import Final

from maps.density.scenario_answers import DownscaleReport, ScenarioReport
from maps.document.text import basis_lines
from maps.i18n import tr
from maps.numbers import number, table, unit_text

_MOST_PARTS: Final = 20


def scenario_text(answer: ScenarioReport, lang: str) -> str:
    """Return scenarios side by side, one a line, below the density that they start from."""
    lines = [basis_line(answer, lang), *basis_lines(answer.basis, lang)]
    columns = (
        "case", "added", "density_then", "value_needed", "value_of_new_land",
        "density_of_new_land", "growth", "annual", "saved",
    )  # fmt: skip
    header = [tr(f"scenario.{name}", lang) for name in columns]
    rows = [
        [
            one.name,
            number(one.added_km2, 2),
            f"{number(one.density_then, 3)} ({tr('scenario.' + one.density_by, lang)})",
            number(one.value_needed, 2),
            number(one.value_of_new_land, 2),
            number(one.density_of_new_land, 3),
            number(one.growth_pct, 1),
            number(one.annual_growth_pct, 1),
            number(one.land_saved_km2, 2),
        ]
        for one in answer.scenarios
    ]
    return "\n".join([*lines, *table([header, *rows])])


def basis_line(answer: ScenarioReport, lang: str) -> str:
    """Return the known density as a sum that a person can check."""
    return tr(
        "scenario.basis_line", lang, unit=answer.unit_name.in_lang(lang), year=answer.year,
        name=answer.name.in_lang(lang),
        value=f"{number(answer.value, 2)} {unit_text(answer.value_unit, lang)}",
        land=tr(f"denominators.{answer.denominator}", lang),
        area=number(answer.area_km2, 2),
        density=f"{number(answer.density, 3)} {unit_text(answer.density_unit, lang)}",
    )  # fmt: skip


def downscale_text(answer: DownscaleReport, lang: str) -> str:
    """Return how a total was brought down, and the parts with the highest density."""
    weights = tr("cli.weight_area", lang) if answer.weights == "area" else answer.weights
    unit = unit_text(answer.value_unit, lang)
    lines = [
        tr("cli.downscaled", lang, name=answer.name.in_lang(lang), year=answer.year,
           total=f"{number(answer.total, 2)} {unit}",
           count=len(answer.parts), onto=answer.onto, weights=weights,
           parts=f"{number(answer.total_of_parts, 2)} {unit}",
           covered=number(answer.covered_pct, 1)),
        tr("cli.estimate", lang),
        *basis_lines(answer.basis, lang),
    ]  # fmt: skip
    header = [tr(f"scenario.{name}", lang) for name in ("part", "value", "part_area", "density")]
    densest = sorted(answer.parts, key=lambda part: -part.density)[:_MOST_PARTS]
    rows = [
        [part.id, number(part.value, 4), number(part.area_km2, 4),
         number(part.density, 3)]
        for part in densest
    ]  # fmt: skip
    return "\n".join([*lines, *table([header, *rows])])
