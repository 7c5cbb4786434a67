"""Answers about statistics as plain text for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from maps.answers import Title
from maps.density.statistics_answers import PreviewRow, TablePreview
from maps.document.text import basis_lines
from maps.i18n import tr
from maps.numbers import number, table, unit_text

Answer = Mapping[str, Any]


def monitor_text(answer: Answer, lang: str) -> str:
    """Return the plan's indicators with growth, course and implied density."""
    columns = ("number", "title", "unit", "first", "target", "required", "latest", "course")
    header = [tr(f"cli.col_{name}", lang) for name in (*columns, "density")]
    rows = [_plan_row(row, lang) for row in answer["rows"]]
    lines = [answer["source"], *table([header, *rows]), ""]
    lines += [_share_line(share, lang) for share in answer["shares"]]
    return "\n".join(lines)


def preview_text(answer: TablePreview, lang: str) -> str:
    """Return what a table was understood to say, value by value."""
    columns = ("unit_name", "indicator", "period", "value", "note", "replaces")
    header = [tr(f"table.{name}", lang) for name in columns]
    rows = [_understood(row, lang) for row in answer.rows]
    lines = [tr("cli.table_understood", lang, name=answer.source_name), *table([header, *rows])]
    more = answer.values + answer.areas - len(rows)
    if more > 0:
        lines.append(tr("cli.table_more_values", lang, count=more))
    lines += [tr("cli.table_note", lang, note=note) for note in answer.notes]
    for title, found in (("remarks", answer.remarks), ("questions", answer.questions)):
        if found:
            listed = [one.model_dump() for one in found]
            lines += [tr(f"cli.table_{title}", lang), *finding_lines(listed, lang)]
    return "\n".join([*lines, ""])


def _understood(row: PreviewRow, lang: str) -> list[str]:
    land = tr(f"denominators.{row.role.removeprefix('land:')}", lang) if row.name is None else ""
    value = f"{row.value:.12g} {unit_text(row.unit, lang)}"
    kind = tr(f"periods.{row.period}", lang)
    return [
        _titled(row.unit_name, lang),
        _titled(row.name, lang) if row.name else land,
        f"{row.year} ({', '.join(filter(None, (row.months, kind)))})",
        value if row.relation == "=" else f"{row.relation} {value}",
        row.note,
        number(row.replaces, 2),
    ]


def _titled(title: Title, lang: str) -> str:
    return title.zh if lang == "zh" else title.en


def table_import_text(answer: Answer, lang: str) -> str:
    """Return what an import of a table stored."""
    stored = answer["table"]
    key = "cli.table_imported" if answer["created"] else "cli.table_unchanged"
    lines = [
        tr(key, lang, id=stored["dataset"], version=stored["version"], values=stored["values"],
           areas=stored["areas"]),
        tr("cli.table_header", lang, line=answer["header_line"]),
    ]  # fmt: skip
    lines += [f"- {name}: {role}" for name, role in answer["columns"].items()]
    if answer["replaced"]:
        lines.append(tr("cli.table_replaced", lang, count=answer["replaced"]))
    return "\n".join(lines)


def tables_text(answer: Answer, lang: str) -> str:
    """Return data sets or versions as a table."""
    if not answer["tables"]:
        return tr("cli.no_tables", lang)
    columns = ("id", "version", "count", "years", "file")
    header = [tr(f"cli.col_{name}", lang) for name in columns]
    rows = [
        [
            item["dataset"],
            str(item["version"]),
            str(item["values"] + item["areas"]),
            ", ".join(map(str, item["years"])),
            item["source_name"],
        ]
        for item in answer["tables"]
    ]
    return "\n".join(table([header, *rows]))


def problem_lines(refusal: Answer, lang: str) -> list[str]:
    """Return every row of a refused table that does not fit, in words."""
    problems, count = refusal["problems"], refusal["count"]
    lines = finding_lines(problems, lang)
    if count > len(problems):
        lines.append(tr("cli.table_more", lang, count=count - len(problems)))
    return lines


def finding_lines(findings: Sequence[Answer], lang: str) -> list[str]:
    """Return places of a table with what is to be said of them."""
    lines = []
    for item in findings:
        text = tr(f"table_problems.{item['code']}", lang, text=item["text"] or "—")
        where = tr("cli.table_line", lang, line=item["line"]) if item["line"] else ""
        column = f"“{item['column']}”" if item["column"] else ""
        lines.append(f"- {where}{column} {text}".replace("  ", " "))
    return lines


def _plan_row(row: Answer, lang: str) -> list[str]:
    growth = row["growth"]
    required = "—" if growth["required_pct"] is None else f"{growth['required_pct']:.1f} %"
    if growth["agrees"] is False:
        required += f" ({tr('cli.printed_otherwise', lang, pct=number(growth['printed_pct'], 1))})"
    target = row["target_value"]
    latest = number(row["latest_value"], 2)
    density = "—"
    if row["target_density"] is not None:
        density = f"{number(row['target_density'], 3)} {unit_text(row['density_unit'], lang)}"
    return [
        str(row["number"]),
        row["name"][lang],
        unit_text(row["unit"], lang),
        number(row["first_value"], 2),
        number(target, 2) if target is not None else tr(f"target_rules.{row['target_rule']}", lang),
        required,
        f"{latest} ({row['latest_year']})" if row["latest_year"] else "—",
        tr(f"courses.{row['course']}", lang),
        density,
    ]


def _share_line(share: Answer, lang: str) -> str:
    recomputed = share["recomputed_pct"]
    if recomputed is None:
        found = tr("cli.share_open", lang)
    else:
        key = "cli.share_agrees" if share["agrees"] else "cli.share_differs"
        found = tr(
            key, lang, pct=f"{recomputed:.4g}", part=number(share["numerator"], 2),
            whole=number(share["denominator"], 2), unit=unit_text(share["unit"], lang),
        )  # fmt: skip
    return tr("cli.share", lang, name=share["name"][lang], printed=share["printed_pct"]) + found


def years_text(answer: Answer, lang: str) -> str:
    """Return the densities of all years, a line for each unit that has any."""
    years = [table["year"] for table in answer["tables"]]
    found: dict[str, dict[int, float]] = {}
    for year_table in answer["tables"]:
        for row in year_table["rows"]:
            if row["density"] is not None:
                found.setdefault(row["name"][lang], {})[year_table["year"]] = row["density"]
    first = answer["tables"][0]
    land = tr(f"denominators.{answer['denominator']}", lang)
    title = f"{first['name'][lang]} / {land} ({unit_text(first['unit'], lang)})"
    header = [tr("cli.col_unit_name", lang), *map(str, years)]
    rows = [[name, *(number(own.get(year), 3) for year in years)] for name, own in found.items()]
    return "\n".join([title, *table([header, *rows])])


def unit_text_sheet(answer: Answer, lang: str) -> str:
    """Return a unit's land and all of its densities."""
    lines = [answer["unit_name"][lang], *basis_lines(answer["basis"], lang)]
    lines += [
        f"- {tr('denominators.' + one['kind'], lang)}: {number(one['area_km2'], 2)} km² "
        f"({one['years']}; {one['source']})"
        for one in answer["lands"]
    ]
    header = [tr(f"table.{name}", lang) for name in ("indicator", "period", "land", "density")]
    rows = [
        [
            one["name"][lang],
            f"{one['year']} {tr('periods.' + one['period'], lang)}",
            tr(f"denominators.{one['denominator']}", lang),
            f"{number(one['density'], 3)} {unit_text(one['density_unit'], lang)}",
        ]
        for one in answer["rows"]
    ]
    return "\n".join([*lines, *table([header, *rows])])
