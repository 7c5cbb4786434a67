"""What follows for the nature of the project: outcome, papers, and the statement to copy."""

from collections.abc import Iterator
from typing import Final

from geo.units import M2_PER_HA
from layers.check.natures import Outcome
from maps.check.answers import CheckResult
from maps.check.report.material import (
    HA_DECIMALS,
    CheckMaterial,
    LineNames,
    finding_tag,
    nature_name,
    nature_notice,
    outcome_tag,
    say,
    site_label,
)
from maps.document.cells import Column
from maps.document.model import Block, Facts, Heading, Paragraph, Section, Table
from maps.i18n import tr

_LISTED: Final = (Outcome.UNDETERMINED, Outcome.NOTHING)
"""Outcomes that name no paper and no clause: their lines are listed."""


def decisions_section(material: CheckMaterial, lang: str) -> Section:
    """Return the chapter of the project's nature, the outcomes and the statements."""
    check = material.check
    nature = Facts(
        id=say("sheet_nature", lang),
        caption=None,
        rows=(
            (say("nature", lang), nature_name(check.nature, lang)),
            *((site_label(s, lang), outcome_tag(s.outcome, lang)) for s in check.sites),
        ),
    )
    blocks: list[Block] = [nature]
    if notice := nature_notice(check.nature, lang):
        blocks.append(Paragraph(text=notice, role="notice"))
    outcomes = _outcomes_table(check, lang)
    blocks += [outcomes] if outcomes.rows else []
    blocks += _listed(check, lang)
    blocks += [Heading(text=say("statements", lang)), *_statements(check, lang)]
    return Section(title=say("decisions", lang), blocks=tuple(blocks))


def _listed(check: CheckResult, lang: str) -> Iterator[Block]:
    """Yield once which lines ask for nothing, and of which the outcome cannot be told."""
    names = LineNames(check, lang)
    sites: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for outcome in _LISTED:
        for site in check.sites:
            own = [names.short(f) for f in site.findings if f.decision.outcome == outcome]
            if own:
                sites.setdefault((outcome, tuple(own)), []).append(site_label(site, lang))
    mark = say("rows_mark", lang)
    for (kept, lines), labels in sites.items():
        said = {"outcome": tr(f"outcomes.{kept}", lang), "count": len(lines)}
        rest = tr("beside.nothing_asked", lang, **said, names=mark.join(lines))
        text = say("of_sites", lang, sites=say("list_mark", lang).join(labels), text=rest)
        yield Paragraph(text=text, role="item")


def _outcomes_table(check: CheckResult, lang: str) -> Table:
    names = LineNames(check, lang)
    rows = tuple(
        (
            site_label(site, lang),
            names.short(finding),
            finding_tag(finding, lang),
            outcome_tag(finding.decision.outcome, lang),
            "; ".join(tr(f"papers.{paper}", lang) for paper in finding.decision.papers),
            finding.decided_by.text(lang) if finding.decided_by else None,
        )
        for site in check.sites
        for finding in site.findings
        if finding.decision.outcome not in _LISTED
    )
    return Table(
        id=say("sheet_outcomes", lang),
        caption=say("outcomes_table", lang),
        columns=(
            Column(title=say("site", lang), share=1.2),
            Column(title=say("control_line", lang), share=2.2),
            Column(title=say("verdict", lang), share=1.45),
            Column(title=say("outcome", lang), share=1.4),
            Column(title=say("papers", lang), share=1.5),
            Column(title=say("clause", lang), share=3.2),
        ),
        rows=rows,
        joined=0,
    )


def _statements(check: CheckResult, lang: str) -> Iterator[Block]:
    """Return the texts to copy; where none may be given, why."""
    names = LineNames(check, lang)
    yield Paragraph(text=say("statements_lead", lang))
    without: list[str] = []
    for site in check.sites:
        name = site_label(site, lang)
        said = False
        for finding in site.findings:
            code = finding.decision.statement
            if code is None:
                continue
            said = True
            area_ha = (finding.overlap_area_m2 or 0.0) / M2_PER_HA
            text = tr(f"statements.{code}", lang, ha=f"{area_ha:,.{HA_DECIMALS}f}")
            line = names.of(finding)
            words = say("statement", lang, site=name, line=line, text=text)
            yield Paragraph(text=words, role="quote")
        if not said:
            without.append(name)
    if without:
        named = say("list_mark", lang).join(without)
        yield Paragraph(text=say("no_statement", lang, site=named), role="notice")
