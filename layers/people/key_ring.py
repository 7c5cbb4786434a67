"""Keys of programs: ``ftz_<id>_<secret>``, of which the secret's digest is kept."""

import hmac
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from layers.people.errors import KeyScopeError, UnknownKeyError
from layers.people.model import ApiKey, Person, Role
from layers.people.passwords import new_token, token_digest
from layers.people.rows import KeyRow, roles_of, roles_text

LONGEST: Final = timedelta(days=366)
_KEY: Final = re.compile(r"ftz_([0-9a-f]{16})_([A-Za-z0-9_-]{20,100})")
_USED_EVERY: Final = timedelta(minutes=1)


class KeyRing:
    """All keys, those that ended too."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, person: Person, label: str, roles: Iterable[Role], days: int, now: datetime
    ) -> tuple[ApiKey, str]:
        """Return a new key, and its text to tell once.

        Raises
        ------
        KeyScopeError
            It would do more than its owner, or last longer than a year.
        """
        wanted = frozenset(roles)
        if not wanted or not wanted <= person.roles:
            raise KeyScopeError(limit=roles_text(person.roles))
        if not timedelta(0) < timedelta(days=days) <= LONGEST:
            raise KeyScopeError(limit=str(LONGEST.days))
        secret, key_id = new_token(), uuid4().hex[:16]
        row = KeyRow(
            key_id=key_id,
            person_id=person.person_id,
            label=label,
            secret=token_digest(secret),
            roles=roles_text(wanted),
            created_at=now.isoformat(),
            expires_at=(now + timedelta(days=days)).isoformat(),
            used_at=None,
            revoked=False,
        )
        with Session(self._engine) as session:
            session.add(row)
            session.commit()
            return _key(row), f"ftz_{key_id}_{secret}"

    def find(self, text: str, now: datetime) -> ApiKey | None:
        """Return the key of a text, if it counts."""
        matched = _KEY.fullmatch(text)
        if matched is None:
            return None
        with Session(self._engine) as session:
            row = session.get(KeyRow, matched[1])
            known = row.secret if row is not None else "0" * 64
            same = hmac.compare_digest(known, token_digest(matched[2]))
            if row is None or not same or row.revoked:
                return None
            key = _key(row)
            if key.expires_at <= now:
                return None
            if key.used_at is None or now - key.used_at > _USED_EVERY:
                row.used_at = now.isoformat()
                session.commit()
        return key

    def keys(self, person_id: str | None = None) -> tuple[ApiKey, ...]:
        """Return all keys, or those of one person, the newest first."""
        query = select(KeyRow).order_by(KeyRow.created_at.desc())
        if person_id is not None:
            query = query.where(KeyRow.person_id == person_id)
        with Session(self._engine) as session:
            return tuple(_key(row) for row in session.scalars(query))

    def revoke(self, key_id: str, person_id: str | None = None) -> ApiKey:
        """End a key; ``person_id`` is whose it must be.

        Raises
        ------
        UnknownKeyError
            There is none, or it is another person's.
        """
        with Session(self._engine) as session:
            row = session.get(KeyRow, key_id)
            if row is None or person_id not in {None, row.person_id}:
                raise UnknownKeyError(key_id=key_id[:32])
            row.revoked = True
            session.commit()
            return _key(row)


def _key(row: KeyRow) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        person_id=row.person_id,
        label=row.label,
        roles=roles_of(row.roles),
        created_at=_time(row.created_at),
        expires_at=_time(row.expires_at),
        used_at=_time(row.used_at) if row.used_at else None,
        revoked=row.revoked,
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
