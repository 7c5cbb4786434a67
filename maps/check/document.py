"""Checks as documents for a terminal; the report of a check is in ``maps.check.report``."""

from collections.abc import Iterable, Iterator, Sequence

from geo.units import M2_PER_HA
from maps.check.answers import (
    CheckResult,
    ClaimCheck,
    NatureList,
    NatureOption,
    SiteResult,
    Verification,
    WithdrawnLayer,
)
from maps.check.certificate import summary_blocks, unit_certificate
from maps.check.finding import Finding
from maps.check.headline_words import ahead_notices, beside_rows, line_rows
from maps.check.land_document import land_section
from maps.check.overlap_answers import OverlapTable
from maps.check.report.material import (
    asking,
    finding_name,
    finding_tag,
    gravest_first,
    nature_name,
    nature_notice,
    nothing_asked,
    outcome_tag,
    reasons_text,
    reviewed_text,
    withdrawn_text,
)
from maps.document.cells import Cell, Column
from maps.document.model import (
    Block,
    Document,
    Facts,
    Paragraph,
    Section,
    Table,
    basis_blocks,
    sheet_of,
)
from maps.document.reading import read_blocks, written_blocks
from maps.i18n import tr
from maps.numbers import GAP, number
from maps.source_words import source_text

"""Verdicts, the gravest first."""


def check_document(check: CheckResult, lang: str) -> Document:
    """Return a check with its sites, findings, basis and what was noticed in the input."""
    verdict = reviewed_text(check.verdict, check.reviewed_verdict, lang)
    rows: tuple[tuple[str, Cell], ...] = line_rows(check.lines, lang)
    rows += beside_rows(check, lang)
    first = Facts(id=tr("report.sheet_lines", lang), caption=None, rows=rows)
    read = (
        first,
        *ahead_notices(check, lang),
        *basis_blocks(check.basis, lang),
        *withdrawn_blocks(check.withdrawn, lang),
        *read_blocks(check.read_report, lang),
    )
    sites = (
        Section(
            title=_site_line(site, lang),
            blocks=(
                _findings_table(site.findings, lang),
                *_decisions(check.nature, site.findings, lang),
                *_overrides(site.findings, lang),
            ),
        )
        for site in check.sites
    )
    sensitive = Section(
        title=tr("sensitive.title", lang), blocks=tuple(summary_blocks(check.sensitive, lang))
    )
    return Document(
        lang=lang,
        title=tr("cli.check_title", lang, verdict=verdict, name=check.read_report.name),
        foot=tr("cli.check_id", lang, id=check.id, date=check.checked_on),
        sections=(Section(title="", blocks=read), sensitive, *sites, land_section(check, lang)),
    )


def withdrawn_blocks(withdrawn: Iterable[WithdrawnLayer], lang: str) -> tuple[Block, ...]:
    """Return which layer versions were withdrawn since, by whom and why."""
    return tuple(Paragraph(text=withdrawn_text(one, lang), tone="warning") for one in withdrawn)


def claim_document(answer: ClaimCheck, lang: str) -> Document:
    """Return the plan's claim with what can be said of it, unit by unit."""
    holds = {True: "claim_holds", False: "claim_fails", None: "claim_open"}[answer.holds]
    claim = f"“{answer.claim.text(lang)}”: {tr(f'cli.{holds}', lang)}"
    said = (
        Paragraph(text=source_text(answer.source, lang), role="citation"),
        Paragraph(text=claim),
        *basis_blocks(answer.basis, lang),
        Paragraph(text=tr("sensitive.lead", lang)),
        *(
            Paragraph(text=tr("sensitive.no_units", lang, kind=one.text(lang)), role="notice")
            for one in answer.missing
        ),
    )
    units = (
        Section(
            title=f"{unit.name.text(lang)}: {tr(f'verdicts.{unit.verdict}', lang)}"
            + (f" ({tr(f'reasons.{unit.reason}', lang)})" if unit.reason else ""),
            blocks=(
                *summary_blocks(unit.members, lang),
                unit_certificate(unit, lang),
                *((_findings_table(unit.findings, lang),) if unit.findings else ()),
            ),
        )
        for unit in answer.units
    )
    title = tr("sensitive.claim_report", lang)
    return Document(lang=lang, title=title, sections=(Section(title="", blocks=said), *units))


def verification_document(answer: Verification, lang: str) -> Document:
    """Return whether a check came out the same, what did not, and what is not proved."""
    key = "cli.verified_same" if answer.same else "cli.verified_differs"
    verdict = reviewed_text(answer.verdict, answer.reviewed_verdict, lang)
    blocks = (
        Paragraph(text=tr(key, lang, id=answer.check_id, verdict=verdict)),
        *withdrawn_blocks(answer.withdrawn, lang),
        *(Paragraph(text=one.text, role="item") for one in answer.differences),
        *(
            Paragraph(text=tr(f"unproved.{one}", lang, count=answer.reviews), role="notice")
            for one in answer.unproved
        ),
        Paragraph(text=tr("cli.result_digest", lang, digest=answer.result_sha256)),
        Paragraph(text=tr("cli.bundle_digest", lang, digest=answer.bundle_sha256)),
    )
    return sheet_of("", blocks, lang=lang)


def natures_document(answer: NatureList, lang: str) -> Document:
    """Return the natures that a project can have, each with what it needs by which clause."""
    rows = tuple((one.id, one.name.text(lang)) for one in answer.natures)
    columns = tuple(Column(title=tr(f"cli.col_{name}", lang)) for name in ("id", "title"))
    all_ = Table(id=tr("report.sheet_nature", lang), caption=None, columns=columns, rows=rows)
    needs = (_nature_section(one, answer, lang) for one in answer.natures)
    return Document(lang=lang, title="", sections=(Section(title="", blocks=(all_,)), *needs))


def _nature_section(nature: NatureOption, answer: NatureList, lang: str) -> Section:
    """Return what a nature needs, and once, of which rules that cannot be told."""
    title = f"{nature.name.text(lang)} ({nature.id})"
    if nature.asks:
        text = nature_notice(nature.id, lang) or ""
        return Section(title=title, blocks=(Paragraph(text=text, role="notice"),))
    heads = ("control_line", "outcome", "papers", "clause")
    columns = tuple(Column(title=tr(f"report.{name}", lang)) for name in heads)
    rows = tuple(
        (
            answer.rules[one.rule_id].text(lang),
            outcome_tag(one.outcome, lang),
            "; ".join(tr(f"papers.{paper}", lang) for paper in one.papers) or None,
            answer.sources[one.source].text(lang),
        )
        for one in nature.needs
    )
    open_ = "; ".join(answer.rules[one].text(lang) for one in nature.open)
    table = Table(id=title, caption=None, columns=columns, rows=rows)
    blocks: list[Block] = [table] if rows else []
    if open_:
        text = tr("beside.needs_open", lang, names=open_)
        blocks.append(Paragraph(text=text, role="notice"))
    return Section(title=title, blocks=tuple(blocks))


def overlap_document(answer: OverlapTable, lang: str) -> Document:
    """Return what a table of overlaps is of, what it comes to, and where it is."""
    layer = tr(
        "cli.overlap_layer",
        lang,
        title=answer.title.text(lang),
        id=answer.layer_id,
        version=answer.layer_version,
        status=tr(f"statuses.{answer.layer_status}", lang),
    )
    counts = tr(
        "cli.overlap_counts",
        lang,
        parcels=f"{answer.parcels:,}",
        touched=f"{answer.touched:,}",
        overlaps=f"{answer.overlaps:,}",
        hectares=number(answer.overlap_area_m2 / M2_PER_HA, 4),
    )
    odd = (("outside_region", answer.outside_region), ("too_small", answer.too_small))
    notices = (
        Paragraph(text=tr(f"cli.overlap_{name}", lang, parcels=f"{count:,}"), role="notice")
        for name, count in odd
        if count
    )
    said = (Paragraph(text=layer), Paragraph(text=counts))
    return sheet_of("", (*said, *notices, *written_blocks([answer.output], lang)), lang=lang)


def _site_line(site: SiteResult, lang: str) -> str:
    area = tr(
        "cli.site_area",
        lang,
        m2=number(site.area_m2, 2),
        ha=number(site.area_m2 / M2_PER_HA, 4),
        mu=number(site.area_mu, 3),
    )
    verdict = reviewed_text(site.verdict, site.reviewed_verdict, lang)
    return f"{site.name or site.site_id}: {verdict}{GAP}{area}"


def _findings_table(findings: Sequence[Finding], lang: str) -> Table:
    """Return findings, the gravest first."""
    names = ("layer", "verdict", "overlap_m2", "share", "width", "nearest", "coverage", "reasons")
    decimals = (None, None, 2, 2, 3, 1, 1, None)
    columns = tuple(
        Column(title=tr(f"cli.col_{name}", lang), decimals=places)
        for name, places in zip(names, decimals, strict=True)
    )
    rows = tuple(
        (
            finding_name(finding, lang),
            finding_tag(finding, lang),
            finding.told.area_m2,
            finding.told.share_pct,
            finding.told.width_m,
            finding.nearest_m,
            finding.coverage_pct,
            reasons_text(finding, lang),
        )
        for finding in gravest_first(findings)
    )
    return Table(id=tr("report.sheet_findings", lang), caption=None, columns=columns, rows=rows)


def _decisions(nature: str | None, findings: Sequence[Finding], lang: str) -> Iterator[Block]:
    """Return what follows for the stated nature; nothing where none is stated."""
    if nature is None:
        return
    yield Paragraph(text=tr("cli.decisions", lang, nature=nature_name(nature, lang)))
    if notice := nature_notice(nature, lang):
        yield Paragraph(text=notice, role="notice")
    for finding in asking(findings):
        decision = finding.decision
        papers = ", ".join(tr(f"papers.{paper}", lang) for paper in decision.papers)
        outcome = tr(f"outcomes.{decision.outcome}", lang)
        text = f"{finding_name(finding, lang)}: {outcome}" + (f" ({papers})" if papers else "")
        source = f" [{finding.decided_by.text(lang)}]" if finding.decided_by else ""
        yield Paragraph(text=text + source, role="item")
    if rest := nothing_asked(findings, lang):
        yield Paragraph(text=rest, role="item")
    for finding in findings:
        if statement := finding.decision.statement:
            area_ha = number((finding.overlap_area_m2 or 0.0) / M2_PER_HA, 4)
            text = tr(f"statements.{statement}", lang, ha=area_ha)
            yield Paragraph(text=text, role="quote")


def _overrides(findings: Sequence[Finding], lang: str) -> Iterator[Block]:
    """Return what reviewers hold against computed verdicts."""
    for finding in findings:
        if (own := finding.override) is not None:
            verdict = tr(f"verdicts.{own.verdict}", lang)
            said = tr(
                "cli.overridden", lang, verdict=verdict, name=own.name, at=own.at,
                reason=own.reason,
            )  # fmt: skip
            yield Paragraph(text=f"{finding_name(finding, lang)}: {said}", role="notice")
