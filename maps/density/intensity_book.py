"""The evaluation of development zones as a workbook that computes, and as CSV."""

from collections.abc import Mapping
from typing import Any, Final

from maps.document.cells import Formula
from maps.document.workbook import BookSheet, Cell, csv_bytes, workbook_bytes
from maps.i18n import tr
from maps.numbers import unit_text

Answer = Mapping[str, Any]
_HEADS: Final = (
    "indicator",
    "goal",
    "value",
    "value_unit",
    "ideal",
    "realised",
    "reason",
    "formula",
)


def intensity_csv(report: Answer, lang: str) -> bytes:
    """Return a line for each rate of each zone."""
    heads = [tr("table.zone", lang), *(tr(f"table.{name}", lang) for name in _HEADS)]
    rows = [
        [zone["name"] or zone["code"], *_rate_cells(zone, rate, lang)]
        for zone in report["zones"]
        for rate in zone["rates"]
    ]
    return csv_bytes([heads, *rows])


def intensity_workbook(report: Answer, lang: str) -> bytes:
    """Return a sheet for each zone: quantities, and rates that compute from them."""
    return workbook_bytes(
        [_sheet(zone, number, lang) for number, zone in enumerate(report["zones"], start=1)]
    )


def _sheet(zone: Answer, number: int, lang: str) -> BookSheet:
    quantities = {name: value for name, value in zone["quantities"].items() if value is not None}
    rows: list[list[Cell]] = [[zone["name"] or zone["code"]]]
    rows.append([tr("table.quantity", lang), tr("table.value", lang)])
    place = {}
    for name, value in quantities.items():
        rows.append([tr(f"quantities.{name}", lang), value])
        place[name] = f"B{len(rows)}"
    rows += [[], [tr(f"table.{name}", lang) for name in _HEADS]]
    head = len(rows)
    for rate in zone["rates"]:
        cells: list[Cell] = _rate_cells(zone, rate, lang)
        at = len(rows) + 1
        if rate["reason"] is None:
            cells[2] = Formula(text=_formula(rate["formula"], place), form="0.00")
        if rate["realisation_pct"] is not None:
            less = rate["ideal"] == 0.0
            text = f"MAX(0,100-C{at})" if less else f"MIN(C{at}/E{at},1)*100"
            cells[5] = Formula(text=text, form="0.0")
        rows.append(cells)
    title = f"{number} {zone['name'] or zone['code'] or ''}"[:31]
    for mark in "[]:*?/\\":
        title = title.replace(mark, " ")
    return BookSheet(title=title, rows=rows, heads=(1, 2, head), widths=(34, 16, 12, 12))


def _formula(formula: str, place: Mapping[str, str]) -> str:
    """Return a formula of the answer over the cells of its quantities."""
    text = formula.replace("×", "*").replace("−", "-")
    # Longer names first: one may be the beginning of another.
    for name in sorted(place, key=len, reverse=True):
        text = text.replace(name, place[name])
    return text


def _rate_cells(zone: Answer, rate: Answer, lang: str) -> list[Any]:
    goals = {goal["id"]: goal["name"][lang] for goal in zone["goals"]}
    why = None
    if rate["reason"] == "missing":
        names = ", ".join(tr(f"quantities.{name}", lang) for name in rate["missing"])
        why = tr("cli.rate_missing", lang, names=names)
    elif rate["reason"]:
        why = tr(f"reasons.rate_{rate['reason']}", lang)
    return [
        rate["name"][lang],
        goals[rate["goal"]],
        rate["value"],
        unit_text(rate["unit"], lang),
        rate["ideal"],
        rate["realisation_pct"],
        why,
        rate["formula"],
    ]
