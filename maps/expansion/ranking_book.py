"""The comparison of sites (比选表) as a workbook that computes itself, as CSV and as PDF."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from maps.document.cells import Column, Formula
from maps.document.model import Block, Figure, Paragraph, Picture, Table, sheet_of
from maps.document.onepage import sheet_pdf
from maps.document.text import basis_lines
from maps.document.workbook import BookSheet, Cell, column_letter, csv_bytes, workbook_bytes
from maps.expansion.contribution_chart import ContributionChart
from maps.expansion.site_economics import economics_book_sheet, economics_table
from maps.i18n import tr
from maps.numbers import number

Answer = Mapping[str, Any]

_WEIGHT_ROW: Final = 2
_FIRST: Final = 3
_LEAD: Final = 4
"""Columns before the criteria: site, name, area, verdict."""
_MOST_BARS: Final = 12


def ranking_workbook(report: Answer, lang: str) -> bytes:
    """Return sheets of the comparison, of unfit sites, of flips, and of what it rests on."""
    sheets = [_comparison(report, lang), _flip_sheet(report, lang), _basis_sheet(report, lang)]
    if any(not site["feasible"] for site in report["sites"]):
        sheets.insert(1, _unfit_sheet(report, lang))
    if any(site["economics"] for site in report["sites"]):
        sheets.insert(-1, economics_book_sheet(report, lang))
    return workbook_bytes(sheets)


def ranking_csv(report: Answer, lang: str) -> bytes:
    """Return a line for each site: facts, points, score, rank, and why it is unfit."""
    items = report["criteria"]
    heads = [tr(f"siting.{name}", lang) for name in ("site", "name", "area_ha", "verdict")]
    for item in items:
        heads += [_fact_head(item, lang), f"{item['name'][lang]} · {tr('siting.points', lang)}"]
    heads += [tr(f"siting.{name}", lang) for name in ("score", "rank", "first_share", "unfit")]
    rows = []
    for site in report["sites"]:
        row: list[str | float | int | None] = [*_lead(site, lang)]
        for item in items:
            fact = site["facts"][item["id"]]
            row.append(fact["value"] if fact["reason"] is None else reason_text(fact, lang))
            row.append(site["contributions"].get(item["id"]))
        row += [site["score"], rank_text(site), site["first_share_pct"], unfit_text(site, lang)]
        rows.append(row)
    return csv_bytes([heads, *rows])


def ranking_pdf(report: Answer, lang: str, picture: Picture | None = None) -> bytes:
    """Return a sheet: table, map, bars of contributions, what turns the order, economics.

    ``picture`` is the map of the sites, None where it is not drawn.
    """
    fit = [site for site in report["sites"] if site["feasible"]]
    blocks: list[Block] = [
        Paragraph(text=line.removeprefix("! "), role="notice")
        for line in basis_lines(report["basis"], lang)
    ]
    blocks.append(_pdf_table(report, lang))
    if picture is not None:
        caption = tr("siting.map", lang)
        blocks.append(Figure(caption=caption, alt=caption, picture=picture))
    whole = [site for site in fit if site["score"] is not None][:_MOST_BARS]
    if whole:
        blocks.append(_bars(report, whole, lang))
    if report["flips"]:
        blocks.append(_pdf_flips(report, lang))
    if any(site["economics"] for site in report["sites"]):
        blocks.append(economics_table(report, lang))
    blocks.append(Paragraph(text=report["weights_note"][lang], role="small"))
    title = report["name"][lang]
    subtitle = tr("siting.pdf_subtitle", lang, fit=len(fit), all=len(report["sites"]))
    return sheet_pdf(sheet_of(title, tuple(blocks), lang=lang, subtitle=subtitle))


def rank_text(site: Answer) -> str | None:
    """Return a rank, or the span of ranks that unknown facts leave open."""
    if site["rank_best"] is None:
        return None
    if site["rank_best"] == site["rank_worst"]:
        return str(site["rank_best"])
    return f"{site['rank_best']}–{site['rank_worst']}"


def reason_text(fact: Answer, lang: str) -> str:
    """Return in words why a fact is not known."""
    return tr(f"siting.reason_{fact['reason']}", lang)


def unfit_text(site: Answer, lang: str) -> str:
    """Return in words why a site cannot be used; empty where it can."""
    return "; ".join(
        tr(f"siting.unfit_{one['reason']}", lang, value=number(one["value"], 2),
           limit=number(one["limit"], 2))
        for one in site["unfit"]
    )  # fmt: skip


def _lead(site: Answer, lang: str) -> list[str | float | None]:
    verdict = tr(f"verdicts.{site['check']['verdict']}", lang)
    return [site["site_id"], site["name"], site["area_ha"], verdict]


def _fact_head(item: Answer, lang: str) -> str:
    unit = item["unit"]
    return f"{item['name'][lang]} ({unit})" if unit else str(item["name"][lang])


def _comparison(report: Answer, lang: str) -> BookSheet:
    items, fit = report["criteria"], [site for site in report["sites"] if site["feasible"]]
    facts = [column_letter(_LEAD + 1 + 2 * at) for at in range(len(items))]
    points = [column_letter(_LEAD + 2 + 2 * at) for at in range(len(items))]
    score = column_letter(_LEAD + 1 + 2 * len(items))
    last = _FIRST + len(fit) - 1
    heads: list[Cell] = [
        tr(f"siting.{name}", lang) for name in ("site", "name", "area_ha", "verdict")
    ]
    weights: list[Cell] = [tr("siting.weight", lang), None, None, None]
    for item in items:
        heads += [_fact_head(item, lang), f"{item['name'][lang]} · {tr('siting.points', lang)}"]
        weights += [None, item["share_pct"]]
    heads += [tr(f"siting.{name}", lang) for name in ("score", "rank", "first_share")]
    whole = "+".join(f"{column}${_WEIGHT_ROW}" for column in points)
    rows: list[list[Cell]] = [heads, weights]
    for at, site in enumerate(fit, start=_FIRST):
        row: list[Cell] = [*_lead(site, lang)]
        for item, fact, point in zip(items, facts, points, strict=True):
            known = site["facts"][item["id"]]
            row.append(known["value"] if known["reason"] is None else reason_text(known, lang))
            utility = _utility(item, f"{fact}{at}", f"{fact}${_FIRST}:{fact}${last}")
            share = f"100*{point}${_WEIGHT_ROW}/({whole})"
            text = f'IF(ISNUMBER({fact}{at}),{share}*({utility}),"")'
            row.append(Formula(text=text, form="0.00"))
        cells = ",".join(f"{point}{at}" for point in points)
        total = f'IF(COUNT({cells})={len(items)},SUM({cells}),"")'
        order = f'IF(ISNUMBER({score}{at}),RANK({score}{at},{score}${_FIRST}:{score}${last}),"")'
        row += [Formula(text=total, form="0.00"), Formula(text=order), site["first_share_pct"]]
        rows.append(row)
    return BookSheet(title=tr("siting.sheet_comparison", lang), rows=rows, widths=(12, 18))


def _utility(item: Answer, cell: str, column: str) -> str:
    """Return the utility of a fact as a formula: nested straight lines, or the span."""
    if item["points"] is None:
        low, high = f"MIN({column})", f"MAX({column})"
        worst, best = (low, high) if item["span"] == "more" else (high, low)
        return f"IF({low}={high},1,({cell}-{worst})/({best}-{worst}))"
    points = item["points"]
    text = f"{points[-1][1]:g}"
    for (x0, y0), (x1, y1) in reversed(list(pairwise(points))):
        line = f"{y0:g}+({cell}-{x0:g})*({y1 - y0:.12g})/{x1 - x0:g}"
        text = f"IF({cell}<={x1:g},{line},{text})"
    return f"IF({cell}<={points[0][0]:g},{points[0][1]:g},{text})"


def _unfit_sheet(report: Answer, lang: str) -> BookSheet:
    heads: list[Cell] = [
        tr(f"siting.{name}", lang) for name in ("site", "name", "area_ha", "verdict", "unfit")
    ]
    rows: list[list[Cell]] = [
        [*_lead(site, lang), unfit_text(site, lang)]
        for site in report["sites"]
        if not site["feasible"]
    ]
    title = tr("siting.sheet_unfit", lang)
    return BookSheet(title=title, rows=[heads, *rows], widths=(12, 18, 14, 14, 80))


def _flip_sheet(report: Answer, lang: str) -> BookSheet:
    names = _names(report, lang)
    heads: list[Cell] = [
        tr(f"siting.{name}", lang)
        for name in ("first", "second", "criterion", "share_now", "share_at_flip")
    ]
    rows: list[list[Cell]] = [
        [
            one["first"],
            one["second"],
            names[one["criterion"]],
            one["share_now_pct"],
            one["share_at_flip_pct"],
        ]
        for one in report["flips"]
    ]
    title = tr("siting.sheet_flips", lang)
    return BookSheet(title=title, rows=[heads, *rows], widths=(12, 12, 36, 16, 16))


def _basis_sheet(report: Answer, lang: str) -> BookSheet:
    heads: list[Cell] = [
        tr(f"siting.{name}", lang) for name in ("criterion", "weight", "scale", "quality", "source")
    ]
    rows: list[list[Cell]] = [
        [
            item["name"][lang],
            item["share_pct"],
            _scale_text(item, lang),
            tr(f"siting.quality_{item['quality']}", lang),
            item["source"],
        ]
        for item in report["criteria"]
    ]
    rows += [
        [one["name"][lang], None, None, reason_text(one, lang), None] for one in report["left_out"]
    ]
    rows += [[], [report["weights_note"][lang]]]
    rows += [[line.removeprefix("! ")] for line in basis_lines(report["basis"], lang)]
    title = tr("siting.sheet_basis", lang)
    return BookSheet(title=title, rows=[heads, *rows], widths=(36, 12, 44, 18, 80))


def _scale_text(item: Answer, lang: str) -> str:
    if item["points"] is None:
        return tr(f"siting.span_{item['span']}", lang)
    return ", ".join(f"{fact:g} → {utility:g}" for fact, utility in item["points"])


def _names(report: Answer, lang: str) -> dict[str, str]:
    return {item["id"]: item["name"][lang] for item in report["criteria"]}


def _pdf_table(report: Answer, lang: str) -> Table:
    rows = tuple(
        (
            site["name"] or site["site_id"],
            site["area_ha"],
            tr(f"verdicts.{site['check']['verdict']}", lang),
            site["score"],
            rank_text(site),
            site["first_share_pct"],
            unfit_text(site, lang) or _missing(report, site, lang),
        )
        for site in report["sites"]
    )
    return Table(
        id="comparison",
        caption=tr("siting.sheet_comparison", lang),
        columns=(
            Column(title=tr("siting.site", lang), share=1.6),
            Column(title=tr("siting.area_ha", lang), decimals=2),
            Column(title=tr("siting.verdict", lang)),
            Column(title=tr("siting.score", lang), decimals=1),
            Column(title=tr("siting.rank", lang), share=0.7),
            Column(title=tr("siting.first_share", lang), decimals=1),
            Column(title=tr("siting.note", lang), share=2.6),
        ),
        rows=rows,
    )


def _missing(report: Answer, site: Answer, lang: str) -> str:
    names = _names(report, lang)
    return "; ".join(
        f"{names[one]}: {reason_text(site['facts'][one], lang)}" for one in site["missing"]
    )


def _bars(report: Answer, sites: Sequence[Answer], lang: str) -> Figure:
    items = report["criteria"]
    rows = tuple(
        (
            str(site["name"] or site["site_id"]),
            tuple(site["contributions"][item["id"]] for item in items),
        )
        for site in sites
    )
    names = tuple(f"{item['name'][lang]} {item['share_pct']:.1f} %" for item in items)
    return Figure(
        caption=tr("siting.bars", lang),
        alt="; ".join(f"{name} {sum(values):.1f}" for name, values in rows),
        picture=ContributionChart(names=names, rows=rows),
    )


def _pdf_flips(report: Answer, lang: str) -> Table:
    names = _names(report, lang)
    nearest: dict[tuple[str, str], Answer] = {}
    for one in report["flips"]:
        nearest.setdefault((one["first"], one["second"]), one)
    return Table(
        id="flips",
        caption=tr("siting.sheet_flips", lang),
        columns=(
            Column(title=tr("siting.first", lang)),
            Column(title=tr("siting.second", lang)),
            Column(title=tr("siting.criterion", lang), share=2.0),
            Column(title=tr("siting.share_now", lang), decimals=1),
            Column(title=tr("siting.share_at_flip", lang), decimals=1),
        ),
        rows=tuple(
            (one["first"], one["second"], names[one["criterion"]], one["share_now_pct"],
             one["share_at_flip_pct"])
            for one in list(nearest.values())[:_MOST_BARS]
        ),
    )  # fmt: skip
