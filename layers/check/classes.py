"""Which features of a layer the rules of its kind speak of, by what the features say."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from layers.check.rules import ControlRule


def chosen_by(features: gpd.GeoDataFrame, rule: ControlRule) -> npt.NDArray[np.bool_]:
    """Return for each feature whether a rule speaks of it; of none without its attribute."""
    chosen = np.ones(len(features), dtype=bool)
    for attribute, values in rule.where.items():
        column = rule.column(attribute, features.columns)
        if column is None:
            return np.zeros(len(features), dtype=bool)
        said = [cell_text(value) for value in features[column]]
        chosen &= np.isin(np.array(said, dtype=object), values)
    return chosen


def unspoken_of(features: gpd.GeoDataFrame, rules: Sequence[ControlRule]) -> npt.NDArray[np.bool_]:
    """Return for each feature whether none of the rules of its kind speaks of it."""
    unspoken = np.ones(len(features), dtype=bool)
    for rule in rules:
        unspoken &= ~chosen_by(features, rule)
    return unspoken


def classes_of(features: gpd.GeoDataFrame, rules: Sequence[ControlRule]) -> list[str]:
    """Return what each feature says where the rules look for its class; nothing is ""."""
    asked = {
        name
        for rule in rules
        for attribute in rule.where
        if (name := rule.column(attribute, features.columns)) is not None
    }
    columns = [[cell_text(value) for value in features[name]] for name in sorted(asked)]
    return [" / ".join(row) for row in zip(*columns, strict=True)] or [""] * len(features)


def cell_text(value: object) -> str:
    """Return an attribute as text: a class may be kept as 1, 1.0 or "1"; nothing is "".

    Examples
    --------
    >>> cell_text(1.0), cell_text(" core "), cell_text(float("nan")), cell_text(None)
    ('1', 'core', '', '')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        # As a column of truths with gaps is read: a truth is one thing wherever it comes from.
        return str(int(value))
    if value is None or value != value:  # noqa: PLR0124 - NaN is not itself
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
