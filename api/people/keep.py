"""Let people in and out, give them keys, and look up what they did."""

from typing import Protocol

from api.errors import NotAllowedError
from api.people.questions import AuditQuestion, NewKeyQuestion
from api.workspace.needs import Clock, PeopleSource
from api.workspace.people.actor import Actor
from layers.audit.audit_trail import Entry, Search
from layers.people.model import ApiKey, Person, Role
from maps.workbench.people_answers import AuditEntry, AuditList, KeyList, KeyOut, PersonOut


class PeopleNeeds(PeopleSource, Clock, Protocol):
    """What is needed to keep accounts."""


def person_out(person: Person, password: str | None = None) -> PersonOut:
    """Return an account as it is told; with a password that is told once."""
    return PersonOut(
        id=person.person_id,
        title=person.title,
        roles=[role for role in Role if role in person.roles],
        clearance=person.clearance,
        created_at=person.created_at.isoformat(),
        must_change=person.must_change,
        disabled=person.disabled,
        password=password,
    )


def key_out(key: ApiKey, text: str | None = None) -> KeyOut:
    """Return a key as it is told; with its text where it is new."""
    return KeyOut(
        id=key.key_id,
        person=key.person_id,
        label=key.label,
        roles=[role for role in Role if role in key.roles],
        created_at=key.created_at.isoformat(),
        expires_at=key.expires_at.isoformat(),
        used_at=key.used_at.isoformat() if key.used_at else None,
        revoked=key.revoked,
        key=text,
    )


def list_keys(workspace: PeopleNeeds, actor: Actor) -> KeyList:
    """Return one's own keys, or all for who administers."""
    own = actor.person_id if actor.is_known and not actor.administers else None
    return KeyList(keys=[key_out(key) for key in workspace.people.keys.keys(own)])


def add_key(workspace: PeopleNeeds, actor: Actor, asked: NewKeyQuestion) -> KeyOut:
    """Return a new key with its text.

    Raises
    ------
    NotAllowedError
        A key is asked for in another person's name, or by a key.
    UnknownPersonError, KeyScopeError
        There is no such person, or the key would do more than they may.
    """
    whose = asked.person or actor.person_id
    foreign = actor.is_known and whose != actor.person_id and not actor.administers
    if foreign or actor.way == "key":
        # A key that makes keys would outlive its own end.
        raise NotAllowedError(roles=[Role.ADMINISTRATOR], own=sorted(actor.roles))
    person = workspace.people.get(whose)
    key, text = workspace.people.keys.add(
        person, asked.label, asked.roles, asked.days, workspace.now()
    )
    return key_out(key, text)


def revoke_key(workspace: PeopleNeeds, actor: Actor, key_id: str) -> KeyOut:
    """End a key of one's own, or any for who administers.

    Raises
    ------
    UnknownKeyError
        There is none, or it is another person's.
    """
    own = actor.person_id if actor.is_known and not actor.administers else None
    return key_out(workspace.people.keys.revoke(key_id, own))


def search_audit(workspace: PeopleNeeds, asked: AuditQuestion) -> AuditList:
    """Return the newest entries that fit."""
    wanted = Search(person=asked.person, text=asked.text, since=asked.since, until=asked.until)
    found, count = workspace.audit.search(wanted, asked.limit)
    return AuditList(entries=[_entry_out(one) for one in found], count=count)


def _entry_out(one: Entry) -> AuditEntry:
    deed = one.deed
    return AuditEntry(
        number=one.number,
        at=one.at.isoformat(timespec="milliseconds"),
        person=deed.person,
        way=deed.way,
        address=deed.address,
        action=deed.action,
        object=deed.object,
        version=deed.version,
        result=deed.result,
        request=deed.request,
        digest=one.digest,
    )
