"""The accounts of a data folder."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from layers.model import Sensitivity
from layers.people.errors import (
    LastAdministratorError,
    PersonExistsError,
    PersonNameError,
    UnknownPersonError,
    WeakPasswordError,
)
from layers.people.identities import IdentityBook
from layers.people.key_ring import KeyRing
from layers.people.lock_out import LockOut
from layers.people.model import Person, Role
from layers.people.passwords import hash_password, is_password, new_password
from layers.people.rows import FILE, PersonRow, open_people, roles_of, roles_text
from layers.people.session_book import SessionBook

_NAME: Final = re.compile(r"\w[\w.@-]{0,63}")


class PeopleStore:
    """Accounts, and by them ``sessions``, ``keys``, ``identities`` and ``lock_out``.

    The file is made with the first account: a folder without people has none.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._opened: Engine | None = None

    @property
    def _engine(self) -> Engine:
        if self._opened is None:
            self._opened = open_people(self._root)
        return self._opened

    @property
    def exists(self) -> bool:
        """Whether anybody was ever let in."""
        return (self._root / FILE).is_file() and bool(self.people())

    @property
    def sessions(self) -> SessionBook:
        """Where people are signed in."""
        return SessionBook(self._engine)

    @property
    def identities(self) -> IdentityBook:
        """Who of an identity provider is which account."""
        return IdentityBook(self._engine)

    @property
    def keys(self) -> KeyRing:
        """Keys of programs."""
        return KeyRing(self._engine)

    @property
    def lock_out(self) -> LockOut:
        """Failed sign-ins."""
        return LockOut(self._engine)

    def people(self) -> tuple[Person, ...]:
        """Return all accounts by name, disabled ones too."""
        if not (self._root / FILE).is_file():
            return ()
        with Session(self._engine) as session:
            found = session.scalars(select(PersonRow).order_by(PersonRow.person_id))
            return tuple(_person(row) for row in found)

    def get(self, person_id: str) -> Person:
        """Return an account.

        Raises
        ------
        UnknownPersonError
            There is none of this name.
        """
        with Session(self._engine) as session:
            return _person(_row(session, person_id))

    def add(
        self,
        person_id: str,
        title: str,
        roles: Iterable[Role],
        clearance: Sensitivity,
        now: datetime,
    ) -> tuple[Person, str]:
        """Let somebody in; return the account, and the password to tell once.

        Raises
        ------
        PersonNameError, PersonExistsError
            The name is none, or is taken.
        """
        name = plain_name(person_id)
        if not _NAME.fullmatch(name):
            raise PersonNameError(person_id=person_id[:64])
        password = new_password()
        row = PersonRow(
            person_id=name,
            title=title.strip() or name,
            roles=roles_text(roles),
            clearance=str(clearance),
            password=hash_password(password),
            must_change=True,
            disabled=False,
            created_at=now.isoformat(),
        )
        with Session(self._engine) as session:
            if session.get(PersonRow, name) is not None:
                raise PersonExistsError(person_id=name)
            session.add(row)
            session.commit()
        return self.get(name), password

    def change(
        self,
        person_id: str,
        *,
        title: str | None = None,
        roles: Iterable[Role] | None = None,
        clearance: Sensitivity | None = None,
        disabled: bool | None = None,
    ) -> Person:
        """Change an account; whoever loses something is signed out everywhere.

        Raises
        ------
        UnknownPersonError, LastAdministratorError
            There is none of this name, or nobody would be left to let people in.
        """
        with Session(self._engine) as session:
            row = _row(session, person_id)
            let_in = _lets_in(_person(row))
            row.title = title.strip() if title else row.title
            row.roles = roles_text(roles) if roles is not None else row.roles
            row.clearance = str(clearance) if clearance is not None else row.clearance
            row.disabled = row.disabled if disabled is None else disabled
            session.flush()
            left = [_person(one) for one in session.scalars(select(PersonRow))]
            if let_in and not any(map(_lets_in, left)):
                raise LastAdministratorError(person_id=row.person_id)
            session.commit()
        self.sessions.end_all(plain_name(person_id))
        return self.get(person_id)

    def reset_password(self, person_id: str) -> str:
        """Return a new password to tell once; the person is signed out everywhere.

        Who signed in by an identity provider until now is nobody any more: the next one who
        comes from there with this name is tied to the account.

        Raises
        ------
        UnknownPersonError
            There is none of this name.
        """
        password = new_password()
        self._set(person_id, password, must_change=True)
        self.identities.untie(plain_name(person_id))
        return password

    def set_password(self, person_id: str, former: str, password: str) -> bool:
        """Change one's own password; whether the former one was right.

        Raises
        ------
        WeakPasswordError
            It is too short, or no other than before.
        """
        if not self.has_password(person_id, former):
            return False
        if password == former:
            raise WeakPasswordError(least=len(former))
        self._set(person_id, password, must_change=False)
        return True

    def has_password(self, person_id: str, password: str) -> bool:
        """Whether this is the password of an account that may sign in; takes as long if none."""
        with Session(self._engine) as session:
            row = session.get(PersonRow, plain_name(person_id))
            kept = row.password if row is not None and not row.disabled else None
        return is_password(kept, password)

    def _set(self, person_id: str, password: str, *, must_change: bool) -> None:
        hashed = hash_password(password)
        with Session(self._engine) as session:
            row = _row(session, person_id)
            row.password, row.must_change = hashed, must_change
            session.commit()
        self.sessions.end_all(plain_name(person_id))


def plain_name(person_id: str) -> str:
    """Return a name as it is kept: two that look the same are one.

    Examples
    --------
    >>> plain_name(" Zhang.San ")
    'zhang.san'
    """
    return unicodedata.normalize("NFKC", person_id).strip().casefold()


def _lets_in(person: Person) -> bool:
    return Role.ADMINISTRATOR in person.roles and not person.disabled


def _row(session: Session, person_id: str) -> PersonRow:
    row = session.get(PersonRow, plain_name(person_id))
    if row is None:
        raise UnknownPersonError(person_id=person_id[:64])
    return row


def _person(row: PersonRow) -> Person:
    return Person(
        person_id=row.person_id,
        title=row.title,
        roles=roles_of(row.roles),
        clearance=Sensitivity(row.clearance),
        created_at=datetime.fromisoformat(row.created_at).astimezone(UTC),
        has_password=row.password is not None,
        must_change=row.must_change,
        disabled=row.disabled,
    )
