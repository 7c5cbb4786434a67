"""Scenarios of land, and totals brought onto smaller land, as documents that compute."""

from collections.abc import Iterator
from typing import Final

from geo.units import round_as_printed
from maps.density.qualified import (
    area_qualifier,
    marked_text,
    note_lines,
    qualifier,
    qualifier_notices,
    value_qualifier,
)
from maps.density.scenario_answers import DownscaleReport, ScenarioOut, ScenarioReport
from maps.document.cells import Cell, Column, Formula, Marked, Plain, columns
from maps.document.model import Block, Document, Paragraph, Table, basis_blocks, sheet_of
from maps.i18n import tr
from maps.numbers import number, unit_text
from maps.source_words import source_text, sources_text

_MOST_PARTS: Final = 20


def scenario_document(answer: ScenarioReport, lang: str) -> Document:
    """Return scenarios side by side: what follows from added land and densities computes."""
    unit = unit_text(answer.value_unit, lang)
    density = Formula(text="{value_now}/{area_now}", value=answer.density)
    table = Table(
        id=tr("scenario.case", lang),
        caption=_known(answer, lang),
        given=(
            (Column(title=tr("scenario.value_now", lang), unit=unit, decimals=2, key="value_now"),
             Marked(value=answer.value, mark=value_qualifier(answer.qualifiers, lang))),
            (Column(title=tr("scenario.area", lang), decimals=2, key="area_now"), answer.area_km2),
            (Column(title=tr("scenario.density_now", lang), unit=f"{unit}/km²", decimals=3,
                    key="density_now"),
             Marked(value=density, mark=qualifier(answer.qualifiers, lang))),
        ),
        columns=columns(
            "scenario", lang, Column(title="case", share=1.4), Column(title="added", decimals=2),
            Column(title="density_then", decimals=3, share=1.4),
            Column(title="area", decimals=2, data_only=True),
            Column(title="value_needed", decimals=2),
            Column(title="present_growth", decimals=1),
            Column(title="value_of_present_land", decimals=2, data_only=True),
            Column(title="value_of_new_land", decimals=2),
            Column(title="density_of_new_land", decimals=3), Column(title="growth", decimals=1),
            Column(title="annual", decimals=1), Column(title="spared", decimals=2),
            Column(title="saved", decimals=2),
        ),
        rows=tuple(_case(answer, one, lang) for one in answer.scenarios),
    )  # fmt: skip
    cited = Paragraph(text=sources_text((answer.source, answer.area_source), lang), role="citation")
    said = (*basis_blocks(answer.basis, lang), *qualifier_notices([answer.qualifiers], lang))
    notes = note_lines([answer.qualifiers], lang)
    told = (Paragraph(text=_frozen(answer, one, lang), role="item") for one in answer.scenarios)
    blocks: tuple[Block, ...] = (*said, *notes, table, *told, cited)
    return sheet_of(f"{answer.unit_name.text(lang)} · {answer.name.text(lang)}", blocks, lang=lang)


def downscale_document(answer: DownscaleReport, lang: str) -> Document:
    """Return the parts, densest first, and how far their sum is from the total.

    The mark of the document says that all of it is an estimate.
    """
    weights = tr("cli.weight_area", lang) if answer.weights == "area" else answer.weights
    unit = unit_text(answer.value_unit, lang)
    found = dict.fromkeys(value_qualifier(one, lang) for one in answer.qualifiers)
    of_value = value_qualifier(answer.of_parts, lang)
    of_density = qualifier(answer.of_parts, lang)
    of_area = area_qualifier(answer.of_parts.area_quality, lang)
    marks = "; ".join(filter(None, found)) or None
    total = f"{number(answer.total, 2)} {unit}" + (f" ({marks})" if marks else "")
    parts = f"{number(answer.total_of_parts, 2)} {unit}" + (f" ({marks})" if marks else "")
    said = tr("cli.downscaled", lang, name=answer.name.text(lang), year=answer.year, total=total,
              count=len(answer.parts), onto=_onto(answer, lang), weights=weights, parts=parts,
              covered=number(answer.covered_pct, 1))  # fmt: skip
    off = answer.total_of_parts - answer.total
    table = Table(
        id=tr("scenario.estimate", lang),
        caption=f"{answer.name.text(lang)} {answer.year} · {tr('scenario.estimate', lang)}",
        given=(
            (Column(title=f"{answer.name.text(lang)} {answer.year}", unit=unit, decimals=2,
                    key="total"), Marked(value=answer.total, mark=marks)),
            (Column(title=tr("scenario.sum_of_parts", lang), unit=unit, decimals=2, key="sum"),
             Marked(value=Formula(text="SUM({value_all})", value=answer.total_of_parts),
                    mark=marks)),
            (Column(title=tr("scenario.sum_off", lang), unit=unit, decimals=6, key="off"),
             Formula(text="ROUND({sum}-{total},6)", value=round_as_printed(off, 6))),
        ),
        columns=columns(
            "scenario", lang, Column(title="part", share=1.6),
            Column(title="value", decimals=4, unit=unit), Column(title="part_area", decimals=4),
            Column(title="density", decimals=4, unit=f"{unit}/km²"),
        ),
        rows=tuple(
            (one.id, Marked(value=one.value, mark=of_value),
             Marked(value=one.area_km2, mark=of_area),
             Marked(value=Formula(text="{value}/{part_area}", value=one.density),
                    mark=of_density))
            for one in sorted(answer.parts, key=lambda part: -round_as_printed(part.density, 4))
        ),
        most_rows=_MOST_PARTS,
    )  # fmt: skip
    blocks: tuple[Block, ...] = (
        *basis_blocks(answer.basis, lang),
        Paragraph(text=said, role="notice"),
        *_units(answer, lang),
        *qualifier_notices([*answer.qualifiers, answer.of_parts], lang),
        *note_lines(answer.qualifiers, lang),
        table,
        Paragraph(text=source_text(answer.source, lang), role="citation"),
    )
    return sheet_of(
        f"{answer.name.text(lang)} {answer.year} · {_onto(answer, lang)}",
        blocks,
        lang=lang,
        mark=tr("cli.estimate", lang),
    )


def _onto(answer: DownscaleReport, lang: str) -> str:
    """Return what the parts are: cells of a grid in words, or the layer."""
    grid, _, side = answer.onto.partition(" ")
    return tr("scenario.grid", lang, side=side) if grid == "grid" and side else answer.onto


def _units(answer: DownscaleReport, lang: str) -> Iterator[Block]:
    """Yield whose totals were brought down, and whose were not."""
    for key, found in (("units", answer.unit_names), ("left_out", answer.left_out)):
        if found:
            names = tr("report.list_mark", lang).join(one.text(lang) for one in found)
            yield Paragraph(text=tr(f"scenario.{key}", lang, names=names), role="item")


def _known(answer: ScenarioReport, lang: str) -> str:
    """Return the known density as a sum that a person can check."""
    return tr(
        "scenario.basis_line", lang, unit=answer.unit_name.text(lang), year=answer.year,
        name=answer.name.text(lang),
        value=marked_text(
            f"{number(answer.value, 2)} {unit_text(answer.value_unit, lang)}",
            answer.qualifiers,
            lang,
        ),
        land=tr(f"denominators.{answer.denominator}", lang),
        area=number(answer.area_km2, 2),
        density=marked_text(
            f"{number(answer.density, 3)} {unit_text(answer.density_unit, lang)}",
            answer.qualifiers,
            lang,
        ),
    )  # fmt: skip


def _frozen(answer: ScenarioReport, one: ScenarioOut, lang: str) -> str:
    """Return which land a scenario freezes, and what growth on it would save."""
    key = "growing" if one.present_growth_pct else "frozen" if one.added_km2 else "no_new_land"

    def marked(value: float | None, decimals: int = 2) -> str:
        return marked_text(number(value, decimals), answer.qualifiers, lang)

    return tr(
        f"scenario.{key}", lang, case=one.name, area=number(answer.area_km2, 2),
        year=answer.year, unit=unit_text(answer.value_unit, lang),
        value=marked(one.value_of_present_land), added=number(one.added_km2, 2),
        new=marked(one.value_of_new_land), needed=number(one.value_needed, 2),
        growth=marked(one.growth_pct, 1), present=number(one.present_growth_pct, 1),
        spared=marked(one.land_spared_km2),
    )  # fmt: skip


def _case(answer: ScenarioReport, one: ScenarioOut, lang: str) -> tuple[Cell, ...]:
    kept = one.density_by == "kept"
    density = Formula(text="{density_now}", value=one.density_then) if kept else one.density_then
    annual: Plain = None
    if one.by_year is not None:
        growth = f"100*(({{value_needed}}/{{value_now}})^(1/{one.by_year - answer.year})-1)"
        annual = Formula(text=growth, value=one.annual_growth_pct)
    new_density = Formula(
        text='IF({added}>0,{value_of_new_land}/{added},"")',
        value="" if one.density_of_new_land is None else one.density_of_new_land,
    )
    mark = qualifier(answer.qualifiers, lang)
    of_density = [tr(f"scenario.{one.density_by}", lang), *([mark] if kept and mark else [])]

    def follows(value: Plain, *, present: bool = True) -> Cell:
        """Return what follows from the present value, and shares what qualifies it."""
        return Marked(value=value, mark=mark if present and value is not None else None)

    return (
        one.name,
        one.added_km2,
        Marked(value=density, mark="; ".join(of_density)),
        Formula(text="{area_now}+{added}", value=one.area_km2),
        follows(Formula(text="{density_then}*{area}", value=one.value_needed), present=kept),
        one.present_growth_pct,
        follows(
            Formula(text="{value_now}*(1+{present_growth}/100)", value=one.value_of_present_land)
        ),
        follows(
            Formula(
                text='IF({added}>0,{value_needed}-{value_of_present_land},"")',
                value="" if one.value_of_new_land is None else one.value_of_new_land,
            )
        ),
        follows(new_density),
        follows(Formula(text="100*({value_needed}/{value_now}-1)", value=one.growth_pct)),
        follows(annual),
        follows(
            Formula(
                text="MIN(({value_of_present_land}-{value_now})/{density_then},{added})",
                value=one.land_spared_km2,
            )
        ),
        follows(
            Formula(
                text="ROUND({value_needed}/{density_now}-{area},9)",
                value=round_as_printed(one.land_saved_km2, 9),
            )
        ),
    )
