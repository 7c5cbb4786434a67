"""The statement of a quarter as a document: overview, texts, table, chart, agreement."""

from collections.abc import Sequence
from typing import Final

from maps.density.answers import Reconciliation
from maps.density.progress_chart import ProgressChart
from maps.density.qualified import note_lines, qualifier, relation_text, value_qualifier
from maps.density.statement_answers import (
    FinalEvaluation,
    FinalRow,
    ResourceRow,
    ResourceUse,
    Statement,
    StatementRow,
)
from maps.density.statement_words import months_text
from maps.document.cells import Cell, Column, Marked, Tag, columns
from maps.document.model import (
    Block,
    Charted,
    Document,
    Figure,
    Heading,
    Paragraph,
    Picture,
    Table,
    sheet_of,
)
from maps.i18n import tr
from maps.numbers import number, unit_text
from maps.source_words import source_text, sources_text

_TONES: Final = {"behind": "conflict", "slightly_behind": "warning"}


def statement_document(
    answer: Statement, lang: str, drawn: tuple[str, Picture] | None = None
) -> Document:
    """Return a statement to be handed in; ``drawn`` is a map with its caption."""
    span = months_text(answer.months, lang)
    texts = [Paragraph(text=row.text.text(lang), role="item") for row in answer.rows]
    sources = sources_text(_sources(answer), lang)
    blocks: tuple[Block, ...] = (
        Paragraph(text=answer.overview.text(lang)),
        *_chart(answer, lang),
        Heading(text=tr("statement.by_row", lang)),
        *texts,
        *((Figure(caption=drawn[0], alt=drawn[0], picture=drawn[1]),) if drawn else ()),
        _table(answer, lang),
        *_density_table(answer, lang),
        *_agreement(answer, lang),
        *note_lines((row.value_qualifiers for row in answer.rows), lang),
        Paragraph(
            text=tr("statement.own_rules" if answer.own_rules else "statement.rules", lang),
            role="small",
        ),
        Paragraph(text=f"{tr('table.source', lang)}: {sources}", role="citation"),
    )
    return sheet_of(
        tr("statement.title", lang),
        blocks,
        lang=lang,
        subtitle=f"{answer.year} {span}",
        foot=answer.made_on,
    )


def resource_document(answer: ResourceUse, lang: str) -> Document:
    """Return energy, water, land and carbon per product, or why there is none."""
    table = Table(
        id=tr("resource.title", lang),
        caption=f"{answer.unit_name.text(lang)} {answer.year}",
        columns=columns(
            "resource", lang, Column(title="what", share=1.3), Column(title="amount", decimals=2),
            Column(title="amount_unit"), Column(title="value", decimals=4), Column(title="unit"),
            Column(title="reason", share=2.0), Column(title="source", share=1.6),
        ),
        rows=(
            _product_row(answer, lang),
            *(_resource_row(row, answer, lang) for row in answer.rows),
        ),
    )  # fmt: skip
    return sheet_of(
        tr("resource.title", lang),
        (table, Paragraph(text=_factor_text(answer, lang), role="small")),
        lang=lang,
        subtitle=f"{answer.unit_name.text(lang)} · {answer.year}",
    )


def _factor_text(answer: ResourceUse, lang: str) -> str:
    if answer.factor_t_per_tce is None:
        return tr("resource.no_factor", lang)
    return tr(
        "resource.factor", lang, factor=f"{answer.factor_t_per_tce:g}",
        source=source_text(answer.factor_source or "", lang),
    )  # fmt: skip


def final_document(answer: FinalEvaluation, lang: str) -> Document:
    """Return the plan's indicators at its end, and the base of the next years."""
    years = {
        "base_year": answer.base_year,
        "target_year": answer.final_year,
        "next_year": answer.next_year,
        "first_next_year": answer.final_year + 1,
        "years": answer.final_year - answer.base_year,
    }
    listed = tr("report.list_mark", lang).join(
        tr("statement.counted", lang, judgement=tr(f"outcomes_final.{one}", lang), count=count)
        for one, count in answer.counts.items()
    )
    table = Table(
        id=tr("final.title", lang),
        caption=tr("final.title", lang),
        columns=columns(
            "final", lang, Column(title="number", share=0.5), Column(title="indicator", share=2.2),
            Column(title="unit", share=0.8), Column(title="first", align="right"),
            Column(title="target", align="right", share=1.2),
            Column(title="final", align="right", share=1.3),
            Column(title="added", align="right", share=1.2), Column(title="done", decimals=1),
            Column(title="outcome"), **years,
        ),
        rows=tuple(_final_row(row, lang) for row in answer.rows),
        note=tr("final.note", lang, **years),
    )  # fmt: skip
    following = range(answer.final_year + 1, answer.next_year + 1)
    base = Table(
        id=tr("final.base", lang, **years),
        caption=tr("final.base", lang, **years),
        columns=(
            *columns("final", lang, Column(title="indicator", share=2.2), Column(title="unit"),
                     Column(title="base", align="right", share=1.3), **years),
            *(Column(title=str(year), align="right") for year in following),
            *columns("final", lang, Column(title="next_target", align="right"), **years),
        ),
        rows=tuple(_base_row(row, len(following), lang) for row in answer.rows),
        note=tr("final.base_note", lang, **years),
    )  # fmt: skip
    source = f"{tr('table.source', lang)}: {source_text(answer.source, lang)}"
    return sheet_of(
        tr("final.title", lang),
        (
            Paragraph(text=tr("final.overview", lang, listed=listed)),
            table,
            base,
            *note_lines((row.qualifiers for row in answer.rows), lang),
            Paragraph(text=source, role="citation"),
        ),
        lang=lang,
        subtitle=str(answer.final_year),
    )


def _sources(answer: Statement) -> list[str]:
    found = [
        said.source
        for row in answer.rows
        for said in (row.value_qualifiers, row.target_qualifiers)
        if said
    ]
    return list(dict.fromkeys(found))


def _chart(answer: Statement, lang: str) -> tuple[Figure, ...]:
    rows = tuple(
        (f"{row.unit_name.text(lang)} {row.name.text(lang)}", row.progress_pct, row.judgement,
         _progress_text(row, lang))
        for row in answer.rows
    )  # fmt: skip
    time = tr("statement.time", lang, pct=number(answer.time_pct, 1))
    alt = "; ".join(f"{name} {said}" for name, _, _, said in rows)
    picture = ProgressChart(rows=rows, time_pct=answer.time_pct, time_text=time)
    charted = Charted(
        table=tr("statement.table", lang), names=("unit", "indicator"), values=("progress",)
    )
    caption = tr("statement.chart", lang)
    return (Figure(caption=caption, alt=alt, picture=picture, charted=charted),)


def _progress_text(row: StatementRow, lang: str) -> str:
    """Return how far a row has come, as far as that is known, or why nothing can be said."""
    if row.progress_pct is None:
        return tr(f"judgements.{row.judgement}", lang)
    said = row.value_qualifiers
    sign = f"{said.relation} " if said and said.relation != "=" else ""
    return f"{sign}{number(row.progress_pct, 1)} %"


def _table(answer: Statement, lang: str) -> Table:
    return Table(
        id=tr("statement.table", lang),
        caption=tr("statement.table", lang),
        columns=columns(
            "statement", lang, Column(title="unit", share=1.9),
            Column(title="indicator", share=1.7),
            Column(title="measure"), Column(title="value", align="right", share=1.3),
            Column(title="before", align="right"), Column(title="change", decimals=1),
            Column(title="target", align="right"), Column(title="progress", decimals=1),
            Column(title="judgement", share=1.6),
            Column(title="target_density", decimals=3, share=1.2),
        ),
        rows=tuple(_row(row, lang) for row in answer.rows),
    )  # fmt: skip


def _row(row: StatementRow, lang: str) -> tuple[Cell, ...]:
    def figure(value: float | None) -> float | int | None:
        return _rounded(value, row.decimals)

    return (
        row.unit_name.text(lang),
        row.name.text(lang),
        unit_text(row.unit, lang),
        Marked(value=figure(row.value), mark=value_qualifier(row.value_qualifiers, lang)),
        Marked(value=figure(row.before), mark=value_qualifier(row.before_qualifiers, lang)),
        row.change_pct,
        Marked(value=figure(row.target), mark=value_qualifier(row.target_qualifiers, lang)),
        Marked(value=row.progress_pct, mark=_relation(row, lang)),
        Tag(text=tr(f"judgements.{row.judgement}", lang), tone=_TONES[row.judgement])
        if row.judgement in _TONES
        else tr(f"judgements.{row.judgement}", lang),
        Marked(value=row.target_density, mark=tr("periods.target", lang))
        if row.target_density is not None
        else None,
    )


def _relation(row: StatementRow, lang: str) -> str | None:
    said = row.value_qualifiers
    return relation_text(said.relation, lang) if said and said.relation != "=" else None


def _rounded(value: float | None, decimals: int) -> float | int | None:
    """Return a figure with the decimals of its kind: counts have none."""
    if value is None:
        return None
    return round(value) if decimals == 0 else round(value, decimals)


def _density_table(answer: Statement, lang: str) -> tuple[Table, ...]:
    if not answer.density:
        return ()
    return (
        Table(
            id=tr("statement.density", lang),
            caption=tr("statement.density", lang),
            columns=columns(
                "statement", lang, Column(title="unit", share=1.6),
                Column(title="indicator", share=1.6), Column(title="year"),
                Column(title="land", share=1.4), Column(title="dense", decimals=3),
                Column(title="measure"),
            ),
            rows=tuple(
                (one.unit_name.text(lang), one.name.text(lang), one.year,
                 tr(f"denominators.{one.denominator}", lang),
                 Marked(value=one.density, mark=qualifier(one.qualifiers, lang)),
                 unit_text(one.unit, lang))
                for one in answer.density
            ),
        ),
    )  # fmt: skip


def _agreement(answer: Statement, lang: str) -> tuple[Paragraph, ...]:
    names = {row.indicator: row.name for row in answer.rows}
    titles = {row.unit_id: row.unit_name.text(lang) for row in answer.rows}
    return tuple(
        Paragraph(text=_agreement_text(names[key].text(lang), found, titles, lang),
                  role="notice" if found.warned or found.missing else "small",
                  tone="warning" if found.warned else None)
        for key, found in answer.reconciliations.items()
        if key in names
    )  # fmt: skip


def _agreement_text(name: str, found: Reconciliation, titles: dict[str, str], lang: str) -> str:
    key = "sum_open" if found.missing else "sum_differs" if found.warned else "sum_agrees"
    missing = tr("report.list_mark", lang).join(titles.get(one, one) for one in found.missing)
    said = tr(
        f"ui.{key}", lang, total=number(found.total, 2), parts=number(found.parts_sum, 2),
        pct=number(found.difference_pct, 2), missing=missing,
    )  # fmt: skip
    return f"{name}: {said}"


def _product_row(answer: ResourceUse, lang: str) -> tuple[Cell, ...]:
    said, name = answer.product_qualifiers, tr("resource.product", lang)
    missing = tr("resource_reasons.no_value", lang) if answer.product is None else None
    return (
        name,
        Marked(value=answer.product, mark=value_qualifier(said, lang)),
        unit_text(answer.product_unit, lang),
        None,
        None,
        _reasons(missing, name, answer.product_only, lang),
        source_text(said.source, lang) if said else None,
    )


def _resource_row(row: ResourceRow, answer: ResourceUse, lang: str) -> tuple[Cell, ...]:
    said, name = row.amount_qualifiers, tr(f"resource.{row.id}", lang)
    sources = [source_text(said.source, lang)] if said else []
    if row.id == "carbon" and answer.factor_t_per_tce is not None:
        sources.append(_factor_text(answer, lang))
    reason = tr(f"resource_reasons.{row.reason}", lang) if row.reason else None
    return (
        name,
        Marked(value=row.amount, mark=value_qualifier(said, lang)),
        unit_text(row.amount_unit, lang),
        Marked(value=row.value, mark=value_qualifier(row.qualifiers, lang)),
        tr(f"resource_units.{row.id}", lang),
        _reasons(reason, name, row.amount_only, lang),
        tr("report.rows_mark", lang).join(sources) or None,
    )


def _reasons(reason: str | None, name: str, periods: Sequence[str], lang: str) -> str | None:
    """Return why there is nothing, and which figures of the year are no fact of all of it."""
    listed = tr("report.list_mark", lang).join(tr(f"periods.{one}", lang) for one in periods)
    only = tr("resource.only", lang, what=name, listed=listed) if periods else None
    return tr("report.rows_mark", lang).join(filter(None, (reason, only))) or None


def _final_row(row: FinalRow, lang: str) -> tuple[Cell, ...]:
    ruled = tr(f"target_rules.{row.target_rule}", lang) if row.target is None else None
    added: Cell = None
    if row.cumulative:
        added = f"{number(row.added, row.decimals)} / [{_text(row.added_target, row)}]"
    return (
        row.number,
        row.name.text(lang),
        unit_text(row.unit, lang),
        _text(row.first_value, row),
        ruled or _text(row.target, row),
        Marked(value=_text(row.final, row), mark=value_qualifier(row.qualifiers, lang)),
        added,
        row.done_pct,
        Tag(text=tr(f"outcomes_final.{row.outcome}", lang), tone="conflict")
        if row.outcome == "missed"
        else tr(f"outcomes_final.{row.outcome}", lang),
    )


def _base_row(row: FinalRow, years: int, lang: str) -> tuple[Cell, ...]:
    path = [_text(value, row) for value in row.path] or [None] * years
    return (
        row.name.text(lang),
        unit_text(row.unit, lang),
        Marked(value=_text(row.final, row) or tr("final.no_base", lang),
               mark=value_qualifier(row.qualifiers, lang)),
        *path,
        _text(row.next_target, row),
    )  # fmt: skip


def _text(value: float | None, row: FinalRow) -> str | None:
    return None if value is None else number(value, row.decimals)
