"""Under which names and spellings layers of a kind carry what rules ask of their features.

A rule asks for an attribute and some of its values. What a kind's ``schema.yaml`` adds are
further names of fields and further spellings of values, as bureaus and data standards write
them; names are compared without regard to case, width and blanks. A layer that comes in gets
the fields that rules read; what its file says stays beside them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.check.classes import cell_text
from layers.check.land_classes import LAND_USE, load_land_classes
from layers.check.rules import ControlRule
from layers.errors import RuleFileError
from layers.kinds import SCHEMA_FILE, KindFolder, builtin_kind_folders, own_kind_folders
from layers.readers.field_names import Role, plain_name, role_names
from layers.yaml_text import load_yaml

_ID: Final = "feature_id"
_ROLES: Final[Mapping[str, Role]] = MappingProxyType({"name": "name", "name_zh": "name_zh"})
"""Attributes that every layer may have, whose field names stand in ``field_names.toml``."""

AS_GIVEN: Final = "{name}_as_given"
"""Where the file's own words stay if it uses the name that rules read for other spellings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """What rules of a kind read from a feature.

    ``fields`` are the names that it may have, the own one first, and ``rules`` those of them
    that each rule reads by itself. ``classes`` are the values that rules ask for, with all
    their spellings (the value itself among them); empty where it only says something.
    """

    name: str
    fields: tuple[str, ...]
    rules: tuple[tuple[str, ...], ...]
    classes: Mapping[str, tuple[str, ...]]

    @property
    def asked(self) -> bool:
        """Whether rules choose features by it."""
        return bool(self.classes)

    def is_read_from(self, field: str | None, columns: Collection[str]) -> bool:
        """Tell whether every rule reads it from a field of a layer with such columns."""
        return all(
            next((name for name in names if name in columns), None) == field for names in self.rules
        )

    def class_of(self, text: str) -> str | None:
        """Return the value that a rule asks for, by any of its spellings."""
        if text in self.classes:
            return text
        wanted = plain_name(text)
        spelled = (one for one, all_of in self.classes.items() if wanted in map(plain_name, all_of))
        return next(spelled, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Everything that rules of a kind read; ``notes`` by language, for who prepares a layer."""

    kind: str
    attributes: tuple[Attribute, ...]
    notes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMatch:
    """A value of a layer: how many features say it, and which class it is; None for none."""

    said: str
    meant: str | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMatch:
    """Where an attribute was found; ``field`` is None where the layer has none for it.

    ``others`` are further fields that could be meant and were not taken. ``values`` are those
    of an attribute that rules choose by, the most frequent first.
    """

    attribute: str
    field: str | None
    asked: bool
    others: tuple[str, ...] = ()
    values: tuple[ClassMatch, ...] = ()


_Words = Annotated[tuple[str, ...], Field(min_length=1)]


class _NotesFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: _Words
    en: _Words


class _SchemaFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    notes: _NotesFile | None = None
    fields: dict[str, _Words] = {}
    classes: dict[str, dict[str, _Words]] = {}


def load_schema(kind: str, rules: Iterable[ControlRule], folder: Path | None) -> Schema:
    """Return what the rules of a kind read, with the names that its data files add.

    Parameters
    ----------
    kind : str
        A kind of layer; one without rules has no attributes, the land survey those of classes.
    rules : iterable of ControlRule
        All editions of all rules; those of the kind are taken.
    folder : Path or None
        A planner's own folder of kinds, see :mod:`layers.kinds`.

    Raises
    ------
    RuleFileError
        The file is not YAML, has an unknown field, or speaks of an attribute or a value that
        no rule of the kind knows.
    """
    own = [rule for rule in rules if rule.kind == kind]
    names = dict.fromkeys(name for rule in own for name in (*rule.where, *rule.tells))
    found = (*(_attribute(name, own) for name in names), *_land_attributes(kind))
    notes: dict[str, tuple[str, ...]] = {}
    for one in (*builtin_kind_folders(), *own_kind_folders(folder)):
        if one.kind == kind and SCHEMA_FILE in one.files:
            said = _read(one)
            found = _widened(found, said, one)
            notes = said.notes.model_dump() if said.notes else notes
    return Schema(kind=kind, attributes=found, notes=notes)


def match_schema(
    features: gpd.GeoDataFrame, schema: Schema
) -> tuple[gpd.GeoDataFrame, tuple[FieldMatch, ...]]:
    """Return a layer with the fields that rules read, and where each was found.

    Only what rules could not read as it stands becomes a field of its own; no word of the
    file is lost.

    Parameters
    ----------
    features : GeoDataFrame
        A layer as it was read; not changed.
    schema : Schema
        Of its kind.
    """
    matches = []
    for attribute in schema.attributes:
        match = _matched(features, attribute)
        matches.append(match)
        if match.field is not None:
            features = _with_attribute(features, attribute, match)
    return features, tuple(matches)


def _land_attributes(kind: str) -> Iterator[Attribute]:
    """Yield what the dictionary of classes reads, of the kind whose layers split ground."""
    if kind == LAND_USE:
        classes = load_land_classes()
        for name in (classes.code, classes.name):
            yield Attribute(name=name, fields=(name,), rules=((name,),), classes={})


def _attribute(name: str, rules: Sequence[ControlRule]) -> Attribute:
    read = tuple(
        dict.fromkeys(
            (name, *rule.fields.get(name, ()))
            for rule in rules
            if name in (*rule.where, *rule.tells)
        )
    )
    further = role_names(_ROLES[name]) if name in _ROLES else ()
    fields = dict.fromkeys((*(one for names in read for one in names), *further))
    values = dict.fromkeys(value for rule in rules for value in rule.where.get(name, ()))
    classes = {one: (one,) for one in values}
    return Attribute(name=name, fields=tuple(fields), rules=read, classes=classes)


def _widened(
    attributes: tuple[Attribute, ...], said: _SchemaFile, folder: KindFolder
) -> tuple[Attribute, ...]:
    known = {one.name: one for one in attributes}
    for name in (*said.fields, *said.classes):
        if name not in known:
            raise _unknown(folder, name)
    for name, fields in said.fields.items():
        one = known[name]
        known[name] = replace(one, fields=tuple(dict.fromkeys((*one.fields, *fields))))
    for name, classes in said.classes.items():
        one, wider = known[name], dict(known[name].classes)
        for value, spellings in classes.items():
            if value not in wider:
                raise _unknown(folder, f"{name}.{value}")
            wider[value] = tuple(dict.fromkeys((*wider[value], *spellings)))
        known[name] = replace(one, classes=wider)
    return tuple(known.values())


def _read(folder: KindFolder) -> _SchemaFile:
    name = f"{folder.kind}/{SCHEMA_FILE}"
    try:
        return _SchemaFile.model_validate(
            load_yaml(folder.files[SCHEMA_FILE].read_text(encoding="utf-8"))
        )
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise RuleFileError(file=name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise RuleFileError(file=name, field=where, problem=first["type"]) from exc


def _unknown(folder: KindFolder, field: str) -> RuleFileError:
    return RuleFileError(file=f"{folder.kind}/{SCHEMA_FILE}", field=field, problem="no_rule_asks")


def _matched(features: gpd.GeoDataFrame, attribute: Attribute) -> FieldMatch:
    found = _columns(features, attribute)
    if not found:
        return FieldMatch(attribute=attribute.name, field=None, asked=attribute.asked)
    counted = {name: _values(features[name], attribute) for name in found}
    # Of several fields the first one that says a class: "级别" may be anything's.
    chosen = next((name for name in found if any(v.meant for v in counted[name])), found[0])
    return FieldMatch(
        attribute=attribute.name,
        field=chosen,
        asked=attribute.asked,
        others=tuple(name for name in found if name != chosen) if attribute.asked else (),
        values=counted[chosen] if attribute.asked else (),
    )


def _columns(features: gpd.GeoDataFrame, attribute: Attribute) -> list[str]:
    own = [name for name in features.columns if name not in (features.geometry.name, _ID)]
    found: dict[str, None] = {}
    for field in attribute.fields:
        found |= dict.fromkeys(name for name in own if name == field)
    for field in map(plain_name, attribute.fields):
        found |= dict.fromkeys(name for name in own if plain_name(name) == field)
    return list(found)


def _values(column: Any, attribute: Attribute) -> tuple[ClassMatch, ...]:  # noqa: ANN401
    if not attribute.asked:
        return ()
    texts, counts = np.unique([cell_text(value) for value in column], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return tuple(
        ClassMatch(said=text, meant=attribute.class_of(text), count=int(counts[at]))
        for at, text in ((at, str(texts[at])) for at in order)
    )


def _with_attribute(
    features: gpd.GeoDataFrame, attribute: Attribute, match: FieldMatch
) -> gpd.GeoDataFrame:
    said = [cell_text(value) for value in features[match.field]]
    meant = {one.said: one.meant or one.said for one in match.values}
    read = [meant.get(text, text) for text in said]
    if read == said and attribute.is_read_from(match.field, features.columns):
        return features
    given = [name for name in features.columns if str(name).lower() == attribute.name.lower()]
    if given == [match.field] and read == said:
        return features.rename(columns={match.field: attribute.name})
    # GeoPackage does not tell upper from lower case in names.
    taken = {str(name).lower() for name in features.columns}
    aside = AS_GIVEN.format(name=attribute.name)
    while aside in taken:
        aside += "_"
    features = features.rename(columns=dict.fromkeys(given, aside))
    column = pd.Series([text or None for text in read], index=features.index, dtype=object)
    features.insert(len(features.columns) - 1, attribute.name, column)
    return features
