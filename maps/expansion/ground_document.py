"""The ground of sites as documents: slopes and land cover, and suitability for building."""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from types import MappingProxyType
from typing import Final

from geo.units import rounded_to_total
from maps.document.cells import Cell, Column, columns
from maps.document.model import (
    Block,
    Document,
    Facts,
    Figure,
    Paragraph,
    Picture,
    Table,
    basis_blocks,
    sheet_of,
)
from maps.expansion.ground_answers import CoverShares, Ground, Share, SiteTerrain, TerrainReport
from maps.expansion.ground_words import (
    cite_basis,
    cover_name,
    rasters_text,
    share_name,
    site_blocks,
    site_label,
    slope_range,
    unjudged,
)
from maps.expansion.suitability_answers import (
    FormChange,
    SiteSuitability,
    SuitabilityMap,
    SuitabilityReport,
)
from maps.i18n import tr
from maps.numbers import number

_HA_DECIMALS: Final = 4
_PCT_DECIMALS: Final = 2

Pictures = Mapping[str, Picture]
"""Maps by the id of their site; sites without one have tables alone."""
NO_PICTURES: Final[Pictures] = MappingProxyType({})


def terrain_document(
    answer: TerrainReport, lang: str, pictures: Pictures = NO_PICTURES
) -> Document:
    """Return what rasters say of the ground of each site."""
    blocks: list[Block] = [*basis_blocks(answer.basis, lang)]
    for site in answer.sites:
        blocks += site_blocks(site, lang)
        if site.ground:
            blocks += _ground(site, site.ground, pictures, lang)
        if site.cover:
            blocks.append(_cover(site, site.cover, lang))
        if site.cover_problem:
            text = tr(f"errors.{site.cover_problem.code}", lang, **site.cover_problem.params)
            blocks.append(Paragraph(text=text, role="notice"))
        blocks += [
            _notice("raster_missing", lang, kind=tr(f"raster_kinds.{kind}", lang))
            for kind in site.missing
        ]
    lead = Paragraph(text=tr("ui.ground_lead", lang), role="small")
    return sheet_of(
        tr("ground_sheet.terrain", lang),
        (*blocks, cite_basis(answer.citation, lang), lead),
        lang=lang,
        subtitle=tr("ground_sheet.sites", lang, count=len(answer.sites)),
    )


def suitability_document(
    answer: SuitabilityReport, lang: str, pictures: Pictures = NO_PICTURES
) -> Document:
    """Return grades, exclusions and points of each site, and what they rest on."""
    blocks: list[Block] = [*basis_blocks(answer.basis, lang), *_missing(answer, lang)]
    for site in answer.sites:
        blocks += site_blocks(site, lang)
        if not site.problem:
            blocks += _suitability(site, pictures, lang)
    blocks += dict.fromkeys(cite_basis(one, lang) for one in answer.citations.values())
    return sheet_of(
        answer.title.text(lang),
        tuple(blocks),
        lang=lang,
        subtitle=tr("ground_sheet.sites", lang, count=len(answer.sites)),
    )


def suitability_map_document(answer: SuitabilityMap, lang: str) -> Document:
    """Return what a map of suitability holds, where it is, and what is not known."""
    raster = answer.raster
    stored = tr("cli.suitability_stored", lang, id=raster.id, version=raster.version,
                files=answer.files)  # fmt: skip
    form = () if answer.form_counted else (_notice("form_map", lang),)
    grades = _shares("grades", tr("cli.col_grade", lang), answer.shares, lang)
    blocks = (
        *basis_blocks(answer.basis, lang),
        *_missing(answer, lang),
        *form,
        grades,
        Paragraph(text=stored),
    )
    title = raster.title.text(lang)
    return sheet_of(title, blocks, lang=lang)


def _notice(key: str, lang: str, **said: object) -> Paragraph:
    return Paragraph(text=tr(f"cli.{key}", lang, **said), role="notice")


def _missing(answer: SuitabilityReport | SuitabilityMap, lang: str) -> Iterator[Paragraph]:
    """Yield what is missing: factors, and layers of hard lines."""
    kinds = [tr(f"raster_kinds.{kind}", lang) for kind in answer.missing_factors]
    if kinds:
        yield _notice("factors_missing", lang, kinds=kinds)
    for line in answer.missing_lines:
        key = "line_missing_required" if line.required else "line_missing"
        reason = tr(f"reasons.{line.reason}", lang)
        yield _notice(key, lang, kind=tr(f"hard_lines.{line.kind}", lang), reason=reason)


def _ground(site: SiteTerrain, ground: Ground, pictures: Pictures, lang: str) -> Iterator[Block]:
    high, steep = ground.elevation_m, ground.slope_deg
    if ground.fit != "scoring":
        yield _notice("overview_only" if ground.fit == "overview" else "coarse_ground", lang)
    yield Facts(
        id=tr("ground_sheet.by", lang),
        caption=None,
        rows=(
            (tr("ground_sheet.by", lang), rasters_text(ground, lang)),
            (tr("ground_sheet.heights", lang), _listed(high.least, high.mean, high.most)),
            (tr("ground_sheet.relief", lang), number(ground.relief_m, 1)),
            (tr("ground_sheet.slopes", lang), _listed(steep.mean, steep.most)),
        ),
    )
    yield from _figure(site, pictures, "slope_map", lang)
    slopes = [
        (slope_range(one.lower, one.upper), one.grade, one.area_ha, one.pct)
        for one in ground.slope_shares
    ]
    yield Table(
        id=tr("cli.col_slope", lang),
        caption=tr("ground_sheet.slope_table", lang, id=site_label(site, lang)),
        columns=_columns(("col_slope", "col_grade"), lang),
        rows=(*slopes, *_rest(ground, site, 2, lang)),
    )
    yield Table(
        id=tr("cli.col_aspect", lang),
        caption=tr("ground_sheet.aspect_table", lang, id=site_label(site, lang)),
        columns=_columns(("col_aspect",), lang),
        rows=tuple(
            (tr(f"aspects.{one.id}", lang), one.area_ha, one.pct)
            for one in ground.aspect_shares
            if one.area_ha
        ),
    )


def _cover(site: SiteTerrain, cover: CoverShares, lang: str) -> Table:
    shares = [(cover_name(one, lang), one.area_ha, one.pct) for one in cover.shares]
    return Table(
        id=tr("cli.col_cover", lang),
        caption=tr("ground_sheet.cover_table", lang, id=site_label(site, lang)),
        columns=_columns(("col_cover",), lang),
        rows=(*shares, *_rest(cover, site, 1, lang)),
        note=rasters_text(cover, lang),
    )


def _suitability(site: SiteSuitability, pictures: Pictures, lang: str) -> Iterator[Block]:
    points = tr("cli.suitability_no_score", lang)
    if site.score:
        said = {name: number(value, 1) for name, value in site.score}
        points = tr("cli.suitability_score", lang, **said)
    if site.coarse:
        yield _notice("suitability_coarse", lang)
    yield Facts(
        id=tr("ground_sheet.score", lang),
        caption=None,
        rows=(
            (tr("ground_sheet.by", lang), rasters_text(site, lang)),
            (tr("ground_sheet.score", lang), points),
            (tr("ground_sheet.form", lang), _form(site.form, lang)),
        ),
    )
    yield from _figure(site, pictures, "suitability_map", lang)
    caption = tr("ground_sheet.grade_table", lang, id=site_label(site, lang))
    yield _shares("grades", caption, site.shares, lang)


def _form(form: FormChange | None, lang: str) -> str:
    """Return what a site's form did to its grades."""
    if form is None:
        return tr("cli.form_not_asked", lang)
    if form.compactness is None:
        return tr("cli.form_unknown", lang)
    only = tr("suitability_form.every", lang)
    if form.only_grades:
        only = tr("suitability_form.only", lang, list=", ".join(map(str, form.only_grades)))
    signed = f"{form.grades:+d}" if form.effect == "adds" else str(form.grades)
    without = tr("suitability_form.nopoints", lang)
    if form.points_without is not None:
        without = number(form.points_without, 1)
    return tr(
        "cli.form_line",
        lang,
        compactness=number(form.compactness, 2),
        change=tr(f"suitability_form.{form.effect}", lang, only=only, grades=signed),
        without=without,
    )


def _shares(name: str, caption: str, shares: Sequence[Share], lang: str) -> Table:
    """Return shares of a whole, which as printed add up to their total."""
    hectares = rounded_to_total([one.area_ha for one in shares], _HA_DECIMALS)
    pcts = rounded_to_total([one.pct for one in shares], _PCT_DECIMALS)
    return Table(
        id=tr(f"ground_sheet.{name}", lang),
        caption=caption,
        columns=_columns(("col_grade",), lang),
        rows=tuple(
            (share_name(one.id, lang), area_ha, pct)
            for one, area_ha, pct in zip(shares, hectares, pcts, strict=True)
        ),
        total=(tr("ground_sheet.total", lang), fsum(hectares), fsum(pcts)),
        note=tr("suitability_parts.excluded_note", lang) if _has_excluded(shares) else None,
    )


def _has_excluded(shares: Sequence[Share]) -> bool:
    return any(one.id.startswith("excluded:") and one.area_ha for one in shares)


def _figure(
    site: SiteTerrain | SiteSuitability, pictures: Pictures, name: str, lang: str
) -> Iterator[Figure]:
    if site.id in pictures:
        caption = tr(f"ground_sheet.{name}", lang, id=site_label(site, lang))
        yield Figure(caption=caption, alt=caption, picture=pictures[site.id])


def _columns(names: tuple[str, ...], lang: str) -> tuple[Column, ...]:
    return (
        *columns("cli", lang, *(Column(title=name, share=1.6) for name in names)),
        Column(title=tr("cli.col_ha", lang), decimals=_HA_DECIMALS),
        Column(title=tr("cli.col_share", lang), decimals=_PCT_DECIMALS),
    )


def _rest(
    part: Ground | CoverShares, site: SiteTerrain, names: int, lang: str
) -> Iterator[tuple[Cell, ...]]:
    """Yield rows for ground of which nothing is known, and beyond the raster, if any."""
    for name, area_ha in unjudged(part):
        share = 100.0 * area_ha / site.area_ha
        yield (tr(f"cli.{name}", lang), *(None,) * (names - 1), area_ha, share)


def _listed(*values: float | None) -> str:
    return " / ".join(number(one, 1) for one in values)
