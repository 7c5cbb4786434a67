"""Control rules as data: what a kind of layer demands of a site, and by which law."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.model import ContactTolerance, Relation
from layers.check.rule_dates import require_sound_dates
from layers.errors import RuleFileError
from layers.kinds import DECISIONS_FILE, DataFile, builtin_kind_folders, own_kind_folders
from layers.provenance import canonical_json, digest
from layers.store.catalogue import KINDS_FILE, LAST, Kind, Kinds
from layers.yaml_text import load_yaml

_WHOLE: Final = "*"
_LATER: Final = frozenset({"edition", "successor", "name_zh", "name_en", "precedence"})
_NO_RULES: Final = frozenset({KINDS_FILE, DECISIONS_FILE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The law behind a rule; ``certainty`` says how its text was seen.

    ``number`` and ``clause`` are None where nobody has seen them.
    """

    document_zh: str
    document_en: str
    number: str | None
    clause: str | None
    issued: date | None
    certainty: str
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRule:
    """What a site must keep to with regard to one kind of control layer.

    ``required``: a check without any layer of this kind cannot tell. ``where`` restricts
    the rule to features with these attribute values; empty means all features. Several
    rules may share a kind. ``valid_from`` and ``valid_to`` are the days on which the law
    came into force and ends, None if not known or open. ``buffer_m``: features are
    judged grown by this. ``tells`` names attributes that a finding must carry. ``fields``
    gives other names under which a layer may hold an attribute of ``where`` or ``tells``.
    Editions of a rule share its id and follow each other: ``edition`` tells them apart, and
    ``successor`` is the :attr:`key` of the one that takes its place. ``precedence``: its place
    among the rules of its kind in every list, the gravest first.
    """

    id: str
    kind: str
    relation: Relation
    required: bool
    tolerance: ContactTolerance
    citation: Citation
    where: dict[str, tuple[str, ...]]
    valid_from: date | None
    valid_to: date | None
    buffer_m: float | None
    demands_zh: str
    demands_en: str
    tells: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]
    edition: str | None = None
    successor: str | None = None
    name_zh: str | None = None
    name_en: str | None = None
    precedence: int | None = None

    @property
    def key(self) -> str:
        """Names this edition among all: its id, and the edition where it has one."""
        return f"{self.id}@{self.edition}" if self.edition else self.id

    @property
    def chooses(self) -> tuple[object, ...]:
        """Hold all that decides which features are judged, and how far they reach.

        Editions of a rule share its id and may differ in this.
        """
        named = (tuple(sorted(one.items())) for one in (self.where, self.fields))
        return (self.buffer_m, *named)

    def held_on(self, on: date) -> bool:
        """Tell whether its law was in force on a day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on <= self.valid_to)

    def column(self, attribute: str, columns: Collection[str]) -> str | None:
        """Return under which of its names a layer's columns hold an attribute, if any."""
        names = (attribute, *self.fields.get(attribute, ()))
        return next((name for name in names if name in columns), None)


_Tolerable = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Values = Annotated[tuple[str, ...], Field(min_length=1)]


class _CitationFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    document_zh: str
    document_en: str
    number: str | None
    clause: str | None
    issued: date | None
    certainty: Literal["official_text", "reprint", "general_knowledge", "unverified"]
    note_zh: str
    note_en: str


class _ToleranceFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    width_m: _Tolerable
    precision_factor: _Tolerable
    area_m2: _Tolerable


class _NameFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: Annotated[str, Field(min_length=1, max_length=200)]
    en: Annotated[str, Field(min_length=1, max_length=200)]


class _RuleFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    edition: str | None = None
    successor: str | None = None
    name: _NameFile | None = None
    kind: str
    relation: Relation
    required: bool
    tolerance: _ToleranceFile
    citation: _CitationFile
    where: dict[str, _Values] = {}
    valid_from: date | None = None
    valid_to: date | None = None
    buffer_m: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    demands_zh: str
    demands_en: str
    tells: tuple[str, ...] = ()
    fields: dict[str, _Values] = {}
    precedence: Annotated[int, Field(ge=1, le=LAST)] | None = None


def load_rules(folder: Path | None, kinds: Kinds) -> tuple[ControlRule, ...]:
    """Return all editions of the built-in rules and those of a folder, by id, oldest first.

    A folder's own editions stand in the place of all built-in ones of the same id.

    A rule stands in the folder of its kind (see :mod:`layers.kinds`) or, as releases before
    took it, in any file of the folder itself but ``kinds.yaml`` and ``decisions.yaml``.

    Raises
    ------
    RuleFileError
        The folder is not there, or a file is not YAML, lacks a field, has one too many,
        repeats an edition, names a kind that is no control, or has days or successors that
        contradict each other (see :func:`layers.check.rule_dates.require_sound_dates`).
    """
    # A kind of other provinces is none of these kinds, and their law is none here.
    here = (one for one in builtin_kind_folders() if one.kind in kinds)
    builtin = _read_all((file for one in here for file in one.rules), kinds)
    if folder and not folder.is_dir():
        raise RuleFileError(file=folder.name, field=_WHOLE, problem="no_folder")
    own = _read_all(_own_files(folder), kinds) if folder else {}
    replaced = {rule.id for rule in own.values()}
    kept = [rule for rule in builtin.values() if rule.id not in replaced]
    whole = sorted([*kept, *own.values()], key=lambda rule: (rule.id, rule.valid_from or date.min))
    require_sound_dates(whole)
    return tuple(whole)


def place_of(kind: Kind, rule: ControlRule) -> tuple[int, int, str]:
    """Return where a rule stands in every list: its kind's place, its own, then its id."""
    return kind.precedence, LAST if rule.precedence is None else rule.precedence, rule.id


def rule_fields(rule: ControlRule) -> dict[str, Any]:
    """Return the fields of a rule as evidence keeps them.

    Those that older releases did not know are left out where nothing is said: what they
    kept must have the same digest for ever.
    """
    said = asdict(rule)
    return {name: one for name, one in said.items() if name not in _LATER or one is not None}


def rules_digest(rules: Sequence[ControlRule]) -> str:
    """Return the digest of a set of rules, whatever their order."""
    ordered = sorted(rules, key=lambda rule: rule.key)
    return digest(canonical_json([rule_fields(rule) for rule in ordered]))


def rules_from_json(data: bytes) -> tuple[ControlRule, ...]:
    """Return rules from the canonical JSON of their fields, as evidence keeps them."""
    return tuple(_rule(_RuleFile.model_validate(_named(entry))) for entry in json.loads(data))


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    names = {lang: entry.pop(f"name_{lang}") for lang in ("zh", "en") if f"name_{lang}" in entry}
    return {**entry, "name": names or None}


def _own_files(folder: Path) -> list[DataFile]:
    plain = [
        entry
        for entry in sorted(folder.iterdir())
        if entry.is_file() and entry.suffix in {".yaml", ".yml"} and entry.name not in _NO_RULES
    ]
    return [*plain, *(file for one in own_kind_folders(folder) for file in one.rules)]


def _read_all(entries: Iterable[DataFile], kinds: Kinds) -> dict[str, ControlRule]:
    found: dict[str, ControlRule] = {}
    for entry in entries:
        rule = _read(entry, kinds)
        if rule.key in found:
            raise RuleFileError(file=entry.name, field="id", problem="repeated")
        found[rule.key] = rule
    return found


def _read(entry: DataFile, kinds: Kinds) -> ControlRule:
    try:
        content = _content(entry.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise RuleFileError(file=entry.name, field=_WHOLE, problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or _WHOLE
        raise RuleFileError(file=entry.name, field=where, problem=first["type"]) from exc
    if content.kind not in kinds or not kinds[content.kind].control:
        # A misspelt kind would leave the built-in rule in force without a word.
        raise RuleFileError(file=entry.name, field="kind", problem="no_control_kind")
    return _rule(content)


@lru_cache(maxsize=256)
def _content(text: str) -> _RuleFile:
    # What ships is read anew by every workspace, and whenever a planner's folder changed.
    return _RuleFile.model_validate(load_yaml(text))


def _rule(content: _RuleFile) -> ControlRule:
    return ControlRule(
        id=content.id,
        kind=content.kind,
        relation=content.relation,
        required=content.required,
        tolerance=ContactTolerance(**content.tolerance.model_dump()),
        citation=Citation(**content.citation.model_dump()),
        where=content.where,
        valid_from=content.valid_from,
        valid_to=content.valid_to,
        buffer_m=content.buffer_m,
        demands_zh=content.demands_zh,
        demands_en=content.demands_en,
        tells=content.tells,
        fields=content.fields,
        edition=content.edition,
        successor=content.successor,
        name_zh=content.name.zh if content.name else None,
        name_en=content.name.en if content.name else None,
        precedence=content.precedence,
    )
