"""What each layer says of each site: the three lines first, then every finding in full."""

from collections.abc import Iterator
from dataclasses import replace

from geo.model import Verdict
from geo.units import M2_PER_HA, m2_to_mu
from layers.check.audit_limits import audit_limits
from maps.check.answers import SiteResult
from maps.check.data_words import class_text
from maps.check.finding import Finding
from maps.check.report.material import (
    ENLARGED,
    HA_DECIMALS,
    M2_DECIMALS,
    MU_DECIMALS,
    CheckMaterial,
    LineNames,
    SitePictures,
    finding_tag,
    findings_of,
    gravest_first,
    reasons_text,
    say,
    site_label,
    totals,
    word,
)
from maps.check.report.places import shared_sentences
from maps.document.cells import Cell, Column
from maps.document.model import Block, Facts, Figure, Heading, Paragraph, Section, Table
from maps.numbers import number


def lines_section(material: CheckMaterial, lang: str) -> Section:
    """Return the chapter of the three control lines, with a map for each site."""
    blocks: list[Block] = [Paragraph(text=say("lines_lead", lang)), _lines_table(material, lang)]
    for site, pictures in zip(material.check.sites, material.sites, strict=True):
        if pictures.relation is not None:
            name = site_label(site, lang)
            caption = say("relation_map", lang, site=name)
            alt = say("relation_alt", lang, site=name)
            blocks.append(Figure(caption=caption, alt=alt, picture=pictures.relation))
    drawn = sum(pictures.relation is not None for pictures in material.sites)
    if drawn < len(material.sites):
        text = say("maps_left_out", lang, drawn=drawn, sites=len(material.sites))
        blocks.append(Paragraph(text=text, role="notice"))
    return Section(title=say("lines", lang), blocks=tuple(blocks))


def _lines_table(material: CheckMaterial, lang: str) -> Table:
    names = LineNames(material.check, lang)
    found = [
        (site, finding)
        for kind in audit_limits().lines
        for site, finding in findings_of(material.check)
        if finding.kind == kind
    ]
    rows = tuple(
        (
            names.of(finding),
            site_label(site, lang),
            finding_tag(finding, lang),
            *_area_cells(finding),
            finding.told.share_pct,
            finding.nearest_m,
        )
        for site, finding in found
    )
    return Table(
        id=say("sheet_lines", lang),
        caption=say("lines_table", lang),
        columns=(
            Column(title=say("control_line", lang), share=2.6),
            Column(title=say("site", lang), share=1.5),
            Column(title=say("verdict", lang), share=1.45),
            Column(title=say("taken_m2", lang), share=1.45, decimals=M2_DECIMALS),
            Column(title=say("taken_ha", lang), share=1.1, decimals=HA_DECIMALS),
            Column(title=say("taken_mu", lang), share=1.15, decimals=MU_DECIMALS),
            Column(title=say("share_pct", lang), share=0.85, decimals=2),
            Column(title=say("nearest_m", lang), share=1.2, decimals=1),
        ),
        rows=rows,
        note=say("lines_note", lang),
    )


def findings_section(material: CheckMaterial, lang: str) -> Section:
    """Return the chapter of all findings, site by site."""
    names = LineNames(material.check, lang)
    blocks: list[Block] = [Paragraph(text=say("findings_lead", lang))]
    several = len(material.check.sites) > 1
    for site, pictures in zip(material.check.sites, material.sites, strict=True):
        blocks.append(Heading(text=site_label(site, lang)))
        blocks += (
            _findings_tables(site, names, lang) if several else [_findings_table(site, names, lang)]
        )
        blocks += _details(site, pictures, names, lang)
    if material.places is not None and material.places.shared:
        blocks.append(Heading(text=say("shared_ground_title", lang)))
        blocks += shared_sentences(material.places, lang)
    return Section(title=say("findings", lang), blocks=tuple(blocks))


def _findings_tables(site: SiteResult, names: LineNames, lang: str) -> Iterator[Block]:
    """Yield a table whose clear rows are for workbooks; paper has them in one paragraph."""
    ordered = gravest_first(site.findings)
    # Down to the last that is not simply clear: a reviewer's word stays in its row.
    open_ = (
        at for at, one in enumerate(ordered, 1) if one.verdict != Verdict.CLEAR or one.override
    )
    told = max(open_, default=1)
    yield replace(_findings_table(site, names, lang), most_rows=told)
    if clear := ordered[told:]:
        mark = say("rows_mark", lang)
        listed = mark.join(f"{names.marked(one)} {_nearest(one)}" for one in clear)
        text = say("clear_lines", lang, count=len(clear), names=listed)
        yield Paragraph(text=text, role="small")


def _nearest(finding: Finding) -> str:
    return "—" if finding.nearest_m is None else number(finding.nearest_m, 1)


def _findings_table(site: SiteResult, names: LineNames, lang: str) -> Table:
    rows = tuple(
        (
            names.marked(finding),
            finding_tag(finding, lang),
            reasons_text(finding, lang),
            finding.told.area_m2,
            finding.told.share_pct,
            finding.told.width_m,
            finding.nearest_m,
            finding.coverage_pct,
        )
        for finding in gravest_first(site.findings)
    )
    return Table(
        id=say("sheet_findings", lang),
        caption=say("findings_table", lang, site=site_label(site, lang)),
        columns=(
            Column(title=say("control_line", lang), share=3.0),
            Column(title=say("verdict", lang), share=1.9),
            Column(title=say("reasons", lang), share=2.1),
            Column(title=say("taken_m2", lang), share=1.4, decimals=M2_DECIMALS),
            Column(title=say("share_pct", lang), share=0.8, decimals=2),
            Column(title=say("width_m", lang), share=1.1, decimals=3),
            Column(title=say("nearest_m", lang), share=1.2, decimals=1),
            Column(title=say("coverage_pct", lang), share=1.25, decimals=1),
        ),
        rows=rows,
        note=say("findings_note", lang),
    )


def _details(
    site: SiteResult, pictures: SitePictures, names: LineNames, lang: str
) -> Iterator[Block]:
    """Return the parts of each overlap with its enlarged map."""
    for finding in gravest_first(site.findings):
        if not finding.parts:
            continue
        yield _parts_table(site, finding, names, lang)
        picture = pictures.enlarged.get(site.findings.index(finding))
        if picture is not None:
            said = {"site": site_label(site, lang), "line": names.of(finding)}
            caption, alt = say("enlarged_map", lang, **said), say("enlarged_alt", lang, **said)
            yield Figure(caption=caption, alt=alt, picture=picture)
        elif finding.verdict in ENLARGED and not finding.covers_all_land:
            yield Paragraph(text=say("not_enlarged", lang), role="small")
        if finding.spans_zero:
            yield Paragraph(text=say("spans_zero", lang), role="notice")
        yield from _units(finding, lang)


def _parts_table(site: SiteResult, finding: Finding, names: LineNames, lang: str) -> Table:
    parts = finding.parts
    areas = [(part.printed.m2, part.printed.ha, part.printed.mu) for part in parts]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            str(number),
            _part_name(part.feature_id, lang),
            *area,
            part.max_width_m,
            part.average_width_m,
        )
        for number, (part, area) in enumerate(zip(parts, areas, strict=True), start=1)
    )
    return Table(
        id=say("sheet_parts", lang),
        caption=say("parts_table", lang, site=site_label(site, lang), line=names.of(finding)),
        columns=(
            Column(title=say("number", lang), share=0.75),
            Column(title=say("feature", lang), share=2.0),
            Column(title=say("area_m2", lang), share=1.3, decimals=M2_DECIMALS),
            Column(title=say("area_ha", lang), share=1.1, decimals=HA_DECIMALS),
            Column(title=say("area_mu", lang), share=1.1, decimals=MU_DECIMALS),
            Column(title=say("width_m", lang), share=1.1, decimals=3),
            Column(title=say("average_width_m", lang), share=1.1, decimals=3),
        ),
        rows=rows,
        total=(say("total", lang), None, *totals(list(zip(*areas, strict=True))), None, None),
        note=say("parts_note", lang) if any(part.shared_area_m2 for part in parts) else None,
    )


def _units(finding: Finding, lang: str) -> Iterator[Facts]:
    """Return what the layer asks in each unit that the site lies in."""
    for part in finding.parts:
        if part.attributes:
            yield Facts(
                id=say("sheet_units", lang),
                caption=say("unit_table", lang, unit=part.feature_id),
                rows=tuple(
                    (word("attributes", name, lang), class_text(value, lang))
                    for name, value in part.attributes.items()
                ),
            )


def _part_name(feature_id: str, lang: str) -> str:
    number = feature_id.removeprefix("outside-")
    return say("outside_part", lang, number=number) if number != feature_id else feature_id


def _area_cells(finding: Finding) -> tuple[Cell, ...]:
    area_m2 = finding.told.area_m2
    if area_m2 is None:
        return None, None, None
    return area_m2, area_m2 / M2_PER_HA, m2_to_mu(area_m2)
