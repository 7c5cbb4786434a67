"""Densities as a workbook that computes, as CSV, and as a sheet for print."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from maps.document.cells import Column, Formula
from maps.document.model import Block, Facts, Paragraph, Table, sheet_of
from maps.document.onepage import sheet_pdf
from maps.document.text import basis_lines
from maps.document.workbook import BookSheet, Cell, csv_bytes, workbook_bytes
from maps.i18n import tables, tr
from maps.numbers import number, unit_text

Answer = Mapping[str, Any]
_RELATIONS: Final = {"=": "exact", ">": "more", "<": "less", "~": "about"}
_HEADS: Final = (
    "unit", "value", "value_unit", "relation", "period", "area_km2", "area_method", "density",
    "reason", "source", "area_source", "quality",
)  # fmt: skip


def density_csv(table: Answer, lang: str) -> bytes:
    """Return a line for each unit; one without a density says why."""
    rows = [_row(row, row["density"], lang) for row in table["rows"]]
    return csv_bytes([[tr(f"table.{name}", lang) for name in _HEADS], *rows])


def density_workbook(table: Answer, lang: str) -> bytes:
    """Return the densities as divisions of their cells, with the sum of the districts."""
    rows: list[list[Cell]] = [
        [title_of(table, lang)],
        [tr(f"table.{name}", lang) for name in _HEADS],
    ]
    districts = []
    for at, row in enumerate(table["rows"], start=len(rows) + 1):
        density: Cell = None
        if row["density"] is not None:
            density = Formula(text=f"B{at}/F{at}", form="0.0000")
        if row["level"] == "district" and row["value"] is not None:
            districts.append(f"B{at}")
        rows.append(_row(row, density, lang))
    total = table["reconciliation"]
    if total and not total["missing"]:
        cells = "+".join(districts)
        rows += [[], [tr("table.districts_sum", lang), Formula(text=cells, form="0.00")]]
        difference = Formula(text=f"{total['total']}-({cells})", form="0.00")
        rows.append([tr("table.difference", lang), difference])
    rows.append([])
    for line in basis_lines(table["basis"], lang):
        rows.append([line])
    sheet = BookSheet(
        title=table["name"][lang][:31], rows=rows, heads=(1, 2), widths=(30, 12, 10, 8, 12, 12)
    )
    return workbook_bytes([sheet])


def density_pdf(table: Answer, lang: str) -> bytes:
    """Return a sheet of one page: the table, what it rests on, and where it came from."""
    unit = unit_text(table["unit"], lang)
    rows = tuple(
        (
            row["name"][lang],
            row["value"],
            row["area_km2"],
            row["density"] if row["reason"] is None else tr(f"reasons.{row['reason']}", lang),
        )
        for row in table["rows"]
    )
    known = [row for row in table["rows"] if row["density"] is not None]
    blocks: list[Block] = [
        Paragraph(text=line.removeprefix("! "), role="notice")
        for line in basis_lines(table["basis"], lang)
    ]
    blocks.append(
        Table(
            id="density",
            caption=title_of(table, lang),
            columns=(
                Column(title=tr("table.unit", lang), share=2.6),
                Column(
                    title=f"{table['name'][lang]} ({unit_text(known[0]['value_unit'], lang)})",
                    decimals=2,
                ),
                Column(title=tr("table.area_km2", lang), decimals=2),
                Column(title=f"{tr('table.density', lang)} ({unit})", decimals=3, share=1.4),
            ),
            rows=rows,
        )
    )
    if line := agreement_line(table, lang):
        blocks.append(Paragraph(text=line))
    blocks.append(_sources(known, lang))
    target = any(row["value_note"] == "target" for row in known)
    mark = tr("periods.target", lang) if target else None
    title = f"{table['name'][lang]} · {tr('table.density', lang)}"
    subtitle = f"{table['year']} · {tr('denominators.' + table['denominator'], lang)}"
    return sheet_pdf(sheet_of(title, tuple(blocks), lang=lang, subtitle=subtitle, mark=mark))


def unit_pdf(sheet: Answer, lang: str) -> bytes:
    """Return the sheet of one planning unit: its land, and every density that it has."""
    land = Facts(
        id="land",
        caption=tr("table.land", lang),
        rows=tuple(
            (
                tr(f"denominators.{one['kind']}", lang),
                f"{number(one['area_km2'], 2)} km² · {one['years']} · {one['source']}",
            )
            for one in sheet["lands"]
        ),
    )
    rows = tuple(
        (
            one["name"][lang],
            f"{one['year']} {tr('periods.' + one['period'], lang)}",
            f"{number(one['value'], 2)} {unit_text(one['unit'], lang)}",
            tr(f"denominators.{one['denominator']}", lang),
            f"{number(one['density'], 3)} {unit_text(one['density_unit'], lang)}",
        )
        for one in sheet["rows"]
    )
    titles = ("indicator", "period", "value", "land", "density")
    shares = (2.0, 1.4, 1.6, 1.6, 1.8)
    table = Table(
        id="densities",
        caption=tr("table.densities", lang),
        columns=tuple(
            Column(title=tr(f"table.{name}", lang), share=share)
            for name, share in zip(titles, shares, strict=True)
        ),
        rows=rows,
    )
    notices = [
        Paragraph(text=line.removeprefix("! "), role="notice")
        for line in basis_lines(sheet["basis"], lang)
    ]
    empty = [] if rows else [Paragraph(text=tr("table.no_density", lang))]
    sources = "; ".join(dict.fromkeys(one["source"] for one in sheet["rows"]))
    blocks: tuple[Block, ...] = (*notices, land, *empty, *((table,) if rows else ()))
    if sources:
        blocks = (*blocks, Paragraph(text=f"{tr('table.source', lang)}: {sources}", role="small"))
    title = f"{sheet['unit_name'][lang]} · {tr('table.density', lang)}"
    return sheet_pdf(sheet_of(title, blocks, lang=lang, foot=sheet["made_on"]))


def title_of(table: Answer, lang: str) -> str:
    """Return what a table of densities divides by what."""
    land = tr(f"denominators.{table['denominator']}", lang)
    unit = unit_text(table["unit"], lang)
    return f"{table['name'][lang]} {table['year']} ÷ {land} ({unit})"


def agreement_line(table: Answer, lang: str) -> str | None:
    """Return whether the zone is the sum of its districts; None without a total."""
    total = table["reconciliation"]
    if total is None:
        return None
    key = "sum_open" if total["missing"] else "sum_differs" if total["warned"] else "sum_agrees"
    return tr(
        f"cli.{key}", lang, total=number(total["total"], 2), parts=number(total["parts_sum"], 2),
        pct=number(total["difference_pct"], 2), missing=", ".join(total["missing"]),
    )  # fmt: skip


def _row(row: Answer, density: Cell, lang: str) -> list[Any]:
    def words(prefix: str, key: str | None) -> str | None:
        return tr(f"{prefix}.{key}", lang) if key else None

    return [
        row["name"][lang],
        row["value"],
        unit_text(row["value_unit"], lang),
        # The sign itself would be taken for a formula.
        words("relations", _RELATIONS.get(row["value_relation"] or "")),
        words("periods", row["value_note"]),
        row["area_km2"],
        words("area_methods", row["area_method"]),
        density,
        words("reasons", row["reason"]),
        row["source"],
        row["area_source"],
        tables(lang)["qualities"].get(row["quality"] or "", row["quality"]),
    ]


def _sources(known: Sequence[Answer], lang: str) -> Paragraph:
    values = "; ".join(dict.fromkeys(row["source"] for row in known))
    areas = "; ".join(dict.fromkeys(row["area_source"] for row in known))
    text = f"{tr('table.source', lang)}: {values}. {tr('table.area_source', lang)}: {areas}."
    return Paragraph(text=text, role="small")
