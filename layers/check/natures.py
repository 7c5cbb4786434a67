"""What follows from a finding, by the nature of the project: a decision table as data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from geo.model import Verdict
from layers.errors import RuleFileError, UnknownNatureError
from layers.kinds import (
    DECISIONS_FILE,
    DataFile,
    KindFolder,
    builtin_kind_folders,
    kind_words,
    own_kind_folders,
)
from layers.provenance import canonical_json, digest
from layers.yaml_text import load_yaml

_ANY: Final = "any"
THE_RULE: Final = "the_rule"
"""What a row cites that follows from the very clause of the rule."""


class Outcome(StrEnum):
    """What a finding means for a project of a given nature, the gravest first."""

    AVOID = "avoid"
    UNDETERMINED = "undetermined"
    APPROVAL = "approval"
    CONDITIONS = "conditions"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """A nature that a project can have; ``of`` is the wider one that it is one of."""

    id: str
    name_zh: str
    name_en: str
    of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSource:
    """Where a cell of the table is from; ``certainty`` says how its text was seen.

    ``number`` and ``clause`` are None where nobody has seen them, empty where there are none.
    """

    document_zh: str
    document_en: str
    number: str | None
    clause: str | None
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome with the statement to print and the papers that it needs, as codes.

    ``source`` is None where the cell is from the clause that the rule itself cites, and where
    nothing could be decided.
    """

    outcome: Outcome
    statement: str | None
    papers: tuple[str, ...]
    source: DecisionSource | None = None


UNDECIDED: Final = Decision(outcome=Outcome.UNDETERMINED, statement=None, papers=())


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")
    outcome: Outcome
    statement: str | None = None
    papers: tuple[str, ...] = ()
    cites: str | None = None


class _Name(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: str
    en: str
    of: str | None = None


_Rows = dict[Verdict, dict[str, _Row]]


class Decisions(BaseModel):
    """The decision table.

    ``decisions`` holds rows by rule or kind, then verdict, then nature (``any`` for all);
    ``default`` those of every verdict for which neither rule nor kind has rows. ``sources``
    are named by the rows that cite them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    natures: dict[str, _Name]
    sources: dict[str, DecisionSource] = {}
    default: _Rows
    decisions: dict[str, _Rows]

    def decide(self, rule_id: str, kind: str, verdict: Verdict, nature: str | None) -> Decision:
        """Return what follows from a finding by a rule of a kind.

        A verdict that cannot be told, a nature that is not stated and a row that the
        table does not have are undetermined: nothing is allowed by silence.

        Examples
        --------
        >>> red = ("ecological_red_line", "ecological_red_line", Verdict.CONFLICT)
        >>> load_decisions(None).decide(*red, "ordinary_industry").outcome
        <Outcome.AVOID: 'avoid'>
        >>> load_decisions(None).decide(*red, None).outcome
        <Outcome.UNDETERMINED: 'undetermined'>
        """
        of_rule, of_kind = (self.decisions.get(name, {}) for name in (rule_id, kind))
        rows = of_rule.get(verdict) or of_kind.get(verdict) or self.default.get(verdict) or {}
        row = self._row(rows, nature)
        if row is None:
            return UNDECIDED
        source = self.sources.get(row.cites) if row.cites else None
        return Decision(
            outcome=row.outcome, statement=row.statement, papers=row.papers, source=source
        )

    def _row(self, rows: Mapping[str, _Row], nature: str | None) -> _Row | None:
        """Return the row of a nature: its own, that of the wider one, or that of any.

        A nature that others are of asks which is meant, so its row is theirs and not its own.
        """
        named = self.natures.get(nature or "")
        if named is None or self.asks(nature):
            return rows.get(_ANY)
        return rows.get(nature or "") or rows.get(named.of or "") or rows.get(_ANY)

    def asks(self, nature: str | None) -> bool:
        """Tell whether a nature must be said closer before anything follows from it."""
        return nature is not None and any(one.of == nature for one in self.natures.values())

    def sha256(self) -> str:
        """Return the digest of the table."""
        return digest(self.to_json())

    def to_json(self) -> bytes:
        """Return the canonical JSON of the table, as evidence keeps it."""
        return canonical_json(_drop_unstated(self.model_dump(mode="json")))


def _drop_unstated(value: Any) -> Any:  # noqa: ANN401 - JSON of a table
    """Leave out what older releases did not know where nothing is said: digests stay the same."""
    if not isinstance(value, dict):
        return value
    return {
        key: _drop_unstated(one)
        for key, one in value.items()
        if key not in _LATER or one not in (None, {})
    }


_LATER: Final = frozenset({"cites", "of", "sources"})


class _Own(BaseModel):
    """The old form of what a folder may add, in one file."""

    model_config = ConfigDict(extra="forbid")
    decisions: dict[str, _Rows]


_TABLE: Final = TypeAdapter(dict[str, _Rows])


@cache
def load_natures() -> Mapping[str, Nature]:
    """Return all natures by id."""
    return MappingProxyType(
        {
            name: Nature(id=name, name_zh=entry.zh, name_en=entry.en, of=entry.of)
            for name, entry in load_decisions(None).natures.items()
        }
    )


def load_decisions(folder: Path | None) -> Decisions:
    """Return the built-in table with the rows of a planner's folder over it.

    Rows stand in the folder of their kind, by rule or kind, or under ``decisions`` of the
    folder's own ``decisions.yaml``.

    Raises
    ------
    RuleFileError
        A file is not YAML, lacks a field, has one too many, repeats a row, or names an
        outcome, nature, statement or paper that nothing has words for.
    """
    builtin = _builtin()
    folders = own_kind_folders(folder)
    own = _rows_of(folders)
    path = folder / DECISIONS_FILE if folder else None
    if path and path.is_file():
        _add(own, _validated(path, lambda said: _Own.model_validate(said).decisions), path.name)
    _require_known(own, builtin, _own_words(folders))
    merged = {name: {**builtin.decisions.get(name, {}), **own[name]} for name in own}
    return builtin.model_copy(update={"decisions": {**builtin.decisions, **merged}})


@cache
def _builtin() -> Decisions:
    frame = _yaml(files("layers.check").joinpath("natures_data", DECISIONS_FILE))
    return Decisions.model_validate({**frame, "decisions": _rows_of(builtin_kind_folders())})


def _rows_of(folders: Iterable[KindFolder]) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {}
    for folder in folders:
        if DECISIONS_FILE in folder.files:
            path = folder.files[DECISIONS_FILE]
            name = f"{folder.kind}/{DECISIONS_FILE}"
            _add(found, _validated(path, _TABLE.validate_python), name)
    return found


def _add(found: dict[str, _Rows], more: dict[str, _Rows], file: str) -> None:
    for twice in found.keys() & more.keys():
        raise RuleFileError(file=file, field=twice, problem="repeated")
    found |= more


def _validated(path: DataFile, model: Callable[[object], dict[str, _Rows]]) -> dict[str, _Rows]:
    try:
        return model(_yaml(path))
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise RuleFileError(file=path.name, field=where, problem=first["type"]) from exc


def _own_words(folders: Iterable[KindFolder]) -> dict[str, set[str]]:
    """Return the papers and statements for which planners' folders have words."""
    found: dict[str, set[str]] = {"papers": set(), "statements": set()}
    for folder in folders:
        for table, texts in kind_words(folder).get("zh", {}).items():
            found.setdefault(table, set()).update(texts)
    return found


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


def worst_outcome(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the gravest outcome: to avoid, then what cannot be told, then approval."""
    found = set(outcomes)
    return next((outcome for outcome in Outcome if outcome in found), Outcome.UNDETERMINED)


def _require_known(
    own: Mapping[str, _Rows], builtin: Decisions, words: Mapping[str, set[str]]
) -> None:
    """Refuse words that nobody could print: a misspelt nature would never apply."""
    tables = [builtin.default, *builtin.decisions.values()]
    rows = [row for table in tables for by_nature in table.values() for row in by_nature.values()]
    papers = {paper for row in rows for paper in row.papers} | words["papers"]
    statements = {row.statement for row in rows} | words["statements"]
    for name, table in own.items():
        for verdict, by_nature in table.items():
            for nature, row in by_nature.items():
                known = (
                    (nature == _ANY or nature in builtin.natures)
                    and row.statement in statements | {None}
                    and papers >= set(row.papers)
                    and row.cites in {None, THE_RULE, *builtin.sources}
                )
                if not known:
                    where = f"decisions.{name}.{verdict}.{nature}"
                    raise RuleFileError(file=DECISIONS_FILE, field=where, problem="unknown_word")


def _yaml(path: DataFile) -> Any:  # noqa: ANN401 - checked by whoever reads it
    try:
        content: object = load_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise RuleFileError(file=path.name, field="*", problem="not_yaml") from exc
    return content
