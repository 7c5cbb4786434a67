"""Under which names layers and tables carry ids and names: one table for all who ask."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import pandas as pd

Role: TypeAlias = Literal["id", "name", "name_zh", "name_en"]


def find_columns(role: Role, columns: Iterable[object]) -> list[Any]:
    """Return the columns that hold a role, the most telling first.

    Of two that differ in case or width only, the first one counts.

    Examples
    --------
    >>> find_columns("name", ["ＤＫＭＣ", "Name", "area"]), find_columns("id", ["名称"])
    (['Name', 'ＤＫＭＣ'], [])
    """
    found: dict[str, Any] = {}
    for column in columns:
        found.setdefault(plain_name(str(column)), column)
    return [found[name] for name in _names()[role] if name in found]


def read_name(values: Mapping[Any, object]) -> tuple[str, str] | None:
    """Return what a feature is called in Chinese and in English, None if nobody says.

    A name that is given in one language stands for both.

    Examples
    --------
    >>> read_name({"地块名称": "A-1"}), read_name({"name_zh": "湖", "name_en": "lake"})
    (('A-1', 'A-1'), ('湖', 'lake'))
    >>> read_name({"name": " ", "area": 3.0}) is None
    True
    """
    zh, en, either = (_first(values, role) for role in ("name_zh", "name_en", "name"))
    if either is None:
        return None
    return zh or either, en or zh or either


def read_names(attributes: pd.DataFrame) -> list[tuple[str, str] | None]:
    """Return :func:`read_name` of each row, in order."""
    roles: tuple[Role, ...] = ("name", "name_zh", "name_en")
    columns = {name for role in roles for name in find_columns(role, attributes.columns)}
    named = attributes[[name for name in attributes.columns if name in columns]]
    if not columns:
        return [None] * len(attributes)
    return [read_name(row) for row in pd.DataFrame(named).to_dict("records")]


def _first(values: Mapping[Any, object], role: Any) -> str | None:  # noqa: ANN401 - a Role
    texts = (values[column] for column in find_columns(role, values.keys()))
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)


def role_names(role: Role) -> tuple[str, ...]:
    """Return the names of columns that may hold a role, the most telling first."""
    return _names()[role]


def plain_name(text: str) -> str:
    """Return a name as names are compared: half width, small letters, without blanks.

    Examples
    --------
    >>> plain_name(" ＤＫ ｍｃ ")
    'dkmc'
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _names() -> Mapping[Role, tuple[str, ...]]:
    text = files("layers.readers").joinpath("field_names.toml").read_text(encoding="utf-8")
    return MappingProxyType({role: tuple(names) for role, names in tomllib.loads(text).items()})  # type: ignore[misc]
