"""What sources of data are called, in words of the reader: of what ships, and of documents."""

import re
from collections.abc import Iterable
from typing import Final

from maps.i18n import tables
from maps.law_words import article_text

_CHINESE: Final = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_MARK: Final = "; "


def source_text(source: str, lang: str) -> str:
    """Return a source in words; numbers of documents as the law has them, other names in quotes.

    Examples
    --------
    >>> source_text("国发〔2019〕16号; same", "en"), source_text("国发〔2019〕16号", "zh")
    ('Guo Fa [2019] No. 16; same', '国发〔2019〕16号')
    >>> source_text("我局台账", "en")
    '“我局台账”'
    """
    known = tables(lang)["sources"]
    if lang == "zh" or source in known:
        return known.get(source, source)
    parts = (known.get(one) or article_text(one, lang) for one in source.split(_MARK))
    return _MARK.join(quote_foreign(one, lang) for one in parts)


def sources_text(sources: Iterable[str | None], lang: str) -> str:
    """Return sources, each once; a dash for one that is not known."""
    return _MARK.join(source_text(one, lang) if one else "—" for one in dict.fromkeys(sources))


def quote_foreign(text: str, lang: str) -> str:
    """Return words of a layer in quotes where they are in another script than the reader's.

    Examples
    --------
    >>> quote_foreign("水源涵养", "en"), quote_foreign("水源涵养", "zh"), quote_foreign("A-1", "en")
    ('“水源涵养”', '水源涵养', 'A-1')
    """
    return f"“{text}”" if lang == "en" and _CHINESE.search(text) else text
