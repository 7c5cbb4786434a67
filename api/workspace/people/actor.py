"""Who asks: a person, a program in a person's name, or whoever sits at this machine."""

import getpass
from dataclasses import dataclass
from typing import Final

from layers.model import Sensitivity
from layers.people.model import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks. ``way`` is how they came in: ``open``, ``session``, ``key`` or ``terminal``.

    ``person_id`` is "" where nobody signs in. ``must_change``: nothing but a new password is
    taken from them.
    """

    way: str
    person_id: str = ""
    title: str = ""
    roles: frozenset[Role] = frozenset(Role)
    clearance: Sensitivity = Sensitivity.CLASSIFIED
    address: str = ""
    must_change: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it is a person who signed in, so that what they say carries their name."""
        return bool(self.person_id)

    @property
    def signature(self) -> str:
        """Return the name that stands under what the person decides."""
        return f"{self.title} ({self.person_id})" if self.title != self.person_id else self.title

    @property
    def administers(self) -> bool:
        """Whether they may see what belongs to others."""
        return Role.ADMINISTRATOR in self.roles


AT_TERMINAL: Final = Actor(way="terminal")
"""Who may read the folder at a terminal needs nobody to let them in."""


def terminal_user() -> str:
    """Return the name of the account of the operating system."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"
