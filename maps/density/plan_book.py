"""The plan's indicators as a workbook that computes, as CSV, and as a sheet for print."""

from collections.abc import Mapping
from typing import Any, Final

from maps.document.cells import Column, Formula
from maps.document.model import Block, Paragraph, Table, sheet_of
from maps.document.onepage import sheet_pdf
from maps.document.workbook import BookSheet, Cell, csv_bytes, workbook_bytes
from maps.i18n import tr
from maps.numbers import number, unit_text

Answer = Mapping[str, Any]
_HEADS: Final = (
    "number", "indicator", "value_unit", "first", "target", "required", "printed", "latest_year",
    "latest", "achieved", "path_now", "course", "target_density",
)  # fmt: skip


def plan_csv(monitor: Answer, lang: str) -> bytes:
    """Return a line for each of the plan's indicators."""
    heads = [tr(f"table.{name}", lang) for name in _HEADS]
    return csv_bytes([heads, *(_cells(row, lang) for row in monitor["rows"])])


def plan_workbook(monitor: Answer, lang: str) -> bytes:
    """Return the indicators with growth, path and density as formulas, and the shares."""
    rows: list[list[Cell]] = [[monitor["source"]], [tr(f"table.{name}", lang) for name in _HEADS]]
    for at, row in enumerate(monitor["rows"], start=len(rows) + 1):
        rows.append(_living(row, _cells(row, lang), at, monitor["area_km2"]))
    shares: list[list[Cell]] = [
        [
            tr(f"table.{name}", lang)
            for name in ("indicator", "printed", "part", "whole", "share", "source")
        ]
    ]
    for at, share in enumerate(monitor["shares"], start=2):
        known = share["recomputed_pct"] is not None
        shares.append(
            [
                share["name"][lang],
                share["printed_pct"],
                share["numerator"],
                share["denominator"],
                Formula(text=f"100*C{at}/D{at}", form="0.000") if known else None,
                share["source"],
            ]
        )
    return workbook_bytes(
        [
            BookSheet(title=tr("table.plan", lang), rows=rows, heads=(1, 2), widths=(8, 30)),
            BookSheet(title=tr("table.shares", lang), rows=shares, widths=(34,)),
        ]
    )


def plan_pdf(monitor: Answer, lang: str) -> bytes:
    """Return a sheet of one page: sixteen indicators and how they stand."""
    columns = ("number", "indicator", "first", "target", "required", "latest", "achieved", "course")
    shares = (0.5, 2.6, 1.1, 1.3, 1.0, 1.4, 1.0, 1.0)
    rows = tuple(_printed(row, lang) for row in monitor["rows"])
    table = Table(
        id="plan",
        caption=tr("table.plan", lang),
        columns=tuple(
            Column(title=tr(f"table.{name}", lang), share=share)
            for name, share in zip(columns, shares, strict=True)
        ),
        rows=rows,
    )
    shares_text = "; ".join(_share(share, lang) for share in monitor["shares"])
    blocks: tuple[Block, ...] = (
        table,
        Paragraph(text=shares_text),
        Paragraph(text=f"{tr('table.source', lang)}: {monitor['source']}", role="small"),
    )
    return sheet_pdf(sheet_of(tr("table.plan_title", lang), blocks, lang=lang))


def _printed(row: Answer, lang: str) -> tuple[str, ...]:
    target, latest = row["target_value"], "—"
    if row["latest_year"]:
        latest = f"{number(row['latest_value'], 2)} ({row['latest_year']})"
    return (
        str(row["number"]),
        f"{row['name'][lang]} ({unit_text(row['unit'], lang)})",
        number(row["first_value"], 2),
        number(target, 2) if target is not None else tr(f"target_rules.{row['target_rule']}", lang),
        _pct(row["growth"]["required_pct"]),
        latest,
        _pct(row["growth"]["achieved_pct"]),
        tr(f"courses.{row['course']}", lang),
    )


def _cells(row: Answer, lang: str) -> list[Any]:
    growth = row["growth"]
    path = {point["year"]: point["path"] for point in row["points"]}
    target = row["target_value"]
    return [
        row["number"],
        row["name"][lang],
        unit_text(row["unit"], lang),
        row["first_value"],
        target if target is not None else tr(f"target_rules.{row['target_rule']}", lang),
        growth["required_pct"],
        growth["printed_pct"],
        row["latest_year"],
        row["latest_value"],
        growth["achieved_pct"],
        path.get(row["latest_year"]),
        tr(f"courses.{row['course']}", lang),
        row["target_density"],
    ]


def _living(row: Answer, cells: list[Any], at: int, area_km2: float) -> list[Cell]:
    """Put formulas in the place of what follows from other cells."""
    years, latest = row["target_year"] - row["first_year"], row["latest_year"]
    if row["growth"]["required_pct"] is not None:
        cells[5] = Formula(text=f"100*((E{at}/D{at})^(1/{years})-1)", form="0.0")
    if row["growth"]["achieved_pct"] is not None:
        passed = f"(H{at}-{row['first_year']})"
        cells[9] = Formula(text=f"100*((I{at}/D{at})^(1/{passed})-1)", form="0.0")
    if cells[10] is not None and latest is not None:
        share = f"(H{at}-{row['first_year']})/{years}"
        step = (
            f"D{at}+(E{at}-D{at})*{share}"
            if row["cumulative"]
            else f"D{at}*(E{at}/D{at})^({share})"
        )
        cells[10] = Formula(text=step, form="0.00")
    if row["target_density"] is not None:
        cells[12] = Formula(text=f"E{at}/{area_km2}", form="0.000")
    return cells


def _share(share: Answer, lang: str) -> str:
    pct = share["recomputed_pct"]
    found = tr("ui.share_open", lang) if pct is None else f"{number(pct, 3)} %"
    return f"{share['name'][lang]}: {share['printed_pct']} % → {found}"


def _pct(value: float | None) -> str:
    return "—" if value is None else f"{number(value, 1)} %"
