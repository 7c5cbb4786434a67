"""How much of sites lies on ground that constraints speak of, and of how much nobody can tell."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from api.check.controls import is_out_of_date
from api.check.land_use import classes_of_patches
from api.expansion.cell_ground import elevations_over
from api.expansion.constraints.slope_shares import slopes_under
from api.expansion.ground import Plot
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import GroundNeeds
from geo.check.control_index import ControlIndex, index_controls
from geo.check.split import taken_areas_m2
from geo.errors import PlanningError
from geo.measure.area import NOISE_M2
from geo.measure.buffer import buffer_lonlat
from geo.measure.crs import GEOGRAPHIC
from geo.measure.restore import polygonal
from layers.check.classes import cell_text
from layers.check.land_classes import LandClass
from layers.errors import UnknownLayerError
from layers.expansion.ground_source import GroundSource
from layers.model import LayerVersion, MissingLayer
from layers.rasters.model import RasterVersion
from layers.readers.field_names import plain_name

Areas = npt.NDArray[np.float64]
Shapes = npt.NDArray[Any]

_NONE: Final[Shapes] = np.array([], dtype=object)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidGround:
    """Features that a source means, and the ground of which their layers speak; EPSG:4490.

    ``meant`` are the features as they are drawn, points and lines among them, ``features`` their
    ground; None for slopes that are measured by pixels under each site. ``told`` holds what is
    spoken of beyond the features themselves; None if nobody says of how much: then the features
    alone are known. ``reason`` says why nothing at all is known.
    """

    source: GroundSource
    meant: Shapes
    features: ControlIndex | None
    told: ControlIndex | None
    versions: tuple[LayerVersion | RasterVersion, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundShare:
    """Ground of one site that a source means, and that of which nobody can tell."""

    taken_m2: float
    unknown_m2: float
    area_m2: float
    reason: str | None = None
    used: tuple[RasterVersion, ...] = field(default=())

    @property
    def least_pct(self) -> float:
        """The share of the site that is known to be taken."""
        return min(100.0 * self.taken_m2 / self.area_m2, 100.0)

    @property
    def most_pct(self) -> float:
        """The share that may be taken, if all that is unknown were."""
        return min(100.0 * (self.taken_m2 + self.unknown_m2) / self.area_m2, 100.0)


def lay_source(workspace: GroundNeeds, source: GroundSource) -> LaidGround:
    """Return the features that a source means; none for a slope, which sites are asked for.

    Raises
    ------
    UnknownKindError
        There is no such kind.
    """
    if source.slope_above_deg is not None:
        return LaidGround(source=source, meant=_NONE, features=None, told=None)
    if source.kind is not None:
        workspace.kind(source.kind)
    versions = _versions(workspace, source)
    if isinstance(versions, str):
        return LaidGround(
            source=source, meant=_NONE, features=_index([]), told=None, reason=versions
        )
    layers = _load(workspace, versions)
    reason = None if _has_all_texts(layers, source) else "no_such_class"
    drawn, features, told = list[Shapes](), list[Shapes](), list[Shapes]()
    for loaded in layers:
        chosen = _choose(loaded, source)
        drawn.append(loaded.controls.geometries[chosen & ~loaded.shapeless])
        ground, solid = _ground_of(drawn[-1], source.within_m)
        features.append(ground)
        solid &= not (chosen & loaded.shapeless).any()
        spoken = _spoken(loaded, source)
        if solid and spoken is not None and not is_out_of_date(loaded.version, workspace.today()):
            told.append(spoken)
    return LaidGround(
        source=source,
        meant=np.concatenate([*drawn, _NONE]),
        features=_index(features),
        told=_index(told) if told else None,
        versions=versions,
        reason=reason,
    )


def _load(workspace: GroundNeeds, versions: Sequence[LayerVersion]) -> list[LoadedLayer]:
    """Return layers without those that cannot be read: of their ground nobody can tell."""
    found = []
    for version in versions:
        with suppress(PlanningError):
            found.append(workspace.load(version))
    return found


def shares_of(workspace: GroundNeeds, laid: LaidGround, plots: Sequence[Plot]) -> list[GroundShare]:
    """Return how much of each site lies on the ground of a source.

    Every square metre is taken, free, or unknown: ground beyond what layers say they cover.
    """
    if laid.reason is not None or not plots:
        return [_unknown_share(plot, laid.reason) for plot in plots]
    if laid.features is None:
        above_deg = laid.source.slope_above_deg or 0.0
        return [_steep(workspace, plot, above_deg) for plot in plots]
    shapes = np.array([plot.shape for plot in plots], dtype=object)
    areas_m2 = np.array([plot.area_m2 for plot in plots])
    inside_m2 = np.minimum(taken_areas_m2(shapes, laid.features), areas_m2)
    unknown_m2 = areas_m2 - inside_m2
    if laid.told is not None:
        together = _index([laid.features.geometries, laid.told.geometries])
        unknown_m2 = np.minimum(taken_areas_m2(shapes, together, outside=True), unknown_m2)
    unknown_m2[unknown_m2 < NOISE_M2] = 0.0
    taken_m2 = areas_m2 - inside_m2 - unknown_m2 if laid.source.outside else inside_m2
    return [
        GroundShare(
            taken_m2=float(taken if taken >= NOISE_M2 else 0.0),
            unknown_m2=float(unknown),
            area_m2=float(area),
            reason="not_covered" if unknown else None,
        )
        for taken, unknown, area in zip(taken_m2, unknown_m2, areas_m2, strict=True)
    ]


def lay_slope(
    source: GroundSource, steep: Shapes, known: Shapes, versions: tuple[RasterVersion, ...]
) -> LaidGround:
    """Return steep ground as features where ground with known slopes is told; EPSG:4490."""
    return LaidGround(
        source=source,
        meant=steep,
        features=_index([steep]),
        told=_index([known]),
        versions=versions,
    )


def _versions(workspace: GroundNeeds, source: GroundSource) -> tuple[LayerVersion, ...] | str:
    if source.kind is not None:
        found = workspace.controls(source.kind)
        if isinstance(found, MissingLayer):
            return "layer_gone" if found.gone else "no_layer"
        return tuple(sorted(found, key=lambda one: one.layer_id))
    if source.layer is None:
        return ()
    try:
        return (workspace.store.get(source.layer),)
    except UnknownLayerError:
        return "no_layer"


def _choose(loaded: LoadedLayer, source: GroundSource) -> npt.NDArray[np.bool_]:
    """Return which features of a layer a source means."""
    chosen = np.ones(len(loaded.features), dtype=bool)
    for attribute, texts in source.where.items():
        chosen &= np.isin(_texts(loaded.features, attribute), texts)
    if source.classes:
        codes = set(source.classes)
        meant = [bool(one and {one.code, one.first} & codes) for one in _classes(loaded)]
        chosen &= np.array(meant, dtype=bool)
    return chosen


def _ground_of(shapes: Shapes, within_m: float) -> tuple[Shapes, bool]:
    """Return features as ground, and whether every one of them is some: lines must be grown."""
    if within_m and len(shapes):
        return buffer_lonlat(shapes, within_m), True
    ground = polygonal(shapes)
    return ground, not shapely.is_empty(ground).any()


def _classes(loaded: LoadedLayer) -> list[LandClass | None]:
    return classes_of_patches(loaded.features)


def _texts(features: gpd.GeoDataFrame, attribute: str) -> npt.NDArray[Any]:
    """Return what features say for an attribute, whose name may differ in case and width."""
    columns = {plain_name(str(name)): name for name in features.columns}
    column = columns.get(plain_name(attribute))
    said = [""] * len(features) if column is None else [cell_text(v) for v in features[column]]
    return np.array(said, dtype=object)


def _spoken(loaded: LoadedLayer, source: GroundSource) -> Shapes | None:
    """Return the ground of which a layer speaks; None if it does not say.

    A land survey speaks where it has a patch of a class that is known. A layer without the
    attribute that is asked for says nothing, and a feature that leaves it empty says nothing of
    its ground.
    """
    if source.classes:
        known = np.array([one is not None for one in _classes(loaded)], dtype=bool)
        patches: Shapes = loaded.controls.geometries[known & ~loaded.shapeless]
        return _shrink(patches, source.within_m)
    columns = {plain_name(str(name)) for name in loaded.features.columns}
    named = {plain_name(name) for name in source.where} <= columns
    if not named or loaded.coverage is None:
        return None
    silent = np.zeros(len(loaded.features), dtype=bool)
    for attribute in source.where:
        silent |= _texts(loaded.features, attribute) == ""
    unsaid = loaded.controls.geometries[silent & ~loaded.shapeless]
    spoken: Shapes = loaded.coverage.geometries
    if len(unsaid):
        spoken = polygonal(shapely.difference(spoken, shapely.union_all(unsaid)))
    return _shrink(spoken, source.within_m)


def _shrink(spoken: Shapes, within_m: float) -> Shapes:
    """Return told ground without its edge: how near comes what lies beyond it nobody knows."""
    if not within_m or not len(spoken):
        return spoken
    whole = shapely.union_all(spoken)
    edge = buffer_lonlat(np.array([shapely.boundary(whole)], dtype=object), within_m)
    return polygonal(shapely.difference(np.array([whole], dtype=object), edge))


def _has_all_texts(layers: Sequence[LoadedLayer], source: GroundSource) -> bool:
    """Return whether some feature says each text that is asked for: a misspelt class is none."""
    return all(
        any((_texts(one.features, attribute) == text).any() for one in layers)
        for attribute, texts in source.where.items()
        for text in texts
    )


def _index(shapes: Sequence[Shapes]) -> ControlIndex:
    found = np.concatenate([*shapes, _NONE])
    return index_controls(
        gpd.GeoSeries(found, crs=GEOGRAPHIC), [str(number) for number in range(len(found))]
    )


def _unknown_share(plot: Plot, reason: str | None) -> GroundShare:
    return GroundShare(taken_m2=0.0, unknown_m2=plot.area_m2, area_m2=plot.area_m2, reason=reason)


def _steep(workspace: GroundNeeds, plot: Plot, above_deg: float) -> GroundShare:
    if not elevations_over(workspace, plot.shape):
        return _unknown_share(plot, "no_terrain")
    found = slopes_under(workspace, plot, above_deg)
    if isinstance(found, str):
        return _unknown_share(plot, found)
    unknown_m2 = found.unknown_m2 if found.unknown_m2 >= NOISE_M2 else 0.0
    return GroundShare(
        taken_m2=found.steep_m2,
        unknown_m2=unknown_m2,
        area_m2=plot.area_m2,
        reason="terrain_partial" if unknown_m2 else None,
        used=found.used,
    )
