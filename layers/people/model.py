"""People, what they may do, and what they may see."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from layers.model import Sensitivity


class Role(StrEnum):
    """What a person does here; somebody may have several."""

    READER = "reader"
    PLANNER = "planner"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    STEWARD = "steward"
    ADMINISTRATOR = "administrator"


_RANK: Final = {name: at for at, name in enumerate(Sensitivity)}


def may_see(clearance: Sensitivity, sensitivity: Sensitivity) -> bool:
    """Whether somebody who is cleared so far may see what is as sensitive.

    Examples
    --------
    >>> may_see(Sensitivity.INTERNAL, Sensitivity.PUBLIC)
    True
    >>> may_see(Sensitivity.INTERNAL, Sensitivity.CLASSIFIED)
    False
    """
    return _RANK[sensitivity] <= _RANK[clearance]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account. ``must_change``: the password is one that somebody else knows."""

    person_id: str
    title: str
    roles: frozenset[Role]
    clearance: Sensitivity
    created_at: datetime
    has_password: bool = False
    must_change: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key by which a program acts for a person: with no more roles, not for ever."""

    key_id: str
    person_id: str
    label: str
    roles: frozenset[Role]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A browser in which somebody is signed in."""

    session_id: str
    person_id: str
    address: str
    began_at: datetime
    seen_at: datetime
    turned_at: datetime
