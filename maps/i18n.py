"""Words in two languages. Every text that a person reads comes from ``maps/locales``."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from typing_extensions import override

if TYPE_CHECKING:
    from layers.store.shown_kinds import ShownKind

LANGUAGES: Final = ("zh", "en")

Tables = Mapping[str, Mapping[str, str]]

_HEAD: Final = re.compile(r"^\[(\w+)\]$", re.MULTILINE)
"""The head of a table in a topic; tables have no tables in them."""


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


@cache
def topic_texts(lang: str, topic: str) -> Tables:
    """Return the texts of one topic alone, table by table."""
    file = files("maps").joinpath("locales", lang, f"{topic}.toml")
    found: Tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return found


class _Tables(Mapping[str, Mapping[str, str]]):
    """The tables of a language; of the topics, those are parsed whose tables are asked for.

    Parsing all of them would take a sixteenth of a second of every command, which says little.
    """

    def __init__(self, lang: str, own: "tuple[ShownKind, ...]") -> None:
        from layers.store.shown_kinds import builtin_shown_kinds  # noqa: PLC0415 - see tables

        self._lang = lang
        self._own = own
        self._builtin = builtin_shown_kinds()
        self._made: dict[str, Mapping[str, str]] = {}
        self._files = _files_by_table(lang)
        of_kinds = (kind.words.get(lang, {}) for kind in (*self._builtin, *own))
        self._names = tuple(dict.fromkeys((*self._files, *(n for one in of_kinds for n in one))))

    @override
    def __getitem__(self, name: str) -> Mapping[str, str]:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = MappingProxyType(self._merged(name))
        return self._made[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    @override
    def __len__(self) -> int:
        return len(self._names)

    def _merged(self, name: str) -> dict[str, str]:
        merged: dict[str, str] = {}
        for topic in self._files.get(name, ()):
            _add(merged, topic_texts(self._lang, topic)[name], (name, topic))
        for kind in self._builtin:
            _add(merged, kind.words.get(self._lang, {}).get(name, {}), (name, kind.id))
        for kind in self._own:
            # A planner's word never takes the place of a built-in one.
            merged = {**kind.words.get(self._lang, {}).get(name, {}), **merged}
            if name == "hard_lines":
                merged.setdefault(kind.id, kind.titles[self._lang])
        return merged


_tables = cache(_Tables)


@cache
def _files_by_table(lang: str) -> Mapping[str, tuple[str, ...]]:
    """Return the topics that hold something of each table, by the heads of their tables."""
    found: dict[str, list[str]] = {}
    for file in files("maps").joinpath("locales", lang).iterdir():
        for name in _HEAD.findall(file.read_text(encoding="utf-8")):
            found.setdefault(name, []).append(file.name.removesuffix(".toml"))
    return {name: tuple(topics) for name, topics in found.items()}


def _add(merged: dict[str, str], more: Mapping[str, str], source: tuple[str, str]) -> None:
    if twice := merged.keys() & more.keys():
        raise RepeatedTextError(*source, sorted(twice))
    merged.update(more)


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
