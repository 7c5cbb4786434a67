"""Whether the installation is whole and everything in the store is what it was."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from typing import Any, Final

import pyproj
import shapely

from api.workspace import kernels
from api.workspace.answers import steps_out
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.check.rules import ControlRule
from layers.readers._gdal import pyogrio
from layers.readers.ledger import may_be_plot
from layers.store.blocks import is_whole_beside
from layers.store.compiled.folder import is_sound
from layers.store.withdrawals import Steps, is_withdrawn
from maps.answers import Title
from maps.data.health_answers import Ailment, Health, RuleEnd
from maps.data.withdrawal_answers import WithdrawnVersion

_DISTRIBUTIONS: Final = ("geopandas", "shapely", "pyproj", "pyogrio", "folium", "fastapi")
_MOST_NAMED: Final = 10
_SOON: Final = timedelta(days=90)
_DATABASES: Final = ("catalogue.sqlite", "rasters.sqlite")
_UNREADABLE: Final = (PlanningError, OSError, ValueError, KeyError, TypeError, AttributeError)


def examine(workspace: Workspace, *, rebuild: bool = False) -> Health:
    """Read everything that is stored, to the last byte.

    Parameters
    ----------
    workspace : Workspace
        The store.
    rebuild : bool
        Whether rows that a catalogue has lost are first written again from the facts beside
        the versions.
    """
    rebuilt = _rebuild(workspace) if rebuild else 0
    found = [
        *_databases(workspace),
        *_versions(workspace),
        *_memories(workspace),
        *_inventories(workspace),
        *_statistics(workspace),
        *_publications(workspace),
        *_checks(workspace),
        *_projects(workspace),
        *(Ailment(what="task", name=name) for name in workspace.tasks.damaged()),
        *(Ailment(what="audit", name=name) for name in workspace.audit.faults()),
        *_damaged_answers(workspace),
        *_copies(workspace),
    ]
    current, rasters = workspace.store.current(), workspace.rasters.current()
    return Health(
        software={
            **{name: version(name) for name in _DISTRIBUTIONS},
            "GDAL": ".".join(map(str, pyogrio.__gdal_version__)),
            "PROJ": pyproj.proj_version_str,
            "GEOS": ".".join(map(str, shapely.geos_version)),
        },
        data_dir=str(workspace.settings.data_dir),
        layer_count=len(current) + len(rasters),
        rebuilt=rebuilt,
        findings=found,
        laws=list(_laws(workspace)),
        withdrawn=list(_withdrawn(workspace)),
        incomplete=list(_incomplete(workspace)),
        audit_head=_audit_head(workspace),
        sound=not found,
    )


def _audit_head(workspace: Workspace) -> str | None:
    try:
        head = workspace.audit.head()
    except (ValueError, KeyError):
        return None
    return f"{head.count} {head.digest}" if head else None


def _rebuild(workspace: Workspace) -> int:
    memories = (workspace.store.memory, workspace.rasters.memory)
    parts = (*memories, workspace.tables, workspace.publications, workspace.projects)
    return sum(part.rebuild() for part in parts)


def _inventories(workspace: Workspace) -> Iterator[Ailment]:
    """Return inventories that cannot tell what stood."""
    memories = (workspace.store.memory, workspace.rasters.memory)
    stores = (*memories, workspace.tables, workspace.publications, workspace.projects)
    for inventory in (store.inventory for store in stores):
        if inventory.is_damaged():
            yield Ailment(what="inventory", name=inventory.path.name)


def _databases(workspace: Workspace) -> Iterator[Ailment]:
    root = workspace.settings.data_dir
    for name in _DATABASES:
        with closing(sqlite3.connect(root / name)) as connection:
            try:
                said = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            except sqlite3.DatabaseError as exc:
                said = str(exc)
        if said != "ok":
            yield Ailment(what="database", name=name)
    for path in sorted(root.glob("*.sqlite.damaged-????????")):
        yield Ailment(what="set_aside", name=path.name)


def _versions(workspace: Workspace) -> Iterator[Ailment]:
    """Return versions whose files are not what was stored; past checks rest on old ones."""
    for stored in workspace.store.everything():
        if not _reads(partial(workspace.store.read, stored)):
            yield Ailment(what="layer", name=f"{stored.layer_id} v{stored.number}")
    for kept in workspace.rasters.everything():
        if not _reads(partial(workspace.rasters.sound_path, kept, afresh=True)):
            yield Ailment(what="raster", name=f"{kept.raster_id} v{kept.number}")


def _memories(workspace: Workspace) -> Iterator[Ailment]:
    """Return files without rows, facts that cannot be read, and what stood and is gone."""
    root = workspace.settings.data_dir
    for memory in (workspace.store.memory, workspace.rasters.memory):
        standing = memory.standing()
        for lost in standing.lost:
            yield Ailment(what="lost", name=f"{lost.spec.id} v{lost.number}")
        for layer_id, number in sorted(standing.vanished):
            yield Ailment(what="vanished", name=f"{layer_id} v{number}")
        for path in standing.nameless:
            yield Ailment(what="nameless", name=path.relative_to(root).as_posix())
        for layer_id, number in sorted(standing.unsaid | standing.doubtful):
            yield Ailment(what="withdrawal", name=f"{layer_id} v{number}")
        for path in memory.unreadable():
            yield Ailment(what="facts", name=path.relative_to(root).as_posix())
    for name, kind in workspace.kinds.items():
        found = workspace.controls(name)
        if kind.control and not isinstance(found, tuple) and found.lost:
            yield Ailment(what="kind", name=f"{name}: {', '.join(found.lost)}")


def _incomplete(workspace: Workspace) -> Iterator[Ailment]:
    """Return control layers in use that lost features when they were imported, with which."""
    for stored in workspace.store.current():
        if stored.incomplete and stored.report and workspace.kind(stored.spec.kind).control:
            entries = stored.report.ledger.left_out if stored.report.ledger else ()
            lost = [one.label for one in entries if may_be_plot(one) and one.label]
            labels = f" ({', '.join(lost[:_MOST_NAMED])})" if lost else ""
            yield Ailment(what="incomplete", name=f"{stored.layer_id} v{stored.number}{labels}")


def _withdrawn(workspace: Workspace) -> Iterator[WithdrawnVersion]:
    """Return what somebody withdrew."""
    for what, memory in (("layer", workspace.store.memory), ("raster", workspace.rasters.memory)):
        for (of, number), steps in sorted(memory.standing().steps.items()):
            if is_withdrawn(steps):
                yield _describe_withdrawn(what, of, str(number), steps)
    tables = workspace.tables
    for dataset in tables.datasets():
        with suppress(*_UNREADABLE):
            for version in tables.history(dataset):
                if is_withdrawn(steps := tables.steps_of(version)):
                    yield _describe_withdrawn("dataset", dataset, str(version.number), steps)
    yield from _withdrawn_projects(workspace)
    for publication_id in workspace.publications.ids():
        with suppress(*_UNREADABLE):
            state = workspace.publications.state(publication_id)
            for sha256 in filter(state.is_withdrawn, state.shown):
                yield _describe_withdrawn(
                    "publication", publication_id, sha256, state.steps[sha256]
                )


def _withdrawn_projects(workspace: Workspace) -> Iterator[WithdrawnVersion]:
    for project_id in workspace.projects.ids():
        with suppress(*_UNREADABLE):
            if is_withdrawn(steps := workspace.projects.steps(project_id)):
                number = str(workspace.projects.count(project_id))
                yield _describe_withdrawn("project", project_id, number, steps)


def _describe_withdrawn(what: str, of: str, version: str, steps: Steps) -> WithdrawnVersion:
    return WithdrawnVersion(what=what, id=of, version=version, step=steps_out(steps)[-1])


def _laws(workspace: Workspace) -> Iterator[RuleEnd]:
    """Return rules that have ended or soon will, and have no successor; and later ones."""
    today = workspace.today()
    law = workspace.law(today)
    for one in law.ended:
        day = one.day.isoformat() if one.day else None
        yield RuleEnd(
            rule_id=one.rule.id,
            name=_named(workspace, one.rule),
            state=one.reason.value,
            day=day,
            successor=None,
        )
    for rule in law.rules:
        if rule.valid_to is not None and rule.valid_to <= today + _SOON:
            day = rule.valid_to.isoformat()
            next_ = next((one for one in workspace.rules if one.key == rule.successor), None)
            yield RuleEnd(
                rule_id=rule.id,
                name=_named(workspace, rule),
                state="rule_ends_soon",
                day=day,
                successor=rule.successor,
                successor_name=_named(workspace, next_) if next_ else None,
            )


def _named(workspace: Workspace, rule: ControlRule) -> Title:
    """Return a rule and its edition in words, by its kind where its file gives no name."""
    kind, edition = workspace.kind(rule.kind), f" ({rule.edition})" if rule.edition else ""
    zh, en = rule.name_zh or kind.title_zh, rule.name_en or kind.title_en
    return Title(zh=zh + edition, en=en + edition)


def _statistics(workspace: Workspace) -> Iterator[Ailment]:
    for dataset in workspace.tables.datasets():
        for name in workspace.tables.damaged(dataset):
            yield Ailment(what="statistics", name=name)


def _publications(workspace: Workspace) -> Iterator[Ailment]:
    for publication_id in workspace.publications.ids():
        for name in workspace.publications.damaged(publication_id):
            yield Ailment(what="publication", name=f"{publication_id}/{name}")


def _checks(workspace: Workspace) -> Iterator[Ailment]:
    archive = workspace.archive
    for check_id, _ in archive.newest():
        if not _reads(partial(archive.require_sound, check_id)):
            yield Ailment(what="check", name=check_id)
    for check_id in archive.without_input():
        yield Ailment(what="input", name=check_id)
    for path in archive.strays():
        yield Ailment(what="stray", name=f"checks/{path.name}")


def _projects(workspace: Workspace) -> Iterator[Ailment]:
    for project_id in workspace.projects.ids():
        for name in workspace.projects.damaged(project_id):
            yield Ailment(what="project", name=name)


def _damaged_answers(workspace: Workspace) -> Iterator[Ailment]:
    for run_id in workspace.runs.ids():
        if not _reads(partial(workspace.runs.require_sound, run_id)):
            yield Ailment(what="answer", name=run_id)


def _copies(workspace: Workspace) -> Iterator[Ailment]:
    """Return damaged copies of layers; they are made anew when they are next wanted."""
    root = workspace.settings.data_dir
    for name in kernels.damaged:
        yield Ailment(what="copy", name=f"kernels/{name}")
    for folder in sorted(root.glob("compiled/*-*")):
        if folder.is_dir() and not is_sound(folder):
            yield Ailment(what="copy", name=f"compiled/{folder.name}")
    for path in sorted(root.glob("tiles/*/v*.pmtiles")):
        if not is_whole_beside(path, afresh=True):
            yield Ailment(what="copy", name=path.relative_to(root).as_posix())


def _reads(read: Callable[[], Any]) -> bool:
    try:
        read()
    except _UNREADABLE:
        return False
    return True
