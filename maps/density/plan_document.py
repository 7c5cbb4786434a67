"""The plan's indicators as a document whose growth, path and density compute themselves."""

from typing import Final

from maps.density.drawn.bars import Bar, BarChart
from maps.density.progress_chart import COLOURS
from maps.density.qualified import note_lines, qualifier
from maps.density.statistics_answers import (
    RATE_DECIMALS,
    VALUE_DECIMALS,
    PlanMonitor,
    PlanRow,
    ShareOut,
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
    sheet_of,
)
from maps.i18n import tr
from maps.numbers import number, unit_text
from maps.source_words import source_text, sources_text

_TONES: Final = {"reached": "reached", "on_track": "on_time", "behind": "behind"}
_QUIET: Final = "#b3bcc6"


def plan_document(
    answer: PlanMonitor, lang: str, drawn: tuple[str, Picture] | None = None
) -> Document:
    """Return the indicators and how they stand, and the shares of the province.

    ``drawn`` is a map with its caption.
    """
    plan = Table(
        id=tr("table.plan", lang),
        caption=tr("table.plan", lang),
        columns=columns(
            "table", lang, Column(title="number", share=0.5), Column(title="indicator", share=2.4),
            Column(title="value_unit"), Column(title="first", decimals=VALUE_DECIMALS),
            Column(title="target", decimals=VALUE_DECIMALS, share=1.2),
            Column(title="required", decimals=RATE_DECIMALS, share=1.2),
            Column(title="latest", decimals=VALUE_DECIMALS), Column(title="latest_year"),
            Column(title="achieved", decimals=RATE_DECIMALS),
            Column(title="path_now", decimals=VALUE_DECIMALS, data_only=True),
            Column(title="of_target", decimals=1, data_only=True),
            Column(title="course"), Column(title="target_density", decimals=3),
            Column(title="density_unit", data_only=True),
            base_year=answer.base_year, target_year=answer.target_year,
        ),
        rows=tuple(_plan_row(row, answer.area_km2, lang) for row in answer.rows),
    )  # fmt: skip
    shares = Table(
        id=tr("table.shares", lang),
        caption=tr("table.shares", lang),
        columns=columns(
            "table", lang, Column(title="indicator", share=2.4), Column(title="printed"),
            Column(title="part", decimals=2), Column(title="whole", decimals=2),
            Column(title="value_unit"), Column(title="share", decimals=3),
            Column(title="agreement", share=1.6), Column(title="source", share=3.0),
        ),
        rows=tuple(_share_row(share, lang) for share in answer.shares),
    )  # fmt: skip
    source = (
        f"{tr('table.source', lang)}: {sources_text((answer.source, answer.area_source), lang)}"
    )
    notes = note_lines((row.latest_qualifiers for row in answer.rows), lang)
    map_of_targets = (
        () if drawn is None else (Figure(caption=drawn[0], alt=drawn[0], picture=drawn[1]),)
    )
    blocks: tuple[Block, ...] = (
        *notes, _bars(answer, plan.id, lang), plan, *map_of_targets, shares,
        Paragraph(text=source, role="citation"),
    )  # fmt: skip
    return sheet_of(tr("table.plan_title", lang), blocks, lang=lang)


def _bars(answer: PlanMonitor, table: str, lang: str) -> Figure:
    """Return every indicator as a bar: how much of its target the last known value is."""
    bars = tuple(
        Bar(
            name=f"{row.number} {row.name.text(lang)}", value=_reached_pct(row),
            text=_bar_text(row, lang), colour=COLOURS.get(_TONES.get(row.course, ""), _QUIET),
        )
        for row in answer.rows
    )  # fmt: skip
    return Figure(
        caption=tr("table.plan_bars", lang),
        alt="; ".join(f"{bar.name} {bar.text}" for bar in bars),
        picture=BarChart(bars=bars),
        charted=Charted(table=table, names=("indicator",), values=("of_target",)),
    )


def _known(row: PlanRow) -> tuple[float | None, int]:
    """Return the last known value with its year; that of the first year where none is later."""
    if row.latest_value is not None and row.latest_year is not None:
        return row.latest_value, row.latest_year
    return row.first_value, row.first_year


def _reached_pct(row: PlanRow) -> float | None:
    value, _ = _known(row)
    return 100.0 * value / row.target_value if value is not None and row.target_value else None


def _bar_text(row: PlanRow, lang: str) -> str:
    found, (_, year) = _reached_pct(row), _known(row)
    if found is None:
        return tr("table.no_bar_of_rule", lang)
    text = f"{number(found, RATE_DECIMALS)} % ({year})"
    mark = qualifier(row.latest_qualifiers, lang) if year == row.latest_year else None
    return f"{text} {mark}" if mark else text


def _of_target(row: PlanRow) -> Cell:
    found, later = _reached_pct(row), row.latest_value is not None
    if found is None:
        return None
    name = "latest" if later and row.latest_year is not None else "first"
    return Formula(text=f"100*{{{name}}}/{{target}}", value=found)


def _plan_row(row: PlanRow, area_km2: float, lang: str) -> tuple[Cell, ...]:
    growth, years = row.growth, row.target_year - row.first_year
    required: Cell = None
    if growth.required_pct is not None:
        text = f"100*(({{target}}/{{first}})^(1/{years})-1)"
        otherwise = tr("cli.printed_otherwise", lang, pct=number(growth.printed_pct, 1))
        required = Marked(
            value=Formula(text=text, value=growth.required_pct),
            mark=otherwise if growth.agrees is False else None,
        )
    passed = f"({{latest_year}}-{row.first_year})"
    achieved: Cell = None
    if growth.achieved_pct is not None:
        text = f"100*(({{latest}}/{{first}})^(1/{passed})-1)"
        achieved = Formula(text=text, value=growth.achieved_pct)
    path = next((point.path for point in row.points if point.year == row.latest_year), None)
    on_path: Cell = None
    if path is not None:
        share = f"{passed}/{years}"
        step = f"{{first}}+({{target}}-{{first}})*{share}"
        if not row.cumulative:
            step = f"{{first}}*({{target}}/{{first}})^({share})"
        on_path = Formula(text=step, value=path)
    density: Cell = None
    if row.target_density is not None:
        density = Marked(
            value=Formula(text=f"{{target}}/{area_km2!r}", value=row.target_density),
            mark=qualifier(row.target_qualifiers, lang),
        )
    ruled = tr(f"target_rules.{row.target_rule}", lang) if row.target_value is None else None
    return (
        row.number,
        row.name.text(lang),
        unit_text(row.unit, lang),
        row.first_value,
        ruled or row.target_value,
        required,
        Marked(value=row.latest_value, mark=qualifier(row.latest_qualifiers, lang)),
        row.latest_year,
        achieved,
        on_path,
        _of_target(row),
        tr(f"courses.{row.course}", lang),
        density,
        unit_text(row.density_unit, lang) if row.density_unit else None,
    )


def share_mark(share: ShareOut, lang: str) -> str | None:
    """Return what qualifies a share: all that qualifies the two figures that it follows from."""
    both = (share.numerator_qualifiers, share.denominator_qualifiers)
    return "; ".join(dict.fromkeys(filter(None, (qualifier(one, lang) for one in both)))) or None


def _share_row(share: ShareOut, lang: str) -> tuple[Cell, ...]:
    found: Cell = None
    said = "ui.share_open"
    if share.recomputed_pct is not None:
        found = Marked(
            value=Formula(text="100*{part}/{whole}", value=share.recomputed_pct),
            mark=share_mark(share, lang),
        )
        said = "table.share_agrees" if share.agrees else "table.share_differs"
    return (
        share.name.text(lang),
        share.printed_pct,
        Marked(value=share.numerator, mark=qualifier(share.numerator_qualifiers, lang)),
        Marked(value=share.denominator, mark=qualifier(share.denominator_qualifiers, lang)),
        unit_text(share.unit, lang),
        found,
        tr(said, lang),
        source_text(share.source, lang) if share.source else None,
    )
