"""Which role may ask which route: one table, and nobody may ask what does not stand in it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from layers.people.model import Role

ANYONE: Final = "anyone"
OWN: Final = "own"
_YES: Final = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may ask a route. ``own``: even with a password that is still to be changed.

    ``noted``: a request is put down in the audit trail although it changes nothing.
    """

    anyone: bool
    own: bool
    roles: frozenset[Role]
    noted: bool


_NOBODY: Final = Access(anyone=False, own=False, roles=frozenset(), noted=True)


@cache
def access_table() -> Mapping[tuple[str, str], Access]:
    """Return the table by method and path."""
    text = files("api.web.access").joinpath("routes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({(row["method"], row["path"]): _access(row) for row in rows})


def access_to(method: str, path: str) -> Access:
    """Return who may ask a route; what is not in the table is nobody's."""
    return access_table().get((method, path), _NOBODY)


def _access(row: Mapping[str, str]) -> Access:
    return Access(
        anyone=row[ANYONE] == _YES,
        own=row[OWN] == _YES,
        roles=frozenset(role for role in Role if row[role] == _YES),
        noted=row["noted"] == _YES,
    )
