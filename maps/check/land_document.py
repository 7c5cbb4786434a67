"""The ground of sites, and what control lines take of it, by class of land, as blocks."""

from collections.abc import Iterator, Sequence
from typing import Final

from maps.check.answers import CheckResult, SiteResult
from maps.check.finding import Printed
from maps.check.land_answers import LandClassArea, LandSplit, LandUse, SiteLand
from maps.check.report.material import (
    HA_DECIMALS,
    M2_DECIMALS,
    MU_DECIMALS,
    say,
    site_label,
    totals,
)
from maps.document.cells import Cell, Column
from maps.document.model import Block, Paragraph, Section, Table, basis_blocks
from maps.i18n import tr
from maps.numbers import number

_UNKNOWN: Final = "unknown"
_OUTSIDE: Final = "outside"


def land_section(check: CheckResult, lang: str) -> Section:
    """Return sites and overlaps by class of land, or that no survey was there to split them."""
    return Section(title=_say("title", lang), blocks=tuple(_blocks(check, lang)))


def _blocks(check: CheckResult, lang: str) -> Iterator[Block]:
    land = check.land_use
    if land is None:
        yield Paragraph(text=_say("no_layer", lang))
        return
    yield Paragraph(text=_say("lead", lang, layers=_layers(land, lang)))
    yield from basis_blocks(land.basis, lang)
    for one in land.layers:
        if one.left_out:
            why = "; ".join(tr(f"reasons.{reason}", lang) for reason in one.left_out)
            text = _say("left_out", lang, layer=one.title.text(lang), why=why)
            yield Paragraph(text=text, role="notice")
    if land.not_computable:
        names = ", ".join(land.not_computable)
        yield Paragraph(text=_say("not_computable", lang, sites=names), role="notice")
    sites = {site.site_id: site for site in check.sites}
    if land.sites:
        yield _groups_table(land, sites, lang)
    for one_site in land.sites:
        label = site_label(sites[one_site.site_id], lang)
        yield _classes_table(one_site, label, land, lang)
        if one_site.shared_m2:
            area = f"{one_site.shared_m2:,.{M2_DECIMALS}f}"
            yield Paragraph(text=_say("shared", lang, m2=area), role="notice")
    yield from _overlap_tables(land, sites, lang)


def _overlap_tables(land: LandUse, sites: dict[str, SiteResult], lang: str) -> Iterator[Table]:
    for own in land.sites:
        site = sites[own.site_id]
        rows = [
            (overlap.line.text(lang), *row)
            for overlap in own.overlaps
            for row in _rows(overlap, land, lang)
        ]
        if rows:
            told = [
                _say("of_line", lang, line=one.line.text(lang), text=" ".join(notes))
                for one in own.overlaps
                if (notes := tuple(ridge_notes(one, lang)))
            ]
            first = Column(title=say("control_line", lang), share=2.4)
            yield Table(
                id=_say("sheet_overlaps", lang),
                caption=_say("overlaps_table", lang, site=site_label(site, lang)),
                columns=(first, *_columns(lang)),
                rows=tuple(rows),
                note=" ".join(told) or None,
            )


def _classes_table(site: SiteLand, label: str, land: LandUse, lang: str) -> Table:
    printed = [*(one.printed for one in site.classes), site.outside_printed]
    areas = [[getattr(one, unit) for one in printed] for unit in ("m2", "ha", "mu")]
    return Table(
        id=_say("sheet_classes", lang),
        caption=_say("classes_table", lang, site=label),
        columns=_columns(lang),
        rows=tuple(_rows(site, land, lang, always_rest=True)),
        total=(say("total", lang), None, None, *totals(areas), None),
        note=" ".join((_say("classes_note", lang), *ridge_notes(site, lang))),
    )


def ridge_notes(split: LandSplit, lang: str) -> Iterator[str]:
    """Yield how much of fields is ridges, and of how much of them that is not known."""
    if split.ridges_m2 is None:
        yield _say("ridges_not_asked", lang)
    if split.ridges_m2:
        yield _say("ridges_deducted", lang, m2=number(split.ridges_m2, M2_DECIMALS))
    if split.without_coefficient_m2:
        area = number(split.without_coefficient_m2, M2_DECIMALS)
        yield _say("ridges_unknown", lang, m2=area)


def _columns(lang: str) -> tuple[Column, ...]:
    return (
        Column(title=_say("group", lang), share=1.2),
        Column(title=_say("first", lang), share=1.3),
        Column(title=_say("class", lang), share=1.7),
        Column(title=say("area_m2", lang), share=1.35, decimals=M2_DECIMALS),
        Column(title=say("area_ha", lang), share=1.1, decimals=HA_DECIMALS),
        Column(title=say("area_mu", lang), share=1.15, decimals=MU_DECIMALS),
        Column(title=_say("share_pct", lang), share=0.85, decimals=2),
    )


def _rows(
    split: LandSplit, land: LandUse, lang: str, *, always_rest: bool = False
) -> Iterator[tuple[Cell, ...]]:
    for one in split.classes:
        group = land.groups[one.group].text(lang) if one.group else _say(_UNKNOWN, lang)
        first = one.first.text(lang) if one.first else None
        yield group, first, _class_name(one, lang), *_area(one.printed), one.share_pct
    if always_rest or split.outside_m2:
        rest = _area(split.outside_printed)
        yield _say(_OUTSIDE, lang), None, None, *rest, split.outside_pct


def _class_name(one: LandClassArea, lang: str) -> str:
    said = " ".join(filter(None, (one.code, one.name.text(lang))))
    if one.known:
        return said
    return _say("not_known", lang, said=said) if said else _say("no_class", lang)


def _area(printed: Printed) -> tuple[float, float, float]:
    return printed.m2, printed.ha, printed.mu


def _groups_table(land: LandUse, sites: dict[str, SiteResult], lang: str) -> Table:
    """Return one row for each site and each overlap: hectares by group, which add up."""
    heads = [*(one.text(lang) for one in land.groups.values()), _say(_UNKNOWN, lang)]
    rows: list[tuple[Cell, ...]] = []
    for own in land.sites:
        site = sites[own.site_id]
        label = site_label(site, lang)
        rows.append((label, _say("whole_site", lang), *_by_group(own, land)))
        rows += [(label, one.line.text(lang), *_by_group(one, land)) for one in own.overlaps]
    return Table(
        id=_say("sheet_groups", lang),
        caption=_say("groups_table", lang),
        columns=(
            Column(title=say("site", lang), share=1.6),
            Column(title=_say("ground", lang), share=2.8),
            *(
                Column(title=_say("in_ha", lang, name=name), share=1.2, decimals=HA_DECIMALS)
                for name in (*heads, _say(_OUTSIDE, lang), say("total", lang))
            ),
        ),
        rows=tuple(rows),
        note=_say("groups_note", lang),
    )


def _by_group(split: LandSplit, land: LandUse) -> Sequence[float]:
    columns = [
        [one.printed.ha for one in split.classes if one.group == group]
        for group in (*land.groups, None)
    ]
    return (*totals([*columns, [split.outside_printed.ha]]), split.printed.ha)


def _layers(land: LandUse, lang: str) -> str:
    used = [one for one in land.layers if not one.left_out]
    return "; ".join(
        _say("layer", lang, title=one.title.text(lang), id=one.layer_id, version=one.version)
        for one in used
    )


def _say(key: str, lang: str, **params: object) -> str:
    return tr(f"land.{key}", lang, **params)
