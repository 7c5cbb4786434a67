"""What is asked about people, keys and the audit trail."""

from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints

from api.operation import Question, split_names
from layers.model import Sensitivity
from layers.people.model import Role

Roles = Annotated[tuple[Role, ...], BeforeValidator(split_names)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class PersonQuestion(Question):
    """Which account."""

    person_id: str


class NewPersonQuestion(Question):
    """Who is let in, as what, and how sensitive layers they may see."""

    id: Words
    title: Words | None = None
    roles: Annotated[Roles, Field(min_length=1)]
    clearance: Sensitivity = Sensitivity.INTERNAL


class ChangePersonQuestion(PersonQuestion):
    """What of an account is changed; what is not named stays."""

    title: Words | None = None
    roles: Annotated[Roles, Field(min_length=1)] | None = None
    clearance: Sensitivity | None = None
    disabled: bool | None = None


class NewKeyQuestion(Question):
    """A key: what for, with which of the person's roles, for how many days.

    ``person`` is whose it is; one's own over HTTP if not named.
    """

    label: Words
    roles: Annotated[Roles, Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=366)]
    person: str | None = None


class KeyQuestion(Question):
    """Which key."""

    key_id: str


class AuditQuestion(Question):
    """Which entries: of whom, with a text in them, from when until when, and how many."""

    person: str | None = None
    text: Annotated[str, Field(max_length=200)] | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    limit: Annotated[int, Field(ge=1, le=100_000)] = 200
