"""Linkage zones, groups of units with bounds, and missing figures as documents."""

from collections.abc import Iterable

from maps.answers import Title
from maps.density.drawn.bars import Bar, BarChart
from maps.density.linkage_answers import (
    ComparedGroup,
    Comparison,
    LinkageList,
    LinkageZone,
    MissingFigures,
    MissingUnit,
)
from maps.density.qualified import area_qualifier
from maps.document.cells import Cell, Column, Marked, columns
from maps.document.model import (
    Charted,
    Document,
    Figure,
    Heading,
    Paragraph,
    Table,
    basis_blocks,
    sheet_of,
)
from maps.i18n import tr
from maps.numbers import number, unit_text
from maps.source_words import source_text, sources_text


def linkage_document(answer: LinkageList, lang: str) -> Document:
    """Return the units that no total counts, and the total without them."""
    table = Table(
        id=tr("linkage.title", lang),
        caption=tr("linkage.title", lang),
        columns=columns(
            "linkage", lang, Column(title="name", share=2.4), Column(title="role"),
            Column(title="batch", share=0.7), Column(title="since"),
            Column(title="host", share=1.2),
            Column(title="boundary_km2", decimals=2, share=1.2),
            Column(title="in_districts_km2", decimals=2, share=1.2),
            Column(title="lands", share=1.6), Column(title="latest_year"),
            Column(title="document", data_only=True), Column(title="source", data_only=True),
        ),
        rows=tuple(_zone_row(one, lang) for one in answer.zones),
        note=tr("linkage.note", lang),
    )  # fmt: skip
    total = tr(
        "linkage.total", lang, km2=number(answer.total_km2, 2),
        source=source_text(answer.total_source, lang),
    )  # fmt: skip
    twice = [
        Paragraph(
            text=tr("linkage.drawn_twice", lang, name=one.name.text(lang),
                    layers=_listed(one.drawn_twice, lang)),
            role="notice", tone="warning",
        )
        for one in answer.zones
        if one.drawn_twice
    ]  # fmt: skip
    sources = sources_text((one.source for one in answer.zones), lang)
    cited = Paragraph(text=f"{tr('table.source', lang)}: {sources}", role="citation")
    return sheet_of(
        tr("linkage.title", lang),
        (*basis_blocks(answer.basis, lang), Paragraph(text=total), *twice, table, cited),
        lang=lang,
    )


def comparison_document(answer: Comparison, lang: str) -> Document:
    """Return groups of units with the least and the most that their density can be."""
    unit = unit_text(answer.unit, lang)
    value_unit = unit_text(answer.groups[0].value_unit, lang) if answer.groups else None
    table = Table(
        id=answer.name.text(lang),
        caption=f"{answer.name.text(lang)} {answer.year} ({unit})",
        columns=columns(
            "compare", lang, Column(title="group", share=1.7),
            Column(title="value", decimals=2, unit=value_unit),
            Column(title="land_least", decimals=2, unit="km²"),
            Column(title="land_most", decimals=2, unit="km²"),
            Column(title="least", decimals=2, unit=unit),
            Column(title="most", decimals=2, unit=unit),
            Column(title="lands", share=2.8), Column(title="said", share=2.4),
        ),
        rows=tuple(_group_row(one, lang) for one in answer.groups),
        note=tr("compare.note", lang),
    )  # fmt: skip
    sources = sources_text((source for one in answer.groups for source in one.sources), lang)
    text = f"{tr('table.source', lang)}: {sources}" if sources else tr("compare.no_source", lang)
    cited = Paragraph(text=text, role="citation")
    target = answer.nature == "target"
    return sheet_of(
        f"{answer.name.text(lang)} · {tr(f'compare.by_{answer.by}', lang)}",
        (*basis_blocks(answer.basis, lang), *_bars(answer, table.id, lang), table, cited),
        lang=lang,
        subtitle=f"{answer.year} · {tr(f'denominators.{answer.denominator}', lang)}",
        mark=tr("periods.target", lang) if target else None,
    )


def _bars(answer: Comparison, table: str, lang: str) -> tuple[Figure, ...]:
    """Return every group as a bar: from least to most where the land is uncertain."""
    if not any(one.density_least is not None for one in answer.groups):
        return ()
    bars = tuple(
        Bar(
            name=one.name.text(lang), value=one.density_least, text=_bar_text(one, lang),
            most=one.density_most,
        )
        for one in answer.groups
    )  # fmt: skip
    unit = unit_text(answer.unit, lang)
    return (
        Figure(
            caption=tr(
                "table.bars", lang, name=answer.name.text(lang), year=answer.year, unit=unit
            ),
            alt="; ".join(f"{bar.name} {bar.text}" for bar in bars),
            picture=BarChart(bars=bars),
            charted=Charted(table=table, names=("group",), values=("least", "most")),
        ),
    )


def _bar_text(one: ComparedGroup, lang: str) -> str:
    if one.density_least is None:
        return tr("compare.no_bar", lang)
    least = number(one.density_least, 3)
    text = least if one.exact else f"≥ {least}"
    if not one.exact and one.density_most is not None:
        text = f"{least} – {number(one.density_most, 3)}"
    return f"{text} ({one.mark.text(lang)})" if one.mark else text


def missing_document(answer: MissingFigures, lang: str) -> Document:
    """Return what is missing of each unit, who has it, and what was looked for."""
    table = Table(
        id=tr("missing.title", lang),
        caption=tr("missing.of_year", lang, year=answer.year),
        columns=columns(
            "missing", lang, Column(title="unit", share=1.6), Column(title="missing", share=3.0),
            Column(title="known", share=1.2), Column(title="holder", share=2.0),
            Column(title="searched", share=2.6),
        ),
        rows=tuple(_missing_row(one, lang) for one in answer.units),
    )  # fmt: skip
    return sheet_of(
        tr("missing.title", lang),
        (
            Paragraph(text=tr("missing.lead", lang, year=answer.year)),
            table,
            Heading(text=tr("missing.fill", lang)),
            Paragraph(text=tr("missing.how", lang, year=answer.year)),
        ),
        lang=lang,
    )


def _zone_row(one: LinkageZone, lang: str) -> tuple[Cell, ...]:
    lands = _listed((tr(f"denominators.{land}", lang) for land in one.lands), lang)
    return (
        one.name.text(lang),
        tr(f"linkage_roles.{one.role}", lang),
        one.batch or tr("linkage.not_stated", lang),
        one.since or tr("linkage.not_stated", lang),
        one.host.text(lang) if one.host else None,
        Marked(value=one.boundary_km2, mark=area_qualifier(one.boundary_quality, lang))
        if one.boundary_km2 is not None
        else tr("linkage.no_boundary", lang),
        one.in_districts_km2,
        lands or tr("table.not_public", lang),
        one.latest_year or tr("table.not_public", lang),
        one.document,
        source_text(one.source, lang) if one.source else None,
    )


def _group_row(one: ComparedGroup, lang: str) -> tuple[Cell, ...]:
    said = [
        tr(f"compare.{key}", lang, names=_names(found, lang))
        for key, found in (("without_value", one.without_value), ("without_land", one.without_land))
        if found
    ]
    if one.density_least is not None and one.density_most is None:
        said.append(tr("compare.no_upper", lang))
    elif one.density_least is not None and not one.exact:
        said.append(tr("compare.bounds", lang))
    if one.density_least is not None and one.other_years:
        years = ", ".join(map(str, one.other_years))
        said.append(tr("compare.other_years", lang, years=years))
    mark = one.mark.text(lang) if one.mark else None
    of_value = one.value_mark.text(lang) if one.value_mark else None
    return (
        one.name.text(lang),
        Marked(value=one.value, mark=of_value) if one.value is not None else None,
        one.land_least_km2,
        one.land_most_km2,
        Marked(value=one.density_least, mark=mark) if one.density_least is not None else None,
        Marked(value=one.density_most, mark=mark) if one.density_most is not None else None,
        _listed((tr(f"denominators.{land}", lang) for land in one.lands), lang) or None,
        " ".join(said) or None,
    )


def _missing_row(one: MissingUnit, lang: str) -> tuple[Cell, ...]:
    return (
        one.name.text(lang),
        _names([figure.name for figure in one.missing], lang) or tr("missing.nothing", lang),
        _names(one.known, lang) or None,
        one.holder.text(lang) if one.holder else tr("missing.no_holder", lang),
        one.searched.text(lang) if one.searched else None,
    )


def _names(titles: list[Title], lang: str) -> str:
    return _listed((one.text(lang) for one in titles), lang)


def _listed(texts: Iterable[str], lang: str) -> str:
    return tr("report.list_mark", lang).join(texts)
