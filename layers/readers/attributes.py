"""Attribute columns that can be stored and shown, and ids for the rows."""

import json
import math
from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from layers.model import Issue, Severity
from layers.readers.field_names import find_columns


def identify(attributes: pd.DataFrame) -> tuple[list[str], tuple[Issue, ...]]:
    """Return a unique text id for each row.

    The first field that may hold an id (``field_names.toml``) whose values are there and differ
    gives the ids; without one the rows are numbered from 1, and an issue says so where
    a field of that name holds anything.
    """
    found = []
    for field in find_columns("id", attributes.columns):
        ids = [_id_text(value) for value in attributes[field]]
        if any(ids):
            found.append(field)
        if all(ids) and len(set(ids)) == len(ids):
            return ids, ()
    numbers = [str(row) for row in range(1, len(attributes) + 1)]
    if not found:
        return numbers, ()
    params = {"field": str(found[0])}
    return numbers, (Issue(code="ids_replaced", severity=Severity.WARNING, params=params),)


def storable(attributes: pd.DataFrame, reserved: Iterable[str]) -> pd.DataFrame:
    """Return columns of numbers or of text, their names unique and none of the reserved.

    A column of mixed values becomes text, each value as JSON writes it; nested values
    become JSON text, days and times ISO 8601. Decimals are numbers where a number prints the
    same digits, else text. Half surrogates, which no file can hold, become question marks.
    """
    names = _unique_names((str(field) for field in attributes.columns), reserved)
    columns = [_storable(attributes.iloc[:, at]) for at in range(attributes.shape[1])]
    return pd.DataFrame(
        dict(zip(names, columns, strict=True)), index=attributes.index, columns=names
    )


def _storable(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if column.dtype.kind == "f":
        return column.where(np.isfinite(column))
    if column.dtype.kind == "m":
        column = column.astype(object)
    if column.dtype != object:
        return column
    values = [None if _is_missing(value) else _plain(value) for value in column]
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {int, float} and all(_fits_number(value) for value in values):
        return pd.Series(pd.to_numeric(pd.Series(values, index=column.index, dtype=object)))
    texts = [None if value is None else _text(value) for value in values]
    return pd.Series(texts, index=column.index, dtype=object)


def _is_missing(value: object) -> bool:
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    return isinstance(value, float) and not math.isfinite(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a table
    """Return a decimal as a number of the same digits, or as text; days and times as text."""
    if isinstance(value, Decimal):
        number = float(value)
        return number if Decimal(repr(number)) == value else str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return pd.Timedelta(value).isoformat() if isinstance(value, timedelta) else value


def _fits_number(value: int | float | None) -> bool:
    # Beyond 2**53 a float would change the digits of an id.
    return value is None or isinstance(value, float) or abs(value) <= 2**53


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace").decode("utf-8")


def _id_text(value: object) -> str:
    if _is_missing(value) or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _text(str(value)).strip()


def _unique_names(fields: Iterable[str], reserved: Iterable[str]) -> list[str]:
    names: list[str] = []
    taken = set(reserved)
    for number, field in enumerate(fields, start=1):
        stem = _text(field).replace("\x00", "").strip() or f"field_{number}"
        name, copy = stem, 1
        # GeoPackage does not tell upper from lower case in names.
        while name.lower() in taken:
            copy += 1
            name = f"{stem}_{copy}"
        taken.add(name.lower())
        names.append(name)
    return names
