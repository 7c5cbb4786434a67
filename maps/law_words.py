"""Numbers and clauses of law in words of the reader: data have them as the texts do, in Chinese."""

import re
from functools import lru_cache, partial
from typing import Final

from maps.i18n import tables, tr

_DIGITS: Final = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_NUMERAL: Final = "[〇一二三四五六七八九十百]+"
_PATTERNS: Final = (
    (re.compile(f"第({_NUMERAL}|\\d+)(条|款|项)"), "part"),
    (re.compile(r"令第(\d+)号"), "decree"),
    (re.compile(r"〔(\d{4})〕(\d+)号"), "numbered"),
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"), "day"),
    (re.compile(r"(\d{4})年(修正|修订)"), "amended"),
    (re.compile(r"（(\d{4})年）"), "year"),
    (re.compile(f"（({_NUMERAL})）"), "bracket"),
    (re.compile(f"({_NUMERAL})、"), "chapter"),
    (re.compile(f"^({_NUMERAL})$"), "chapter"),
)


@lru_cache(maxsize=1024)
def article_text(text: str | None, lang: str) -> str:
    """Return a number or clause of law; of None, which nobody has seen, that it is not verified.

    Names of which the words know no English stay as they are.

    Examples
    --------
    >>> article_text("国务院令第830号", "en"), article_text("第二十七条", "en")
    ('State Council decree No. 830', 'Article 27')
    >>> article_text("自然资发〔2022〕142号", "en"), article_text("一、（一）第10项", "en")
    ('Zi Ran Zi Fa [2022] No. 142', '1 (1), item 10')
    >>> article_text("第二十七条", "zh"), article_text(None, "en")
    ('第二十七条', 'not verified')
    """
    if text is None:
        return tr("certainty.article_unseen", lang)
    if lang == "zh":
        return text
    for pattern, key in _PATTERNS:
        text = pattern.sub(partial(_form_text, key=key, lang=lang), text)
    for zh, en in tables(lang)["law_words"].items():
        text = text.replace(zh, en)
    return " ".join(text.replace("、", ", ").replace("；", "; ").split()).replace(" ,", ",")


def _form_text(found: re.Match[str], *, key: str, lang: str) -> str:
    groups = [_number(one) or one for one in found.groups()]
    if key in ("part", "amended"):
        value, word = groups
        return tr(f"law_forms.{word}", lang, number=value)
    if key == "day":
        year, month, day = map(int, groups)
        return f" {year}-{month:02d}-{day:02d}"
    return tr(f"law_forms.{key}", lang, **dict(zip("ab", groups, strict=False)))


def _number(text: str) -> str | None:
    """Return a Chinese numeral below a thousand as digits, None for other text.

    Examples
    --------
    >>> [_number(one) for one in ("三", "十", "二十一", "四十", "一百零三", "12")]
    ['3', '10', '21', '40', None, None]
    """
    if not re.fullmatch(_NUMERAL, text):
        return None
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = 100 * _DIGITS.get(hundreds, 1) if "百" in text else 0
    value += 10 * _DIGITS.get(tens, 1) if ten else 0
    return str(value + _DIGITS.get(ones, 0))
