"""Contacts and precision, reviewers' verdicts, and what could not be told."""

from collections.abc import Iterator
from typing import Final

from maps.check.answers import SiteResult
from maps.check.finding import Finding
from maps.check.report.material import (
    M2_DECIMALS,
    CheckMaterial,
    LineNames,
    finding_tag,
    findings_of,
    nature_notice,
    reasons_text,
    say,
    site_label,
    verdict_tag,
)
from maps.document.cells import Cell, Column
from maps.document.model import Block, Paragraph, Section, Table
from maps.i18n import tables
from maps.numbers import day_and_time

_OPEN: Final = "undetermined"


def contacts_section(material: CheckMaterial, lang: str) -> Section:
    """Return the annex of contacts: widths, intervals, and overlaps at other tolerances."""
    check, names = material.check, LineNames(material.check, lang)
    measured = [(s, f) for s, f in findings_of(check) if f.sensitivity]
    widths_m = [row.tolerance_m for row in measured[0][1].sensitivity] if measured else []
    blocks: list[Block] = [Paragraph(text=say("contacts_lead", lang))]
    if not measured:
        blocks.append(Paragraph(text=say("no_contacts", lang)))
    else:
        blocks += [
            _widths_table(measured, names, lang),
            _sensitivity_table(measured, widths_m, names, lang),
        ]
    return Section(title=say("contacts", lang), blocks=tuple(blocks))


def _widths_table(measured: list[tuple[SiteResult, Finding]], names: LineNames, lang: str) -> Table:
    rows = tuple(
        (
            site_label(site, lang),
            names.of(finding),
            finding_tag(finding, lang),
            finding.max_width_m,
            finding.tolerance_width_m,
            *(finding.overlap_interval_m2 or (None, None)),
            say("yes" if finding.spans_zero else "no", lang)
            if finding.spans_zero is not None
            else None,
        )
        for site, finding in measured
    )
    return Table(
        id=say("sheet_contacts", lang),
        caption=say("contacts_table", lang),
        columns=(
            Column(title=say("site", lang), share=1.6),
            Column(title=say("control_line", lang), share=1.8),
            Column(title=say("verdict", lang), share=1.45),
            Column(title=say("width_m", lang), share=1.0, decimals=3),
            Column(title=say("tolerance_m", lang), share=1.0, decimals=3),
            Column(title=say("least_m2", lang), share=1.2, decimals=M2_DECIMALS),
            Column(title=say("greatest_m2", lang), share=1.2, decimals=M2_DECIMALS),
            Column(title=say("spans", lang), share=0.8),
        ),
        rows=rows,
        note=say("interval_note", lang),
    )


def _sensitivity_table(
    measured: list[tuple[SiteResult, Finding]], widths_m: list[float], names: LineNames, lang: str
) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            site_label(site, lang),
            names.of(finding),
            *(row.overlap_area_m2 for row in finding.sensitivity),
        )
        for site, finding in measured
    )
    return Table(
        id=say("sheet_sensitivity", lang),
        caption=say("sensitivity_table", lang),
        columns=(
            Column(title=say("site", lang), share=1.6),
            Column(title=say("control_line", lang), share=1.8),
            *(
                Column(title=say("at_width", lang, width=f"{w:g}"), share=1.2, decimals=M2_DECIMALS)
                for w in widths_m
            ),
        ),
        rows=rows,
        note=say("sensitivity_note", lang),
    )


def reviewed_section(material: CheckMaterial, lang: str) -> Section:
    """Return what reviewers hold against computed verdicts, each beside the original."""
    check, names = material.check, LineNames(material.check, lang)
    found = {
        (site.site_id, finding.rule_id, finding.layer_id): (site, finding)
        for site, finding in findings_of(check)
    }
    title = say("reviewed", lang)
    if not check.overrides:
        return Section(title=title, blocks=(Paragraph(text=say("not_reviewed", lang)),))
    rows = []
    for override in check.overrides:
        key = (override.site_id, override.rule_id, override.layer_id)
        site, finding = found[key]
        rows.append(
            (
                site_label(site, lang),
                names.of(finding),
                verdict_tag(finding.verdict, lang),
                verdict_tag(override.verdict, lang),
                override.reason,
                override.name,
                day_and_time(override.at),
            )
        )
    table = Table(
        id=say("sheet_reviewed", lang),
        caption=say("reviewed_table", lang),
        columns=(
            Column(title=say("site", lang), share=1.4),
            Column(title=say("control_line", lang), share=1.5),
            Column(title=say("computed", lang), share=1.1),
            Column(title=say("reviewer_says", lang), share=1.1),
            Column(title=say("why", lang), share=2.2),
            Column(title=say("reviewer", lang), share=0.9),
            Column(title=say("when", lang), share=1.3),
        ),
        rows=tuple(rows),
    )
    return Section(title=title, blocks=(Paragraph(text=say("reviewed_lead", lang)), table))


def open_section(material: CheckMaterial, lang: str) -> Section:
    """Return what could not be told, why, and what would answer it."""
    check, names = material.check, LineNames(material.check, lang)
    rows = tuple(
        (
            site_label(site, lang),
            names.short(finding),
            reasons_text(finding, lang),
            "; ".join(_remedies(finding, lang)),
        )
        for site, finding in findings_of(check)
        if finding.verdict == _OPEN
    )
    table = Table(
        id=say("sheet_open", lang),
        caption=say("open_table", lang),
        columns=(
            Column(title=say("site", lang), share=1.1),
            Column(title=say("control_line", lang), share=5.0),
            Column(title=say("why", lang), share=1.3),
            Column(title=say("remedy", lang), share=1.3),
        ),
        rows=rows,
        joined=1,
    )
    blocks: list[Block] = [table] if rows else [Paragraph(text=say("nothing_open", lang))]
    if notice := nature_notice(check.nature, lang):
        blocks.append(Paragraph(text=notice, role="notice"))
    blocks.append(Paragraph(text=say("limits", lang), role="small"))
    return Section(title=say("open", lang), blocks=tuple(blocks))


def _remedies(finding: Finding, lang: str) -> Iterator[str]:
    for reason in finding.reasons:
        if reason in tables(lang)["remedies"]:
            yield tables(lang)["remedies"][reason]
