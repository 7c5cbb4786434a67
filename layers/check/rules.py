"""Control rules as data: what a kind of layer demands of a site, and by which law."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.model import ContactTolerance, Relation
from layers.errors import RuleFileError
from layers.kinds import DECISIONS_FILE, DataFile, builtin_kind_folders, own_kind_folders
from layers.provenance import canonical_json, digest
from layers.store.catalogue import KINDS_FILE, Kinds

_WHOLE: Final = "*"
_NO_RULES: Final = frozenset({KINDS_FILE, DECISIONS_FILE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The law behind a rule; ``certainty`` says how its text was seen."""

    document_zh: str
    document_en: str
    number: str
    clause: str
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
    number: str
    clause: str
    issued: date | None
    certainty: Literal["official_text", "reprint", "general_knowledge"]
    note_zh: str
    note_en: str


class _ToleranceFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    width_m: _Tolerable
    precision_factor: _Tolerable
    area_m2: _Tolerable


class _RuleFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
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


def load_rules(folder: Path | None, kinds: Kinds) -> tuple[ControlRule, ...]:
    """Return the built-in rules and those of a folder, by id; a folder's own win.

    A rule stands in the folder of its kind (see :mod:`layers.kinds`) or, as releases before
    took it, in any file of the folder itself but ``kinds.yaml`` and ``decisions.yaml``.

    Raises
    ------
    RuleFileError
        The folder is not there, or a file is not YAML, lacks a field, has one too many,
        repeats an id or names a kind that is no control.
    """
    builtin = _read_all((file for one in builtin_kind_folders() for file in one.rules), kinds)
    if folder and not folder.is_dir():
        raise RuleFileError(file=folder.name, field=_WHOLE, problem="no_folder")
    own = _read_all(_own_files(folder), kinds) if folder else {}
    merged = {**builtin, **own}
    return tuple(merged[rule_id] for rule_id in sorted(merged))


def rules_in_force(rules: Sequence[ControlRule], on: date) -> tuple[ControlRule, ...]:
    """Return the rules whose law is in force on a day."""
    return tuple(
        rule
        for rule in rules
        if (rule.valid_from is None or rule.valid_from <= on)
        and (rule.valid_to is None or on <= rule.valid_to)
    )


def rules_digest(rules: Sequence[ControlRule]) -> str:
    """Return the digest of a set of rules, whatever their order."""
    by_id = sorted((asdict(rule) for rule in rules), key=lambda rule: str(rule["id"]))
    return digest(canonical_json(by_id))


def rules_from_json(data: bytes) -> tuple[ControlRule, ...]:
    """Return rules from the canonical JSON of their fields, as evidence keeps them."""
    return tuple(_rule(_RuleFile.model_validate(entry)) for entry in json.loads(data))


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
        if rule.id in found:
            raise RuleFileError(file=entry.name, field="id", problem="repeated")
        found[rule.id] = rule
    return found


def _read(entry: DataFile, kinds: Kinds) -> ControlRule:
    try:
        content = _RuleFile.model_validate(yaml.safe_load(entry.read_text(encoding="utf-8")))
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
    )
