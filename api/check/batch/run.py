"""Check many files, or thousands of sites, in one run: what fails is named and stops no other."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final
from uuid import uuid4

from api.check.sites import Asked, check_and_keep
from api.errors import InternalError
from api.upload import Upload
from api.workspace.needs import CheckNeeds
from api.workspace.tasks import TaskCancelledError
from geo.errors import InputError, MissingCrsError, PlanningError
from layers.check.natures import require_nature
from layers.errors import (
    AmbiguousFileError,
    DocumentFormatError,
    NoCoordinatesError,
    UnknownFormatError,
)
from layers.model import Progress, ReadOptions, SiteFrame
from layers.readers import ReadLimits, Source, source_from_path
from layers.readers.source import SHAPEFILE_SUFFIXES, is_geodatabase
from maps.check.batch_answers import Batch, BatchFile, BatchLeftOut, Refusal

log = logging.getLogger(__name__)

_DATA_SUFFIXES: Final = frozenset(
    {
        ".dxf",
        ".fgb",
        ".geojson",
        ".gml",
        ".gpkg",
        ".json",
        ".kml",
        ".kmz",
        ".parquet",
        ".shp",
        ".zip",
    }
)
"""What calls itself data and cannot be read is refused aloud, wherever it lies."""

Opened = Callable[[], Source]

_NO_DATA: Final = (UnknownFormatError, DocumentFormatError, NoCoordinatesError)
"""What a file of a folder is skipped for: reports and tables lie beside the data."""


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


"""Told how many steps of how many are done and what is at hand; may raise to stop."""


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
        if path.is_dir() and not is_geodatabase(path):
            for file in _files_below(path, leave_out.resolve()):
                name = _writable_name(file.relative_to(path).as_posix())
                found.append(_entry(name, file, limits, named=False))
        else:
            found.append(_entry(_writable_name(path.name), path, limits, named=True))
    if not found:
        raise EmptyBatchError(paths=[_writable_name(str(path)) for path in paths])
    return found


def uploaded_entries(files: Mapping[str, bytes]) -> list[Entry]:
    """Return what was uploaded as entries: the members of a Shapefile are one of them.

    Raises
    ------
    EmptyBatchError
        There is none.
    """
    names = sorted(files)
    heads = {name[: -len(".shp")]: name for name in names if name.lower().endswith(".shp")}
    members: dict[str, list[str]] = {}
    for name in names:
        path = PurePosixPath(name)
        part = path.suffix.lower() in SHAPEFILE_SUFFIXES
        head = heads.get(str(path.with_suffix(""))) if part else None
        members.setdefault(head or name, []).append(name)
    if not members:
        raise EmptyBatchError(paths=[])
    return [
        _write_upload(head, {name: files[name] for name in own}, named=len(members) == 1)
        for head, own in members.items()
    ]


def entries_of_uploads(
    uploads: Sequence[Upload], limits: ReadLimits, *, leave_out: Path
) -> list[Entry]:
    """Return what was handed in as entries: paths of a terminal, or bytes over HTTP."""
    paths = [one.path for one in uploads if one.path is not None]
    if paths:
        return entries_of(paths, limits, leave_out=leave_out)
    return uploaded_entries({name: data for one in uploads for name, data in one.files.items()})


def run_batch(
    workspace: CheckNeeds, entries: Sequence[Entry], terms: BatchTerms, progress: Progress
) -> Batch:
    """Check every file and keep each check like a single one.

    Stopped by Ctrl+C, it returns what was done until then.

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
            steps = _Steps(progress=progress, name=entry.name, file=done, files=len(entries))
            steps.site(0, 0)
            files.extend(_check_file(workspace, entry, terms, steps))
            done += 1
    except KeyboardInterrupt:
        # What was checked is a result; the answer says that the rest is missing.
        pass
    return Batch(
        checked_on=workspace.today().isoformat(),
        nature=terms.nature,
        complete=done == len(entries) and not _not_checked(files),
        total=len(entries),
        done=done,
        refused=_not_checked(files),
        files=files,
        left_out=[
            BatchLeftOut(file=file.name, layer=file.layer, site=one)
            for file in files
            if file.check
            for one in file.check.left_out
        ],
    )


def _not_checked(files: Sequence[BatchFile]) -> int:
    return len({file.name for file in files if file.status == "refused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps:
    """Says how far a batch is: by its files, or by the sites of its only file."""

    progress: Progress
    name: str
    file: int
    files: int

    def site(self, done: int, total: int, note: str = "") -> None:  # noqa: ARG002 - the file is
        if self.files == 1 and total:
            self.progress(done, total, self.name)
        else:
            within = f" {done}/{total}" if total else ""
            self.progress(self.file, self.files, self.name + within)


def _check_file(
    workspace: CheckNeeds, entry: Entry, terms: BatchTerms, steps: _Steps
) -> Iterator[BatchFile]:
    """Check one file, or each data set of it where it holds several; none takes the others."""
    try:
        yield from _data_sets(workspace, entry, terms, steps)
    except TaskCancelledError:
        raise
    except Exception:
        incident = uuid4().hex[:12]
        log.exception("incident %s in %s", incident, entry.name)
        yield _refused(entry, terms.options.layer, InternalError(incident=incident))


def _data_sets(
    workspace: CheckNeeds, entry: Entry, terms: BatchTerms, steps: _Steps
) -> Iterator[BatchFile]:
    try:
        source = entry.open()
        yield _one(workspace, source, terms, steps)
    except AmbiguousFileError as exc:
        if terms.options.layer is not None:
            yield _refused(entry, terms.options.layer, exc)
            return
        for choice in exc.choices:
            options = replace(terms.options, layer=choice)
            try:
                yield _one(workspace, source, replace(terms, options=options), steps)
            except PlanningError as inner:
                yield _refused(entry, choice, inner)
    except PlanningError as exc:
        yield _refused(entry, terms.options.layer, exc)


def _one(workspace: CheckNeeds, source: Source, terms: BatchTerms, steps: _Steps) -> BatchFile:
    sites, options = _read(workspace, source, terms.options)
    asked = Asked(options=options, nature=terms.nature)
    result = check_and_keep(workspace, source, sites, asked, steps.site)
    return BatchFile(
        name=steps.name,
        layer=terms.options.layer,
        status="checked",
        check=result,
        lines=result.lines,
        conditions=result.conditions,
        contacts=result.contacts,
    )


def _read(
    workspace: CheckNeeds, source: Source, options: ReadOptions
) -> tuple[SiteFrame, ReadOptions]:
    """Read the sites of a file, with what of the options it was read by.

    The CRS of a batch is for files that state none: one that states its own keeps it.
    """
    unsaid = replace(options, crs=None)
    try:
        return workspace.read_sites(source, unsaid), unsaid
    except MissingCrsError:
        if options.crs is None:
            raise
    return workspace.read_sites(source, options), options


def _refused(entry: Entry, layer: str | None, error: PlanningError) -> BatchFile:
    means_data = entry.named or PurePosixPath(entry.name).suffix.lower() in _DATA_SUFFIXES
    skipped = isinstance(error, _NO_DATA) and not means_data
    return BatchFile(
        name=entry.name,
        layer=layer,
        status="skipped" if skipped else "refused",
        refusal=Refusal(code=error.code, params=error.params),
    )


def _entry(name: str, path: Path, limits: ReadLimits, *, named: bool) -> Entry:
    return Entry(name=name, named=named, open=lambda: source_from_path(path, limits))


def _write_upload(name: str, files: Mapping[str, bytes], *, named: bool) -> Entry:
    source = Source(name=PurePosixPath(name).name, files=dict(files))
    return Entry(name=name, named=named, open=lambda: source)


def _files_below(folder: Path, leave_out: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        here = Path(place)
        if is_geodatabase(here):
            folders.clear()
            yield here
            continue
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


def _writable_name(name: str) -> str:
    """Return a name that can be written: file systems hold names in other encodings."""
    return name.encode("utf-8", "replace").decode("utf-8")
