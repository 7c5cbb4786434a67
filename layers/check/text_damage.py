"""Text that was read in the wrong encoding, and what it may have been."""

import re
from typing import Final

_REPLACED: Final = re.compile("[\ufffd\ue000-\uf8ff]|锟斤拷|烫烫|屯屯|\\?{3,}")
_LATIN: Final = re.compile("[\u0080-\u00ff]{2,}")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


def damage_of(text: str) -> str | None:
    """Return how a text is damaged, as a code, or None.

    ``replacement``: characters are lost for good. ``mojibake``: it was read in another
    encoding than it was written in, and can be read again (:func:`repaired_text`).

    Examples
    --------
    >>> damage_of("昆明"), damage_of("锟斤拷路"), damage_of("À¥Ã÷")
    (None, 'replacement', 'mojibake')
    """
    if _REPLACED.search(text):
        return "replacement"
    return "mojibake" if repaired_text(text) is not None else None


def repaired_text(text: str) -> str | None:
    """Return what a text was before it was read in the wrong encoding; None if it is sound.

    Examples
    --------
    >>> repaired_text("昆明".encode("gbk").decode("latin-1"))
    '昆明'
    >>> repaired_text("昆明".encode("utf-8").decode("gb18030"))
    '昆明'
    >>> repaired_text("Dehong – São") is None
    True
    """
    if _LATIN.search(text):
        for wrong in ("latin-1", "cp1252"):
            for right in ("utf-8", "gb18030"):
                again = _read_again(text, wrong, right)
                if again and len(_CHINESE.findall(again)) * 3 >= len(again):
                    return again
    if _CHINESE.search(text):
        again = _read_again(text, "gb18030", "utf-8")
        # Chinese whose GB18030 bytes happen to be UTF-8 of other Chinese is always damage.
        if again and again != text and _CHINESE.search(again):
            return again
    return None


def _read_again(text: str, wrong: str, right: str) -> str | None:
    try:
        return text.encode(wrong).decode(right)
    except UnicodeError:
        return None
