"""The tables of ``people.sqlite``: nothing in them opens a door to whoever reads them.

Passwords are Argon2 hashes, tokens and keys SHA-256 of 256 random bits.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import NullPool

from layers.people.model import Role

FILE: Final = "people.sqlite"
_OWNER_ONLY: Final = 0o600
_BUSY_S: Final = 30


class Base(DeclarativeBase):
    """The tables of people."""


class PersonRow(Base):
    """An account."""

    __tablename__ = "person"

    person_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    roles: Mapped[str]
    clearance: Mapped[str]
    password: Mapped[str | None]
    must_change: Mapped[bool]
    disabled: Mapped[bool]
    created_at: Mapped[str]


class SessionRow(Base):
    """A session; ``former`` is the token before the last turn."""

    __tablename__ = "session"

    session_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(index=True)
    token: Mapped[str] = mapped_column(index=True)
    former: Mapped[str | None] = mapped_column(index=True)
    address: Mapped[str]
    began_at: Mapped[str]
    seen_at: Mapped[str]
    turned_at: Mapped[str]


class KeyRow(Base):
    """A key of a program."""

    __tablename__ = "api_key"

    key_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(index=True)
    label: Mapped[str]
    secret: Mapped[str]
    roles: Mapped[str]
    created_at: Mapped[str]
    expires_at: Mapped[str]
    used_at: Mapped[str | None]
    revoked: Mapped[bool]


class FailureRow(Base):
    """A sign-in that failed."""

    __tablename__ = "failure"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at_s: Mapped[float] = mapped_column(index=True)
    name: Mapped[str]
    address: Mapped[str]


class IdentityRow(Base):
    """Who of an identity provider is which account; one identity for each."""

    __tablename__ = "identity"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(unique=True)


def open_people(root: Path) -> Engine:
    """Return the database under a folder; it is made, for its owner alone, if need be."""
    path = root / FILE
    root.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, _OWNER_ONLY))
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": _BUSY_S}
    )
    # The default journal: a folder that is only read has no place for a log beside it.
    event.listen(engine, "connect", lambda found, _: found.execute("PRAGMA foreign_keys=ON"))
    Base.metadata.create_all(engine)
    return engine


def roles_text(roles: Iterable[Role]) -> str:
    """Return roles as they are kept."""
    return ",".join(sorted(set(roles)))


def roles_of(text: str) -> frozenset[Role]:
    """Return roles from how they are kept."""
    return frozenset(Role(name) for name in text.split(",") if name)
