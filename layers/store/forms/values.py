"""Attributes as the texts of formats that hold nothing but text."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd


def attribute_names(features: gpd.GeoDataFrame) -> list[str]:
    """Return the columns of a frame without its shape, in order."""
    return [str(name) for name in features.columns if name != features.geometry.name]


def texts_of(column: "pd.Series[Any]") -> list[str | None]:
    """Return the values of a column as texts, None where there is none; times in ISO 8601.

    Examples
    --------
    >>> texts_of(pd.Series([1.5, None])), texts_of(pd.Series(pd.to_datetime(["2026-01-31"])))
    (['1.5', None], ['2026-01-31'])
    """
    missing = column.isna().to_numpy(dtype=bool)
    days = is_days(column)
    return [
        None if gone else _text(value, days=days)
        for value, gone in zip(column, missing, strict=True)
    ]


def is_days(column: "pd.Series[Any]") -> bool:
    """Whether all times of a column are midnight without a zone: days, not moments."""
    if not pd.api.types.is_datetime64_any_dtype(column) or column.dt.tz is not None:
        return False
    present = column.dropna()
    return bool((present == present.dt.normalize()).all())


def fitting_whole(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return whole numbers as a format of 32 bits holds them.

    Longer ones become real numbers where these tell them apart, else texts; all else stays.

    Examples
    --------
    >>> [fitting_whole(pd.Series([2**power])).dtype.name for power in (9, 40, 60)]
    ['int32', 'float64', 'str']
    """
    if not pd.api.types.is_integer_dtype(column):
        return column
    longest = max(abs(int(column.max())), abs(int(column.min()))) if column.notna().any() else 0
    if longest <= _INT32:
        return column.astype("float64" if column.hasnans else "int32")
    return column.astype("float64") if longest <= _EXACT else column.astype("str")


_INT32: Final = 2**31 - 1
_EXACT: Final = 2**53


def simple_type(column: "pd.Series[Any]") -> str:
    """Return what a column holds as XML Schema calls it: ``string`` for all that is no number."""
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "long"
    if pd.api.types.is_float_dtype(column):
        return "double"
    return "string"


def _text(value: Any, *, days: bool) -> str:  # noqa: ANN401 - any value of a table
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if days else value.isoformat()
    return str(value)
