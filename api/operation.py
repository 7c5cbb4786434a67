"""An operation is declared once; its route, its command and their documentation follow from it.

A declaration is a function from a typed question to a typed answer, with what the doors need
to know beside it: its name, its addresses, the files that its answer can become. The words of
its help stand in ``maps/locales`` (``operations`` and ``fields``). :mod:`api.web.door` makes
the routes, :mod:`api.terminal.door` the commands. Nothing heavy is imported here: a command
line that prints its help must be instant, so the functions import their use cases themselves,
and printers are named by text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Generic,
    TypeAlias,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from api.exits import Exit
from api.upload import Upload
from api.workspace.people.actor import AT_TERMINAL, Actor
from layers.model import Progress

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

GeoJson: TypeAlias = Mapping[str, Any]
"""An answer that is sent as GeoJSON."""
JSON: Final = "json"


class Question(BaseModel):
    """What an operation is asked: every field with its unit in its name and its limits."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Nothing(Question):
    """Nothing is asked."""


Q = TypeVar("Q", bound=Question)
A = TypeVar("A")


def _say_nothing(text: str) -> None:
    """Take a text where nobody reads along."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """In which surroundings an operation runs.

    ``form`` is the kind of file that is wanted, or :data:`JSON`. ``folder`` takes the files
    of long work, ``output`` is the one file that a command shall write; None where none is
    wanted. ``say`` shows a text at once at a terminal, before the work goes on. ``has_store``
    tells whether there is a store already. ``actor`` is who asks.
    """

    lang: str
    open_workspace: Callable[[], "Workspace"]
    progress: Progress
    form: str = JSON
    folder: Path | None = None
    output: Path | None = None
    say: Callable[[str], None] = _say_nothing
    has_store: Callable[[], bool] = lambda: True
    actor: Actor = AT_TERMINAL

    @cached_property
    def workspace(self) -> "Workspace":
        """The open store; what needs none never opens it."""
        return self.open_workspace()

    def workspace_if_any(self) -> "Workspace | None":
        """Return the open store where there is one already; none is made."""
        return self.workspace if self.has_store() else None

    def require_folder(self) -> Path:
        """Return the folder for files of work that cannot do without one."""
        assert self.folder is not None  # noqa: S101 - the declaration says so
        return self.folder

    def require_output(self) -> Path:
        """Return the file that a command without which it cannot run shall write."""
        assert self.output is not None  # noqa: S101 - the declaration says so
        return self.output


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnswer:
    """An answer that is a file and nothing else."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Operation(Generic[Q, A]):
    """A declared operation.

    Attributes
    ----------
    name : str
        The words of the command, such as ``layers import``.
    routes : tuple of str
        Method and path of each address; fields of the question may stand in a path.
    run : callable
        The function itself.
    arguments : tuple of str
        Fields that stand in the command without their names, in this order.
    text, files, require : str or None
        ``module:name`` of the printer for terminals; of the file forms of an answer (a
        ``FileForms``, or a function of call and question that returns one); of what refuses a
        question, by call and question, before the work of a task begins.
    forms : mapping
        Media type by form, of an operation whose answer is a file.
    task : str or None
        Kind of the task that it runs as over HTTP.
    status : int
        HTTP status of success.
    long_by : str or None
        Field of the question that makes a task of it over HTTP; without the field it is answered
        at once.
    heavy : bool
        Whether few may run at once on a server; what takes files is heavy in any case.
    answers_later : bool or str
        Whether a GET is held for a moment only, and hears of the task that makes its file;
        ``module:name`` of what tells it by call and question.
    drawn : bool
        Whether the whole body of a request may be the file: sites drawn as GeoJSON.
    several : bool
        Whether a command takes several files, each a question of its own.
    output, needs_output : str or None, bool
        A further name of the option that names the file to write, and whether a command must
        have it.
    folder, apart : bool
        Whether the output of a command is a folder that the function itself fills, and whether
        its files are read in another process at a terminal too.
    exit_of : callable
        Exit code by answer.
    kept : bool
        Whether question and answer are kept with the layers that were read, so that they can be
        asked again when one of these is replaced.
    signed : str or None
        Field of the question that holds who decides: that is the person who is signed in,
        whatever was written there.
    """

    name: str
    routes: tuple[str, ...]
    run: Callable[[Call, Q], A]
    arguments: tuple[str, ...] = ()
    text: str | None = None
    files: str | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    task: str | None = None
    status: int = 200
    long_by: str | None = None
    heavy: bool = False
    answers_later: bool | str = False
    several: bool = False
    drawn: bool = False
    output: str | None = None
    needs_output: bool = False
    folder: bool = False
    apart: bool = False
    require: str | None = None
    exit_of: Callable[[A], Exit] = lambda _: Exit.FINE
    kept: bool = False
    signed: str | None = None

    @cached_property
    def question(self) -> type[Q]:
        """The type of the question."""
        hints = get_type_hints(self.run, include_extras=True)
        found: type[Q] = next(kind for name, kind in list(hints.items())[1:] if name != "return")
        return found

    @cached_property
    def answer(self) -> Any:  # noqa: ANN401 - a type, or a union of types
        """The type of the answer."""
        return get_type_hints(self.run)["return"]

    @property
    def makes_file(self) -> bool:
        """Whether the answer is a file."""
        return bool(self.forms)

    @property
    def task_kind(self) -> str:
        """Kind of the task that runs it, where one does."""
        return self.task or f"compute_{self.name.replace(' ', '-')}"

    @property
    def takes_turns(self) -> bool:
        """Whether few may run at once on a server: a file is read, or much is computed."""
        return self.heavy or bool(self.inputs)

    def is_long(self, question: Question) -> bool:
        """Whether a question is answered by a task over HTTP."""
        by_field = self.long_by is not None and getattr(question, self.long_by) is not None
        return self.task is not None or by_field

    def is_later(self, call: Call, question: Question) -> bool:
        """Whether a GET is held for a moment only, and then hears of a task."""
        if isinstance(self.answers_later, bool):
            return self.answers_later
        return bool(resolve(self.answers_later)(call, question))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Fields of the question that take files."""
        return tuple(name for name, info in self.fields.items() if Upload in types_of(info))

    @property
    def fields(self) -> Mapping[str, FieldInfo]:
        """The fields of the question by name."""
        return self.question.model_fields

    def answered(self, call: Call, question: Q) -> A:
        """Return the answer as a door gives it: kept, where the operation says so."""
        if not self.kept:
            return self.run(call, question)
        from api.workspace.runs import run_and_keep  # noqa: PLC0415 - heavy

        found: A = run_and_keep(self, call, question)
        return found

    def ask(self, given: Mapping[str, object]) -> Q:
        """Return the question that a person asks.

        Raises
        ------
        RequestError
            A value does not fit, is missing, or is not asked for; names the field.
        """
        from api.errors import request_error  # noqa: PLC0415 - with what words errors
        from api.lookalikes import refuse_lookalikes  # noqa: PLC0415 - as above

        refuse_lookalikes(self.question, given)
        try:
            return self.question.model_validate(given)
        except ValidationError as exc:
            raise request_error(exc) from exc


def operation(
    name: str,
    *routes: str,
    **more: Any,  # noqa: ANN401 - the fields of Operation
) -> Callable[[Callable[[Call, Q], A]], Operation[Q, A]]:
    """Declare the function that follows; see :class:`Operation` for what may be said of it."""
    return lambda run: Operation(name=name, routes=routes, run=run, **more)


def resolve(reference: str) -> Any:  # noqa: ANN401 - whatever is named
    """Return what ``module:name`` names."""
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


def takes_several(info: FieldInfo) -> bool:
    """Whether a field takes as many values as a person likes."""
    kinds: list[Any] = [info.annotation]
    while kinds:
        kind = kinds.pop()
        inner = get_args(kind)
        if get_origin(kind) is list or (get_origin(kind) is tuple and Ellipsis in inner):
            return True
        kinds += inner if get_origin(kind) is not tuple else ()
    return False


def holds_values(info: FieldInfo) -> bool:
    """Tell whether a field is values by name: a form says them as JSON, a terminal as a file."""
    kinds = get_args(info.annotation) or (info.annotation,)
    return any(get_origin(kind) is dict for kind in kinds)


def types_of(info: FieldInfo) -> tuple[Any, ...]:
    """Return the types that a field takes: those of a union and of a tuple, without None."""
    kinds = [info.annotation]
    found: list[Any] = []
    while kinds:
        kind = kinds.pop()
        inner = get_args(kind)
        if inner and not isinstance(kind, type(Annotated)):
            kinds += [one for one in inner if one is not Ellipsis]
        elif kind is not NoneType:
            found.append(kind)
    return tuple(found)


def split_names(value: object) -> object:
    """Return names that were repeated or parted by commas, one by one."""
    if isinstance(value, str):
        value = (value,)
    if isinstance(value, (list, tuple)):
        return tuple(
            part for text in value for part in map(str.strip, str(text).split(",")) if part
        )
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(split_names)]
"""Ids or columns, repeated or parted by commas."""
