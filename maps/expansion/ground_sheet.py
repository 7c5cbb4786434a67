"""Sheets on the ground of sites: slopes and land cover, and suitability for building."""

from collections.abc import Iterator, Mapping
from typing import Any

from maps.document.cells import Cell, Column
from maps.document.model import (
    Block,
    Document,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Picture,
    Table,
    sheet_of,
)
from maps.document.text import basis_lines
from maps.expansion.suitability_text import cited, form_text, missing_lines, share_name
from maps.expansion.terrain_text import problem_lines, site_heading, site_label, slope_range
from maps.i18n import tr
from maps.numbers import number

Answer = Mapping[str, Any]
Pictures = Mapping[str, Picture]


def terrain_sheet(answer: Answer, pictures: Pictures, lang: str) -> Document:
    """Return what rasters say of the ground of each site.

    ``pictures`` are maps by the id of the site; sites without one have tables alone.
    """
    blocks = [*_notices(answer, lang)]
    for site in answer["sites"]:
        blocks += _site(site, lang)
        if site["ground"]:
            blocks += _ground(site, pictures, lang)
        if site["cover"]:
            blocks.append(_cover(site, lang))
        blocks += [
            _note(tr("cli.raster_missing", lang, kind=tr(f"raster_kinds.{kind}", lang)))
            for kind in site["missing"]
        ]
    blocks.append(Paragraph(text=cited(answer["citation"], lang), role="small"))
    blocks.append(Paragraph(text=tr("ui.ground_lead", lang), role="small"))
    title = tr("ground_sheet.terrain", lang)
    return sheet_of(title, tuple(blocks), lang=lang, subtitle=_subtitle(answer, lang))


def suitability_sheet(answer: Answer, pictures: Pictures, lang: str) -> Document:
    """Return grades, exclusions and points of each site, and what they rest on."""
    blocks = [*_notices(answer, lang)]
    blocks += [_note(line) for line in missing_lines(answer, lang)]
    for site in answer["sites"]:
        blocks += _site(site, lang)
        if not site["problem"]:
            blocks += _suitability(site, pictures, lang)
    sources = dict.fromkeys(cited(one, lang) for one in answer["citations"].values())
    blocks += [Paragraph(text=source, role="small") for source in sources]
    return sheet_of(
        answer["title"][lang], tuple(blocks), lang=lang, subtitle=_subtitle(answer, lang)
    )


def _subtitle(answer: Answer, lang: str) -> str:
    return tr("ground_sheet.sites", lang, count=len(answer["sites"]))


def _notices(answer: Answer, lang: str) -> Iterator[Block]:
    for line in basis_lines(answer["basis"], lang):
        yield _note(line)


def _note(line: str) -> Paragraph:
    return Paragraph(text=line.removeprefix("! "), role="notice")


def _site(site: Answer, lang: str) -> Iterator[Block]:
    yield Heading(text=site_heading(site, lang))
    for line in problem_lines(site, lang):
        yield Paragraph(text=line, role="notice", tone="warning")


def _ground(site: Answer, pictures: Pictures, lang: str) -> Iterator[Block]:
    ground = site["ground"]
    high, steep = ground["elevation_m"], ground["slope_deg"]
    if ground["fit"] == "overview":
        yield _note(tr("cli.overview_only", lang))
    yield Facts(
        id="ground",
        caption=None,
        rows=(
            (tr("ground_sheet.by", lang), _raster(ground["raster"], lang)),
            (
                tr("ground_sheet.heights", lang),
                " / ".join(number(high[name], 1) for name in ("least", "mean", "most")),
            ),
            (tr("ground_sheet.relief", lang), number(ground["relief_m"], 1)),
            (
                tr("ground_sheet.slopes", lang),
                " / ".join(number(steep[name], 1) for name in ("mean", "most")),
            ),
        ),
    )
    yield from _figure(site, pictures, "slope_map", lang)
    yield Table(
        id="slopes",
        caption=tr("ground_sheet.slope_table", lang, id=site_label(site, lang)),
        columns=_columns(("col_slope", "col_grade"), lang),
        rows=(
            *(
                (slope_range(one), str(one["grade"]), one["area_ha"], one["pct"])
                for one in ground["slope_shares"]
            ),
            *_rest(ground, site, 2, lang),
        ),
    )
    yield Table(
        id="aspects",
        caption=tr("ground_sheet.aspect_table", lang, id=site_label(site, lang)),
        columns=_columns(("col_aspect",), lang),
        rows=tuple(
            (tr(f"aspects.{one['id']}", lang), one["area_ha"], one["pct"])
            for one in ground["aspect_shares"]
            if one["area_ha"]
        ),
    )


def _cover(site: Answer, lang: str) -> Table:
    cover = site["cover"]
    return Table(
        id="cover",
        caption=tr("ground_sheet.cover_table", lang, id=site_label(site, lang)),
        columns=_columns(("col_cover",), lang),
        rows=(
            *((one["name"][lang], one["area_ha"], one["pct"]) for one in cover["shares"]),
            *_rest(cover, site, 1, lang),
        ),
        note=_raster(cover["raster"], lang),
    )


def _suitability(site: Answer, pictures: Pictures, lang: str) -> Iterator[Block]:
    score = site["score"]
    rows = [(tr("ground_sheet.by", lang), _raster(site["raster"], lang))]
    if score:
        said = {name: number(value, 1) for name, value in score.items()}
        rows.append((tr("ground_sheet.score", lang), tr("cli.suitability_score", lang, **said)))
    else:
        rows.append((tr("ground_sheet.score", lang), tr("cli.suitability_no_score", lang)))
    rows.append((tr("ground_sheet.form", lang), form_text(site["form"], lang)))
    yield Facts(id="score", caption=None, rows=tuple(rows))
    yield from _figure(site, pictures, "suitability_map", lang)
    yield Table(
        id="grades",
        caption=tr("ground_sheet.grade_table", lang, id=site_label(site, lang)),
        columns=_columns(("col_grade",), lang),
        rows=tuple(
            (share_name(one["id"], lang), one["area_ha"], one["pct"]) for one in site["shares"]
        ),
        total=(tr("ground_sheet.total", lang), site["area_ha"], 100.0),
    )


def _figure(site: Answer, pictures: Pictures, name: str, lang: str) -> Iterator[Block]:
    if site["id"] not in pictures:
        return
    yield Figure(
        caption=tr(f"ground_sheet.{name}", lang, id=site_label(site, lang)),
        alt=tr(f"ground_sheet.{name}", lang, id=site_label(site, lang)),
        picture=pictures[site["id"]],
    )


def _columns(names: tuple[str, ...], lang: str) -> tuple[Column, ...]:
    return (
        *(Column(title=tr(f"cli.{name}", lang), share=1.6) for name in names),
        Column(title=tr("cli.col_ha", lang), decimals=4),
        Column(title=tr("cli.col_share", lang), decimals=2),
    )


def _rest(part: Answer, site: Answer, names: int, lang: str) -> Iterator[tuple[Cell, ...]]:
    """Yield rows for ground of which nothing is known, and beyond the raster, if any."""
    for name in ("unknown_ha", "outside_ha"):
        if part[name]:
            share = 100.0 * part[name] / site["area_ha"]
            yield (tr(f"cli.{name}", lang), *(None,) * (names - 1), part[name], share)


def _raster(raster: Answer, lang: str) -> str:
    return tr(
        "cli.raster_used",
        lang,
        title=raster["title"][lang],
        label=raster["label"],
        pixel_m=number(raster["pixel_m"], 1),
        status=tr(f"statuses.{raster['status']}", lang),
    )
