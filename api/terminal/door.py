"""Commands made from declared operations: every field of a question is an option."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_origin

import typer
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from api.exits import Exit, gravest
from api.operation import (
    JSON,
    Call,
    FileAnswer,
    Operation,
    holds_values,
    resolve,
    takes_several,
    types_of,
)
from api.terminal.run import Lang, Session, has_store, run_in_words, say_refused, shares, show
from api.upload import Upload
from maps.i18n import tables, tr

if TYPE_CHECKING:
    from maps.answers import Answer

AsJson = Annotated[
    bool, typer.Option("--json", help="输出 JSON，与 HTTP 相同。 Print the HTTP JSON.")
]
LangOption = Annotated[Lang, typer.Option("--lang", envvar="FTZGIS_LANG", help="语言。 Language.")]

_OUTPUT: Final = ("-o", "--output")


def add_commands(app: typer.Typer, operations: Iterable[Operation[Any, Any]], group: str) -> None:
    """Add to an application the commands of a group; the group ``""`` has those of one word."""
    for one in operations:
        words = one.name.split(" ")
        if words[:-1] == group.split():
            app.command(name=words[-1], help=in_both_languages(f"operations.{one.name}"))(
                _command(one)
            )


def in_both_languages(key: str) -> str:
    """Return a text in both languages: the language of help is not known yet."""
    table, _, name = key.partition(".")
    return f"{tables('zh')[table][name]} {tables('en')[table][name]}"


def _command(declared: Operation[Any, Any]) -> Callable[..., None]:
    def command(
        *,
        context: typer.Context,
        as_json: bool,
        lang: Lang,
        output: Path | None = None,
        **given: Any,  # noqa: ANN401
    ) -> None:
        how = _How(output=output, lang=lang, as_json=as_json, zone=context.obj)
        run_in_words(lambda: _run(declared, given, how), lang, as_json=as_json)

    parameters = [_parameter(declared, name) for name in _ordered(declared)]
    if declared.files or declared.forms or declared.folder or declared.needs_output:
        parameters.append(_output_parameter(declared))
    parameters += [
        inspect.Parameter("context", _KEYWORD, annotation=typer.Context),
        inspect.Parameter("as_json", _KEYWORD, annotation=AsJson, default=False),
        inspect.Parameter("lang", _KEYWORD, annotation=LangOption, default=Lang.ZH),
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How a command answers, and for which zone; None takes that of the settings."""

    output: Path | None
    lang: Lang
    as_json: bool
    zone: Path | None


def _run(declared: Operation[Any, Any], given: dict[str, Any], how: _How) -> Exit:
    """Ask, answer, write, print; every file of a command that takes several is a question."""
    output, lang, as_json = how.output, how.lang, how.as_json
    told = {name: value for name, value in given.items() if value not in (None, [], ())}
    _take_values_as_file(declared, told)
    many = told.pop("file") if declared.several else [told.pop("file", None)]
    questions = [
        declared.ask({**told, **({"file": one} if one is not None else {})}) for one in many
    ]
    _require_one(questions, output)
    label = tr(f"operations.{declared.name}", lang)
    with Session(lang, apart=declared.apart, zone=how.zone) as session, shares(label) as bar:
        call = Call(
            lang=lang,
            open_workspace=session.workspace,
            progress=bar,
            form=JSON if output is None else _form_of(declared, output),
            folder=output if declared.folder else None,
            output=None if declared.folder else output,
            say=_silence if as_json else typer.echo,
            has_store=has_store,
        )
        if len(questions) > 1:
            answers = [_catch_refusal(declared, call, one) for one in questions]
        else:
            answers = [_write_answer(declared, call, questions[0], output)]
    text = resolve(declared.text or "maps.document.reading:written_document")
    shown = [one for one, _ in answers if as_json or not isinstance(one, dict)]
    show(shown, text, as_json=as_json, lang=lang)
    return gravest(code for _, code in answers)


def _take_values_as_file(declared: Operation[Any, Any], told: dict[str, Any]) -> None:
    """Take the file of an option that over HTTP holds values, as the plan of a map does.

    Raises
    ------
    BadParameter
        A file was given beside it: only one of them can be meant.
    """
    for name in [one for one in told if holds_values(declared.fields[one])]:
        if "file" in told:
            both = f"{told['file']}, {told[name]}"
            raise typer.BadParameter(f"只能给一个文件。 Give only one file: {both}")
        told["file"] = told.pop(name)


def _catch_refusal(
    declared: Operation[Any, Any],
    call: Call,
    question: Any,  # noqa: ANN401 - of the operation's own type
) -> "tuple[Any, Exit]":
    """Return an answer; or the refusal as problem details, so that the other files go on."""
    from geo.errors import InputError

    try:
        return _write_answer(declared, call, question, None)
    except InputError as exc:
        return say_refused(exc, Lang(call.lang), question.file.name), Exit.BAD_INPUT


def _write_answer(
    declared: Operation[Any, Any],
    call: Call,
    question: Any,  # noqa: ANN401 - of the operation's own type
    output: Path | None,
) -> "tuple[Answer, Exit]":
    """Return what is printed of an answer, after its files were written, and the exit code."""
    from api.workspace.file_forms import forms_of
    from api.workspace.output import write_whole

    forms = None if call.form == JSON else forms_of(declared, call, question)
    answer = declared.answered(call, question)
    _note(declared, call, question, answer)
    if isinstance(answer, FileAnswer):
        return write_whole(output or Path(answer.name), answer.data), Exit.FINE
    if forms is not None and output is not None:
        forms.write(answer, output, call.lang)
    return answer, declared.exit_of(answer)


def _note(declared: Operation[Any, Any], call: Call, question: Any, answer: Any) -> None:  # noqa: ANN401
    """Put down what was changed, where the command opened a store."""
    from api.workspace.people.deeds import note_command

    if "workspace" in call.__dict__:
        note_command(call.workspace, declared, question, answer)


def _require_one(questions: list[Any], output: Path | None) -> None:
    """Refuse one output for several answers."""
    if output is not None and len(questions) > 1:
        from api.workspace.output import OneOutputError

        raise OneOutputError(files=len(questions), output=str(output))


def _form_of(declared: Operation[Any, Any], output: Path) -> str:
    """Return the kind of file that a suffix names."""
    return (
        JSON
        if declared.folder or declared.needs_output
        else output.suffix.lower().removeprefix(".")
    )


_KEYWORD: Final = inspect.Parameter.KEYWORD_ONLY


def _ordered(declared: Operation[Any, Any]) -> list[str]:
    """Return the fields as the command lists them: arguments, what is required, the rest."""
    fields = declared.fields
    return sorted(
        fields,
        key=lambda name: (
            declared.arguments.index(name) if name in declared.arguments else 99,
            not fields[name].is_required(),
        ),
    )


def _parameter(declared: Operation[Any, Any], name: str) -> inspect.Parameter:
    info = declared.fields[name]
    kind = _kind(declared, name, info)
    words, described = _help(declared, name), _described(declared, name)
    shown = _limits(described)
    text = f"{words} {shown}" if shown else words
    if name in declared.arguments:
        option: Any = typer.Argument(help=text, metavar=name.upper())
    else:
        metavar = None if kind in (bool, Path) else _metavar(described)
        option = typer.Option(*_flags(name, kind), help=text, metavar=metavar, show_default=False)
    required = info.is_required()
    default = inspect.Parameter.empty if required else (False if kind is bool else None)
    if not required and kind is not bool:
        kind = kind | None
        if info.default not in (None, PydanticUndefined, ()):
            option.help = f"{text} [{_plain(info.default)}]"
    return inspect.Parameter(name, _KEYWORD, annotation=Annotated[kind, option], default=default)


def _flags(name: str, kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type
    """Return the names of an option; what may be repeated has a singular, too."""
    flag = f"--{name.replace('_', '-')}"
    repeated = get_origin(kind) is list and name.endswith("s")
    return (flag, flag.removesuffix("s")) if repeated else (flag,)


def _plain(value: object) -> str:
    return str(getattr(value, "value", value))


def _kind(declared: Operation[Any, Any], name: str, info: FieldInfo) -> Any:  # noqa: ANN401 - a type
    """Return how a value is typed in: text, which pydantic reads; a switch; a path; several."""
    kinds = types_of(info)
    is_file = Upload in kinds or holds_values(info)
    one: Any = Path if is_file else bool if kinds == (bool,) else str
    several = takes_several(info)
    return list[one] if several or (declared.several and name == "file") else one


_SIGNS: Final = (
    ("minimum", "≥"),
    ("exclusiveMinimum", ">"),
    ("maximum", "≤"),
    ("exclusiveMaximum", "<"),
)
_METAVARS: Final = {"number": "NUMBER", "integer": "WHOLE", "string": "TEXT"}


def _described(declared: Operation[Any, Any], name: str) -> dict[str, Any]:
    """Return the JSON schema of a value that is not null."""
    schema = declared.question.model_json_schema()["properties"][name]
    if "anyOf" in schema:
        schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
    found: dict[str, Any] = schema.get("items", schema)
    return found


def _limits(described: dict[str, Any]) -> str:
    """Return the limits of a number as help shows them."""
    found = [f"{sign}{described[name]:g}" for name, sign in _SIGNS if name in described]
    return f"[{' '.join(found)}]" if found else ""


def _metavar(described: dict[str, Any]) -> str:
    """Return what stands for a value in help: its choices, or its kind."""
    if "enum" in described:
        return "|".join(described["enum"])
    if described.get("format") == "date":
        return "YYYY-MM-DD"
    return _METAVARS.get(described.get("type", ""), "TEXT")


def _help(declared: Operation[Any, Any], name: str) -> str:
    own = f"{declared.name}.{name}"
    return in_both_languages(f"fields.{own if own in tables('zh')['fields'] else name}")


def _output_parameter(declared: Operation[Any, Any]) -> inspect.Parameter:
    text = in_both_languages("fields.output_folder" if declared.folder else "fields.output_file")
    flags = (*_OUTPUT, *((declared.output,) if declared.output else ()))
    if declared.makes_file or declared.needs_output:
        return inspect.Parameter(
            "output", _KEYWORD, annotation=Annotated[Path, typer.Option(*flags, help=text)]
        )
    return inspect.Parameter(
        "output",
        _KEYWORD,
        annotation=Annotated[Path | None, typer.Option(*flags, help=text)],
        default=None,
    )


def _silence(text: str) -> None:
    """Keep JSON for programs free of what is for people."""
