"""Sites: how large each is, and how the file was understood."""

from maps.answers import LedgerOut, ReadReportOut
from maps.check.answers import CheckResult
from maps.check.report.material import (
    HA_DECIMALS,
    M2_DECIMALS,
    MU_DECIMALS,
    CheckMaterial,
    outcome_tag,
    reviewed_tag,
    say,
    site_name,
    totals,
)
from maps.check.report.places import places_table
from maps.document.cells import Column
from maps.document.model import Block, Facts, Figure, Heading, Paragraph, Section, Table
from maps.document.reading import ledger_sum, left_out_text
from maps.i18n import tr


def sites_section(material: CheckMaterial, lang: str) -> Section:
    """Return the chapter of the sites with the location map."""
    check = material.check
    blocks: list[Block] = [_sites_table(check, lang)]
    if material.places is not None:
        blocks.append(places_table(material.places, lang))
    if material.location is not None:
        names = ", ".join(site_name(site, lang) for site in check.sites[:3])
        caption = say("location_map", lang)
        alt = say("location_alt", lang, sites=names)
        blocks.append(Figure(caption=caption, alt=alt, picture=material.location))
    blocks += [Heading(text=say("read_report", lang)), *_read_report(check.read_report, lang)]
    return Section(title=say("sites", lang), blocks=tuple(blocks))


def _sites_table(check: CheckResult, lang: str) -> Table:
    sites = check.sites
    areas = [(site.printed.m2, site.printed.ha, site.printed.mu) for site in sites]
    columns = (
        Column(title=say("site", lang), share=2.2),
        Column(title=say("area_m2", lang), share=1.4, decimals=M2_DECIMALS),
        Column(title=say("area_ha", lang), share=1.2, decimals=HA_DECIMALS),
        Column(title=say("area_mu", lang), share=1.2, decimals=MU_DECIMALS),
        Column(title=say("verdict", lang), share=1.45),
        Column(title=say("outcome", lang), share=1.6),
    )
    rows = tuple(
        (
            site_name(site, lang),
            *area,
            reviewed_tag(site.verdict, site.reviewed_verdict, lang),
            outcome_tag(site.outcome, lang),
        )
        for site, area in zip(sites, areas, strict=True)
    )
    total = (say("total", lang), *totals(list(zip(*areas, strict=True))), None, None)
    return Table(
        id=say("sheet_sites", lang),
        caption=say("sites_table", lang),
        columns=columns,
        rows=rows,
        total=total,
        note=say("area_note", lang),
    )


def _read_report(report: ReadReportOut, lang: str) -> list[Block]:
    nothing = say("not_stated", lang)

    def with_how(value: str | None, how: str | None) -> str:
        if value is None:
            return nothing
        return say("with_how", lang, value=value, how=tr(f"evidence.{how}", lang)) if how else value

    precision = report.precision_m
    rows = (
        (say("file", lang), report.name),
        (say("format", lang), report.format),
        (say("size", lang), say("bytes", lang, count=f"{report.size_bytes:,}")),
        (say("encoding", lang), with_how(report.encoding, report.encoding_how)),
        (say("crs", lang), with_how(report.crs, report.crs_how)),
        (say("precision", lang), nothing if precision is None else f"{precision:.3g} m"),
        (say("feature_count", lang), str(report.feature_count)),
        (say("file_digest", lang), report.sha256),
    )
    facts = Facts(id=say("sheet_input", lang), caption=say("input_table", lang), rows=rows)
    precise = Paragraph(text=say("precision_note", lang), role="small")
    return [facts, precise, _notes(report, lang), *_left_out(report.ledger, lang)]


def _left_out(ledger: LedgerOut | None, lang: str) -> list[Block]:
    if not (ledger and ledger.left_out):
        return []
    rows = tuple((entry.label, left_out_text(entry, lang)) for entry in ledger.left_out)
    table = Table(
        id=say("sheet_left_out", lang),
        caption=ledger_sum(ledger, lang),
        columns=(
            Column(title=say("feature", lang), share=1.0),
            Column(title=say("what", lang), share=4.0),
        ),
        rows=rows,
    )
    return [table]


def _notes(report: ReadReportOut, lang: str) -> Block:
    if not report.issues:
        named = report.ledger is not None and bool(report.ledger.left_out)
        return Paragraph(text=say("only_left_out" if named else "no_issues", lang))
    rows = tuple(
        (
            note.feature_id,
            say(f"severity_{note.severity}", lang),
            tr(f"issues.{note.code}", lang, **note.params),
        )
        for note in report.issues
    )
    return Table(
        id=say("sheet_notes", lang),
        caption=say("notes_table", lang),
        columns=(
            Column(title=say("feature", lang), share=0.8),
            Column(title=say("severity", lang), share=0.6),
            Column(title=say("what", lang), share=4.0),
        ),
        rows=rows,
    )
