"""What layers say in their own words, for a reader of another language."""

import re
from collections.abc import Iterable
from typing import Final

from maps.i18n import tables

_CHINESE: Final = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def class_text(value: str, lang: str) -> str:
    """Return a class of a layer in the reader's language; what no word is known of, quoted.

    Examples
    --------
    >>> class_text("core", "zh"), class_text("优先", "en"), class_text("水源涵养", "en")
    ('核心区', 'priority', '“水源涵养”')
    """
    known = tables(lang)["class_words"].get(value)
    return known or quote_foreign(value, lang)


def class_texts(values: Iterable[str], lang: str) -> str:
    """Return classes, of which several may be spellings of one, each once."""
    known = tables(lang)["class_words"]
    said = dict.fromkeys(known[value] for value in values if value in known)
    return ", ".join(said or dict.fromkeys(quote_foreign(value, lang) for value in values))


def source_text(source: str, lang: str) -> str:
    """Return the source of a layer; those of what ships have words in both languages."""
    return tables(lang)["sources"].get(source) or quote_foreign(source, lang)


def quote_foreign(text: str, lang: str) -> str:
    """Return words of a layer in quotes where they are in another script than the reader's.

    Examples
    --------
    >>> quote_foreign("水源涵养", "en"), quote_foreign("水源涵养", "zh"), quote_foreign("A-1", "en")
    ('“水源涵养”', '水源涵养', 'A-1')
    """
    return f"“{text}”" if lang == "en" and _CHINESE.search(text) else text
