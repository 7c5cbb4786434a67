"""What one version of a layer has and another has not, and whether that lies near sites."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from api.workspace.answers import shapes_of
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import LayerSource
from geo.check.nearest import grown_bounds
from geo.errors import PlanningError
from layers.model import LayerSpec
from maps.check.answers import SiteResult

_MARGIN_M: Final = 5.0
"""More than sites in answers are rounded by and layers are imprecise."""

Replaced = tuple[str, int, int]
"""A layer, its version then and its version now."""


class VersionChanges:
    """Differences between versions, each computed once."""

    def __init__(self, workspace: LayerSource) -> None:
        self._workspace = workspace
        self._known: dict[Replaced, shapely.STRtree | None] = {}

    def touch(
        self, sites: Sequence[SiteResult], replaced: Iterable[Replaced], reach_m: float
    ) -> bool:
        """Tell whether anything that is new or gone in any layer comes near a site.

        ``reach_m`` is how far a feature can lie from a site that it concerns.
        """
        boxes = _boxes(sites, _MARGIN_M + reach_m)
        found = (self._between(one) for one in replaced)
        return any(changed is None or len(changed.query(boxes)[0]) for changed in found)

    def _between(self, replaced: Replaced) -> shapely.STRtree | None:
        """Return what only one of two versions has; None where all may differ."""
        if replaced not in self._known:
            self._known[replaced] = self._compared(*replaced)
        return self._known[replaced]

    def _compared(self, layer_id: str, before: int, now: int) -> shapely.STRtree | None:
        store = self._workspace.store
        try:
            old, new = (self._workspace.load(store.get(layer_id, at)) for at in (before, now))
        except PlanningError:
            return None
        if _facts(old.version.spec) != _facts(new.version.spec):
            return None
        if (old.coverage is None) != (new.coverage is None):
            return None
        return shapely.STRtree(_only_in_one(old, new))


def _facts(spec: LayerSpec) -> tuple[object, ...]:
    """Return what is said of a layer and decides; its title and source do not."""
    return spec.kind, spec.status, spec.precision_m, spec.valid_from, spec.valid_to


def _only_in_one(old: LoadedLayer, new: LoadedLayer) -> npt.NDArray[Any]:
    """Return features and areas of coverage that only one of two versions has."""
    before, now = dict(_content(old)), dict(_content(new))
    return np.array([(before | now)[key] for key in before.keys() ^ now.keys()], dtype=object)


def _content(layer: LoadedLayer) -> Iterator[tuple[tuple[object, ...], Any]]:
    attributes = layer.features.drop(columns=["feature_id", layer.features.geometry.name])
    shapes = layer.features.geometry.to_numpy()
    columns = tuple(attributes.columns)
    for row, shape in zip(attributes.astype(str).to_numpy(), shapes, strict=True):
        yield ("feature", shapely.to_wkb(shape), columns, tuple(row)), shape
    for shape in layer.coverage.geometries if layer.coverage else ():
        yield ("coverage", shapely.to_wkb(shape)), shape


def _boxes(sites: Sequence[SiteResult], reach_m: float) -> npt.NDArray[Any]:
    shapes = shapes_of(site.geometry for site in sites)
    boxes: npt.NDArray[Any] = shapely.box(*grown_bounds(shapely.bounds(shapes).T, reach_m))
    return boxes
