"""What sites would have to yield, beside their neighbours: as a table, a sheet and a line."""

from collections.abc import Mapping
from typing import Any

from maps.document.cells import Column, Formula
from maps.document.model import Table
from maps.document.workbook import BookSheet, Cell
from maps.i18n import tr
from maps.numbers import number, unit_text

Answer = Mapping[str, Any]

_HEADS = ("site", "available", "density_now", "density_then", "value_needed", "neighbours")


def economics_table(report: Answer, lang: str) -> Table:
    """Return the economics of each site as a table of a report."""
    rows = tuple(
        (
            site["name"] or site["site_id"],
            *_numbers(site["economics"]),
            neighbours_text(site["economics"], lang),
        )
        for site in report["sites"]
        if site["economics"]
    )
    heads = _heads(report, lang)
    return Table(
        id="economics",
        caption=tr("siting.sheet_economics", lang),
        columns=(
            Column(title=heads[0], share=1.2),
            *(Column(title=title, decimals=2) for title in heads[1:5]),
            Column(title=heads[5], share=2.6),
        ),
        rows=rows,
        note=_note(report, lang),
    )


def economics_book_sheet(report: Answer, lang: str) -> BookSheet:
    """Return the economics as a sheet: what a site must yield follows its cells."""
    rows: list[list[Cell]] = [[*_heads(report, lang)]]
    for site in report["sites"]:
        if not site["economics"]:
            continue
        at = len(rows) + 1
        available, now, then, needed = _numbers(site["economics"])
        live: Cell = needed
        if then is not None:
            live = Formula(text=f"D{at}*B{at}/100", form="0.00")
        rows.append(
            [
                site["name"] or site["site_id"],
                available,
                now,
                then,
                live,
                neighbours_text(site["economics"], lang),
            ]
        )
    rows += [[], [_note(report, lang)]]
    title = tr("siting.sheet_economics", lang)
    return BookSheet(title=title, rows=rows, widths=(18, 20, 22, 24, 26, 90))


def neighbours_text(economics: Answer, lang: str) -> str:
    """Return the nearest planning units with their densities, or why they have none."""
    parts = []
    for one in economics["neighbours"]:
        density = (
            f"{number(one['density'], 2)} {unit_text(one['density_unit'], lang)}"
            if one["density"] is not None
            else tr(f"reasons.{one['reason']}", lang)
        )
        parts.append(f"{one['name'][lang]} ({number(one['distance_km'], 1)} km): {density}")
    return "; ".join(parts)


def _numbers(found: Answer) -> tuple[float | None, ...]:
    return tuple(
        found[name] for name in ("available_ha", "density_now", "density_then", "value_of_new_land")
    )


def _first(report: Answer) -> Answer:
    found: Answer = next(site["economics"] for site in report["sites"] if site["economics"])
    return found


def _heads(report: Answer, lang: str) -> tuple[str, ...]:
    unit = unit_text(_first(report)["unit"], lang)
    return tuple(tr(f"siting.head_{name}", lang, unit=unit) for name in _HEADS)


def _note(report: Answer, lang: str) -> str:
    first = _first(report)
    if first["reason"]:
        return tr(f"siting.economics_{first['reason']}", lang)
    target_note = (
        f" {first['year']}: {tr('ui.target_note', lang)}" if first["value_note"] == "target" else ""
    )
    key = "siting.economics_note" if first["target_year"] is None else "siting.economics_target"
    said = tr(
        key,
        lang,
        name=first["name"][lang],
        year=first["year"],
        target=first["target_year"] or "",
        denominator=tr(f"denominators.{first['denominator']}", lang),
        source=first["source"] or "",
    )
    return said + target_note
