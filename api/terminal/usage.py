"""A command typed wrongly, in the person's language: the parser's own words are English."""

import os
import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

import typer

from api.terminal.run import Lang
from maps.i18n import topic_texts

_PATTERNS: Final = (
    ("no_command", r"No such command '(?P<value>.*?)'"),
    ("extra_words", r"Got unexpected extra argument\(?s?\)? \((?P<value>.*)\)"),
    ("no_value", r"Option '(?P<name>.*?)' requires an argument"),
    ("takes_no_value", r"Option '(?P<name>.*?)' does not take a value"),
    ("not_one_of", r"Value error, '(?P<value>.*?)' is not one of (?P<choices>.*?)\.?$"),
    ("not_whole", r"for '(?P<name>.*?)': Input should be a valid integer"),
)
"""The parser has no type of its own for these, only a text."""


def language_of(words: Sequence[str]) -> Lang:
    """Return the language that a command line asks for, though it may be wrong otherwise."""
    asked = os.environ.get("FTZGIS_LANG", "")
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words):
            asked = words[at + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    return Lang.EN if asked == Lang.EN else Lang.ZH


def usage_text(error: Any, lang: str) -> str:  # noqa: ANN401 - private type
    """Return what is wrong with a command line, with what was perhaps meant.

    Parameters
    ----------
    error : UsageError
        From the parser.
    lang
        Language of the text.
    """
    words = topic_texts(lang, "usage")["usage"]
    known = _of_type(error)
    if known is None:
        english = error.format_message()
        for key, pattern in _PATTERNS:
            found = re.search(pattern, english)
            if found:
                known = key, found.groupdict()
                break
    if known is None:
        known = "other", {"said": error.format_message()}
    key, params = known
    text = words[key].format(**params)
    near = getattr(error, "possibilities", None)
    if key == "no_command":
        near = get_close_matches(params["value"], error.ctx.command.list_commands(error.ctx))
    return text + words["perhaps"].format(names=", ".join(near)) if near else text


def show_usage_error(error: Any) -> int:  # noqa: ANN401 - private type
    """Print a usage error on the error stream, and return its exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return int(error.exit_code)
    lang = language_of(sys.argv[1:])
    words = topic_texts(lang, "usage")["usage"]
    context = getattr(error, "ctx", None)
    if context is not None:
        usage = context.get_usage().removeprefix("Usage:").strip()
        typer.echo(words["form"].format(usage=usage), err=True)
    typer.echo(usage_text(error, lang), err=True)
    if context is not None:
        typer.echo(words["help"].format(command=context.command_path), err=True)
    return int(error.exit_code)


def _of_type(error: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401 - private type
    kind = type(error).__name__
    if kind == "MissingParameter" and error.param is not None:
        which = "argument" if error.param.param_type_name == "argument" else "option"
        return f"missing_{which}", {"name": error.param.get_error_hint().strip("'")}
    if kind == "NoSuchOption":
        return "no_option", {"value": error.option_name}
    if kind == "BadParameter" and error.param is None:
        return "said", {"said": error.message}
    return None
