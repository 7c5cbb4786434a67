"""The evaluation of firms as a workbook whose scores compute themselves, and as CSV."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from maps.document.cells import Formula
from maps.document.workbook import BookSheet, Cell, column_letter, csv_bytes, workbook_bytes
from maps.i18n import tr
from maps.numbers import unit_text

Answer = Mapping[str, Any]
_BASELINE, _WEIGHT, _CAP, _MEAN, _FIRST = 2, 3, 4, 5, 6
"""Rows of a group's sheet: how an indicator is scored, and the first firm."""

_LEAD = 4
"""Columns before the quantities: firm, district, land and what it comes from."""


def permu_workbook(report: Answer, lang: str) -> bytes:
    """Return a sheet for each group of firms, one of low-yield land, one of what it rests on."""
    sheets = [_group_sheet(report, group, lang) for group in report["groups"] if group["firms"]]
    return workbook_bytes([*sheets, _low_sheet(report, lang), _basis_sheet(report, lang)])


def permu_csv(report: Answer, lang: str) -> bytes:
    """Return a line for each firm: points by indicator, total, grade, rules of low-yield land."""
    names = {
        item["id"]: item["name"][lang] for group in report["groups"] for item in group["indicators"]
    }
    heads = [tr(f"permu.{name}", lang) for name in ("firm", "group", "district", "land_mu")]
    heads += [f"{names[name]} · {tr('permu.points', lang)}" for name in names]
    heads += [tr(f"permu.{name}", lang) for name in ("total", "grade", "low")]
    groups = {group["id"]: group["name"][lang] for group in report["groups"]}
    rows = [
        [
            firm["name"],
            groups[firm["group"]],
            firm["district"],
            firm["land_mu"],
            *(firm["points"].get(name) for name in names),
            firm["total"],
            firm["grade"],
            rule_names(report, firm["low"], lang),
        ]
        for firm in report["firms"]
    ]
    return csv_bytes([heads, *rows])


def rule_names(report: Answer, rules: Sequence[str], lang: str) -> str:
    """Return the names of low-yield rules in words."""
    names = {rule["id"]: rule["name"][lang] for rule in report["land_rules"]}
    return "; ".join(names[rule] for rule in rules)


def _group_sheet(report: Answer, group: Answer, lang: str) -> BookSheet:
    items = group["indicators"]
    quantities = list(dict.fromkeys(name for item in items for name in _names(item)))
    # Land stands in its own column already.
    quantities = [name for name in quantities if name != "land_mu"]
    column = {name: column_letter(_LEAD + 1 + at) for at, name in enumerate(quantities)}
    column["land_mu"] = "C"
    start = _LEAD + 1 + len(quantities)
    values = {item["id"]: column_letter(start + 2 * at) for at, item in enumerate(items)}
    points = {item["id"]: column_letter(start + 2 * at + 1) for at, item in enumerate(items)}
    firms = [firm for firm in report["firms"] if firm["group"] == group["id"]]
    last = _FIRST + len(firms) - 1
    rows: list[list[Cell]] = [_heads(items, quantities, lang)]
    rows += _scoring_rows(items, values, len(quantities), last, lang)
    for number, firm in enumerate(firms, start=_FIRST):
        row: list[Cell] = [
            firm["name"],
            firm["district"],
            firm["land_mu"],
            tr(f"permu.land_{firm['land_method']}", lang),
            *(firm["quantities"].get(name) for name in quantities),
        ]
        for item in items:
            row.append(_value_formula(item, column, number))
            row.append(_points_formula(item, values[item["id"]], number))
        cells = ",".join(f"{points[item['id']]}{number}" for item in items)
        total = f'IF(COUNT({cells})={len(items)},SUM({cells}),"")'
        row += [Formula(text=total, form="0.00"), firm["grade"]]
        row.append(rule_names(report, firm["low"], lang))
        rows.append(row)
    return BookSheet(title=group["name"][lang], rows=rows, widths=(26, 14, 12, 12))


def _heads(items: Sequence[Answer], quantities: Sequence[str], lang: str) -> list[Cell]:
    lead = ("firm", "district", "land_mu", "land_from")
    heads: list[Cell] = [tr(f"permu.{name}", lang) for name in lead]
    heads += [tr(f"firm_quantities.{name}", lang) for name in quantities]
    for item in items:
        unit = unit_text(item["unit"], lang)
        name = item["name"][lang]
        heads += [f"{name} ({unit})" if unit else name, f"{name} · {tr('permu.points', lang)}"]
    heads += [tr(f"permu.{name}", lang) for name in ("total", "grade", "low")]
    return heads


def _scoring_rows(
    items: Sequence[Answer], values: Mapping[str, str], quantities: int, last: int, lang: str
) -> Iterator[list[Cell]]:
    blank: list[Cell] = [None] * (_LEAD - 1 + quantities)
    for name in ("baseline", "weight", "cap"):
        row: list[Cell] = [tr(f"permu.{name}", lang), *blank]
        for item in items:
            row += [item[name], None]
        yield row
    means: list[Cell] = [tr("permu.mean", lang), *blank]
    for item in items:
        cells = f"{values[item['id']]}{_FIRST}:{values[item['id']]}{last}"
        means += [
            Formula(text=f'IF(COUNT({cells})=0,"",AVERAGE({cells}))', form="0.0000"),
            tr(f"missing_rules.{item['missing_rule']}", lang),
        ]
    yield means


def _names(item: Answer) -> list[str]:
    above, _, below = item["formula"].partition(" / ")
    return [*above.split(" + "), *below.split(" + ")]


def _value_formula(item: Answer, column: Mapping[str, str], row: int) -> Formula:
    above, _, below = item["formula"].partition(" / ")
    cells = [[f"{column[name]}{row}" for name in side.split(" + ")] for side in (above, below)]
    missing = ",".join(f'{cell}=""' for side in cells for cell in side)
    top, bottom = ("+".join(side) for side in cells)
    text = f'IF(OR({missing}),"",IF({bottom}>0,({top})/({bottom}),IF({top}=0,0,"")))'
    return Formula(text=text, form="0.0000")


def _points_formula(item: Answer, value: str, row: int) -> Formula:
    stand_in = {
        "zero": "0",
        "baseline": f"{value}${_BASELINE}",
        "group_mean": f"{value}${_MEAN}",
        "not_scored": '""',
    }[item["missing_rule"]]
    reached = f'IF({value}{row}="",{stand_in},{value}{row})'
    ratio = f"{reached}/{value}${_BASELINE}"
    if item["cap"] is not None:
        ratio = f"MIN({ratio},{value}${_CAP})"
    text = f'IF({reached}="","",{ratio}*{value}${_WEIGHT})'
    return Formula(text=text, form="0.00")


def _low_sheet(report: Answer, lang: str) -> BookSheet:
    keys = ("firms", "land_mu", "low_firms", "low_land_mu", "taxed_mu", "tax", "gain")
    heads: list[Cell] = [
        tr("permu.district", lang),
        *(tr(f"permu.{name}", lang) for name in keys),
        *(tr(f"permu.{name}", lang) for name in ("low_share_pct", "tax_per_mu", "tax_per_mu_then")),
    ]
    rows: list[list[Cell]] = [heads]
    for number, low in enumerate(report["low"], start=2):
        row: list[Cell] = [low["district"] or tr("permu.no_district", lang)]
        row += [low[name] for name in keys]
        rows.append(row + _low_formulas(number))
    end = len(rows)
    whole: list[Cell] = [tr("permu.whole", lang)]
    whole += [Formula(text=f"SUM({letter}2:{letter}{end})", form="0.00") for letter in "BCDEFGH"]
    rows.append(whole + _low_formulas(end + 1))
    return BookSheet(title=tr("permu.sheet_low", lang), rows=rows, widths=(18,))


def _low_formulas(row: int) -> list[Cell]:
    return [
        Formula(text=f'IF(C{row}>0,100*E{row}/C{row},"")', form="0.00"),
        Formula(text=f'IF(F{row}>0,G{row}/F{row},"")', form="0.000"),
        Formula(text=f'IF(F{row}>0,(G{row}+H{row})/F{row},"")', form="0.000"),
    ]


def _basis_sheet(report: Answer, lang: str) -> BookSheet:
    scheme = report["scheme"]
    rows: list[list[Cell]] = [
        [tr("permu.scheme", lang), scheme["name"][lang]],
        [tr("permu.source", lang), scheme["source"]],
        [tr("permu.note", lang), scheme["note"][lang]],
        [tr("permu.file", lang), report["source_name"]],
        ["sha256", report["source_sha256"]],
    ]
    if layer := report["parcel_layer"]:
        rows.append([tr("permu.parcels", lang), f"{layer['id']} v{layer['version']}"])
    rows += [
        [tr(f"statuses.{one['status']}", lang), tr(f"basis.{one['status']}", lang)]
        for one in report["basis"]
    ]
    return BookSheet(title=tr("permu.sheet_basis", lang), rows=rows, heads=(), widths=(18, 100))
