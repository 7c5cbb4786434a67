"""Where the answers come from: a folder on this machine, or a server."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, Final, Protocol
from urllib.parse import quote, unquote

import requests
from pydantic import TypeAdapter

from api.errors import problem_body
from api.operation import JSON, Call, FileAnswer, Operation, Question
from api.settings import Settings
from api.upload import Upload
from api.workspace.file_forms import forms_of
from api.workspace.tasks import ENDED
from api.workspace.workspace import Workspace
from geo.errors import InputError, PlanningError
from layers.model import Progress
from layers.readers import ReadLimits
from maps.i18n import tr
from maps.refusals import refusal_text
from maps.workbench.tasks_answers import Task

_FIRST_LOOK_S: Final = 0.05
_LONGEST_LOOK_S: Final = 2.0
_CONNECT_S: Final = 10


class UnreachableError(InputError):
    """No server answers there. Params: ``address``."""

    code = "api.notebook.unreachable"


class StrangeAnswerError(InputError):
    """What answers there is not this product, or something stands between. Params: ``status``."""

    code = "api.notebook.strange_answer"


class LocalOnlyError(InputError):
    """The operation works on files of its own machine. Params: ``operation``."""

    code = "api.notebook.local_only"


class Refused(Exception):  # noqa: N818 - it is no error of the program
    """The product does not answer, and says why in the person's language.

    Attributes
    ----------
    code : str
        Stable code of the reason, see ``docs/reference.md``.
    params : mapping
        What the reason speaks of.
    """

    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__(body["detail"])
        self.code: str = body["code"]
        self.params: Mapping[str, Any] = body["params"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question on its way: to which operation, and what its answer becomes.

    ``form`` is the kind of file that is wanted, or JSON. ``folder`` takes the files of work that
    writes many, ``output`` the one of others.
    """

    declared: Operation[Any, Any]
    question: Question
    form: str = JSON
    folder: Path | None = None
    output: Path | None = None

    @property
    def wants_file(self) -> bool:
        """Whether a file comes back and no answer."""
        return self.form != JSON or self.declared.makes_file


class Door(Protocol):
    """Puts a question to the product."""

    lang: str

    def ask(self, asked: Asked) -> Any:  # noqa: ANN401 - of the operation's own type
        """Return the answer, or the file that is wanted of it."""


@contextmanager
def refusing(lang: str) -> Iterator[None]:
    """Turn a refusal of the product into one that Python shows in words."""
    try:
        yield
    except PlanningError as exc:
        raise Refused(problem_body(exc, lang)) from None


class FolderDoor:
    """The product in this process, on a folder."""

    def __init__(
        self, folder: Path | None, lang: str, progress: Progress, zone: Path | None = None
    ) -> None:
        settings = Settings.from_environment(os.environ)
        given = {"data_dir": folder, "zone": zone}
        settings = settings.model_copy(update={k: v for k, v in given.items() if v is not None})
        self.lang = lang
        self._progress = progress
        with refusing(lang):
            self.workspace = Workspace(settings)
            self.workspace.ensure_builtin()

    def ask(self, asked: Asked) -> Any:  # noqa: ANN401 - of the operation's own type
        """Return the answer, or the file that is wanted of it."""
        call = Call(
            lang=self.lang,
            open_workspace=lambda: self.workspace,
            progress=self._progress,
            form=asked.form,
            folder=asked.folder,
            output=asked.output,
        )
        declared, question = asked.declared, asked.question
        forms = None if asked.form == JSON else forms_of(declared, call, question)
        answer = declared.answered(call, question)
        return answer if forms is None else forms.file(answer, asked.form, self.lang)


class ServerDoor:
    """The product on a server, over its HTTP interface."""

    def __init__(self, address: str, lang: str, progress: Progress) -> None:
        self.lang = lang
        self._address = address.rstrip("/")
        self._progress = progress
        self._session = requests.Session()
        self._session.headers["accept-language"] = lang

    def ask(self, asked: Asked) -> Any:  # noqa: ANN401 - of the operation's own type
        """Return the answer, or the file that is wanted of it."""
        if asked.output is not None:
            raise LocalOnlyError(operation=asked.declared.name)
        method, path, said = _address(asked)
        response = self._send(method, path, said, _uploads(asked))
        if response.status_code == requests.codes.accepted:
            return self._await(asked, Task.model_validate_json(response.content))
        if asked.wants_file:
            return _file(response)
        return TypeAdapter(asked.declared.answer).validate_json(response.content)

    def _await(self, asked: Asked, task: Task) -> Any:  # noqa: ANN401 - of the operation's own type
        pause_s = _FIRST_LOOK_S
        while task.status not in ENDED:
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_LOOK_S)
            found = self._send("GET", f"/api/v1/tasks/{task.id}", {}, {})
            task = Task.model_validate_json(found.content)
            self._progress(task.done, task.total, task.note)
        if task.status != "finished":
            raise Refused(_reason(task, self.lang))
        if asked.wants_file:
            (name,) = [one for one in task.files if Path(one).suffix == f".{asked.form}"]
            return self._fetch(task, name)
        if asked.folder is not None:
            for name in task.files:
                (asked.folder / Path(name).name).write_bytes(self._fetch(task, name).data)
        return TypeAdapter(asked.declared.answer).validate_python(task.result)

    def _fetch(self, task: Task, name: str) -> FileAnswer:
        return _file(self._send("GET", f"/api/v1/tasks/{task.id}/files/{quote(name)}", {}, {}))

    def _send(
        self,
        method: str,
        path: str,
        said: Mapping[str, Any],
        files: Mapping[str, Sequence[Upload]],
    ) -> requests.Response:
        parts = [part for field, one in files.items() for part in _parts(field, one)]
        sent: dict[str, Any] = {"files": parts or None, "timeout": (_CONNECT_S, None)}
        if method in {"GET", "DELETE"}:
            sent["params"] = _as_texts(said)
        elif parts:
            sent["data"] = _as_texts(said)
        else:
            sent["json"] = said
        try:
            response = self._session.request(method, self._address + path, **sent)
        except requests.ConnectionError as exc:
            raise Refused(problem_body(UnreachableError(address=self._address), self.lang)) from exc
        if not response.ok:
            raise Refused(_problem(response, self.lang))
        return response


def _address(asked: Asked) -> tuple[str, str, dict[str, Any]]:
    """Return method and path of the first address that the question fills, and what is left.

    Raises
    ------
    LocalOnlyError
        The operation has no address: it works on files of its own machine.
    """
    declared = asked.declared
    said = asked.question.model_dump(mode="json", exclude_unset=True, exclude=set(declared.inputs))
    if asked.wants_file:
        said["format"] = asked.form
    for route in declared.routes:
        method, _, path = route.partition(" ")
        fields = [name for _, name, *_ in Formatter().parse(path) if name]
        if all(said.get(name) is not None for name in fields):
            filled = path.format(**{name: quote(str(said.pop(name)), safe="") for name in fields})
            return method, filled, said
    raise LocalOnlyError(operation=declared.name)


def _uploads(asked: Asked) -> dict[str, Sequence[Upload]]:
    given = {name: getattr(asked.question, name) for name in asked.declared.inputs}
    return {
        name: one if isinstance(one, tuple) else (one,)
        for name, one in given.items()
        if one is not None
    }


def _parts(field: str, uploads: Sequence[Upload]) -> list[tuple[str, tuple[str, bytes]]]:
    """Return files as they travel; a shapefile brings its neighbours along."""
    sources = [one.source(ReadLimits()) for one in uploads]
    return [(field, part) for one in sources for part in one.files.items()]


def _as_texts(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as an address or a form carries them."""
    return {name: _as_text(value) for name, value in said.items() if value is not None}


def _as_text(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [_as_text(one) for one in value]
    if isinstance(value, (bool, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value


def _file(response: requests.Response) -> FileAnswer:
    said = response.headers.get("content-disposition", "")
    _, _, quoted = said.partition("filename*=UTF-8''")
    return FileAnswer(
        name=unquote(quoted) or response.url.rsplit("/", 1)[-1],
        data=response.content,
        media_type=response.headers.get("content-type", ""),
    )


def _problem(response: requests.Response, lang: str) -> Mapping[str, Any]:
    """Return what a server says of a refusal; something between us and it may say it otherwise."""
    try:
        body = response.json()
        return {name: body[name] for name in ("detail", "code", "params")}
    except (ValueError, KeyError, TypeError):
        return problem_body(StrangeAnswerError(status=response.status_code), lang)


def _reason(task: Task, lang: str) -> Mapping[str, Any]:
    if task.problem is None:
        text = tr(f"task_statuses.{task.status}", lang)
        return {"detail": text, "code": f"api.task.{task.status}", "params": {}}
    said = refusal_text(task.problem.code, task.problem.params, lang)
    return {"detail": said, "code": task.problem.code, "params": task.problem.params}
