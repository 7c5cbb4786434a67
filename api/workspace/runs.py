"""What was asked and answered, with every layer that was read for it.

A check is kept by its own archive. A search, a ranking, an avoidance or a report is asked again
when a layer that it rests on is replaced; for that its question, its files and the versions that
it read are kept. The versions are those that :meth:`Workspace.load` gave out while it ran, so
that no operation can forget to name one.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from api.operation import Call, FileAnswer, Operation, Question
from api.upload import Upload
from geo.errors import PlanningError
from layers.errors import NotFoundError
from layers.provenance import ID_LENGTH, canonical_json, digest
from layers.readers import ReadLimits
from layers.store.bundle import pack, unpack
from layers.store.durable import remove_file, write_file
from layers.store.sealed import unseal, wrap_with_digest
from maps.answers import Answer, JsonObject

_FORM: Final = "ftzgis-run-1"
_ID: Final = re.compile(r"[0-9a-f]{8,64}")


class UnknownRunError(NotFoundError):
    """No kept answer has this id. Params: ``run_id``."""

    code = "api.run.unknown"


class DamagedRunError(PlanningError):
    """What is kept of an answer is not what was kept. Params: ``run_id``."""

    code = "api.run.damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A question with its answer.

    ``layers`` are content digests by ``id@number``. ``uploads`` name the files of the question
    by field. An answer that is a file is kept as its name and digest.
    """

    id: str
    operation: str
    form: str
    lang: str
    kept_at: str
    asked: JsonObject
    uploads: Mapping[str, Mapping[str, Any]]
    layers: Mapping[str, str]
    answer: JsonObject


class RunArchive:
    """Runs as files under their ids; the same question with the same answer is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, run: Run, files: Mapping[str, bytes]) -> Run:
        """Store a run under the id that follows from it, unless it stands there.

        Its files come first: a run without them could not be asked again.
        """
        said = {
            name: getattr(run, name)
            for name in ("operation", "form", "lang", "asked", "uploads", "layers", "answer")
        }
        given = {name: digest(data) for name, data in files.items()}
        run_id = digest(canonical_json([said, given]))[:ID_LENGTH]
        path = self._folder / f"{run_id}.json"
        if not path.is_file():
            if files:
                write_file(self._folder / f"{run_id}.input.zip", pack(files, _FORM))
            text = canonical_json({**said, "kept_at": run.kept_at}).decode("utf-8")
            write_file(path, wrap_with_digest(text))
        return replace(run, id=run_id)

    def get(self, run_id: str) -> Run:
        """Return a run.

        Raises
        ------
        UnknownRunError, DamagedRunError
            There is none with this id, or it is not what was kept.
        """
        path = self._folder / f"{run_id}.json"
        if not _ID.fullmatch(run_id) or not path.is_file():
            raise UnknownRunError(run_id=run_id[:64])
        try:
            return Run(id=run_id, **json.loads(unseal(path.read_bytes())))
        except (ValueError, TypeError) as exc:
            raise DamagedRunError(run_id=run_id) from exc

    def ids(self) -> list[str]:
        """Return the ids of all runs."""
        return sorted(p.stem for p in self._folder.glob("*.json") if _ID.fullmatch(p.stem))

    def files_of(self, run_id: str) -> list[Path]:
        """Return all files of a run, the answer first."""
        found = self._folder.glob(f"{run_id}.*")
        return sorted(found, key=lambda path: (path.stem != run_id, path.name))

    def remove(self, run_id: str) -> None:
        """Remove a run with the files of its question; the answer goes first."""
        for path in self.files_of(run_id):
            remove_file(path)

    def strays(self) -> list[Path]:
        """Return files that belong to no kept run."""
        known = set(self.ids())
        every = self._folder.glob("[0-9a-f]*.*")
        return sorted(path for path in every if path.name.partition(".")[0] not in known)

    def sound(self) -> tuple[list[Run], list[str]]:
        """Return all runs that are what was kept, the oldest first, and the ids of the others."""
        found, damaged = list[Run](), list[str]()
        for run_id in self.ids():
            try:
                found.append(self.get(run_id))
            except DamagedRunError:
                damaged.append(run_id)
        return sorted(found, key=lambda run: (run.kept_at, run.id)), damaged

    def require_sound(self, run_id: str) -> None:
        """Read all that is kept of a run.

        Raises
        ------
        UnknownRunError, DamagedRunError
            Something is not what was kept.
        """
        self.files(self.get(run_id))

    def files(self, run: Run) -> dict[str, bytes]:
        """Return the files of a run's question.

        Raises
        ------
        DamagedRunError
            They are gone or are not what was kept.
        """
        if not run.uploads:
            return {}
        try:
            return unpack((self._folder / f"{run.id}.input.zip").read_bytes(), _FORM)
        except (OSError, PlanningError) as exc:
            raise DamagedRunError(run_id=run.id) from exc

    def asked(self, run: Run) -> dict[str, Any]:
        """Return what a run was asked, as an operation takes it.

        Raises
        ------
        DamagedRunError
            Its files are gone or are not what was kept.
        """
        files = self.files(run)
        uploads = {
            field: Upload(
                name=one["name"],
                files={name: files[f"{field}/{at}"] for at, name in enumerate(one["names"])},
            )
            for field, one in run.uploads.items()
        }
        return {**run.asked, **uploads}


def run_and_keep(declared: Operation[Any, Any], call: Call, question: Question) -> Any:  # noqa: ANN401
    """Return the answer of an operation, and keep it with its question and what it read."""
    workspace = call.workspace.watched()
    answer = declared.run(replace(call, open_workspace=lambda: workspace), question)
    uploads, files = _uploads(declared, question, workspace.limits)
    run = Run(
        id="",
        operation=declared.name,
        form=call.form,
        lang=call.lang,
        kept_at=workspace.now().isoformat(),
        asked=question.model_dump(mode="json", exclude=set(declared.inputs)),
        uploads=uploads,
        layers=dict(sorted(workspace.loaded_digests.items())),
        answer=plain_answer(answer),
    )
    workspace.runs.keep(run, files)
    return answer


def plain_answer(answer: Answer | FileAnswer) -> JsonObject:
    """Return an answer as it is kept."""
    if isinstance(answer, FileAnswer):
        return {"name": answer.name, "sha256": digest(answer.data)}
    return answer.model_dump(mode="json")


def _uploads(
    declared: Operation[Any, Any], question: Question, limits: ReadLimits
) -> tuple[dict[str, dict[str, Any]], dict[str, bytes]]:
    uploads: dict[str, dict[str, Any]] = {}
    files: dict[str, bytes] = {}
    for field in declared.inputs:
        given: Upload | None = getattr(question, field)
        if given is not None:
            source = given.source(limits)
            uploads[field] = {"name": source.name, "names": list(source.files)}
            files |= {f"{field}/{at}": data for at, data in enumerate(source.files.values())}
    return uploads, files
