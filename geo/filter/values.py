"""Values that a filter compares: columns of features, and literals, each of one kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.filter.errors import FilterError, refuse
from geo.filter.tree import Node

NUMBER: Final = "number"
TEXT: Final = "text"
TRUTH: Final = "truth"
INSTANT: Final = "instant"

Array = npt.NDArray[Any]
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.]\d+)?)?(Z|[+-]\d\d:\d\d)?)?")
_FIRST: Final = np.iinfo(np.int64).min + 1
_LAST: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Values of one kind, one for each feature or a single one; ``missing`` marks nulls.

    Instants are nanoseconds since 1970 UTC, texts Python strings.
    """

    kind: str
    data: Array
    missing: Array

    @property
    def known(self) -> Array:
        """Where there is a value."""
        return ~self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true, and what is known at all: null is neither true nor false (SQL, CQL2)."""

    true: Array
    known: Array

    def negated(self) -> "Truth":
        """Return the contrary; what is unknown stays so."""
        return Truth(true=self.known & ~self.true, known=self.known)

    def and_(self, other: "Truth") -> "Truth":
        """Return what holds of both: false if one is false, whatever the other."""
        true = self.true & other.true
        false = (self.known & ~self.true) | (other.known & ~other.true)
        return Truth(true=true, known=true | false)

    def or_(self, other: "Truth") -> "Truth":
        """Return what holds of one or both."""
        return self.negated().and_(other.negated()).negated()


def column_values(column: "pd.Series[Any]") -> Values:
    """Return the values of a column of features.

    Raises
    ------
    FilterError
        The column holds what cannot be compared (lists, bytes).

    Examples
    --------
    >>> column_values(pd.Series([1.0, None])).missing.tolist()
    [False, True]
    """
    missing = column.isna().to_numpy(dtype=bool)
    kind = kind_of(column)
    if kind is None:
        raise refuse("filter_kind", column.name)
    if kind == INSTANT:
        return Values(kind=kind, data=_nanoseconds(column, missing), missing=missing)
    if kind == TRUTH:
        filled = column.astype(object).where(~missing, other=False)
        return Values(kind=kind, data=filled.to_numpy(dtype=bool), missing=missing)
    if kind == TEXT:
        texts = column.astype(object).where(~missing, other="")
        return Values(kind=kind, data=texts.to_numpy(dtype=object), missing=missing)
    if pd.api.types.is_integer_dtype(column):
        # Long codes are whole numbers that a float could not tell apart.
        return Values(kind=kind, data=column.fillna(0).to_numpy(dtype=np.int64), missing=missing)
    return Values(kind=kind, data=column.to_numpy(dtype=float, na_value=np.nan), missing=missing)


def kind_of(column: "pd.Series[Any]") -> str | None:
    """Return the kind of a column's values, None for what cannot be compared; empty is text."""
    if pd.api.types.is_bool_dtype(column):
        return TRUTH
    if pd.api.types.is_numeric_dtype(column):
        return NUMBER
    if pd.api.types.is_datetime64_any_dtype(column):
        return INSTANT
    found = pd.api.types.infer_dtype(column, skipna=True)
    return {"string": TEXT, "empty": TEXT, "boolean": TRUTH}.get(found)


def as_instants(found: Values) -> Values | None:
    """Return a column of texts that all are RFC 3339 dates or times as instants, else None.

    Files bring their dates as texts. Blank ones are missing.

    Examples
    --------
    >>> column = column_values(pd.Series(["1970-01-02", "", None]))
    >>> dates = as_instants(column)
    >>> dates.data.tolist(), dates.missing.tolist()
    ([86400000000000, 0, 0], [False, True, True])
    >>> as_instants(column_values(pd.Series(["1970-01-02", "soon"]))) is None
    True
    """
    if found.kind != TEXT or not found.data.ndim:
        return None
    codes, texts = pd.factorize(found.data)
    blank = np.array([not text.strip() for text in texts], dtype=bool)
    if not all(_DATE.fullmatch(text) for text in texts[~blank]):
        return None
    try:
        instants = [
            0 if gone else instant_ns(text) for text, gone in zip(texts, blank, strict=True)
        ]
    except FilterError:
        return None
    data = np.array(instants, dtype=np.int64)[codes]
    return Values(kind=INSTANT, data=data, missing=found.missing | blank[codes])


def literal(node: Node) -> Values:
    """Return a literal of a tree as one value.

    Raises
    ------
    FilterError
        It is none, or no date.
    """
    if isinstance(node, bool):
        return _single(TRUTH, np.array(node))
    if isinstance(node, (int, float)):
        if not np.isfinite(node) or abs(node) > _LAST:
            raise refuse("filter_literal", node)
        return _single(NUMBER, np.array(node))
    if isinstance(node, str):
        return _single(TEXT, np.array(node, dtype=object))
    if isinstance(node, Mapping) and len(node) == 1 and ("date" in node or "timestamp" in node):
        return _single(INSTANT, np.array(instant_ns(next(iter(node.values())))))
    raise refuse("filter_literal", node)


def instant_ns(text: object) -> int:
    """Return an RFC 3339 date or time as nanoseconds since 1970, a date as its first.

    Raises
    ------
    FilterError
        It is none.

    Examples
    --------
    >>> instant_ns("1970-01-02"), instant_ns("1970-01-01T08:00:00+08:00")
    (86400000000000, 0)
    """
    if not isinstance(text, str) or len(text) < 10 or not text[:4].isdecimal() or text[4] != "-":
        raise refuse("filter_date", text)
    try:
        found = pd.Timestamp(text)
        in_utc = found.tz_localize("UTC") if found.tzinfo is None else found.tz_convert("UTC")
        return int(in_utc.as_unit("ns").value)
    except (ValueError, OverflowError) as exc:
        raise refuse("filter_date", text) from exc


def interval_ns(first: object, last: object) -> tuple[int, int]:
    """Return the ends of an interval; ``..`` is open.

    Raises
    ------
    FilterError
        An end is no date, or they are in the wrong order.
    """
    start = _FIRST if first == ".." else instant_ns(first)
    end = _LAST if last == ".." else instant_ns(last)
    if start > end:
        raise refuse("filter_order", f"{first}/{last}")
    return start, end


def _single(kind: str, value: Array) -> Values:
    return Values(kind=kind, data=value, missing=np.zeros((), dtype=bool))


def _nanoseconds(column: "pd.Series[Any]", missing: Array) -> Array:
    utc = column.dt.tz_localize("UTC") if column.dt.tz is None else column.dt.tz_convert("UTC")
    data = utc.dt.as_unit("ns").astype("int64").to_numpy()
    return np.where(missing, 0, data)
