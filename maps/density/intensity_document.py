"""The evaluation of development zones as a document whose rates compute themselves."""

import re
from collections.abc import Iterator

from maps.density.answers import Qualifiers
from maps.density.intensity_answers import IntensityReport, RateOut, ZoneIntensity
from maps.density.qualified import note_lines, qualifier, qualifier_notices
from maps.density.unread import unread_blocks
from maps.document.cells import Cell, Column, Formula, Marked, Plain, columns
from maps.document.model import Block, Document, Heading, Paragraph, Table, sheet_of
from maps.document.reading import ledger_blocks
from maps.i18n import tr
from maps.law_words import article_text
from maps.numbers import unit_text
from maps.source_words import source_text


def intensity_document(answer: IntensityReport, lang: str) -> Document:
    """Return a table of all zones, and for each its quantities and the rates over them."""
    cited = f"{answer.citation.document(lang)} {article_text(answer.citation.number, lang)}"
    scheme = answer.scheme
    blocks: list[Block] = [
        Paragraph(text=f"{scheme.name.text(lang)}: {scheme.note.text(lang)}", role="notice"),
        *qualifier_notices([answer.qualifiers], lang),
        *note_lines([answer.qualifiers], lang),
        *unread_blocks(answer.unread, answer.left_out, lang),
        *ledger_blocks(answer.ledger, lang),
    ]
    told = "; ".join(filter(None, (cited, source_text(scheme.source, lang))))
    blocks.append(Paragraph(text=told, role="citation"))
    for number, zone in enumerate(answer.zones, start=1):
        blocks += _zone(zone, number, lang)
    blocks += [_goals(answer, lang), _zones(answer, lang)]
    return sheet_of(
        tr("intensity.title", lang), tuple(blocks), lang=lang, subtitle=answer.source_name
    )


def _zone_name(zone: ZoneIntensity) -> str:
    return zone.name or zone.code or "—"


def _zones(answer: IntensityReport, lang: str) -> Table:
    potentials = ("expand", "structure", "intensity", "management")
    return Table(
        id=tr("intensity.zones", lang),
        caption=tr("intensity.zones", lang),
        columns=columns(
            "intensity", lang, Column(title="zone", share=2.0), Column(title="type"),
            Column(title="score", decimals=1), Column(title="judged", decimals=0),
            *(Column(title=name, decimals=2) for name in potentials),
        ),
        rows=tuple(
            (_zone_name(zone), tr(f"zone_types.{zone.zone_type}", lang),
             *(_marked(value, zone.qualifiers, lang)
               for value in (zone.score, zone.judged_pct, zone.potential.expand_ha,
                             zone.potential.structure_ha, zone.potential.intensity_ha,
                             zone.potential.management_ha)))
            for zone in answer.zones
        ),
        note=tr("intensity.judged_note", lang),
    )  # fmt: skip


def _zone(zone: ZoneIntensity, number: int, lang: str) -> Iterator[Block]:
    kind = tr(f"zone_types.{zone.zone_type}", lang)
    yield Heading(text=f"{_zone_name(zone)}: {kind}")
    if zone.type_agrees is False:
        text = tr("cli.type_differs", lang, stated=zone.stated_type, found=kind)
        yield Paragraph(text=text, role="notice")
    for field, why in zone.unread:
        words = tr(f"table_problems.{why}", lang, text=field)
        text = tr("cli.unread", lang, field=field, why=words)
        yield Paragraph(text=text, role="notice")
    known = {name: value for name, value in zone.quantities.items() if value is not None}
    yield Table(
        id=f"{number} {_zone_name(zone)}",
        caption=_zone_name(zone),
        given=tuple(
            (Column(title=tr(f"quantities.{name}", lang), key=name),
             _marked(value, zone.of_quantities[name], lang))
            for name, value in known.items()
        ),
        columns=columns(
            "table", lang, Column(title="zone", data_only=True), Column(title="indicator", share=2),
            Column(title="goal"), Column(title="value", decimals=2), Column(title="value_unit"),
            Column(title="ideal", decimals=2), Column(title="realised", decimals=1),
            Column(title="reason", share=1.6), Column(title="formula", data_only=True),
        ),
        rows=tuple(_rate_row(zone, rate, lang) for rate in zone.rates),
    )  # fmt: skip


def _rate_row(zone: ZoneIntensity, rate: RateOut, lang: str) -> tuple[Cell, ...]:
    goals = {goal.id: goal.name.text(lang) for goal in zone.goals}
    value: Plain = rate.value
    if rate.reason is None:
        value = Formula(text=_formula(rate.formula), value=rate.value)
    realised: Plain = None
    if rate.realisation_pct is not None:
        less = rate.ideal == 0.0
        text = "MAX(0,100-{value})" if less else "MIN({value}/{ideal},1)*100"
        realised = Formula(text=text, value=rate.realisation_pct)
    return (
        _zone_name(zone),
        rate.name.text(lang),
        goals[rate.goal],
        _marked(value, rate.qualifiers, lang),
        unit_text(rate.unit, lang),
        rate.ideal,
        _marked(realised, rate.qualifiers, lang),
        _reason(rate, lang),
        rate.formula,
    )


def _marked(value: Plain, found: Qualifiers | None, lang: str) -> Cell:
    """Return a figure with what qualifies it; nothing where there is no figure."""
    return None if value is None else Marked(value=value, mark=qualifier(found, lang))


def _formula(formula: str) -> str:
    """Return a formula of the answer over the cells of its quantities."""
    text = formula.replace("×", "*").replace("−", "-")
    return re.sub(r"[A-Za-z_]\w*", lambda found: f"{{{found[0]}}}", text)


def _reason(rate: RateOut, lang: str) -> str | None:
    if rate.reason == "missing":
        names = ", ".join(tr(f"quantities.{name}", lang) for name in rate.missing)
        return tr("cli.rate_missing", lang, names=names)
    return tr(f"reasons.rate_{rate.reason}", lang) if rate.reason else None


def _goals(answer: IntensityReport, lang: str) -> Table:
    return Table(
        id=tr("intensity.goals", lang),
        caption=tr("intensity.goals", lang),
        columns=columns(
            "intensity", lang, Column(title="zone", share=2.0), Column(title="goal", share=2.0),
            Column(title="score", decimals=1), Column(title="judged", decimals=0),
        ),
        rows=tuple(
            (_zone_name(zone), goal.name.text(lang), _marked(goal.score, zone.qualifiers, lang),
             goal.judged_pct)
            for zone in answer.zones
            for goal in zone.goals
        ),
    )  # fmt: skip
