"""What layers say in their own words, for a reader of another language."""

from collections.abc import Iterable

from maps.i18n import tables
from maps.source_words import quote_foreign


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
