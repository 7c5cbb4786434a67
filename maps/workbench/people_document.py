"""People, keys and the audit trail as documents."""

from collections.abc import Iterable

from maps.document.cells import Cell, Column
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.i18n import tables, tr
from maps.workbench.people_answers import (
    AuditList,
    KeyList,
    KeyOut,
    PersonList,
    PersonOut,
    SignedOut,
)

_AUDIT = (
    "number", "at", "person", "way", "address", "action", "object", "version", "result",
    "request", "digest",
)  # fmt: skip


def people_document(answer: PersonList, lang: str) -> Document:
    """Return all accounts as a table."""
    return sheet_of("", (_people(answer.people, lang),), lang=lang)


def person_document(answer: PersonOut, lang: str) -> Document:
    """Return one account, and the password that is told once."""
    blocks: list[Block] = [_people([answer], lang)]
    if answer.password is not None:
        text = tr("people.password", lang, id=answer.id, password=answer.password)
        blocks.append(Paragraph(text=text, tone="warning"))
    return sheet_of("", tuple(blocks), lang=lang)


def signed_out_document(answer: SignedOut, lang: str) -> Document:
    """Return from how many browsers somebody was signed out."""
    text = tr("people.signed_out", lang, id=answer.id, count=answer.sessions)
    return sheet_of("", (Paragraph(text=text),), lang=lang)


def keys_document(answer: KeyList, lang: str) -> Document:
    """Return keys as a table."""
    return sheet_of("", (_keys(answer.keys, lang),), lang=lang)


def key_document(answer: KeyOut, lang: str) -> Document:
    """Return one key, and its text that is told once."""
    blocks: list[Block] = [_keys([answer], lang)]
    if answer.key is not None:
        blocks.append(Paragraph(text=tr("people.key", lang, text=answer.key), tone="warning"))
    return sheet_of("", tuple(blocks), lang=lang)


def audit_document(answer: AuditList, lang: str) -> Document:
    """Return entries of the audit trail as a table, the newest first."""
    rows = (tuple(str(getattr(one, name)) for name in _AUDIT) for one in answer.entries)
    shown = {"shown": len(answer.entries), "count": answer.count}
    blocks = (_table(_AUDIT, rows, lang), Paragraph(text=tr("people.entries_shown", lang, **shown)))
    return sheet_of("", blocks, lang=lang)


def roles_text(roles: Iterable[str], lang: str) -> str:
    """Return roles in words."""
    words = tables(lang)["roles"]
    return ", ".join(words[role] for role in roles)


def _people(people: Iterable[PersonOut], lang: str) -> Table:
    rows = (
        (
            one.id,
            one.title,
            roles_text(one.roles, lang),
            tr(f"clearances.{one.clearance}", lang),
            tr(f"people.{_state(one)}", lang),
        )
        for one in people
    )
    return _table(("id", "title", "roles", "clearance", "state"), rows, lang)


def _state(one: PersonOut) -> str:
    if one.disabled:
        return "disabled"
    return "must_change" if one.must_change else "active"


def _keys(keys: Iterable[KeyOut], lang: str) -> Table:
    rows = (
        (
            one.id,
            one.person,
            one.label,
            roles_text(one.roles, lang),
            one.expires_at,
            one.used_at,
            tr("people.revoked" if one.revoked else "people.active", lang),
        )
        for one in keys
    )
    names = ("id", "person", "label", "roles", "expires_at", "used_at", "state")
    return _table(names, rows, lang)


def _table(names: Iterable[str], rows: Iterable[tuple[Cell, ...]], lang: str) -> Table:
    columns = tuple(Column(title=tr(f"people.col_{name}", lang)) for name in names)
    return Table(id=columns[0].title, caption=None, columns=columns, rows=tuple(rows))
