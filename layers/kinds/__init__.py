"""Kinds of control lines: one folder of data files each, found by itself.

=====================  ==========================================================
``kind.yaml``          title, geometry, sensitivity, drawing order, and what else
                       follows from the kind alone
``rule.yaml``,         what the law demands of a site; one file for each rule
``rule_<name>.yaml``
``decisions.yaml``     what follows from a finding, by the nature of the project
``style.toml``         how the layer is drawn
``words.toml``         words that only this kind needs, in both languages
``schema.yaml``        further names of fields and spellings of classes under which layers of
                       the kind come in, and notes for who prepares one
``demonstration.yaml`` the layer that is made up so that every job runs at once
``classes.yaml``       of a kind that judges nothing: the classes by which its layers split
                       the ground of sites
=====================  ==========================================================

A planner's own folder of rules holds the same, for kinds of their own; for a kind that is
built in it may hold rules and decisions, which then stand in the place of the built-in ones,
and a schema, which adds to the built-in one.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, TypeAlias

from layers.errors import RuleFileError

KIND_FILE: Final = "kind.yaml"
DECISIONS_FILE: Final = "decisions.yaml"
DEMONSTRATION_FILE: Final = "demonstration.yaml"
SCHEMA_FILE: Final = "schema.yaml"
CLASSES_FILE: Final = "classes.yaml"
STYLE_FILE: Final = "style.toml"
WORDS_FILE: Final = "words.toml"

_KNOWN: Final = frozenset(
    {
        CLASSES_FILE,
        DECISIONS_FILE,
        DEMONSTRATION_FILE,
        KIND_FILE,
        SCHEMA_FILE,
        STYLE_FILE,
        WORDS_FILE,
    }
)
_LANGUAGES: Final = ("zh", "en")
_SUFFIXES: Final = (".yaml", ".yml", ".toml")

DataFile: TypeAlias = Traversable | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFolder:
    """The data files of one kind, by name."""

    kind: str
    files: Mapping[str, DataFile]

    @property
    def rules(self) -> tuple[DataFile, ...]:
        """The files of rules, by name."""
        return tuple(file for name, file in sorted(self.files.items()) if _is_rule(name))


@cache
def builtin_kind_folders() -> tuple[KindFolder, ...]:
    """Return the folders that ship, by the id of their kind."""
    return _folders(files("layers.kinds"))


def own_kind_folders(folder: Path | None) -> tuple[KindFolder, ...]:
    """Return the folders of a planner's folder of rules, by the id of their kind.

    Raises
    ------
    RuleFileError
        A folder holds a file that nothing would read: a misspelt name must not leave the
        built-in rule in force without a word.
    """
    found = _folders(folder) if folder and folder.is_dir() else ()
    for one in found:
        if CLASSES_FILE in one.files:
            raise RuleFileError(
                file=f"{one.kind}/{CLASSES_FILE}", field="*", problem="unknown_file"
            )
    return found


def kind_words(folder: KindFolder) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return a kind's own words: by language, table and key; none without a file.

    Raises
    ------
    RuleFileError
        The file is not TOML, or its two languages do not have the same tables and keys.
    """
    said = _toml(folder, WORDS_FILE)
    keys = [
        {table: set(texts) for table, texts in said.get(lang, {}).items()} for lang in _LANGUAGES
    ]
    if set(said) - set(_LANGUAGES) or any(one != keys[0] for one in keys):
        raise RuleFileError(file=f"{folder.kind}/{WORDS_FILE}", field="*", problem="languages")
    return said


def kind_look(folder: KindFolder) -> Mapping[str, Any]:
    """Return how a kind is drawn, with what is drawn otherwise on the dark scheme in ``dark``.

    Raises
    ------
    RuleFileError
        The file is not TOML.
    """
    return _toml(folder, STYLE_FILE)


def _toml(folder: KindFolder, name: str) -> Mapping[str, Any]:
    if name not in folder.files:
        return {}
    try:
        return tomllib.loads(folder.files[name].read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise RuleFileError(file=f"{folder.kind}/{name}", field="*", problem="not_toml") from exc


def _folders(home: Any) -> tuple[KindFolder, ...]:  # noqa: ANN401 - a path or a resource
    found = [_folder(entry) for entry in home.iterdir() if _is_kind(entry)]
    return tuple(sorted(found, key=lambda one: one.kind))


def _is_kind(entry: DataFile) -> bool:
    return entry.is_dir() and not entry.name.startswith((".", "_"))


def _folder(entry: DataFile) -> KindFolder:
    found = {file.name: file for file in entry.iterdir() if file.name.endswith(_SUFFIXES)}
    for name in sorted(found):
        if name not in _KNOWN and not _is_rule(name):
            raise RuleFileError(file=f"{entry.name}/{name}", field="*", problem="unknown_file")
    return KindFolder(kind=entry.name, files=found)


def _is_rule(name: str) -> bool:
    stem, _, suffix = name.rpartition(".")
    return suffix in {"yaml", "yml"} and (stem == "rule" or stem.startswith("rule_"))
