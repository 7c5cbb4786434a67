"""Which prefectures and counties a text names: by their codes, in Chinese, or spelled out."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import Any, Final

from layers.readers.field_names import plain_name
from layers.yaml_text import load_yaml
from layers.zones import Region

_TOKEN: Final = re.compile(r"[a-z]+|\d+")
_LENGTHS: Final = {2: 2, 4: 4, 6: 6, 9: 6, 12: 6}
"""Digits of a code, and how many of them name a county: codes of towns and villages go on."""

Codes = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNames:
    """Words for places: ``chinese`` with the longest first, ``spelled`` without tones.

    After one of ``not_before`` a word is the name of a water. ``fields`` are the names of
    attributes that say a place, as they are written.
    """

    chinese: Mapping[str, Codes]
    spelled: Mapping[str, Codes]
    known: Codes
    not_before: tuple[str, ...]
    fields: tuple[str, ...]

    def is_field(self, name: str) -> bool:
        """Tell whether an attribute of this name says a place."""
        return plain_name(name) in map(plain_name, self.fields)


@cache
def _load_place_names() -> Mapping[str, Any]:
    text = files("layers.store").joinpath("catalogue_data", "place_names.yaml").read_text("utf-8")
    said: Mapping[str, Any] = load_yaml(text)
    return said


def place_fields() -> tuple[str, ...]:
    """Return the names of attributes that say a place, as they are written."""
    return tuple(_load_place_names()["fields"])


@cache
def place_names(region: Region) -> PlaceNames:
    """Return the words for the places of a region."""
    said = _load_place_names()
    words: dict[str, set[str]] = {}
    for code, names in region.place_names:
        for name in names:
            words.setdefault(plain_name(name), set()).add(code)
    by_length = sorted(words, key=lambda word: (-len(word), word))
    return PlaceNames(
        chinese={word: frozenset(words[word]) for word in by_length if not word.isascii()},
        spelled={word: frozenset(words[word]) for word in by_length if word.isascii()},
        known=frozenset(code for code, _ in region.place_names),
        not_before=tuple(map(plain_name, said["not_before"])),
        fields=place_fields(),
    )


def codes_named(text: str, names: PlaceNames) -> Codes:
    """Return the codes of the places that a text names; one may be of two or four digits.

    What lies in another place that is named too gives way to the smaller one.

    Examples
    --------
    >>> from layers.zones import shipped_zone
    >>> names = place_names(shipped_zone().region)
    >>> def found(text): return sorted(codes_named(text, names))
    >>> found("昆明市安宁市生态保护红线"), found("红河流域")
    (['530181'], [])
    >>> found("大理"), found("大理市"), found("rl_530111")
    (['5329', '532901'], ['532901'], ['530111'])
    >>> found("Red line of Anning"), found("Yunlong Reservoir")
    (['530181'], [])
    """
    said = [
        *_in_chinese(plain_name(text), names),
        *_spelled(unicodedata.normalize("NFKC", text).casefold(), names),
    ]
    kept = [one for one in said if not any(_holds(one, other) for other in said)]
    return frozenset(code for one in kept for code in one)


def _holds(place: Codes, other: Codes) -> bool:
    """Tell whether another place lies wholly in a place, and is not the same."""
    return place != other and all(
        any(code != one and code.startswith(one) for one in place) for code in other
    )


def _in_chinese(text: str, names: PlaceNames) -> Iterator[Codes]:
    for word, codes in names.chinese.items():
        for piece in list(re.finditer(re.escape(word), text)):
            if not text.startswith(names.not_before, piece.end()):
                yield codes
        # A shorter word within this one names nothing.
        text = text.replace(word, " " * len(word))


def _spelled(text: str, names: PlaceNames) -> Iterator[Codes]:
    tokens = _TOKEN.findall(re.sub(r"['’`]", "", text))
    for token, following in zip_longest(tokens, tokens[1:], fillvalue=""):
        if token.isdigit():
            code = token[: _LENGTHS.get(len(token), 0)]
            if code in names.known:
                yield frozenset((code,))
        elif token in names.spelled and following not in names.not_before:
            yield names.spelled[token]
