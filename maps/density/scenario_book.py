"""Scenarios as a workbook that computes, downscaled totals as tables."""

from collections.abc import Mapping
from typing import Any

from maps.density.scenario_text import basis_line
from maps.document.cells import Formula
from maps.document.workbook import BookSheet, Cell, csv_bytes, workbook_bytes
from maps.i18n import tr
from maps.numbers import unit_text

Answer = Mapping[str, Any]
_COLUMNS = (
    ("case", "name"),
    ("added", "added_km2"),
    ("density_then", "density_then"),
    ("area", "area_km2"),
    ("value_needed", "value_needed"),
    ("value_of_new_land", "value_of_new_land"),
    ("density_of_new_land", "density_of_new_land"),
    ("growth", "growth_pct"),
    ("annual", "annual_growth_pct"),
    ("saved", "land_saved_km2"),
)


def scenario_csv(answer: Answer, lang: str) -> bytes:
    """Return a line for each scenario."""
    heads = [tr(f"scenario.{key}", lang) for key, _ in _COLUMNS]
    rows = [[one[field] for _, field in _COLUMNS] for one in answer["scenarios"]]
    return csv_bytes([[basis_line(answer, lang)], heads, *rows])


def scenario_workbook(answer: Answer, lang: str) -> bytes:
    """Return a workbook in which added land and densities may be changed: all else follows."""
    unit = unit_text(answer["value_unit"], lang)
    rows: list[list[Cell]] = [
        [basis_line(answer, lang)],
        [f"{tr('scenario.value_now', lang)} ({unit})", answer["value"]],
        [tr("scenario.area", lang), answer["area_km2"]],
        [
            f"{tr('scenario.density_now', lang)} ({unit}/km²)",
            Formula(text="B2/B3", form="0.000"),
        ],
        [],
        [tr(f"scenario.{key}", lang) for key, _ in _COLUMNS],
    ]
    for number, one in enumerate(answer["scenarios"], start=len(rows) + 1):
        rows.append(_scenario_row(answer, one, number))
    sources: list[list[Cell]] = [[], [answer["source"]], [answer["area_source"]]]
    sources += [[tr(f"basis.{one['status']}", lang)] for one in answer["basis"]]
    sheet = BookSheet(
        title=tr("scenario.case", lang), rows=[*rows, *sources], heads=(1, 6), widths=(30,)
    )
    return workbook_bytes([sheet])


def downscale_csv(answer: Answer, lang: str) -> bytes:
    """Return a line for each part; every line says that it is an estimate."""
    unit = unit_text(answer["value_unit"], lang)
    heads = [
        tr("scenario.part", lang),
        f"{tr('scenario.value', lang)} ({unit})",
        tr("scenario.part_area", lang),
        f"{tr('scenario.density', lang)} ({unit}/km²)",
        tr("scenario.estimate", lang),
    ]
    mark = f"{answer['onto']}; {answer['weights']}"
    rows = [
        [part["id"], part["value"], part["area_km2"], part["density"], mark]
        for part in answer["parts"]
    ]
    return csv_bytes([heads, *rows])


def downscale_workbook(answer: Answer, lang: str) -> bytes:
    """Return the parts with live densities, their sum, and how far it is from the total.

    That all of it is an estimate is the first line, and the name of the sheet.
    """
    unit, first = unit_text(answer["value_unit"], lang), 8
    last = first + len(answer["parts"]) - 1
    parts: list[list[Cell]] = [
        [part["id"], part["value"], part["area_km2"], Formula(text=f"B{at}/C{at}", form="0.0000")]
        for at, part in enumerate(answer["parts"], start=first)
    ]
    told = tr("cli.estimate", lang).removeprefix("! ")
    rows: list[list[Cell]] = [
        [told],
        [f"{answer['name'][lang]} {answer['year']} ({unit})", answer["total"]],
        [tr("scenario.sum_of_parts", lang), Formula(text=f"SUM(B{first}:B{last})", form="0.00")],
        [tr("scenario.sum_off", lang), Formula(text="B3-B2", form="0.000000")],
        [tr("scenario.brought_onto", lang), answer["onto"], answer["weights"]],
        [],
        [
            tr("scenario.part", lang),
            f"{tr('scenario.value', lang)} ({unit})",
            tr("scenario.part_area", lang),
            f"{tr('scenario.density', lang)} ({unit}/km²)",
        ],
        *parts,
        [],
        [answer["source"]],
    ]
    rows += [[tr(f"basis.{one['status']}", lang)] for one in answer["basis"]]
    title = tr("scenario.estimate", lang)[:31]
    return workbook_bytes([BookSheet(title=title, rows=rows, heads=(1, 7), widths=(34, 18, 18))])


def _scenario_row(answer: Answer, one: Answer, row: int) -> list[Cell]:
    density: Cell = one["density_then"]
    if one["density_by"] == "kept":
        density = Formula(text="$B$4", form="0.000")
    annual: Cell = None
    if one["by_year"] is not None:
        years = one["by_year"] - answer["year"]
        annual = Formula(text=f"100*((E{row}/$B$2)^(1/{years})-1)", form="0.0")
    return [
        one["name"],
        one["added_km2"],
        density,
        Formula(text=f"$B$3+B{row}", form="0.00"),
        Formula(text=f"C{row}*D{row}", form="0.00"),
        Formula(text=f"E{row}-$B$2", form="0.00"),
        Formula(text=f'IF(B{row}>0,F{row}/B{row},"")', form="0.000"),
        Formula(text=f"100*(E{row}/$B$2-1)", form="0.0"),
        annual,
        Formula(text=f"E{row}/$B$4-D{row}", form="0.00"),
    ]
