"""A layer that comes in beside those of its kind that stand in the store."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import to_lonlat
from geo.measure.restore import polygonal
from layers.model import LayerFrame, LayerVersion
from layers.store.plausibility.concerns import Coming, Concern, import_limits
from layers.store.plausibility.parts import Parts, parts_of

_Ground = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A version that stands; ``frame`` is None where its file is damaged."""

    version: LayerVersion
    frame: LayerFrame | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    count: int
    area_ha: float


def changed(layer: Coming, former: Former, *, same_content: bool) -> list[Concern]:
    """Ask about a layer of another number or area than the version that it would follow.

    Parameters
    ----------
    layer : Coming
        What comes in.
    former : Former
        The version before.
    same_content : bool
        Whether the content is what that version held: then nothing changes, even if its
        file cannot be read any more.
    """
    if same_content:
        return []
    if former.frame is None:
        return [_damaged("former_damaged", former), *_count_by_catalogue(layer, former)]
    now, before = (_size_of(parts) for parts in (layer.parts, parts_of(former.frame.features)))
    return _apart("", now, before)


def beside(layer: Coming, others: Iterable[Former]) -> list[Concern]:
    """Ask about layers of the kind under other ids that say otherwise of the same ground.

    All of them count in checks, so that one that was imported anew under another id stands
    beside its former self.
    """
    found: list[Concern] = []
    for other in others:
        if other.frame is None:
            found.append(_damaged("other_damaged", other))
            continue
        theirs = parts_of(other.frame.features)
        common = _common(_ground(layer.frame, layer.parts), _ground(other.frame, theirs))
        if common is not None:
            now, before = (_size_in(parts, common) for parts in (layer.parts, theirs))
            found += _apart("other_", now, before, layer=other.version.layer_id)
    return found


def _apart(prefix: str, now: _Size, before: _Size, **params: str) -> list[Concern]:
    limits = import_limits()
    found = []
    if _differ(now.count, before.count, limits.count_factor):
        counts = {"now": now.count, "before": before.count}
        found.append(Concern(code=f"{prefix}count_changed", params={**counts, **params}))
    if _differ(now.area_ha, before.area_ha, limits.area_factor):
        areas = {"now_ha": round(now.area_ha, 4), "before_ha": round(before.area_ha, 4)}
        found.append(Concern(code=f"{prefix}area_changed", params={**areas, **params}))
    return found


def _differ(one: float, other: float, factor: float) -> bool:
    """Tell whether two amounts differ by more than a factor; nothing is apart from something."""
    return max(one, other) > factor * min(one, other)


def _count_by_catalogue(layer: Coming, former: Former) -> list[Concern]:
    """Compare the number at least, which the catalogue knows without the file."""
    before = _Size(count=former.version.feature_count, area_ha=0.0)
    return _apart("", _Size(count=layer.parts.count, area_ha=0.0), before)


def _damaged(code: str, former: Former) -> Concern:
    known = {
        "layer": former.version.layer_id,
        "version": former.version.number,
        "before": former.version.feature_count,
    }
    return Concern(code=code, params=known)


def _size_of(parts: Parts) -> _Size:
    return _Size(count=parts.count, area_ha=float(parts.area_m2.sum()) / 1e4)


def _size_in(parts: Parts, ground: _Ground) -> _Size:
    shares = parts.shares_in(ground)
    area_m2 = float((shares * parts.area_m2).sum())
    return _Size(count=int(parts.owners(shares > 0.0).sum()), area_ha=area_m2 / 1e4)


def _ground(frame: LayerFrame, parts: Parts) -> _Ground:
    """Return what a layer is said to speak about, or else the box around it."""
    if frame.coverage is None:
        return np.array([shapely.box(*shapely.total_bounds(parts.shapes))], dtype=object)
    covered: _Ground = to_lonlat(frame.coverage).to_numpy()
    return covered


def _common(one: _Ground, other: _Ground) -> _Ground | None:
    """Return the ground of both; None where it is too little of the smaller one to compare."""
    grounds = [shapely.union_all(ground) for ground in (one, other)]
    shared = polygonal(np.array([shapely.intersection(*grounds)], dtype=object))
    areas_m2 = area_lonlat_m2(polygonal(np.array(grounds, dtype=object)))
    enough = area_lonlat_m2(shared)[0] >= import_limits().least_common * areas_m2.min()
    pieces: _Ground = shapely.get_parts(shared)
    return pieces if enough and len(pieces) else None
