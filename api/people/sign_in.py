"""Sign in, out, and change one's own password; every attempt is put down."""

from dataclasses import dataclass
from typing import Protocol

from api.errors import LockedOutError, WrongPasswordError
from api.workspace.needs import Clock, PeopleSource
from api.workspace.people.actor import Actor
from layers.audit.audit_trail import Deed
from layers.people.lock_out import WINDOW
from layers.people.people_store import plain_name
from maps.workbench.people_answers import Me


class SignInNeeds(PeopleSource, Clock, Protocol):
    """What is needed to let somebody in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A name and a password, and from where they came."""

    name: str
    password: str
    address: str


def sign_in(workspace: SignInNeeds, attempt: Attempt) -> str:
    """Return the token of a new session.

    Raises
    ------
    LockedOutError
        Too many attempts failed; right or wrong, it is not looked at.
    WrongPasswordError
        There is no such name with such a password.
    """
    people, now = workspace.people, workspace.now()
    name = plain_name(attempt.name)[:64]
    # What was typed as a name may be a password: only names of people are put down.
    known = name if any(one.person_id == name for one in people.people()) else "?"
    if people.lock_out.is_shut(name, attempt.address, now):
        note(workspace, known, attempt.address, "sign in", "locked out")
        raise LockedOutError(minutes=int(WINDOW.total_seconds() // 60))
    # Counted before it is tried: many at once must not all be tried.
    people.lock_out.count(name, attempt.address, now)
    if not people.has_password(name, attempt.password):
        note(workspace, known, attempt.address, "sign in", "refused")
        raise WrongPasswordError
    people.lock_out.forget(name, attempt.address)
    note(workspace, name, attempt.address, "sign in", "done")
    return people.sessions.begin(name, attempt.address, now)


def sign_out(workspace: SignInNeeds, actor: Actor, token: str | None, *, everywhere: bool) -> int:
    """End this session, or all of the person; return how many."""
    sessions = workspace.people.sessions
    count = 1
    if everywhere:
        count = sessions.end_all(actor.person_id)
    elif token is not None:
        sessions.end(token)
    action = "sign out everywhere" if everywhere else "sign out"
    note(workspace, actor.person_id, actor.address, action, "done")
    return count


def change_password(workspace: SignInNeeds, actor: Actor, former: str, password: str) -> str:
    """Change one's own password; all sessions end, and the token of a new one is returned.

    Raises
    ------
    WrongPasswordError, LockedOutError
        The former one is wrong, too often.
    WeakPasswordError
        The new one is too short, or the former one.
    """
    people, now = workspace.people, workspace.now()
    if people.lock_out.is_shut(actor.person_id, actor.address, now):
        raise LockedOutError(minutes=int(WINDOW.total_seconds() // 60))
    if not people.set_password(actor.person_id, former, password):
        people.lock_out.count(actor.person_id, actor.address, now)
        note(workspace, actor.person_id, actor.address, "change password", "refused")
        raise WrongPasswordError
    note(workspace, actor.person_id, actor.address, "change password", "done")
    return people.sessions.begin(actor.person_id, actor.address, now)


def me(actor: Actor) -> Me:
    """Return who is signed in."""
    return Me(
        id=actor.person_id,
        title=actor.title,
        roles=sorted(actor.roles),
        clearance=actor.clearance,
        way=actor.way,
        must_change=actor.must_change,
    )


def note(workspace: SignInNeeds, person: str, address: str, action: str, result: str) -> None:
    """Put an attempt down in the audit trail."""
    deed = Deed(person=person, way="session", address=address, action=action, result=result)
    workspace.audit.add(deed, workspace.now())
