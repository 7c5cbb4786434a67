"""Words in two languages. Every text that a person reads comes from ``maps/locales``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from layers.store.shown_kinds import ShownKind

LANGUAGES: Final = ("zh", "en")

Tables = Mapping[str, Mapping[str, str]]


class UnknownTextError(LookupError):
    """A key has no text: a fault of the program, never of its user."""


class RepeatedTextError(LookupError):
    """A key stands in two files: a fault of the program, never of its user."""


class _Params(dict[str, object]):
    """Placeholders without a value show as a dash: a message must never fail to show."""

    def __missing__(self, key: str) -> str:
        return "—"


def tables(lang: str) -> Tables:
    """Return all texts of a language, table by table.

    A file of ``locales/<lang>`` is one topic; a table such as ``errors`` may be spread
    over topics, a key stands once. Words that only one kind of control line needs stand in
    the folder of that kind; as a hard line, a kind without such words is called by its title.
    """
    # Kinds of layers bring numpy and shapely: the command line's own help goes without them.
    from layers.store.shown_kinds import own_shown_kinds  # noqa: PLC0415

    return _tables(lang, own_shown_kinds())


def topic_texts(lang: str, topic: str) -> Tables:
    """Return the texts of one topic alone, table by table."""
    file = files("maps").joinpath("locales", lang, f"{topic}.toml")
    found: Tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return found


@cache
def _tables(lang: str, own: "tuple[ShownKind, ...]") -> Tables:
    from layers.store.shown_kinds import builtin_shown_kinds  # noqa: PLC0415 - see tables

    merged: dict[str, dict[str, str]] = {}
    for topic in files("maps").joinpath("locales", lang).iterdir():
        _add(merged, tomllib.loads(topic.read_text(encoding="utf-8")), topic.name)
    for kind in builtin_shown_kinds():
        _add(merged, kind.words.get(lang, {}), kind.id)
    for kind in own:
        # A planner's word never takes the place of a built-in one.
        for name, texts in kind.words.get(lang, {}).items():
            merged[name] = {**texts, **merged.get(name, {})}
        merged["hard_lines"].setdefault(kind.id, kind.titles[lang])
    return MappingProxyType({name: MappingProxyType(entry) for name, entry in merged.items()})


def _add(
    merged: dict[str, dict[str, str]], more: Mapping[str, Mapping[str, str]], source: str
) -> None:
    for name, texts in more.items():
        table = merged.setdefault(name, {})
        if twice := table.keys() & texts.keys():
            raise RepeatedTextError(name, sorted(twice), source)
        table.update(texts)


def tr(key: str, lang: str, **params: object) -> str:
    """Return the text of ``table.name`` with its placeholders filled.

    Raises
    ------
    UnknownTextError
        There is no such text.

    Examples
    --------
    >>> tr("verdicts.clear", "en")
    'Clear'
    """
    table, _, name = key.partition(".")
    try:
        text = tables(lang)[table][name]
    except KeyError as exc:
        raise UnknownTextError(key, lang) from exc
    return text.format_map(_Params({name: _shown(value) for name, value in params.items()}))


def negotiate(accept_language: str | None) -> str:
    """Return the first of our languages that an Accept-Language header prefers, else zh.

    Examples
    --------
    >>> negotiate("fr, en-GB;q=0.8, zh;q=0.5"), negotiate(None), negotiate("de")
    ('en', 'zh', 'zh')
    """
    wishes = []
    for place, wish in enumerate((accept_language or "").split(",")):
        tag, _, weight = wish.strip().partition(";q=")
        wishes.append((-_quality(weight), place, tag.split("-")[0].lower()))
    ours = [lang for quality, _, lang in sorted(wishes) if lang in LANGUAGES and quality < 0.0]
    return ours[0] if ours else LANGUAGES[0]


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _shown(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:,.10g}"
    return value
