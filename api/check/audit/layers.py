"""The self-audit of layers: faults of data, whatever any site says."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import shapely

from api.check.audit.tables import table_faults
from api.check.questions import AuditQuestion
from api.operation import Call
from api.workspace.answers import basis_of, geojson
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import ControlLayers
from geo.check.clefts import find_narrow_gaps
from geo.check.faults import (
    Pairs,
    Places,
    duplicates,
    gaps,
    overlaps_between,
    overlaps_within,
    slivers,
)
from geo.measure.area import area_lonlat_m2
from geo.measure.validity import invalid_reasons
from layers.check.audit_limits import AuditLimits, audit_limits
from layers.model import Progress
from maps.answers import Title
from maps.check.audit_answers import AuditedLayer, AuditFault, LayerAudit, LinePair

_AREAL: Final = (3, 6)
_REPAIRED: Final = "geometry_repaired"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Audited:
    """A layer with the faults that it has by itself."""

    layer: LoadedLayer
    faults: list[AuditFault]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crossing:
    """What two lines share, as a whole and place by place."""

    pair: LinePair
    faults: list[AuditFault]


def require_layers(call: Call, asked: AuditQuestion) -> None:
    """Refuse a layer that is not in the store, before the audit begins."""
    for layer_id in asked.layer:
        call.workspace.store.get(layer_id)


def audit_layers(
    workspace: ControlLayers, layer_ids: Sequence[str], progress: Progress
) -> LayerAudit:
    """Audit layers, all control layers in use if none is named.

    Raises
    ------
    UnknownLayerError, DamagedVersionError
        There is no such layer, or its file is not what was stored.
    """
    limits = audit_limits()
    ids = list(dict.fromkeys(layer_ids)) or _controls(workspace)
    loaded = [workspace.load(workspace.store.get(layer_id)) for layer_id in ids]
    pairs = list(_line_pairs(loaded, limits))
    steps = len(loaded) + len(pairs)
    audited = []
    for at, layer in enumerate(loaded):
        progress(at, steps, layer.version.layer_id)
        audited.append(_Audited(layer=layer, faults=list(_own_faults(layer, limits))))
    crossed = []
    for at, (left, right) in enumerate(pairs, start=len(loaded)):
        progress(at, steps, f"{left.version.layer_id} × {right.version.layer_id}")
        crossed.append(_crossing(left, right, limits))
    faults = [fault for one in audited for fault in one.faults]
    faults += [fault for one in crossed for fault in one.faults]
    return LayerAudit(
        checked_on=workspace.today().isoformat(),
        basis=basis_of(layer.version for layer in loaded),
        limits=limits.model_dump(mode="json", exclude={"area_fields"}),
        layers=[_layer(one) for one in audited],
        line_pairs=[one.pair for one in crossed],
        total=len(faults),
        faults=list(_listed(faults, limits.most_listed)),
    )


def _controls(workspace: ControlLayers) -> list[str]:
    """Return the layers that count in checks."""
    kinds = sorted({rule.kind for rule in workspace.rules})
    found = [workspace.controls(kind) for kind in kinds]
    return [version.layer_id for one in found if isinstance(one, tuple) for version in one]


def _own_faults(layer: LoadedLayer, limits: AuditLimits) -> Iterator[AuditFault]:
    yield from _invalid(layer)
    yield from table_faults(layer, limits)
    shapes = layer.features.geometry.to_numpy()
    areal = np.isin(shapely.get_type_id(shapes), _AREAL) & shapely.is_valid(shapes)
    at = np.flatnonzero(areal)
    polygons = shapes[at]
    twice = duplicates(polygons)
    for first, later in twice:
        place = _place(polygons[later], _area_m2(polygons[later]))
        yield _fault(layer, "duplicate", at[later], other_feature_id=_id(layer, at[first]), **place)
    # What lies twice is one fault, and not one more with each of its neighbours.
    once = np.delete(at, [later for _, later in twice])
    shared = overlaps_within(shapes[once], limits.overlap_least_m2)
    yield from _pair_faults("overlap", (layer, once), (layer, once), shared)
    missing = gaps(polygons, limits.gap_most_m2, limits.gap_most_width_m)
    yield from _place_faults("gap", layer, missing)
    narrow = find_narrow_gaps(shapes[once], limits.cleft_most_width_m, limits.cleft_least_m2)
    yield from _place_faults("cleft", layer, narrow, once)
    thin = slivers(shapes[once], limits.sliver_width_m)
    yield from _place_faults("sliver", layer, thin, once)


def _invalid(layer: LoadedLayer) -> Iterator[AuditFault]:
    """Name what is invalid, and what was when it was imported and has been repaired."""
    shapes = layer.features.geometry.to_numpy()
    for at in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        yield _fault(layer, "invalid", at, text=invalid_reasons(shapes[at : at + 1])[0])
    report = layer.version.report
    places = dict(zip(layer.features["feature_id"].astype(str), range(len(shapes)), strict=True))
    for issue in report.issues if report else ():
        if issue.code == _REPAIRED and issue.feature_id in places:
            at, area_m2 = places[issue.feature_id], issue.params["area_before_m2"]
            fault = _fault(layer, "repaired", at, text=issue.params["why"], stated_m2=area_m2)
            yield fault.model_copy(update={"area_m2": issue.params["area_after_m2"]})


def _line_pairs(
    loaded: Sequence[LoadedLayer], limits: AuditLimits
) -> Iterator[tuple[LoadedLayer, LoadedLayer]]:
    """Return the pairs of layers of two different lines that must not cross."""
    lines = [layer for layer in loaded if layer.version.spec.kind in limits.lines]
    for left, right in combinations(lines, 2):
        if left.version.spec.kind != right.version.spec.kind:
            yield left, right


def _crossing(left: LoadedLayer, right: LoadedLayer, limits: AuditLimits) -> _Crossing:
    ours, theirs = left.controls.geometries, right.controls.geometries
    found = overlaps_between(ours, theirs, limits.overlap_least_m2)
    sides = (left, np.arange(len(ours))), (right, np.arange(len(theirs)))
    pair = LinePair(
        left=left.version.layer_id,
        right=right.version.layer_id,
        places=len(found.left),
        area_m2=_area_m2(shapely.union_all(found.shapes)) if len(found.left) else 0.0,
    )
    return _Crossing(pair=pair, faults=list(_pair_faults("lines_cross", *sides, found)))


def _pair_faults(
    code: str,
    left: tuple[LoadedLayer, Any],
    right: tuple[LoadedLayer, Any],
    pairs: Pairs,
) -> Iterator[AuditFault]:
    (ours, mine), (theirs, other) = left, right
    for one, two, shape, area_m2, width_m in zip(
        pairs.left, pairs.right, pairs.shapes, pairs.area_m2, pairs.width_m, strict=True
    ):
        yield _fault(
            ours,
            code,
            mine[one],
            other_layer_id=theirs.version.layer_id,
            other_feature_id=_id(theirs, other[two]),
            **_place(shape, float(area_m2), float(width_m)),
        )


def _place_faults(
    code: str,
    layer: LoadedLayer,
    places: Places,
    positions: Any = None,  # noqa: ANN401
) -> Iterator[AuditFault]:
    for owner, shape, area_m2, width_m in zip(
        places.owner, places.shapes, places.area_m2, places.width_m, strict=True
    ):
        at = None if owner < 0 else positions[owner]
        yield _fault(layer, code, at, **_place(shape, float(area_m2), float(width_m)))


def _fault(layer: LoadedLayer, code: str, at: int | None, **said: Any) -> AuditFault:  # noqa: ANN401
    if at is not None and "geometry" not in said:
        said |= _place(layer.features.geometry.iloc[at], None)
    feature_id = None if at is None else _id(layer, at)
    return AuditFault(code=code, layer_id=layer.version.layer_id, feature_id=feature_id, **said)


def _place(shape: Any, area_m2: float | None, width_m: float | None = None) -> dict[str, Any]:  # noqa: ANN401
    middle = shapely.point_on_surface(shape)
    return {
        "area_m2": area_m2,
        "width_m": width_m,
        "at_lonlat": (round(middle.x, 7), round(middle.y, 7)),
        "geometry": geojson(shape),
    }


def _id(layer: LoadedLayer, at: int) -> str:
    return str(layer.features["feature_id"].iloc[at])


def _area_m2(shape: Any) -> float:  # noqa: ANN401 - shapely is untyped
    return float(area_lonlat_m2(np.array([shape], dtype=object))[0])


def _layer(audited: _Audited) -> AuditedLayer:
    version = audited.layer.version
    return AuditedLayer(
        id=version.layer_id,
        kind=version.spec.kind,
        title=Title(zh=version.spec.title_zh, en=version.spec.title_en),
        status=version.spec.status,
        version=version.number,
        feature_count=version.feature_count,
        faults=dict(Counter(fault.code for fault in audited.faults)),
    )


def _listed(faults: Iterable[AuditFault], most: int) -> Iterator[AuditFault]:
    """Return the first faults of each sort, layer and pair."""
    seen: Counter[tuple[str, str, str | None]] = Counter()
    for fault in faults:
        key = (fault.code, fault.layer_id, fault.other_layer_id)
        seen[key] += 1
        if seen[key] <= most:
            yield fault
