"""Densities as documents: of one year, over years, of one unit, and what can be asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from maps.density.answers import DensityRow, DensityTable, IndicatorList
from maps.density.density_answers import DensityYears, UnitDensity, UnitFigure, UnitSheet
from maps.density.drawn.bars import Bar, BarChart
from maps.density.drawn.class_layers import density_text
from maps.density.qualified import (
    area_qualifier,
    note_lines,
    qualifier,
    quality_text,
    relation_text,
    value_qualifier,
)
from maps.document.cells import Cell, Column, Formula, Marked, columns
from maps.document.model import (
    Block,
    Charted,
    Document,
    Figure,
    Paragraph,
    Picture,
    Table,
    basis_blocks,
    sheet_of,
)
from maps.i18n import tr
from maps.numbers import number, unit_text
from maps.source_words import source_text, sources_text


def density_document(answer: DensityTable, lang: str, picture: Picture | None = None) -> Document:
    """Return the densities of one year, with a map if one is given; gaps say why."""
    known = [row for row in answer.rows if row.density is not None]
    areas = sources_text((row.area_source for row in known), lang)
    values = sources_text((row.source for row in known), lang)
    sources = f"{tr('table.source', lang)}: {values}. {tr('table.area_source', lang)}: {areas}."
    blocks = (
        *basis_blocks(answer.basis, lang),
        *note_lines((row.qualifiers for row in answer.rows), lang),
        *_map_figure(answer, lang, picture),
        *_bars(answer, lang),
        _density_table(answer, lang),
        *_agreement(answer, lang),
        Paragraph(text=sources, role="citation"),
    )
    land = tr(f"denominators.{answer.denominator}", lang)
    target = answer.nature == "target"
    return sheet_of(
        f"{answer.name.text(lang)} · {tr('table.density', lang)}",
        blocks,
        lang=lang,
        subtitle=f"{answer.year} · {land}",
        mark=tr("periods.target", lang) if target else None,
    )


def _map_figure(answer: DensityTable, lang: str, picture: Picture | None) -> tuple[Figure, ...]:
    if picture is None:
        return ()
    caption = f"{answer.name.text(lang)} {answer.year} ({unit_text(answer.unit, lang)})"
    said = (f"{row.name.text(lang)} {number(row.density, 3)}" for row in answer.rows)
    return (Figure(caption=caption, alt="; ".join(said), picture=picture),)


def _bars(answer: DensityTable, lang: str) -> tuple[Figure, ...]:
    """Return all units as bars, the densest first, those without a density last and hatched."""
    order = sorted(answer.rows, key=lambda row: (row.density is None, -(row.density or 0.0)))
    if not order or order[0].density is None:
        return ()
    bars = tuple(
        Bar(
            name=row.name.text(lang), value=row.density,
            text=density_text(row, lang) or tr(f"reasons.{row.reason}", lang),
        )
        for row in order
    )  # fmt: skip
    unit = unit_text(answer.unit, lang)
    caption = tr("table.bars", lang, name=answer.name.text(lang), year=answer.year, unit=unit)
    return (
        Figure(
            caption=caption,
            alt="; ".join(f"{bar.name} {bar.text}" for bar in bars),
            picture=BarChart(bars=bars),
            charted=Charted(table=answer.name.text(lang), names=("unit",), values=("density",)),
        ),
    )


def years_document(answer: DensityYears, lang: str) -> Document:
    """Return the densities of all years, a line for each unit that has any."""
    years = [table.year for table in answer.tables]
    found: dict[str, dict[int, Cell]] = {}
    for table in answer.tables:
        for row in table.rows:
            if row.density is not None:
                own = found.setdefault(row.name.text(lang), {})
                own[table.year] = Marked(value=row.density, mark=qualifier(row.qualifiers, lang))
    first = answer.tables[0]
    heads = (
        Column(title=tr("table.unit", lang), share=2.0),
        *(Column(title=str(year), decimals=3) for year in years),
    )
    table_of_years = Table(
        id=tr("table.densities", lang),
        caption=f"{tr('table.densities', lang)} ({unit_text(first.unit, lang)})",
        columns=heads,
        rows=tuple((name, *(own.get(year) for year in years)) for name, own in found.items()),
    )
    seen = (row.qualifiers for table in answer.tables for row in table.rows)
    notes = note_lines(seen, lang)
    basis = {str(one): one for table in answer.tables for one in table.basis}
    return sheet_of(
        f"{first.name.text(lang)} / {tr(f'denominators.{answer.denominator}', lang)}",
        (*basis_blocks(basis.values(), lang), *notes, table_of_years),
        lang=lang,
    )


def indicators_document(answer: IndicatorList, lang: str) -> Document:
    """Return the indicators with their years and kinds of land."""
    rows = tuple(
        (
            item.id,
            item.name.text(lang),
            unit_text(item.unit, lang),
            "; ".join(f"{year.year} ({', '.join(year.denominators)})" for year in item.years),
        )
        for item in answer.indicators
    )
    table = Table(
        id=tr("table.indicator", lang),
        caption=None,
        columns=columns("cli", lang, *(Column(title=f"col_{n}") for n in ("id", "title", "unit")),
                        Column(title="col_years", share=4.0)),
        rows=rows,
        note=tr("cli.density_usage", lang),
    )  # fmt: skip
    return sheet_of("", (table, _known_figures(answer, lang)), lang=lang)


def _known_figures(answer: IndicatorList, lang: str) -> Table:
    missing = tr("table.not_public", lang)
    return Table(
        id=tr("table.known_figures", lang),
        caption=tr("table.known_figures", lang),
        columns=columns("table", lang, Column(title="unit", share=1.8),
                        Column(title="latest_year"), Column(title="land", share=1.6),
                        Column(title="holder", share=2.6)),
        rows=tuple(
            (one.name.text(lang), one.latest_year or missing,
             "; ".join(tr(f"denominators.{land}", lang) for land in one.lands) or missing,
             one.holder.text(lang))
            for one in answer.units
        ),
        note=tr("table.known_figures_note", lang),
    )  # fmt: skip


def unit_document(answer: UnitSheet, lang: str, picture: Picture | None = None) -> Document:
    """Return all that is known of a unit, with where it lies: its land and its densities."""
    lands = Table(
        id=tr("table.land", lang),
        caption=tr("table.land", lang),
        columns=columns("table", lang, Column(title="land", share=1.6),
                        Column(title="area_km2", decimals=2), Column(title="area_method"),
                        Column(title="year_header"), Column(title="source", share=3.0),
                        Column(title="area_quality", data_only=True)),
        rows=tuple(
            (tr(f"denominators.{one.kind}", lang),
             Marked(value=one.area_km2, mark=area_qualifier(one.quality, lang)),
             tr(f"area_methods.{one.method}", lang), one.years, source_text(one.source, lang),
             quality_text(one.quality, lang))
            for one in answer.lands
        ),
    )  # fmt: skip
    figures: tuple[UnitDensity | UnitFigure, ...] = (*answer.rows, *answer.undivided)
    notes = note_lines((one.qualifiers for one in figures), lang)
    sources = sources_text((one.source for one in figures), lang)
    found: tuple[Block, ...] = (Paragraph(text=tr("table.no_density", lang)),)
    if answer.rows:
        found = (_unit_densities(answer, lang),)
    cited = f"{tr('table.source', lang)}: {sources}"
    return sheet_of(
        f"{answer.unit_name.text(lang)} · {tr('table.density', lang)}",
        (
            *basis_blocks(answer.basis, lang),
            *notes,
            *_where(answer, lang, picture),
            lands,
            *found,
            *_undivided(answer, lang),
            *((Paragraph(text=cited, role="citation"),) if sources else ()),
        ),
        lang=lang,
        foot=answer.made_on,
    )


def _unit_densities(answer: UnitSheet, lang: str) -> Table:
    """Return a row for each value, with its density over each kind of the unit's land."""
    kinds = tuple(dict.fromkeys(one.denominator for one in answer.rows))
    said = {one.denominator for one in answer.rows if one.qualifiers.area_quality != "official"}
    over_land = (
        Column(title=f"÷ {tr(f'denominators.{kind}', lang)}", key=kind, unit="/km²", decimals=3,
               share=3.3 if kind in said else 2.3)
        for kind in kinds
    )  # fmt: skip
    return Table(
        id=tr("table.densities", lang),
        caption=tr("table.densities", lang),
        columns=(
            *columns("table", lang, Column(title="indicator", share=3.1),
                     Column(title="period", share=2.0),
                     Column(title="value", decimals=2, share=2.3)),
            *over_land,
            *columns("table", lang, Column(title="density_unit", data_only=True),
                     Column(title="source", data_only=True)),
        ),
        rows=tuple(_unit_row(by_land, kinds, lang) for by_land in _values_of(answer.rows)),
    )  # fmt: skip


def _undivided(answer: UnitSheet, lang: str) -> Iterator[Block]:
    """Yield the figures of which there is no density with the reason, and who has the rest."""
    if answer.undivided:
        yield Table(
            id=tr("table.undivided", lang),
            caption=tr("table.undivided", lang),
            columns=columns(
                "table", lang, Column(title="indicator", share=2.3),
                Column(title="period", share=1.5), Column(title="value", decimals=2, share=1.5),
                Column(title="reason", share=2.0), Column(title="source", data_only=True),
            ),
            rows=tuple(
                (f"{one.name.text(lang)} ({unit_text(one.unit, lang)})",
                 f"{one.year} {tr(f'periods.{one.period}', lang)}",
                 Marked(value=one.value, mark=value_qualifier(one.qualifiers, lang)),
                 tr(f"reasons.{one.reason}", lang), source_text(one.source, lang))
                for one in answer.undivided
            ),
        )  # fmt: skip
    if answer.holder:
        text = f"{tr('table.holder', lang)}: {answer.holder.text(lang)}"
        yield Paragraph(text=text, role="small")


def _values_of(rows: Iterable[UnitDensity]) -> Iterable[dict[str, UnitDensity]]:
    """Return the densities of each value by kind of land; lands of one kind are apart."""
    found: dict[object, dict[str, UnitDensity]] = {}
    for row in rows:
        said = row.qualifiers
        value = (row.indicator, row.year, row.period, row.value, row.source, said.months,
                 said.relation, said.basis)  # fmt: skip
        count = sum(row.denominator in found.get((value, at), ()) for at in range(len(found)))
        found.setdefault((value, count), {})[row.denominator] = row
    return found.values()


def _unit_row(
    by_land: Mapping[str, UnitDensity], kinds: Sequence[str], lang: str
) -> tuple[Cell, ...]:
    one = next(iter(by_land.values()))
    return (
        f"{one.name.text(lang)} ({unit_text(one.unit, lang)})",
        f"{one.year} {tr(f'periods.{one.period}', lang)}",
        Marked(value=one.value, mark=value_qualifier(one.qualifiers, lang)),
        *(
            Marked(value=by_land[kind].density, mark=qualifier(by_land[kind].qualifiers, lang))
            if kind in by_land
            else None
            for kind in kinds
        ),
        unit_text(one.density_unit, lang),
        source_text(one.source, lang),
    )


def _where(answer: UnitSheet, lang: str, picture: Picture | None) -> tuple[Figure, ...]:
    if picture is None:
        return ()
    caption = tr("table.where", lang, name=answer.unit_name.text(lang))
    return (Figure(caption=caption, alt=caption, picture=picture, width_mm=80.0),)


def _density_table(answer: DensityTable, lang: str) -> Table:
    unit = unit_text(answer.unit, lang)
    measures = dict.fromkeys(row.value_unit for row in answer.rows if row.density is not None)
    land = tr(f"denominators.{answer.denominator}", lang)
    return Table(
        id=answer.name.text(lang),
        caption=f"{answer.name.text(lang)} {answer.year} ÷ {land} ({unit})",
        columns=columns(
            "table", lang, Column(title="unit", share=2.2),
            Column(title="value", decimals=2,
                   unit=", ".join(unit_text(one, lang) for one in measures) or None),
            Column(title="value_unit", data_only=True), Column(title="relation"),
            Column(title="period"), Column(title="area_km2", decimals=2),
            Column(title="area_method", data_only=True),
            Column(title="density", decimals=3, unit=unit, share=1.3), Column(title="reason"),
            Column(title="source", data_only=True), Column(title="area_source", data_only=True),
            Column(title="quality", share=1.2), Column(title="area_quality", data_only=True),
        ),
        rows=tuple(_density_row(row, lang) for row in answer.rows),
    )  # fmt: skip


def _density_row(row: DensityRow, lang: str) -> tuple[Cell, ...]:
    def words(prefix: str, key: str | None) -> str | None:
        return tr(f"{prefix}.{key}", lang) if key else None

    density: Cell = None
    if row.density is not None:
        density = Marked(
            value=Formula(text="{value}/{area_km2}", value=row.density),
            mark=qualifier(row.qualifiers, lang),
        )
    return (
        row.name.text(lang),
        row.value,
        unit_text(row.value_unit, lang),
        relation_text(row.value_relation, lang),
        words("periods", row.value_note),
        Marked(value=row.area_km2, mark=area_qualifier(row.area_quality, lang)),
        words("area_methods", row.area_method),
        density,
        words("reasons", row.reason),
        source_text(row.source, lang) if row.source else None,
        source_text(row.area_source, lang) if row.area_source else None,
        quality_text(row.quality, lang),
        quality_text(row.area_quality, lang),
    )


def _agreement(answer: DensityTable, lang: str) -> Iterator[Block]:
    """Yield whether totals agree with their parts, and areas with drawn boundaries."""
    names = {row.unit_id: row.name.text(lang) for row in answer.rows}
    if total := answer.reconciliation:
        said = {
            "total": number(total.total, 2),
            "parts": number(total.parts_sum, 2),
            "pct": number(total.difference_pct, 2),
            "missing": tr("report.list_mark", lang).join(
                names.get(one, one) for one in total.missing
            ),
        }
        key = "sum_open" if total.missing else "sum_differs" if total.warned else "sum_agrees"
        text = tr(f"cli.{key}", lang, **said)
        marks = dict.fromkeys(qualifier(one, lang) for one in total.qualifiers)
        text += "".join(f" ({mark})" for mark in marks)
        yield Paragraph(text=text, role="notice" if total.warned or total.missing else "body")
        if not total.missing:
            difference = Formula(text="{total}-{districts_sum}", value=total.difference)
            yield Table(
                id=tr("table.districts_sum", lang),
                caption=tr("table.districts_sum", lang),
                columns=columns("table", lang, *(
                    Column(title=name, decimals=2)
                    for name in ("total", "districts_sum", "difference")
                )),
                rows=((total.total, total.parts_sum, difference),),
            )  # fmt: skip
    for area in answer.area_checks:
        if area.warned:
            text = tr(
                "cli.area_differs", lang, name=area.name.text(lang),
                pct=number(area.difference_pct, 2), measured_km2=number(area.measured_km2, 2),
                published_km2=number(area.published_km2, 2),
            )  # fmt: skip
            yield Paragraph(text=text, role="notice")
