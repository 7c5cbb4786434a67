"""Methods made from declared operations: every field of a question is an argument."""

import inspect
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, get_type_hints

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from api.notebook.inputs import FileLike
from api.notebook.results import Result, ResultFile
from api.operation import Operation, takes_several, types_of
from api.upload import Upload
from maps.answers import Answer
from maps.i18n import tables

_ANY: Final = inspect.Parameter.POSITIONAL_OR_KEYWORD
_KEYWORD: Final = inspect.Parameter.KEYWORD_ONLY
_OUTPUT_WORDS: Final = MappingProxyType(
    {"form": "output_form", "folder": "output_folder", "output": "output_file"}
)


def signature_of(declared: Operation[Any, Any]) -> inspect.Signature:
    """Return the arguments of an operation's method, without ``self``, and what it returns.

    The fields that stand in the command without their names may do so here. ``form`` asks for
    the kind of a file, ``folder`` takes the files of work that writes many, ``output`` the file
    that one writes.
    """
    plain = [name for name in declared.arguments if name in declared.fields]
    plain.sort(key=lambda name: not declared.fields[name].is_required())
    rest = [name for name in declared.fields if name not in plain]
    found = [_parameter(declared.fields[name], name, _ANY) for name in plain]
    found += [_parameter(declared.fields[name], name, _KEYWORD) for name in rest]
    if declared.makes_file:
        first = next(iter(declared.forms))
        found.append(inspect.Parameter("form", _KEYWORD, annotation=str, default=first))
    if declared.folder:
        found.append(inspect.Parameter("folder", _KEYWORD, annotation=str | Path))
    elif declared.needs_output:
        found.append(inspect.Parameter("output", _KEYWORD, annotation=str | Path))
    return inspect.Signature(found, return_annotation=_returned(declared))


def help_of(declared: Operation[Any, Any], lang: str) -> str:
    """Return what an operation does and what its arguments mean, in words."""
    words = tables(lang)
    names = signature_of(declared).parameters
    fields = [f"{name} : {_words_of_field(declared, name, words)}" for name in names]
    return "\n".join([words["operations"][declared.name], *(["", *fields] if fields else [])])


def _words_of_field(declared: Operation[Any, Any], name: str, words: Any) -> str:  # noqa: ANN401
    fields = words["fields"]
    own = _OUTPUT_WORDS.get(name, name)
    text: str = fields.get(f"{declared.name}.{name}") or fields[own]
    return text


def _parameter(info: FieldInfo, name: str, kind: Any) -> inspect.Parameter:  # noqa: ANN401
    default = inspect.Parameter.empty if info.is_required() else info.get_default()
    if default is PydanticUndefined:
        default = inspect.Parameter.empty
    kind = _KEYWORD if kind is _KEYWORD else _ANY
    return inspect.Parameter(name, kind, annotation=_annotation(info), default=default)


def _annotation(info: FieldInfo) -> Any:  # noqa: ANN401 - a type
    if Upload not in types_of(info):
        return _without_extras(info.annotation)
    taken: Any = FileLike
    if takes_several(info):
        taken = taken | list[FileLike]
    return taken if info.is_required() else taken | None


def _without_extras(kind: Any) -> Any:  # noqa: ANN401 - a type
    """Return a type without what pydantic is told about it, at any depth."""
    holder = type("Holder", (), {"__annotations__": {"kind": kind}})
    return get_type_hints(holder)["kind"]


def _returned(declared: Operation[Any, Any]) -> Any:  # noqa: ANN401 - a type
    if declared.makes_file:
        return ResultFile
    answer: Any = declared.answer
    # A table by name, `dict[str, Any]`, is no class: Python 3.13 refuses to ask for its bases.
    if isinstance(answer, type) and issubclass(answer, Answer):
        return Result[answer]
    return dict[str, Any]
