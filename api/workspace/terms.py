"""What layers and findings are held against: kinds, rules, decisions, and their files."""

from dataclasses import dataclass
from pathlib import Path

from layers.check.natures import Decisions, load_decisions
from layers.check.rules import ControlRule, load_rules
from layers.store.catalogue import Kinds, kinds_with
from layers.store.shown_kinds import show_own_kinds
from layers.zones import Region

Stamp = tuple[tuple[str, int, int, int], ...]
"""Path, number, size and time of change of every file of a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What ships and, over it, what stands in a planner's folder; read at one time."""

    stamp: Stamp
    kinds: Kinds
    rules: tuple[ControlRule, ...]
    decisions: Decisions


def read_terms(folder: Path | None, region: Region) -> Terms:
    """Read all of a folder, None if there is none, and what ships for a region.

    Raises
    ------
    RuleFileError
        A file is wrong.
    """
    # First: what changes meanwhile is read again.
    stamp = stamp_of(folder)
    kinds = kinds_with(folder, region)
    show_own_kinds(folder, kinds)
    return Terms(
        stamp=stamp,
        kinds=kinds,
        rules=load_rules(folder, kinds),
        decisions=load_decisions(folder),
    )


def stamp_of(folder: Path | None) -> Stamp:
    """Return what is another one after a file of a folder was written, added or removed."""
    if folder is None or not folder.is_dir():
        return ()
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    stats = ((path, path.stat()) for path in found)
    return tuple((str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns) for path, stat in stats)
