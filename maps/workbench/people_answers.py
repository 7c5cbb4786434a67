"""Answers about people, their keys, and what they did."""

from pydantic import Field

from maps.answers import Answer


class PersonOut(Answer):
    """An account."""

    id: str
    title: str
    roles: list[str] = Field(examples=[["reader", "planner"]])
    clearance: str = Field(
        examples=["public", "internal", "classified"],
        description="How sensitive a layer may be for this person to see it.",
    )
    created_at: str = Field(description="ISO 8601, UTC.")
    must_change: bool = Field(description="The password is one that was given out.")
    disabled: bool
    password: str | None = Field(
        default=None, description="A password to tell once: nobody can read it again."
    )


class PersonList(Answer):
    """All accounts."""

    people: list[PersonOut]


class SignedOut(Answer):
    """That somebody was signed out."""

    id: str
    sessions: int = Field(description="In how many browsers.")


class KeyOut(Answer):
    """A key of a program."""

    id: str
    person: str
    label: str
    roles: list[str]
    created_at: str = Field(description="ISO 8601, UTC.")
    expires_at: str = Field(description="ISO 8601, UTC.")
    used_at: str | None = Field(description="To the minute; null if never.")
    revoked: bool
    key: str | None = Field(default=None, description="The key, to be told once.")


class KeyList(Answer):
    """Keys, the newest first."""

    keys: list[KeyOut]


class AuditEntry(Answer):
    """What somebody did."""

    number: int
    at: str = Field(description="ISO 8601, UTC.")
    person: str = Field(description="Who; empty where nobody signs in.")
    way: str = Field(examples=["session", "key", "terminal", "open"])
    address: str
    action: str = Field(examples=["POST /api/v1/layers", "sign in"])
    object: str
    version: str
    result: str = Field(examples=["201", "refused"])
    request: str = Field(description="Id of the request, as the log of the server has it.")
    digest: str = Field(description="SHA-256 of this entry and of the digest before it.")


class AuditList(Answer):
    """Entries of the audit trail, the newest first."""

    entries: list[AuditEntry]
    count: int = Field(description="How many fit in all.")


class Me(Answer):
    """Who is signed in here."""

    id: str
    title: str
    roles: list[str]
    clearance: str
    way: str
    must_change: bool
