"""Where people are signed in: a token in a cookie, of which its digest is kept.

A token is turned into another one now and then. Who comes with the former one after a moment
of grace is not who was given the new one: the whole session ends.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import Engine, delete, or_, select
from sqlalchemy.orm import Session

from layers.people.model import OpenSession
from layers.people.passwords import new_token, token_digest
from layers.people.rows import SessionRow

IDLE: Final = timedelta(hours=2)
"""How long nobody needs to ask before a session ends."""
LONGEST: Final = timedelta(hours=12)
TURNED_AFTER: Final = timedelta(minutes=15)
GRACE: Final = timedelta(seconds=60)
"""What was asked just before the turn still comes with the former token."""
_SEEN_EVERY: Final = timedelta(seconds=60)


class ReplayedTokenError(Exception):
    """A token was used that had been turned into another: the session is ended."""

    def __init__(self, person_id: str) -> None:
        super().__init__(person_id)
        self.person_id = person_id


class SessionBook:
    """Open sessions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, person_id: str, address: str, now: datetime) -> str:
        """Return the token of a new session."""
        token, at = new_token(), now.isoformat()
        row = SessionRow(
            session_id=uuid4().hex,
            person_id=person_id,
            token=token_digest(token),
            former=None,
            address=address,
            began_at=at,
            seen_at=at,
            turned_at=at,
        )
        with Session(self._engine) as session:
            session.add(row)
            session.commit()
        return token

    def find(self, token: str, now: datetime) -> OpenSession | None:
        """Return the session of a token that still counts.

        Raises
        ------
        ReplayedTokenError
            It was turned into another one some time ago.
        """
        known = token_digest(token)
        with Session(self._engine) as session:
            query = select(SessionRow).where(
                or_(SessionRow.token == known, SessionRow.former == known)
            )
            row = session.scalars(query).first()
            if row is None:
                return None
            found = _session(row)
            over = now - found.seen_at > IDLE or now - found.began_at > LONGEST
            replayed = row.former == known and now - found.turned_at > GRACE
            if over or replayed:
                session.delete(row)
            elif now - found.seen_at > _SEEN_EVERY:
                row.seen_at = now.isoformat()
            session.commit()
        if replayed and not over:
            raise ReplayedTokenError(found.person_id)
        return None if over else found

    def turn(self, token: str, now: datetime) -> str | None:
        """Return the token that takes the place of another, if it is time."""
        known = token_digest(token)
        with Session(self._engine) as session:
            query = select(SessionRow).where(SessionRow.token == known).with_for_update()
            row = session.scalars(query).first()
            if row is None or now - _session(row).turned_at < TURNED_AFTER:
                return None
            fresh = new_token()
            row.former, row.token, row.turned_at = row.token, token_digest(fresh), now.isoformat()
            session.commit()
        return fresh

    def end(self, token: str) -> None:
        """End the session of a token."""
        with Session(self._engine) as session:
            session.execute(delete(SessionRow).where(SessionRow.token == token_digest(token)))
            session.commit()

    def end_all(self, person_id: str) -> int:
        """Sign somebody out everywhere; return from how many browsers."""
        with Session(self._engine) as session:
            done = session.execute(delete(SessionRow).where(SessionRow.person_id == person_id))
            session.commit()
        return int(getattr(done, "rowcount", 0))

    def open(self) -> tuple[OpenSession, ...]:
        """Return all sessions, the one that began last first."""
        with Session(self._engine) as session:
            rows = session.scalars(select(SessionRow).order_by(SessionRow.began_at.desc()))
            return tuple(_session(row) for row in rows)


def _session(row: SessionRow) -> OpenSession:
    return OpenSession(
        session_id=row.session_id,
        person_id=row.person_id,
        address=row.address,
        began_at=_time(row.began_at),
        seen_at=_time(row.seen_at),
        turned_at=_time(row.turned_at),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
