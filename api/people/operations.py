"""Operations on people, keys and the audit trail, declared once for both doors."""

from api.operation import Call, Nothing, operation
from api.people.questions import (
    AuditQuestion,
    ChangePersonQuestion,
    KeyQuestion,
    NewKeyQuestion,
    NewPersonQuestion,
    PersonQuestion,
)
from maps.workbench.people_answers import (
    AuditList,
    KeyList,
    KeyOut,
    PersonList,
    PersonOut,
    SignedOut,
)

_PERSON = "/api/v1/people/{person_id}"
_PRINTED = "maps.workbench.people_document:person_document"


@operation(
    "people list", "GET /api/v1/people", text="maps.workbench.people_document:people_document"
)
def list_people(call: Call, _: Nothing) -> PersonList:
    """List all accounts."""
    from api.people.keep import person_out

    return PersonList(people=[person_out(one) for one in call.workspace.people.people()])


@operation("people add", "POST /api/v1/people", arguments=("id",), status=201, text=_PRINTED)
def add_person(call: Call, asked: NewPersonQuestion) -> PersonOut:
    """Let somebody in; the password is told once, and changed when it is first used."""
    from api.people.keep import person_out

    workspace = call.workspace
    person, password = workspace.people.add(
        asked.id, asked.title or asked.id, asked.roles, asked.clearance, workspace.now()
    )
    return person_out(person, password)


@operation("people change", f"POST {_PERSON}", arguments=("person_id",), text=_PRINTED)
def change_person(call: Call, asked: ChangePersonQuestion) -> PersonOut:
    """Change roles, clearance or name of an account, or shut it; signs the person out."""
    from api.people.keep import person_out

    changes = asked.model_dump(exclude={"person_id"})
    return person_out(call.workspace.people.change(asked.person_id, **changes))


@operation("people password", f"POST {_PERSON}/password", arguments=("person_id",), text=_PRINTED)
def reset_password(call: Call, asked: PersonQuestion) -> PersonOut:
    """Give somebody a new password, told once; signs the person out."""
    from api.people.keep import person_out

    people = call.workspace.people
    password = people.reset_password(asked.person_id)
    return person_out(people.get(asked.person_id), password)


@operation(
    "people sign-out",
    f"POST {_PERSON}/sign-out",
    arguments=("person_id",),
    text="maps.workbench.people_document:signed_out_document",
)
def sign_out_person(call: Call, asked: PersonQuestion) -> SignedOut:
    """Sign somebody out in every browser."""
    people = call.workspace.people
    person = people.get(asked.person_id)
    return SignedOut(id=person.person_id, sessions=people.sessions.end_all(person.person_id))


@operation("keys list", "GET /api/v1/keys", text="maps.workbench.people_document:keys_document")
def list_keys(call: Call, _: Nothing) -> KeyList:
    """List keys: one's own, or all for who administers."""
    from api.people.keep import list_keys as listed

    return listed(call.workspace, call.actor)


@operation(
    "keys add",
    "POST /api/v1/keys",
    arguments=("label",),
    status=201,
    text="maps.workbench.people_document:key_document",
)
def add_key(call: Call, asked: NewKeyQuestion) -> KeyOut:
    """Make a key for a program; it is told once, and ends by itself."""
    from api.people.keep import add_key as add

    return add(call.workspace, call.actor, asked)


@operation(
    "keys revoke",
    "POST /api/v1/keys/{key_id}/revoke",
    arguments=("key_id",),
    text="maps.workbench.people_document:key_document",
)
def revoke_key(call: Call, asked: KeyQuestion) -> KeyOut:
    """End a key."""
    from api.people.keep import revoke_key as revoke

    return revoke(call.workspace, call.actor, asked.key_id)


@operation(
    "audit",
    "GET /api/v1/audit",
    files="api.people.files:AUDIT_FILES",
    text="maps.workbench.people_document:audit_document",
)
def audit(call: Call, asked: AuditQuestion) -> AuditList:
    """Search the audit trail: who did what, when, from where, with which result."""
    from api.people.keep import search_audit

    return search_audit(call.workspace, asked)


OPERATIONS = (
    list_people,
    add_person,
    change_person,
    reset_password,
    sign_out_person,
    list_keys,
    add_key,
    revoke_key,
    audit,
)
