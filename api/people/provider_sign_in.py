"""Sign in by an identity provider: go there, come back to the same browser, be known here."""

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, Protocol

from api.errors import NoAccountError, SignInOverError
from api.people.sign_in import SignInNeeds, note
from geo.errors import PlanningError
from layers.errors import NotFoundError
from layers.people.people_store import plain_name

LONGEST: Final = timedelta(minutes=10)
_MOST: Final = 1000
"""Sign-ins that are begun and not ended; whoever floods them ends the oldest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a sign-in is begun with, and what its end is held against."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom the provider knows: ``subject`` stays, ``name`` is as people say it."""

    issuer: str
    subject: str
    name: str


class Provider(Protocol):
    """Whoever knows people; it may not answer, or let nobody in."""

    def address(self, challenge: Challenge, back: str) -> str:
        """Return where a person signs in, and from where the browser comes ``back``."""

    def identity(self, challenge: Challenge, code: str, back: str) -> Identity:
        """Return who signed in, by the code that the browser came back with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in under way. ``back`` is where the provider sends the browser."""

    challenge: Challenge
    back: str
    lang: str
    at: datetime


class ProviderSignIn:
    """Sign-ins under way. They are kept in memory: who restarts the server begins anew."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._begun: OrderedDict[str, Begun] = OrderedDict()
        self._lock = Lock()

    def begin(self, back: str, lang: str, now: datetime) -> tuple[str, str]:
        """Return where the browser goes, and the state that it keeps until it comes back."""
        challenge = Challenge(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
        )
        address = self._provider.address(challenge, back)
        with self._lock:
            self._begun[challenge.state] = Begun(challenge=challenge, back=back, lang=lang, at=now)
            while len(self._begun) > _MOST:
                self._begun.popitem(last=False)
        return address, challenge.state

    def take(self, state: str, kept: str | None, now: datetime) -> Begun:
        """Return the sign-in that a browser comes back from; each is ended once.

        Raises
        ------
        SignInOverError
            It was begun too long ago, was ended, or was begun in another browser: somebody
            may want a person to work under another name.
        """
        with self._lock:
            begun = self._begun.pop(state, None)
        same = kept is not None and hmac.compare_digest(kept.encode(), state.encode())
        if begun is None or not same or now - begun.at > LONGEST:
            raise SignInOverError
        return begun

    def finish(self, workspace: SignInNeeds, begun: Begun, code: str, address: str) -> str:
        """Return the token of a new session.

        Raises
        ------
        ProviderSilentError, ProviderRefusedError
            The provider does not say who it is.
        NoAccountError, AccountInUseError
            Who it is has no account here, or another person has that account.
        """
        found = self._provider.identity(begun.challenge, code, begun.back)
        try:
            person_id = _account(workspace, found)
        except PlanningError:
            note(workspace, "?", address, "sign in by provider", "refused")
            raise
        note(workspace, person_id, address, "sign in by provider", "done")
        return workspace.people.sessions.begin(person_id, address, workspace.now())


def _account(workspace: SignInNeeds, found: Identity) -> str:
    people = workspace.people
    tied = people.identities.account_of(found.issuer, found.subject)
    name = tied or plain_name(found.name)
    try:
        person = people.get(name)
    except NotFoundError as exc:
        raise NoAccountError(person_id=name[:64]) from exc
    if person.disabled:
        raise NoAccountError(person_id=person.person_id)
    if tied is None:
        people.identities.tie(person.person_id, found.issuer, found.subject)
    return person.person_id
