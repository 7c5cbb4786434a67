"""Every operation as a method. What a type checker and an editor see stands in ``calls.pyi``."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from api.notebook.doors import Asked, Door, refusing
from api.notebook.inputs import as_upload
from api.notebook.operations import operations_by_name
from api.notebook.results import Result, ResultFile
from api.notebook.signatures import help_of, signature_of
from api.operation import JSON, FileAnswer, Operation, Question, takes_several
from maps.answers import Answer

_OWN: Final = ("form", "folder", "output")
"""Arguments that are not part of the question."""


class Calls:
    """The operations, asked through a door."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def __getattr__(self, name: str) -> Callable[..., Any]:
        declared = operations_by_name().get(name)
        if declared is None:
            raise AttributeError(name)
        return _method(self._door, name, declared)

    def __dir__(self) -> list[str]:
        """Return the names of all methods."""
        return sorted({*super().__dir__(), *operations_by_name()})


def _method(door: Door, name: str, declared: Operation[Any, Any]) -> Callable[..., Any]:
    signature = signature_of(declared)

    def method(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - of the operation's own types
        given = signature.bind(*args, **kwargs).arguments
        own = {key: given.pop(key) for key in _OWN if key in given}
        with refusing(door.lang):
            question = declared.ask(
                {key: _taken(declared, key, value) for key, value in given.items()}
            )
            return _answer(door, declared, question, **own)

    method.__name__ = name
    method.__qualname__ = f"Planning.{name}"
    method.__doc__ = help_of(declared, door.lang)
    method.__signature__ = signature  # type: ignore[attr-defined]
    return method


def _taken(declared: Operation[Any, Any], name: str, value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping) and name not in declared.inputs:
        # What a terminal takes as name=value is a mapping in Python: weights={"slope_deg": 2}.
        return [f"{key}={one}" for key, one in value.items()]
    if name not in declared.inputs or value is None:
        return value
    if takes_several(declared.fields[name]):
        several = value if isinstance(value, (list, tuple)) else [value]
        return tuple(as_upload(one, name) for one in several)
    return as_upload(value, name)


def _answer(
    door: Door,
    declared: Operation[Any, Any],
    question: Question,
    form: str | None = None,
    folder: str | Path | None = None,
    output: str | Path | None = None,
) -> Any:  # noqa: ANN401 - of the operation's own type
    form = form or next(iter(declared.forms), JSON)
    place = None if folder is None else Path(folder)
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
    file = None if output is None else Path(output)
    asked = Asked(declared=declared, question=question, form=form, folder=place, output=file)
    answer = door.ask(asked)
    if isinstance(answer, FileAnswer):
        return ResultFile(name=answer.name, data=answer.data)
    if not isinstance(answer, Answer):
        return answer

    def make_file(wanted: str) -> FileAnswer:
        with refusing(door.lang):
            made: FileAnswer = door.ask(replace(asked, form=wanted, folder=None, output=None))
            return made

    return Result(answer, lang=door.lang, make_file=make_file)
