"""What changed between two versions of a layer."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import to_lonlat
from geo.measure.distance import lengths_m

_SAME_DEG: Final = 1e-9
"""0.1 mm: what a change of reference system may do to a vertex without anyone moving it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureChange:
    """One feature that is not the same in both versions.

    ``change`` is ``added``, ``removed``, ``moved`` (its geometry differs) or ``renamed``
    (only attributes differ, named in ``attributes``). Areas are in m2 and None for
    lines and points; lengths likewise for all but lines. ``before`` and ``after`` are
    geometries in EPSG:4490 or None.
    """

    feature_id: str
    change: str
    area_before_m2: float | None
    area_after_m2: float | None
    length_before_m: float | None
    length_after_m: float | None
    attributes: tuple[str, ...]
    before: Any | None
    after: Any | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerDiff:
    """All changes between two versions, and how many features stayed as they were."""

    changes: tuple[FeatureChange, ...]
    same_count: int


def compare(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> LayerDiff:
    """Compare two versions feature by feature, matched by ``feature_id``.

    A feature whose id changed while its geometry stayed is matched by its geometry, so
    that a renumbered file is not all removed and all added.

    Parameters
    ----------
    before, after : GeoDataFrame
        With a unique column ``feature_id``, in any CRS each.

    Returns
    -------
    LayerDiff
        Removed, then added, then moved, then renamed, each in the order of the ids.
    """
    old, new = _Version.of(before), _Version.of(after)
    pairs = _pairs(old, new)
    gone = sorted(set(old.ids) - pairs.keys())
    come = sorted(set(new.ids) - set(pairs.values()))
    found = [_change("removed", old, one, new, None) for one in gone]
    found += [_change("added", old, None, new, one) for one in come]
    moved, renamed = [], []
    for ours, theirs in sorted(pairs.items()):
        if old.wkb[ours] != new.wkb[theirs]:
            moved.append(_change("moved", old, ours, new, theirs))
        elif ours != theirs or _differing(old, ours, new, theirs):
            renamed.append(_change("renamed", old, ours, new, theirs))
    return LayerDiff(
        changes=(*found, *moved, *renamed), same_count=len(pairs) - len(moved) - len(renamed)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    ids: tuple[str, ...]
    geometry: dict[str, Any]
    wkb: dict[str, bytes]
    attributes: dict[str, dict[Any, str]]

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> "_Version":
        ids = tuple(frame["feature_id"].astype(str))
        lonlat = to_lonlat(frame.geometry).to_numpy()
        snapped = shapely.set_precision(lonlat, _SAME_DEG, "pointwise")
        table = pd.DataFrame(frame.drop(columns=[frame.geometry.name, "feature_id"]))
        text = table.astype(object).where(table.notna(), "").astype(str)
        return cls(
            ids=ids,
            geometry=dict(zip(ids, lonlat, strict=True)),
            wkb=dict(zip(ids, shapely.to_wkb(shapely.normalize(snapped)), strict=True)),
            attributes={
                one: dict(row) for one, row in zip(ids, text.to_dict("records"), strict=True)
            },
        )


def _pairs(old: _Version, new: _Version) -> dict[str, str]:
    pairs = {one: one for one in old.ids if one in new.wkb}
    free = {new.wkb[one]: one for one in new.ids if one not in pairs}
    for one in old.ids:
        if one not in pairs and old.wkb[one] in free:
            pairs[one] = free.pop(old.wkb[one])
    return pairs


def _differing(old: _Version, ours: str, new: _Version, theirs: str) -> tuple[str, ...]:
    was, now = old.attributes[ours], new.attributes[theirs]
    return tuple(sorted(k for k in was.keys() | now.keys() if was.get(k, "") != now.get(k, "")))


def _change(
    change: str, old: _Version, ours: str | None, new: _Version, theirs: str | None
) -> FeatureChange:
    before = old.geometry[ours] if ours is not None else None
    after = new.geometry[theirs] if theirs is not None else None
    both = ours is not None and theirs is not None
    attributes = _differing(old, ours, new, theirs) if both else ()  # type: ignore[arg-type]
    if both and ours != theirs:
        attributes = ("feature_id", *attributes)
    return FeatureChange(
        feature_id=str(theirs if theirs is not None else ours),
        change=change,
        area_before_m2=_area_m2(before),
        area_after_m2=_area_m2(after),
        length_before_m=_length_m(before),
        length_after_m=_length_m(after),
        attributes=attributes,
        before=before,
        after=after,
    )


def _area_m2(geometry: Any) -> float | None:  # noqa: ANN401 - any geometry or None
    if geometry is None or geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        return None
    return float(area_lonlat_m2(pd.Series([geometry]).to_numpy())[0])


def _length_m(geometry: Any) -> float | None:  # noqa: ANN401 - any geometry or None
    if geometry is None or geometry.geom_type not in {"LineString", "MultiLineString"}:
        return None
    return float(lengths_m(pd.Series([geometry]).to_numpy())[0])
