"""The watch over past checks as a document: what changed, counted, and every change."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from geo.units import round_as_printed
from maps.check.batch_document import refusal_text
from maps.check.report.material import outcome_tag, reviewed_tag, reviewed_text, verdict_tag
from maps.check.stale_answers import (
    ChangeGroup,
    FindingChange,
    RuleChangeOut,
    StaleCheck,
    StaleList,
)
from maps.document.cells import Cell, Column, Tag
from maps.document.faults import damaged_blocks
from maps.document.model import Block, Document, Paragraph, Section, Table
from maps.i18n import tr

MOST_ROWS: Final = 200
"""Of changes and checks on paper and at a terminal; a workbook has all."""
_TOLD: Final = ("changed", "undetermined")
Row = tuple[Cell, ...]


def stale_document(answer: StaleList, lang: str) -> Document:
    """Return what changed of law and findings, counted, and then every change and check."""
    counts = Counter(check.state for check in answer.checks)
    said = [f"{tr(f'stale_states.{state}', lang)}  {counts[state]}" for state in sorted(counts)]
    said = said or [tr("cli.no_past_checks", lang)]
    blocks: list[Block] = [Paragraph(text=_scope(answer, lang), role="notice")]
    blocks += [*(Paragraph(text=text) for text in said), *damaged_blocks(answer.damaged, lang)]
    tables = (
        _groups(answer.groups, lang),
        _rules(answer.rules, lang),
        _changes(answer.checks, lang),
        _checks(answer.checks, lang),
    )
    sections = [
        Section(title=table.id, blocks=(table,), wide=True) for table in tables if table.rows
    ]
    return Document(
        lang=lang, title="", sections=(Section(title="", blocks=tuple(blocks)), *sections)
    )


def _scope(answer: StaleList, lang: str) -> str:
    """Return by what past checks were judged again."""
    if answer.law_alone and answer.layers_alone:
        key = "both"
    else:
        key = "law" if answer.law_alone else "layers" if answer.layers_alone else "all"
    layers = ", ".join(answer.layers_alone)
    return tr(f"stale.scope_{key}", lang, day=answer.today, layers=layers)


def _table(name: str, heads: Iterable[Column], rows: Iterable[Row], lang: str) -> Table:
    named = tuple(
        Column(
            title=tr(f"stale.{one.title}", lang),
            share=one.share,
            decimals=one.decimals,
            data_only=one.data_only,
        )
        for one in heads
    )
    return Table(
        id=tr(f"stale.sheet_{name}", lang),
        caption=None,
        columns=named,
        rows=tuple(rows),
        most_rows=MOST_ROWS,
    )


def _groups(groups: Iterable[ChangeGroup], lang: str) -> Table:
    heads = (
        Column(title="findings", decimals=0),
        Column(title="checks", decimals=0),
        Column(title="rule", share=2.0),
        Column(title="turn", share=2.0),
        Column(title="verdict_then", data_only=True),
        Column(title="verdict_now", data_only=True),
        Column(title="what"),
        Column(title="causes", share=2.0),
        Column(title="difference_m2", decimals=2, share=1.4),
        Column(title="rule_id", data_only=True),
    )
    rows = (
        (
            one.findings,
            one.checks,
            _rule_name(one, lang),
            _turn(one, lang),
            _then(one, lang),
            _verdict(one.verdict_now, lang),
            tr(f"stale_what.{one.what}", lang),
            _causes(one.causes, lang),
            one.difference_m2,
            one.rule_id,
        )
        for one in groups
    )
    return _table("groups", heads, rows, lang)


def _rules(rules: Iterable[RuleChangeOut], lang: str) -> Table:
    heads = (
        Column(title="rule", share=2.0),
        Column(title="change"),
        Column(title="day", share=1.2),
        Column(title="law_then", share=2.4),
        Column(title="law_now", share=2.4),
        Column(title="fields", share=2.0),
        Column(title="checks_before", decimals=0),
        Column(title="changed_checks", decimals=0),
        Column(title="changed_findings", decimals=0),
        Column(title="difference_m2", decimals=2, share=1.4),
        Column(title="rule_id", data_only=True),
    )
    rows = (
        (
            one.name.text(lang),
            tr(f"stale_causes.{one.change}", lang),
            one.day,
            one.law_then.text(lang) if one.law_then else None,
            one.law_now.text(lang) if one.law_now else None,
            _fields(one, lang),
            one.checks,
            one.changed_checks,
            one.changed_findings,
            one.difference_m2,
            one.rule_id,
        )
        for one in rules
    )
    return _table("rules", heads, rows, lang)


def _fields(change: RuleChangeOut, lang: str) -> str | None:
    said = (
        tr(f"rule_fields.{one.name}", lang)
        + f" {_value(one.name, one.then, lang)} → {_value(one.name, one.now, lang)}"
        for one in change.fields
    )
    return "; ".join(said) or None


def _value(name: str, value: str | None, lang: str) -> str:
    if value is None:
        return "—"
    if name == "relation":
        return tr(f"relations.{value}", lang)
    return tr(f"stale.{value}", lang) if name == "required" else value


def _changes(checks: Iterable[StaleCheck], lang: str) -> Table:
    heads = (
        Column(title="name", share=1.6),
        Column(title="checked_on", share=1.2),
        Column(title="site"),
        Column(title="rule", share=2.0),
        Column(title="turn", share=2.0),
        Column(title="verdict_then", data_only=True),
        Column(title="verdict_now", data_only=True),
        Column(title="outcome_then", data_only=True),
        Column(title="outcome_now", data_only=True),
        Column(title="overlap_then_m2", decimals=2, share=1.4),
        Column(title="overlap_now_m2", decimals=2, share=1.4),
        Column(title="difference_m2", decimals=2, share=1.4),
        Column(title="causes", share=2.0),
        Column(title="rule_id", data_only=True),
        Column(title="layer_id", data_only=True),
        Column(title="version_then", data_only=True),
        Column(title="version_now", data_only=True),
        Column(title="check_id", data_only=True),
    )
    rows = (_change_row(check, one, lang) for check in checks for one in check.changes)
    return _table("changes", heads, rows, lang)


def _change_row(check: StaleCheck, one: FindingChange, lang: str) -> Row:
    return (
        check.name,
        check.checked_on,
        one.site_name or one.site_id,
        _rule_name(one, lang),
        _turn(one, lang),
        _then(one, lang),
        _verdict(one.verdict_now, lang),
        outcome_tag(one.outcome_then, lang) if one.outcome_then else None,
        outcome_tag(one.outcome_now, lang) if one.outcome_now else None,
        one.overlap_then_m2,
        one.overlap_now_m2,
        one.difference_m2,
        _causes(one.causes, lang),
        one.rule_id,
        one.layer_id,
        one.layer_version_then,
        one.layer_version_now,
        check.check_id,
    )


def _checks(checks: Iterable[StaleCheck], lang: str) -> Table:
    heads = (
        Column(title="state"),
        Column(title="name", share=1.6),
        Column(title="checked_on", share=1.2),
        Column(title="turn", share=2.0),
        Column(title="why", share=2.4),
        Column(title="check_id", share=2.0),
    )
    rows = (
        (
            Tag(text=tr(f"stale_states.{one.state}", lang), tone=_tone(one)),
            one.name,
            one.checked_on,
            _check_turn(one, lang),
            "; ".join(_why(one, lang)) or None,
            one.check_id,
        )
        for one in checks
    )
    return _table("checks", heads, rows, lang)


def _tone(check: StaleCheck) -> str:
    return {"changed": "conflict", "undetermined": "undetermined"}.get(check.state, "clear")


def _check_turn(check: StaleCheck, lang: str) -> Cell:
    if check.verdict_now is None:
        return _then(check, lang)
    then = reviewed_text(check.verdict_then, check.reviewed_then, lang)
    now = tr(f"verdicts.{check.verdict_now}", lang)
    return Tag(text=f"{then} → {now}", tone=check.verdict_now)


def _why(check: StaleCheck, lang: str) -> Iterator[str]:
    yield from (tr(f"stale_causes.{cause}", lang) for cause in check.causes)
    if check.refusal:
        yield refusal_text(check.refusal, lang)


def _rule_name(one: ChangeGroup | FindingChange, lang: str) -> str:
    named = one.rule_name or one.kind_title
    return named.text(lang) if named else one.rule_id


def _then(one: ChangeGroup | FindingChange | StaleCheck, lang: str) -> Cell:
    return reviewed_tag(one.verdict_then, one.reviewed_then, lang) if one.verdict_then else None


def _verdict(verdict: str | None, lang: str) -> Cell:
    return verdict_tag(verdict, lang) if verdict else None


def _turn(one: ChangeGroup | FindingChange, lang: str) -> Cell:
    """Return both verdicts; where they are one, what differs beside the area."""
    then = reviewed_text(one.verdict_then, one.reviewed_then, lang) if one.verdict_then else "—"
    now = tr(f"verdicts.{one.verdict_now}", lang) if one.verdict_now else "—"
    text = f"{then} → {now}"
    if isinstance(one, FindingChange) and one.verdict_then == one.verdict_now:
        text = f"{text} ({_beside(one, lang)})"
    return Tag(text=text, tone=one.verdict_now or one.verdict_then or "undetermined")


def _beside(one: FindingChange, lang: str) -> str:
    if one.outcome_then and one.outcome_now and one.outcome_then != one.outcome_now:
        return " → ".join(tr(f"outcomes.{o}", lang) for o in (one.outcome_then, one.outcome_now))
    if one.difference_m2 and round_as_printed(one.difference_m2, 2):
        return f"{one.difference_m2:+,.2f} m²"
    before, after = (
        "; ".join(tr(f"reasons.{reason}", lang) for reason in reasons)
        for reasons in (one.reasons_then, one.reasons_now)
    )
    return f"{before} → {after}"


def _causes(causes: Iterable[str], lang: str) -> str:
    return ", ".join(tr(f"stale_causes.{cause}", lang) for cause in causes)
