"""What follows from a finding, by the nature of the project: a decision table as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import yaml

from geo.model import Verdict
from layers.errors import UnknownNatureError
from layers.provenance import canonical_json, digest

_FILE: Final = "natures_data/decisions.yaml"
_ANY: Final = "any"


class Outcome(StrEnum):
    """What a finding means for a project of a given nature."""

    AVOID = "avoid"
    UNDETERMINED = "undetermined"
    APPROVAL = "approval"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """A nature that a project can have."""

    id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome with the statement to print and the papers that it needs, as codes."""

    outcome: Outcome
    statement: str | None
    papers: tuple[str, ...]


UNDECIDED: Final = Decision(outcome=Outcome.UNDETERMINED, statement=None, papers=())


@cache
def load_natures() -> Mapping[str, Nature]:
    """Return all natures by id."""
    return MappingProxyType(
        {
            name: Nature(id=name, name_zh=entry["zh"], name_en=entry["en"])
            for name, entry in _table()["natures"].items()
        }
    )


def require_nature(nature: str | None) -> str | None:
    """Return the nature; None stands for one that is not stated.

    Raises
    ------
    UnknownNatureError
        There is none with this id.
    """
    if nature is not None and nature not in load_natures():
        raise UnknownNatureError(nature=nature[:80], known=list(load_natures()))
    return nature


def decide(kind: str, verdict: Verdict, nature: str | None) -> Decision:
    """Return what follows from a finding.

    A verdict that cannot be told, a nature that is not stated and a row that the table
    does not have are undetermined: nothing is allowed by silence.

    Examples
    --------
    >>> decide("ecological_red_line", Verdict.CONFLICT, "ordinary_industry").outcome
    <Outcome.AVOID: 'avoid'>
    >>> decide("ecological_red_line", Verdict.CONFLICT, None).outcome
    <Outcome.UNDETERMINED: 'undetermined'>
    """
    rows = _table()["decisions"].get(kind, {}).get(verdict.value, {})
    row = rows.get(_ANY) or rows.get(nature)
    if row is None:
        return UNDECIDED
    return Decision(
        outcome=Outcome(row["outcome"]),
        statement=row.get("statement"),
        papers=tuple(row.get("papers", ())),
    )


def worst_outcome(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the gravest outcome: to avoid, then what cannot be told, then approval."""
    found = set(outcomes)
    return next((outcome for outcome in Outcome if outcome in found), Outcome.UNDETERMINED)


def decisions_sha256() -> str:
    """Return the digest of the decision table."""
    return digest(canonical_json(_table()))


@cache
def _table() -> Mapping[str, Any]:
    content: Mapping[str, Any] = yaml.safe_load(files("layers").joinpath(_FILE).read_text("utf-8"))
    return content
