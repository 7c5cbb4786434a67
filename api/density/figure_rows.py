"""Figures of a table as rows of an answer, each with the one that it takes the place of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from layers.density.statistics.builtin import load_indicators
from layers.density.statistics.model import Observation, PlanningUnit, PublishedArea
from layers.density.statistics.replacing import Replacement
from maps.answers import Title
from maps.density.statistics_answers import PreviewRow, ReplacedFigure


def figure_rows(
    figures: Iterable[Observation | PublishedArea],
    units: Mapping[str, PlanningUnit],
    replacements: Sequence[Replacement],
) -> list[PreviewRow]:
    """Return figures as rows, in their order."""
    replaced = {id(one.after): one for one in replacements}
    return [_row_of(one, units, replaced.get(id(one))) for one in figures]


def replaced_figures(
    replacements: Iterable[Replacement], units: Mapping[str, PlanningUnit]
) -> list[ReplacedFigure]:
    """Return figures that others take the place of, both as rows."""
    return [
        ReplacedFigure(
            before=_row_of(one.before, units, None),
            after=_row_of(one.after, units, None),
            dataset=one.dataset or None,
        )
        for one in replacements
    ]


def _row_of(
    one: Observation | PublishedArea,
    units: Mapping[str, PlanningUnit],
    replaced: Replacement | None,
) -> PreviewRow:
    if isinstance(one, Observation):
        return _value_row(one, units, replaced)
    return _area_row(one, units, replaced)


def _value_row(
    value: Observation,
    units: Mapping[str, PlanningUnit],
    replaced: Replacement | None,
) -> PreviewRow:
    return PreviewRow(
        unit_id=value.unit_id,
        unit_name=_title(units[value.unit_id]),
        role=f"indicator:{value.indicator}",
        name=_indicator_title(value.indicator),
        year=value.year,
        period=value.period,
        months=value.months,
        relation=value.relation,
        value=value.value,
        unit=value.unit,
        source=value.source,
        quality=value.quality,
        note=value.note,
        **_replaced_fields(replaced),
    )


def _area_row(
    area: PublishedArea, units: Mapping[str, PlanningUnit], replaced: Replacement | None
) -> PreviewRow:
    return PreviewRow(
        unit_id=area.unit_id,
        unit_name=_title(units[area.unit_id]),
        role=f"land:{area.denominator}",
        name=None,
        year=area.first_year,
        period="full_year",
        value=area.area_km2,
        unit="km²",
        source=area.source,
        quality=area.quality,
        **_replaced_fields(replaced),
    )


def _replaced_fields(one: Replacement | None) -> dict[str, Any]:
    if one is None:
        return {"replaces": None}
    before = one.before
    value = before.value if isinstance(before, Observation) else before.area_km2
    return {
        "replaces": value,
        "replaces_source": before.source,
        "replaces_dataset": one.dataset or None,
    }


def _title(unit: PlanningUnit) -> Title:
    return Title(zh=unit.name_zh, en=unit.name_en)


def _indicator_title(name: str) -> Title:
    indicator = load_indicators()[name]
    return Title(zh=indicator.name_zh, en=indicator.name_en)
