"""Classes of land by which the ground of sites is split, and what features say of them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from layers.kinds import CLASSES_FILE, builtin_kind_folders
from layers.readers.field_names import plain_name
from layers.yaml_text import load_yaml

LAND_USE: Final = "land_use"
"""The kind whose layers split ground by class."""

_CODE_LENGTH: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LandClass:
    """A class of land; ``first`` is the code of its first-level class, its own for one of them.

    ``group`` is one of :attr:`LandClasses.groups`, None where its members are of several.
    """

    code: str
    title_zh: str
    title_en: str
    first: str
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LandClasses:
    """The dictionary of classes; ``code`` and ``name`` are the attributes that say them.

    ``groups`` are titles (zh, en) by id, in the order in which they are listed. ``ridges`` is
    the class of ridges between fields, which patches of the first-level class ``cropland`` hold;
    one of ``ridge_fields`` says which share of a patch they take.
    """

    code: str
    name: str
    groups: Mapping[str, tuple[str, str]]
    by_code: Mapping[str, LandClass]
    ridges: LandClass
    cropland: str
    ridge_fields: tuple[str, ...]

    def find(self, code: str, name: str) -> LandClass | None:
        """Return the class that a feature says, None where the dictionary has none for it.

        A code and a name must be of one class: the codes of other classifications mean other
        things. A number that lost its leading zero is taken if its name agrees.

        Examples
        --------
        >>> classes = load_land_classes()
        >>> classes.find("0101", "水田").title_en, classes.find("101", "水田").code
        ('Paddy field', '0101')
        >>> classes.find("0303", "灌木林地"), classes.find("101", ""), classes.find("", "旱地").code
        (None, None, '0103')
        """
        plain = unicodedata.normalize("NFKC", code).strip().upper()
        if not plain:
            named = [one for one in self.by_code.values() if name and _is_called(one, name)]
            return named[0] if len(named) == 1 else None
        found = self.by_code.get(plain)
        if found is None and plain.isdigit() and name:
            found = self.by_code.get(plain.zfill(_CODE_LENGTH))
        if found is None or not name or self._is_named(found, name):
            return found
        return None

    def _is_named(self, one: LandClass, name: str) -> bool:
        """Tell whether a class has a name; 0201K may be called as 0201 is."""
        wider = self.by_code.get(one.code[:_CODE_LENGTH], one)
        return _is_called(one, name) or _is_called(wider, name)


class _TitleFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class _MemberFile(_TitleFile):
    group: str


class _FirstFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: _TitleFile
    members: dict[str, _MemberFile] = {}
    group: str | None = None


class _RidgesFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    class_: str = Field(alias="class")
    of: str
    fields: tuple[str, ...]


class _ClassesFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: str
    name: str
    ridges: _RidgesFile
    groups: dict[str, _TitleFile]
    classes: dict[str, _FirstFile]


@cache
def load_land_classes() -> LandClasses:
    """Return the classes of the land survey, from ``layers/kinds/land_use/classes.yaml``."""
    folder = next(one for one in builtin_kind_folders() if one.kind == LAND_USE)
    text = folder.files[CLASSES_FILE].read_text(encoding="utf-8")
    said = _ClassesFile.model_validate(load_yaml(text))
    found: dict[str, LandClass] = {}
    for first, entry in said.classes.items():
        groups = {one.group for one in entry.members.values()}
        group = entry.group or (groups.pop() if len(groups) == 1 else None)
        found[first] = _class(first, entry.title, first, group)
        found |= {code: _class(code, one, first, one.group) for code, one in entry.members.items()}
    return LandClasses(
        code=said.code,
        name=said.name,
        groups=MappingProxyType({name: (one.zh, one.en) for name, one in said.groups.items()}),
        by_code=MappingProxyType(found),
        ridges=found[said.ridges.class_],
        cropland=said.ridges.of,
        ridge_fields=said.ridges.fields,
    )


def _class(code: str, title: _TitleFile, first: str, group: str | None) -> LandClass:
    return LandClass(code=code, title_zh=title.zh, title_en=title.en, first=first, group=group)


def _is_called(one: LandClass, name: str) -> bool:
    return plain_name(name) in (plain_name(one.title_zh), plain_name(one.title_en))
