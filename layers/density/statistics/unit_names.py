"""By which names tables speak of a zone's planning units."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from layers.readers.sheets import plain_word
from layers.zones import Zone


@cache
def unit_names(zone: Zone) -> Mapping[str, str]:
    """Return ids of units by name, also with the zone's name before and a place behind it.

    Names are in the plain form of :func:`layers.readers.sheets.plain_word`.
    """
    found: dict[str, str] = {}
    said = zone.unit_names
    for unit in zone.units.values():
        names = (unit.id, unit.name_zh, unit.name_en, *said.names.get(unit.id, ()))
        plain = [plain_word(name) for name in names]
        suffixes = _plain_words(said.suffixes.get(unit.id, ()))
        plain += [name + suffix for name in plain for suffix in suffixes]
        found |= dict.fromkeys(plain, unit.id)
        if unit.level == "district":
            prefixes = _plain_words(said.prefixes)
            found |= {prefix + name: unit.id for prefix in prefixes for name in plain}
    return MappingProxyType(found)


def _plain_words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(plain_word, words), key=len, reverse=True))
