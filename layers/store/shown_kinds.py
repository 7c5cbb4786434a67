"""What maps and texts show of kinds of control lines: looks, words, titles.

Law is of a workspace, looks and words are of the process, as those in ``maps`` are: whoever
opens a planner's folder adds its kinds here once, and everything that prints finds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from layers.kinds import (
    KIND_FILE,
    KindFolder,
    builtin_kind_folders,
    kind_look,
    kind_words,
    own_kind_folders,
)
from layers.store.catalogue import Group, Kinds, load_kinds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownKind:
    """A kind's look (``dark``: what is other on the dark scheme) and its own words.

    ``words`` are by language, table and key.
    """

    id: str
    order: int
    precedence: int
    group: Group
    titles: Mapping[str, str]
    look: Mapping[str, Any]
    words: Mapping[str, Mapping[str, Mapping[str, str]]]


class _Own:
    kinds: tuple[ShownKind, ...] = ()


@cache
def builtin_shown_kinds() -> tuple[ShownKind, ...]:
    """Return the kinds that ship, by id."""
    kinds = load_kinds()
    return tuple(_shown(folder, kinds) for folder in builtin_kind_folders())


def own_shown_kinds() -> tuple[ShownKind, ...]:
    """Return the kinds of planners' folders that were opened, by id."""
    return _Own.kinds


def show_own_kinds(folder: Path | None, kinds: Kinds) -> None:
    """Let maps and texts of this process show the kinds of a planner's folder, read now.

    Of two kinds with one id the one that was opened last is shown.

    Raises
    ------
    RuleFileError
        A file of looks or words cannot be read.
    """
    folders = {one.kind: one for one in own_kind_folders(folder)}
    own = {name: _shown(one, kinds) for name, one in folders.items() if KIND_FILE in one.files}
    if own:
        merged = {one.id: one for one in _Own.kinds} | own
        _Own.kinds = tuple(merged[name] for name in sorted(merged))


def _shown(folder: KindFolder, kinds: Kinds) -> ShownKind:
    kind = kinds[folder.kind]
    return ShownKind(
        id=kind.id,
        order=kind.order,
        precedence=kind.precedence,
        group=kind.group,
        titles={"zh": kind.title_zh, "en": kind.title_en},
        look=kind_look(folder),
        words=kind_words(folder),
    )
