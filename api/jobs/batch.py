"""Check whole folders in one run: a file that fails is named and stops no other."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from api.answers_batch import Batch, BatchFile, Refusal
from api.jobs.check_site import check_sites
from api.jobs.workspace import Workspace
from geo.errors import InputError, PlanningError
from layers.errors import AmbiguousFileError, UnknownFormatError
from layers.model import ReadOptions
from layers.natures import require_nature
from layers.readers import ReadLimits, Source, source_from_path
from layers.readers.source import SHAPEFILE_SUFFIXES

Opened = Callable[[], Source]


class EmptyBatchError(InputError):
    """There is no file to check. Params: ``paths``."""

    code = "api.batch.empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of a batch, opened only when its turn comes.

    ``named`` tells that a person asked for this very file: then it is refused in words if
    it is no data; one that merely lies in a folder is skipped.
    """

    name: str
    named: bool
    open: Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTerms:
    """What holds for every file of a batch."""

    options: ReadOptions
    nature: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who follows a batch: told of every file before it starts, and asked whether to stop."""

    before: Callable[[str], None]
    after: Callable[[], None]
    stopped: Callable[[], bool]


def entries_of(paths: Sequence[Path], limits: ReadLimits, *, leave_out: Path) -> list[Entry]:
    """Return the files to check: those named, and all below the folders named.

    Companions of a Shapefile belong to it; hidden files, links to folders and what lies
    in ``leave_out`` (the output) are left out.

    Raises
    ------
    EmptyBatchError
        There is none.
    """
    found: list[Entry] = []
    for path in paths:
        if path.is_dir():
            for file in _files_below(path, leave_out.resolve()):
                name = _spelled(file.relative_to(path).as_posix())
                found.append(_entry(name, file, limits, named=False))
        else:
            found.append(_entry(_spelled(path.name), path, limits, named=True))
    if not found:
        raise EmptyBatchError(paths=[_spelled(str(path)) for path in paths])
    return found


def run_batch(
    workspace: Workspace, entries: Sequence[Entry], terms: BatchTerms, watch: Watch
) -> Batch:
    """Check every file and keep each check like a single one.

    Stopped by :attr:`Watch.stopped` or by Ctrl+C, it returns what was done until then.

    Raises
    ------
    UnknownNatureError
        Nothing is computed then.
    """
    require_nature(terms.nature)
    files: list[BatchFile] = []
    done = 0
    try:
        for entry in entries:
            if watch.stopped():
                break
            watch.before(entry.name)
            files.extend(_checked(workspace, entry, terms))
            done += 1
            watch.after()
    except KeyboardInterrupt:
        # What was checked is a result; the answer says that the rest is missing.
        pass
    return Batch(
        checked_on=workspace.today().isoformat(),
        nature=terms.nature,
        complete=done == len(entries),
        total=len(entries),
        done=done,
        files=files,
    )


def _checked(workspace: Workspace, entry: Entry, terms: BatchTerms) -> Iterator[BatchFile]:
    """Check one file, or each data set of it where it holds several."""
    try:
        source = entry.open()
        yield _one(workspace, entry, source, terms)
    except AmbiguousFileError as exc:
        if terms.options.layer is not None:
            yield _refused(entry, terms.options.layer, exc)
            return
        for choice in exc.choices:
            options = replace(terms.options, layer=choice)
            try:
                yield _one(workspace, entry, source, replace(terms, options=options))
            except PlanningError as inner:
                yield _refused(entry, choice, inner)
    except PlanningError as exc:
        yield _refused(entry, terms.options.layer, exc)


def _one(workspace: Workspace, entry: Entry, source: Source, terms: BatchTerms) -> BatchFile:
    sites = workspace.read_sites(source, terms.options)
    result = check_sites(workspace, sites, terms.options, terms.nature)
    workspace.archive.keep_input(result.id, source, terms.options)
    return BatchFile(name=entry.name, layer=terms.options.layer, status="checked", check=result)


def _refused(entry: Entry, layer: str | None, error: PlanningError) -> BatchFile:
    skipped = isinstance(error, UnknownFormatError) and not entry.named
    return BatchFile(
        name=entry.name,
        layer=layer,
        status="skipped" if skipped else "refused",
        refusal=Refusal(code=error.code, params=error.params),
    )


def _entry(name: str, path: Path, limits: ReadLimits, *, named: bool) -> Entry:
    return Entry(name=name, named=named, open=lambda: source_from_path(path, limits))


def _files_below(folder: Path, leave_out: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (here / name).resolve() != leave_out
        )
        shapes = {Path(name).stem for name in names if name.lower().endswith(".shp")}
        for name in sorted(names):
            file = Path(name)
            companion = file.suffix.lower() in SHAPEFILE_SUFFIXES[1:] and file.stem in shapes
            if not name.startswith(".") and not companion:
                yield here / name


def _spelled(name: str) -> str:
    """Return a name that can be written: file systems hold names in other encodings."""
    return name.encode("utf-8", "replace").decode("utf-8")
