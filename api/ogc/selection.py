"""Which features of a version are asked for, and in which order: never cut in silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.errors import RequestError
from api.ogc.items_question import (
    ItemsAsked,
    boxes_lonlat,
    filter_tree,
    mover_to_lonlat,
    period_ns,
    sort_keys,
)
from api.workspace.loaded import LoadedLayer
from geo.filter.evaluate import select_rows
from geo.filter.values import INSTANT, NUMBER, TRUTH, instant_ns, kind_of

Rows = npt.NDArray[np.int64]
ID: Final = "feature_id"
_TRUTHS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Rows of a layer in the order of the answer; ``matched`` counts those of all pages."""

    rows: Rows
    matched: int
    offset: int
    limit: int | None

    @property
    def next_offset(self) -> int | None:
        """Where the next page begins, None after the last."""
        after = self.offset + len(self.rows)
        return after if after < self.matched else None

    @property
    def previous(self) -> tuple[int, int] | None:
        """Where the page before begins and how long it is, None before the first."""
        if not self.offset or self.limit is None:
            return None
        begin = max(self.offset - self.limit, 0)
        return begin, self.offset - begin


def select_features(
    loaded: LoadedLayer, asked: ItemsAsked, filters: Mapping[str, str], *, most: int
) -> Selection:
    """Return what of a layer is asked for.

    Parameters
    ----------
    loaded : LoadedLayer
        The version.
    asked, filters : ItemsAsked, mapping
        The question, and texts that properties must equal.
    most : int
        The longest page: a greater limit is answered by pages of this, each with a link to
        the next. Without a limit all features are one page.

    Raises
    ------
    RequestError, FilterError, UnknownCrsError
        A parameter cannot be used.
    """
    features = loaded.features
    chosen = np.ones(len(features), dtype=bool)
    boxes = boxes_lonlat(asked)
    if boxes:
        chosen &= _in_boxes(loaded, boxes)
    if asked.datetime is not None and not _is_valid_in(loaded, period_ns(asked.datetime)):
        chosen[:] = False
    for name, value in filters.items():
        chosen &= _equal(features, name, value)
    tree = filter_tree(asked)
    if tree is not None:
        chosen &= select_rows(features, tree, mover_to_lonlat(asked.filter_crs))
    rows = _sorted(features, np.flatnonzero(chosen), sort_keys(asked.sortby))
    if asked.offset and asked.offset >= len(rows):
        raise RequestError(field="offset", problem="below", limit=str(len(rows)))
    limit = None if asked.limit is None else min(asked.limit, most)
    end = None if limit is None else asked.offset + limit
    return Selection(
        rows=rows[asked.offset : end], matched=len(rows), offset=asked.offset, limit=limit
    )


def property_names(loaded: LoadedLayer) -> list[str]:
    """Return the attributes of a layer, without its shape; the id is the feature's own."""
    return [str(one) for one in loaded.properties.columns if one != ID]


def _in_boxes(loaded: LoadedLayer, boxes: tuple[Any, ...]) -> npt.NDArray[np.bool_]:
    # What has no shape is in every box (OGC 17-069r4, requirement 24).
    found = loaded.shapeless.copy()
    for box in boxes:
        found[loaded.controls.tree.query(box, predicate="intersects")] = True
    return found


def _is_valid_in(loaded: LoadedLayer, period: tuple[int, int]) -> bool:
    """Whether a layer is valid at some time of a period: the time of its features is its own."""
    spec = loaded.version.spec
    begin = None if spec.valid_from is None else instant_ns(spec.valid_from.isoformat())
    end = None if spec.valid_to is None else instant_ns(f"{spec.valid_to.isoformat()}T23:59:59Z")
    return (begin is None or begin <= period[1]) and (end is None or end >= period[0])


def _equal(features: Any, name: str, text: str) -> npt.NDArray[np.bool_]:  # noqa: ANN401
    names = [one for one in features.columns if one != features.geometry.name]
    if name not in names:
        raise RequestError(field=name[:40], problem="unknown")
    value = _typed(kind_of(features[name]), name, text)
    return select_rows(
        features, {"op": "=", "args": [{"property": name}, value]}, lambda shape: shape
    )


def _typed(kind: str | None, name: str, text: str) -> Any:  # noqa: ANN401 - JSON
    """Return the text of an address as a value of a column's kind."""
    if kind == NUMBER:
        try:
            number = float(text)
        except ValueError as exc:
            raise RequestError(field=name, problem="number", given=text[:40]) from exc
        return int(text) if text.lstrip("+-").isdecimal() else number
    if kind == TRUTH:
        if text not in _TRUTHS:
            raise RequestError(field=name, problem="yes_no", given=text[:40])
        return _TRUTHS[text]
    return {"timestamp": text} if kind == INSTANT else text


def _sorted(features: Any, rows: Rows, keys: list[tuple[str, bool]]) -> Rows:  # noqa: ANN401
    if not keys:
        return rows
    for name, _ in keys:
        if name not in features.columns or name == features.geometry.name:
            raise RequestError(field="sortby", problem="unknown_property", given=name[:40])
        if kind_of(features[name]) is None:
            raise RequestError(field="sortby", problem="filter_kind", given=name[:40])
    columns = {str(at): features[name].iloc[rows].to_numpy() for at, (name, _) in enumerate(keys)}
    table = pd.DataFrame(columns, index=rows)
    rising = [rises for _, rises in keys]
    ordered = table.sort_values(list(columns), ascending=rising, kind="stable", na_position="last")
    return ordered.index.to_numpy()
