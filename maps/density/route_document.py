"""Routes of low-yield land, and the ledger of standard land, as documents."""

from collections.abc import Sequence
from typing import Final

from maps.density.answers import LineLeftOut, Qualifiers
from maps.density.qualified import qualifier, qualifier_notices
from maps.density.route_answers import LandLedger, LedgerRow, LowLandPlan, ParcelRoute, RouteSum
from maps.document.cells import Cell, Column, Marked, Tag, columns
from maps.document.model import Block, Document, Heading, Paragraph, Table, basis_blocks, sheet_of
from maps.i18n import tr
from maps.numbers import number, unit_text

_MOST_ON_PAPER: Final = 120
_MOST_NAMES: Final = 20


def low_land_document(answer: LowLandPlan, lang: str) -> Document:
    """Return what a budget frees, by route and parcel by parcel."""
    names = {one.route: one.name.text(lang) for one in answer.sums}
    summary = tr(
        "routes.summary", lang, budget=number(answer.budget, 2), spent=number(answer.spent, 2),
        freed=number(answer.freed_mu, 2), money=number(answer.money, 2),
    )  # fmt: skip
    unit = tr("routes.unit_mu" if answer.aim == "land" else "routes.unit_money", lang)
    proof = tr(
        "routes.proof", lang, gain=number(answer.gain, 2), most=number(answer.most, 2), unit=unit
    )
    unpriced = tr("report.list_mark", lang).join(one.text(lang) for one in answer.unpriced)
    blocks: tuple[Block, ...] = (
        *basis_blocks(answer.basis, lang),
        *qualifier_notices([answer.qualifiers], lang),
        Paragraph(text=summary),
        Paragraph(text=proof, role="small"),
        *(
            [Paragraph(text=tr("routes.unpriced", lang, names=unpriced), role="notice")]
            if unpriced
            else []
        ),
        _sums(answer, lang),
        _parcels(answer, names, lang),
        Paragraph(text=tr("routes.kept", lang, count=answer.kept_firms), role="small"),
    )
    return sheet_of(tr("routes.title", lang), blocks, lang=lang, subtitle=answer.source_name)


def ledger_document(answer: LandLedger, lang: str) -> Document:
    """Return broken promises and missing figures first, all promises, and the calendar."""
    counts = tr("report.list_mark", lang).join(
        tr("statement.counted", lang, judgement=tr(f"promise_states.{state}", lang), count=count)
        for state, count in answer.counts.items()
    )
    alarms = [one for one in answer.rows if one.state in ("breach", "no_figure", "no_deadline")]
    soon = [one for one in answer.expiries if one.state != "later"]
    warned = tr(
        "ledger_land.warnings", lang, breaches=sum(one.state == "breach" for one in alarms),
        missing=sum(one.state != "breach" for one in alarms), soon=len(soon),
        months=answer.warn_months,
    )  # fmt: skip
    blocks: tuple[Block, ...] = (
        Paragraph(text=warned, role="notice", tone="warning" if alarms or soon else None),
        Paragraph(text=tr("ledger_land.counts", lang, parcels=answer.parcels, listed=counts)),
        *(
            Paragraph(text=tr(f"ledger_land.{key}", lang, names=_names(found, lang)), role="item")
            for key, found in (
                ("without_term", answer.without_term),
                ("unknown_parcels", answer.unknown_parcels),
                ("not_facts", [_left_out(one, lang) for one in answer.left_out]),
                ("sums", [f"{one.text} ({one.line})" for one in answer.sums]),
            )
            if found
        ),
        Heading(text=tr("ledger_land.alarms", lang)),
        _promises(alarms, tr("ledger_land.alarms", lang), lang),
        _calendar(answer, lang),
        _promises(answer.rows, tr("ledger_land.all", lang), lang),
        Paragraph(text=tr("ledger_land.rule", lang), role="small"),
    )
    return sheet_of(
        tr("ledger_land.title", lang), blocks, lang=lang, subtitle=answer.on,
        foot="; ".join(answer.sources),
    )  # fmt: skip


def _names(found: Sequence[str], lang: str) -> str:
    """Return names in a row; of very many the first, and how many there are."""
    listed = ", ".join(found[:_MOST_NAMES])
    more = tr("report.and_more", lang, count=len(found))
    return f"{listed}{more}" if len(found) > _MOST_NAMES else listed


def _left_out(one: LineLeftOut, lang: str) -> str:
    return f"{one.text} ({tr(f'periods.{one.code}', lang)})"


def _sums(answer: LowLandPlan, lang: str) -> Table:
    return Table(
        id=tr("routes.by_route", lang),
        caption=tr("routes.by_route", lang),
        columns=columns(
            "routes", lang, Column(title="route", share=1.6), Column(title="open_parcels"),
            Column(title="parcels"), Column(title="land_mu", decimals=2),
            Column(title="cost", decimals=2), Column(title="freed_mu", decimals=2),
            Column(title="money", decimals=2),
        ),
        rows=tuple(_sum_row(one, lang) for one in answer.sums),
    )  # fmt: skip


def _sum_row(one: RouteSum, lang: str) -> tuple[Cell, ...]:
    return (one.name.text(lang), one.open_parcels, one.parcels, one.land_mu, one.cost,
            one.freed_mu, one.money)  # fmt: skip


def _parcels(answer: LowLandPlan, names: dict[str, str], lang: str) -> Table:
    return Table(
        id=tr("routes.parcels_table", lang),
        caption=tr("routes.parcels_table", lang),
        columns=columns(
            "routes", lang, Column(title="firm", share=1.8), Column(title="district"),
            Column(title="land_mu", decimals=2), Column(title="open", share=1.8),
            Column(title="route", share=1.2), Column(title="decision", share=1.4),
            Column(title="cost", decimals=2), Column(title="freed_mu", decimals=2),
            Column(title="money", decimals=2),
        ),
        rows=tuple(_parcel_row(one, names, lang) for one in answer.parcels),
        most_rows=_MOST_ON_PAPER,
    )  # fmt: skip


def _parcel_row(one: ParcelRoute, names: dict[str, str], lang: str) -> tuple[Cell, ...]:
    def marked(value: float) -> Marked:
        said: Qualifiers = one.qualifiers
        return Marked(value=value, mark=qualifier(said, lang))

    return (
        one.name,
        one.district,
        marked(one.land_mu),
        tr("report.list_mark", lang).join(names[route] for route in one.open) or None,
        names[one.route] if one.route else None,
        tr(f"route_decisions.{one.decision}", lang),
        one.cost if one.route else None,
        one.freed_mu if one.route else None,
        one.money if one.route else None,
    )


def _promises(rows: list[LedgerRow], title: str, lang: str) -> Table:
    return Table(
        id=title,
        caption=title,
        columns=columns(
            "ledger_land", lang, Column(title="parcel", share=0.9), Column(title="firm", share=1.1),
            Column(title="promise", share=1.5), Column(title="year", share=0.7),
            Column(title="promised", decimals=3), Column(title="actual", decimals=3),
            Column(title="unit", share=1.3), Column(title="state", share=1.5),
            Column(title="shortfall", decimals=1),
        ),
        rows=tuple(
            (one.parcel, one.firm, tr(f"promises.{one.promise}", lang), one.year, one.promised,
             one.actual, unit_text(one.unit, lang), _state(one, lang), one.shortfall_pct)
            for one in rows
        ),
        most_rows=_MOST_ON_PAPER,
    )  # fmt: skip


def _state(one: LedgerRow, lang: str) -> Cell:
    text = tr(f"promise_states.{one.state}", lang)
    return Tag(text=text, tone="conflict") if one.state == "breach" else text


def _calendar(answer: LandLedger, lang: str) -> Table:
    return Table(
        id=tr("ledger_land.calendar", lang),
        caption=tr("ledger_land.calendar", lang),
        columns=columns(
            "ledger_land", lang, Column(title="ends_on"), Column(title="parcel", share=1.2),
            Column(title="firm", share=1.6), Column(title="tenure"), Column(title="days_left"),
            Column(title="state"),
        ),
        rows=tuple(
            (one.ends_on, one.parcel, one.firm, one.tenure, one.days_left,
             Tag(text=tr(f"expiry_states.{one.state}", lang), tone="warning")
             if one.state != "later"
             else tr(f"expiry_states.{one.state}", lang))
            for one in answer.expiries
        ),
        most_rows=_MOST_ON_PAPER,
    )  # fmt: skip
