"""Checks in words for a terminal."""

from collections.abc import Sequence

from geo.check.verdict import gravity
from layers.check.natures import load_natures
from maps.check.answers import NatureList
from maps.document.text import Answer, basis_lines, report_lines
from maps.i18n import tr
from maps.numbers import GAP, number, table


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
    return f"{name}: {verdict}{GAP}{area}"


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
        for finding in sorted(findings, key=lambda one: gravity(one["verdict"]))
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


def natures_text(answer: NatureList, lang: str) -> str:
    """Return the natures that a project can have."""
    rows = [[one.id, one.name.zh if lang == "zh" else one.name.en] for one in answer.natures]
    return "\n".join(table(rows))
