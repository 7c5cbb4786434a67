"""The certificate of sensitive areas as blocks: who was examined, and what is known of each."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from layers.check.register import load_register
from maps.answers import Title
from maps.check.answers import CheckResult, ClaimUnit, RegisterList
from maps.check.sensitive import STATES, Examined, MemberState
from maps.document.cells import Cell, Column, Marked, Tag
from maps.document.model import Block, Document, Paragraph, Section, Table, sheet_of
from maps.i18n import tr

_TONES: Final = {
    Examined.TOUCHED: "conflict",
    Examined.UNDETERMINED: "undetermined",
    Examined.NOT_EXAMINED: "undetermined",
    Examined.CLEAR: "clear",
    Examined.CANNOT_OCCUR: "clear",
}


def state_tag(one: MemberState, lang: str) -> Tag:
    """Return what is known of a member as a coloured word; a contact is called so."""
    text = tr(f"examined.{one.state}", lang)
    if one.verdict == "contact":
        return Tag(text=f"{text} ({tr('verdicts.contact', lang)})", tone="contact")
    return Tag(text=text, tone=_TONES[Examined(one.state)])


def summary_blocks(states: Iterable[MemberState], lang: str) -> Iterator[Block]:
    """Return the names of members by what is known of them, the gravest first."""
    told = list(states)
    for state in STATES:
        names = [_marked_name(one, lang) for one in told if one.state == state]
        if names:
            yield Paragraph(text=summary_text(state, names, lang), role="item")


def summary_text(state: Examined, names: Sequence[str], lang: str) -> str:
    """Return what is known of several members, by name."""
    said = {"state": tr(f"examined.{state}", lang), "names": "; ".join(names)}
    return tr("sensitive.summary", lang, count=len(names), **said)


def not_examined_blocks(titles: Sequence[Title], lang: str) -> Iterator[Block]:
    """Yield what nobody examined, by name; nothing where there is none."""
    if titles:
        names = [one.text(lang) for one in titles]
        text = summary_text(Examined.NOT_EXAMINED, names, lang)
        yield Paragraph(text=text, role="notice")


def certificate_table(states: Sequence[MemberState], title: str, lang: str) -> Table:
    """Return every member by name in the order of the register, with why where it is not clear."""
    rows = tuple(
        (
            _group(one, lang),
            one.title.text(lang),
            Marked(value=state_tag(one, lang), mark=_mark(one, lang)),
            _why(one, lang),
        )
        for one in states
    )
    names = (("group", 0.95), ("member", 2.3), ("state", 2.5))
    columns = tuple(
        Column(title=tr(f"sensitive.{name}", lang), share=share) for name, share in names
    )
    why = Column(title=tr("report.why", lang), share=2.0)
    # One sheet of a workbook holds those of all units, each under its caption.
    sheet = tr("sensitive.sheet", lang)
    return Table(id=sheet, caption=title, columns=(*columns, why), rows=rows)


def sensitive_section(check: CheckResult, lang: str) -> Section:
    """Return the chapter of a report: over all sites, and which of them where it is not clear."""
    lead = Paragraph(text=tr("sensitive.lead", lang))
    table = certificate_table(check.sensitive, tr("sensitive.certificate", lang), lang)
    names = {site.site_id: site.name or site.site_id for site in check.sites}
    rows: list[tuple[Cell, ...]] = []
    for row, one in zip(table.rows, check.sensitive, strict=True):
        told = one.state not in (Examined.CLEAR, Examined.CANNOT_OCCUR)
        everywhere = len(one.sites) == len(names)
        at = "; ".join(names[site] for site in one.sites) if told and not everywhere else None
        rows.append((*row, at))
    where = Column(title=tr("sensitive.state_sites", lang), share=1.6)
    table = Table(
        id=tr("sensitive.sheet", lang),
        caption=table.caption,
        columns=(*table.columns, where),
        rows=tuple(rows),
    )
    return Section(title=tr("sensitive.title", lang), blocks=(lead, table))


def unit_certificate(unit: ClaimUnit, lang: str) -> Table:
    """Return the certificate of a planning unit."""
    title = f"{tr('sensitive.certificate', lang)}: {unit.name.text(lang)}"
    return certificate_table(unit.members, title, lang)


def register_document(answer: RegisterList, lang: str) -> Document:
    """Return the register: every member with its law and the layers that show it."""
    rows = tuple(
        (
            _group_name(one.group, lang),
            one.title.text(lang),
            "; ".join(dict.fromkeys(law.text(lang) for law in one.laws)) or None,
            "; ".join(one.layers)
            or (one.why.text(lang) if one.why else tr("sensitive.no_layer", lang)),
        )
        for one in answer.members
    )
    names = ("group", "member", "law", "layers")
    columns = tuple(Column(title=tr(f"sensitive.{name}", lang)) for name in names)
    source = Paragraph(text=answer.source.text(lang), role="citation")
    lead = Paragraph(text=tr("sensitive.lead", lang))
    table = Table(id=tr("sensitive.sheet", lang), caption=None, columns=columns, rows=rows)
    return sheet_of("", (source, lead, table), lang=lang)


def _group(one: MemberState, lang: str) -> str:
    return tr("sensitive.beside", lang) if one.group is None else _group_name(one.group, lang)


def _group_name(group: int, lang: str) -> str:
    named = load_register().groups[group]
    return named.zh if lang == "zh" else named.en


def _why(one: MemberState, lang: str) -> str | None:
    if one.why:
        return one.why.text(lang)
    if one.state == Examined.NOT_EXAMINED:
        return tr("reasons.layer_missing", lang)
    told = one.reasons if one.state != Examined.CLEAR else []
    return "; ".join(tr(f"reasons.{reason}", lang) for reason in told) or None


def _mark(one: MemberState, lang: str) -> str | None:
    """Return the status of the layers behind a state, None where they are official."""
    return "; ".join(tr(f"statuses.{status}", lang) for status in one.statuses) or None


def _marked_name(one: MemberState, lang: str) -> str:
    mark = _mark(one, lang)
    return f"{one.title.text(lang)} ({mark})" if mark else one.title.text(lang)
