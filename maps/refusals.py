"""Refusals in sentences: an error's code and parameters in, words out; no code comes through."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, cast

from maps.i18n import LANGUAGES, tables, tr

PROBLEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": "missing",
        "extra_forbidden": "unknown",
        "greater_than": "above",
        "greater_than_equal": "least",
        "less_than": "below",
        "less_than_equal": "most",
        "int_parsing": "whole",
        "int_from_float": "whole",
        "int_type": "whole",
        "float_parsing": "number",
        "float_type": "number",
        "finite_number": "number",
        "bool_parsing": "yes_no",
        "bool_type": "yes_no",
        "date_from_datetime_parsing": "date",
        "date_parsing": "date",
        "date_type": "date",
        "literal_error": "choice",
        "enum": "choice",
        "too_short": "few",
        "too_long": "many",
        "string_too_short": "short",
        "string_too_long": "long",
    }
)
"""Our words for what pydantic finds; anything else is ``value``."""

_ASKED: Final = frozenset({"axes_swapped", "unit_mm", "unit_cm", "unit_dm"})
"""What a person has to declare beside a reference system."""


def refusal_text(code: str, params: Mapping[str, object], lang: str) -> str:
    """Return an error in a sentence.

    Params that say what is wrong as a code, ``problem`` and ``why``, are put into words.

    Examples
    --------
    >>> refusal_text("layers.read.hostile_archive", {"name": "a.zip", "why": "link"}, "en")[:49]
    'The archive a.zip is not safe (it holds a link) a'
    """
    shown = {name: _in_language(value, lang) for name, value in params.items()}
    for name in ("problem", "why"):
        if name in shown:
            shown[name] = problem_text(str(shown[name]), shown.get("limit"), lang)
    if "concerns" in shown:
        found = cast("list[dict[str, Any]]", shown["concerns"])
        said = [concern_text(one["code"], one["params"], lang) for one in found]
        shown["concerns"] = "".join(f"\n- {text}" for text in said)
    if shown.get("given"):
        shown["field"] = f"{shown['field']} = {shown['given']}"
    return tr(f"errors.{code}", lang, **shown)


def _in_language(value: object, lang: str) -> object:
    """Return the text of a value that stands in both languages, any other as it is."""
    if isinstance(value, Mapping) and value.keys() == set(LANGUAGES):
        return value[lang]
    return value


def proposals_text(params: Mapping[str, object], lang: str) -> str | None:
    """Return which reference systems coordinates could be in, None where none is proposed."""
    found = cast("list[dict[str, Any]]", params.get("proposals") or [])
    said = [
        " ".join(
            filter(
                None,
                (
                    one["crs"],
                    one.get("place") and f"({one['place']})",
                    *(tr(f"evidence.{code}", lang) for code in one["evidence"] if code in _ASKED),
                ),
            )
        )
        for one in found
    ]
    return tr("cli.could_be", lang, proposals="; ".join(said)) if said else None


def concern_text(code: str, params: Mapping[str, object], lang: str) -> str:
    """Return what a layer that comes in is asked about; some issues of reading are, too."""
    table = "import_concerns" if code in tables(lang)["import_concerns"] else "issues"
    shown = dict(params)
    if isinstance(where := shown.get("where"), list):
        said = (f"{one[lang] or '—'} {one['share_pct']:.1f} %" for one in where)
        shown["where"] = ", ".join(said)
    return tr(f"{table}.{code}", lang, **shown)


def problem_text(found: str, limit: object, lang: str) -> str:
    """Return what is wrong with a value; what we have no word for does not fit."""
    texts = tables(lang)["problems"]
    code = PROBLEMS.get(found, found)
    if code not in texts or ("{limit}" in texts[code] and limit is None):
        code = "value"
    return tr(f"problems.{code}", lang, limit=limit)
