"""Answers as plain text for a terminal: dictionaries in, lines out."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from layers.natures import load_natures
from maps.i18n import tables, tr

Answer = Mapping[str, Any]
_GRAVITY: Final = ("conflict", "undetermined", "conditional", "contact", "clear")
_GAP: Final = "  "
_NUMERIC: Final = frozenset("0123456789.,%-—")


def check_text(check: Answer, lang: str) -> str:
    """Return a check with its sites, findings, basis and what was noticed in the input."""
    lines = [_heading(tr(f"verdicts.{check['verdict']}", lang), check["read_report"]["name"])]
    lines += basis_lines(check["basis"], lang)
    lines += report_lines(check["read_report"], lang)
    for site in check["sites"]:
        lines += ["", _site_line(site, lang), *_finding_table(site["findings"], lang)]
        lines += _decision_lines(check["nature"], site["findings"], lang)
        lines += _override_lines(site["findings"], lang)
    lines += ["", tr("cli.check_id", lang, id=check["id"], date=check["checked_on"])]
    return "\n".join(lines)


def layers_text(answer: Answer, lang: str) -> str:
    """Return layers or versions as a table."""
    header = [tr(f"cli.col_{name}", lang) for name in ("id", "title", "status", "version", "count")]
    rows = [
        [
            layer["id"],
            layer["title"][lang],
            tr(f"statuses.{layer['status']}", lang)
            + ("" if layer["in_use"] else f" ({tr('cli.replaced', lang)})"),
            str(layer["version"]),
            str(layer["feature_count"]),
        ]
        for layer in answer["layers"]
    ]
    return "\n".join(table([header, *rows]))


def import_text(answer: Answer, lang: str) -> str:
    """Return what an import stored, what it replaces and what it found in the file."""
    layer = answer["layer"]
    key = "cli.imported" if answer["created"] else "cli.unchanged"
    lines = [tr(key, lang, id=layer["id"], version=layer["version"], count=layer["feature_count"])]
    lines += [tr("cli.replaces", lang, id=other) for other in answer["replaces"]]
    if not layer["covered"]:
        lines.append(tr("cli.uncovered", lang))
    if answer["compiled"] is False:
        lines.append(tr("cli.not_compiled", lang))
    return "\n".join(lines + report_lines(answer["read_report"], lang))


def indicators_text(answer: Answer, lang: str) -> str:
    """Return the indicators with their years and denominators."""
    header = [tr(f"cli.col_{name}", lang) for name in ("id", "title", "unit", "years")]
    rows = [
        [
            item["id"],
            item["name"][lang],
            unit_text(item["unit"], lang),
            "; ".join(f"{y['year']} ({', '.join(y['denominators'])})" for y in item["years"]),
        ]
        for item in answer["indicators"]
    ]
    return "\n".join([*table([header, *rows]), "", tr("cli.density_usage", lang)])


def density_text(answer: Answer, lang: str) -> str:
    """Return a density table; rows without a density say why."""
    land = tr(f"denominators.{answer['denominator']}", lang)
    lines = [
        f"{answer['name'][lang]} {answer['year']} / {land} ({unit_text(answer['unit'], lang)})"
    ]
    lines += basis_lines(answer["basis"], lang)
    header = [tr(f"cli.col_{name}", lang) for name in ("unit_name", "value", "area", "density")]
    rows = [
        [
            row["name"][lang],
            number(row["value"], 2),
            number(row["area_km2"], 2),
            number(row["density"], 3)
            if row["reason"] is None
            else tr(f"reasons.{row['reason']}", lang),
        ]
        for row in answer["rows"]
    ]
    return "\n".join([*lines, *table([header, *rows]), *_agreement_lines(answer, lang)])


def _agreement_lines(answer: Answer, lang: str) -> list[str]:
    """Return whether totals agree with their parts, and areas with boundaries."""
    lines = []
    if total := answer["reconciliation"]:
        key = "cli.sum_open" if total["missing"] else "cli.sum_differs"
        if not total["missing"] and not total["warned"]:
            key = "cli.sum_agrees"
        lines.append(
            tr(
                key, lang, total=number(total["total"], 2), parts=number(total["parts_sum"], 2),
                pct=number(total["difference_pct"], 2), missing=", ".join(total["missing"]),
            )
        )  # fmt: skip
    for area in answer["area_checks"]:
        if area["warned"]:
            facts = {key: number(area[key], 2) for key in ("measured_km2", "published_km2")}
            pct = number(area["difference_pct"], 2)
            lines.append(tr("cli.area_differs", lang, name=area["name"][lang], pct=pct, **facts))
    return lines


def claim_text(answer: Answer, lang: str) -> str:
    """Return the plan's claim with what can be said of it, unit by unit."""
    holds = {True: "claim_holds", False: "claim_fails", None: "claim_open"}[answer["holds"]]
    lines = [answer["source"], f"“{answer['claim'][lang]}”: {tr(f'cli.{holds}', lang)}"]
    lines += basis_lines(answer["basis"], lang)
    for unit in answer["units"]:
        verdict = tr(f"verdicts.{unit['verdict']}", lang)
        reason = f" ({tr('reasons.' + unit['reason'], lang)})" if unit["reason"] else ""
        lines += ["", f"{unit['name'][lang]}: {verdict}{reason}"]
        lines += _finding_table(unit["findings"], lang) if unit["findings"] else []
    return "\n".join(lines)


def verification_text(answer: Answer, lang: str) -> str:
    """Return whether a check came out the same, and what did not."""
    key = "cli.verified_same" if answer["same"] else "cli.verified_differs"
    verdict = tr(f"verdicts.{answer['verdict']}", lang)
    differences = [
        f"- {item['path']}: {item['recorded']} -> {item['recomputed']}"
        for item in answer["differences"]
    ]
    return "\n".join(
        [
            tr(key, lang, id=answer["check_id"], verdict=verdict),
            *differences,
            tr("cli.bundle_digest", lang, digest=answer["bundle_sha256"]),
        ]
    )


def written_text(answer: Answer, lang: str) -> str:
    """Return which file was written."""
    size = number(answer["size_bytes"] / 1e6, 2)
    return tr("cli.written", lang, path=answer["path"], megabytes=size)


def doctor_text(answer: Answer, lang: str) -> str:
    """Return the health of the installation and of every stored version."""
    lines = [f"{name} {version}" for name, version in answer["software"].items()]
    lines.append(tr("cli.data_dir", lang, path=answer["data_dir"]))
    lines += [tr("cli.damaged", lang, layer=item) for item in answer["damaged"]]
    lines.append(tr("cli.sound" if answer["sound"] else "cli.unsound", lang))
    return "\n".join(lines)


def basis_lines(basis: Sequence[Answer], lang: str) -> list[str]:
    """Return one warning per status that is not official."""
    return [
        f"! {tr('basis.' + item['status'], lang)} ({', '.join(item['layer_ids'])})"
        for item in basis
    ]


def report_lines(report: Answer, lang: str) -> list[str]:
    """Return how the input was understood, with every issue."""
    how = tr(f"evidence.{report['crs_how']}", lang)
    lines = [tr("cli.read_as", lang, format=report["format"], crs=report["crs"], how=how)]
    for issue in report["issues"]:
        where = f"[{issue['feature_id']}] " if issue["feature_id"] else ""
        text = tr(f"issues.{issue['code']}", lang, **issue["params"])
        lines.append(f"- {where}{text}")
    return lines


def unit_text(unit: str, lang: str) -> str:
    """Return a unit such as 亿元/km² in a language, word by word."""
    words = tables(lang)["units"]
    return "/".join(words.get(word, word) for word in unit.split("/"))


def number(value: float | None, decimals: int) -> str:
    """Return a number with thousands marks; a dash where there is none."""
    return "—" if value is None else f"{value:,.{decimals}f}"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as aligned lines; a Chinese character is two columns wide."""
    widths = [max(columns_of(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        _GAP.join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _site_line(site: Answer, lang: str) -> str:
    verdict = tr(f"verdicts.{site['verdict']}", lang)
    name = site["name"] or site["site_id"]
    area = tr(
        "cli.site_area",
        lang,
        m2=number(site["area_m2"], 2),
        ha=number(site["area_m2"] / 10_000.0, 4),
        mu=number(site["area_mu"], 3),
    )
    return f"{name}: {verdict}{_GAP}{area}"


def _finding_table(findings: Sequence[Answer], lang: str) -> list[str]:
    columns = ("layer", "verdict", "overlap_m2", "share", "width", "nearest", "coverage", "reasons")
    header = [tr(f"cli.col_{name}", lang) for name in columns]
    rows = [
        [
            _finding_name(finding, lang),
            tr(f"verdicts.{finding['verdict']}", lang),
            number(finding["overlap_area_m2"], 2),
            number(finding["share_pct"], 2),
            number(finding["max_width_m"], 3),
            number(finding["nearest_m"], 1),
            number(finding["coverage_pct"], 1),
            ", ".join(tr(f"reasons.{reason}", lang) for reason in finding["reasons"]),
        ]
        for finding in sorted(findings, key=lambda one: _GRAVITY.index(one["verdict"]))
    ]
    return table([header, *rows])


def _finding_name(finding: Answer, lang: str) -> str:
    """Return the layer, and the rule where its kind has several."""
    title, rule_id = str(finding["title"][lang]), str(finding["rule_id"])
    return title if rule_id == finding["kind"] else f"{title} · {rule_id}"


def _decision_lines(nature: str | None, findings: Sequence[Answer], lang: str) -> list[str]:
    """Return what follows for the stated nature; nothing where none is stated."""
    if nature is None:
        return []
    lines = [tr("cli.decisions", lang, nature=_nature_name(nature, lang))]
    for finding in findings:
        decision = finding["decision"]
        papers = ", ".join(tr(f"papers.{paper}", lang) for paper in decision["papers"])
        outcome = tr(f"outcomes.{decision['outcome']}", lang)
        lines.append(f"- {finding['title'][lang]}: {outcome}" + (f" ({papers})" if papers else ""))
        if decision["statement"]:
            area_ha = number((finding["overlap_area_m2"] or 0.0) / 10_000.0, 4)
            lines.append(f"  {tr('statements.' + decision['statement'], lang, ha=area_ha)}")
    return lines


def _override_lines(findings: Sequence[Answer], lang: str) -> list[str]:
    """Return what reviewers hold against computed verdicts."""
    return [
        f"* {finding['title'][lang]}: "
        + tr(
            "cli.overridden",
            lang,
            verdict=tr(f"verdicts.{finding['override']['verdict']}", lang),
            **{key: finding["override"][key] for key in ("name", "at", "reason")},
        )
        for finding in findings
        if finding["override"]
    ]


def _nature_name(nature: str, lang: str) -> str:
    found = load_natures()[nature]
    return found.name_zh if lang == "zh" else found.name_en


def _heading(verdict: str, name: str) -> str:
    return f"【{verdict}】 {name}"


def _padded(cell: str, width: int) -> str:
    space = " " * (width - columns_of(cell))
    return space + cell if set(cell) <= _NUMERIC else cell + space


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
