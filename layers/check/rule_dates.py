"""Whether the days and successors of rules fit together: law without a hole or two at once."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Protocol

from layers.errors import RuleFileError


class Dated(Protocol):
    """What is asked of a rule."""

    @property
    def id(self) -> str:
        """What all editions share."""

    @property
    def valid_from(self) -> date | None:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day."""

    @property
    def successor(self) -> str | None:
        """The key of the one that takes its place."""

    @property
    def key(self) -> str:
        """Names the edition."""


def require_sound_dates(rules: Sequence[Dated]) -> None:
    """Refuse rules of which nobody could say which one holds on a day.

    A rule may end without a successor: then checks of later days cannot tell, and say so.
    A hole between two editions is a fault of the files, for there nobody meant to end.

    Parameters
    ----------
    rules : sequence of Dated
        By id, the editions of one id from the oldest to the newest.

    Raises
    ------
    RuleFileError
        A rule ends before it begins, or names a successor that is not there or leads back
        to it; or two editions overlap, or leave days between them.
    """
    known = {rule.key: rule for rule in rules}
    for rule in rules:
        if rule.valid_from and rule.valid_to and rule.valid_from > rule.valid_to:
            raise _wrong(rule, "valid_to", "ends_before_it_begins")
        if rule.successor is not None and rule.successor not in known:
            raise _wrong(rule, "successor", "unknown_successor")
        _require_no_circle(rule, known)
        if rule.successor is not None:
            _require_adjoining(rule, known[rule.successor])
    for _, editions in groupby(rules, key=lambda rule: rule.id):
        for one, other in pairwise(editions):
            _require_adjoining(one, other)


def _require_no_circle(rule: Dated, known: Mapping[str, Dated]) -> None:
    seen, at = {rule.key}, rule
    while at.successor is not None and at.successor in known:
        at = known[at.successor]
        if at.key in seen:
            raise _wrong(rule, "successor", "circle")
        seen.add(at.key)


def _require_adjoining(one: Dated, other: Dated) -> None:
    if one.valid_to is None or other.valid_from is None or other.valid_from <= one.valid_to:
        raise _wrong(other, "valid_from", "overlap")
    if other.valid_from > one.valid_to + timedelta(days=1):
        raise _wrong(other, "valid_from", "gap")


def _wrong(rule: Dated, field: str, problem: str) -> RuleFileError:
    return RuleFileError(file=rule.key, field=field, problem=problem)
