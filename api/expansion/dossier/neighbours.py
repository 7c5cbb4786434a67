"""What lies next to sites on each of their four sides, from the layers at hand."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from api.workspace.loaded import LoadedLayer
from api.workspace.needs import LayerSource
from geo.errors import PlanningError
from geo.expansion.sides import SIDES, Side, nearest_on_side, runs_through
from geo.model import Sites
from layers.expansion.siting import siting_terms
from layers.readers.field_names import read_names
from maps.answers import Title
from maps.expansion.dossier_document import SideOut

_LEAST_M_PER_DEGREE: Final = 90_000.0
"""Of longitude, in the north of Yunnan and beyond: what is asked for is a little more."""


def find_sides(workspace: LayerSource, sites: Sites) -> list[SideOut]:
    """Return for each side of each site the nearest feature within the reach of the terms.

    What runs through a site bounds no side of it, and is told by itself.
    """
    layers = list(_layers(workspace))
    return [
        row
        for own, name, shape in zip(sites.ids, sites.names, sites.geometries, strict=True)
        for row in (
            *(_side(name or own, shape, side, layers) for side in SIDES),
            *dict.fromkeys(_running_through(name or own, shape, layers)),
        )
    ]


def _layers(workspace: LayerSource) -> Iterator[LoadedLayer]:
    for version in workspace.store.current():
        if version.spec.kind in siting_terms().bound_kinds:
            try:
                yield workspace.load(version)
            except PlanningError:
                continue


def _near(loaded: LoadedLayer, shape: shapely.Geometry) -> npt.NDArray[np.intp]:
    distance = siting_terms().bound_reach_m / _LEAST_M_PER_DEGREE
    found: npt.NDArray[np.intp] = np.sort(
        loaded.controls.tree.query(shape, predicate="dwithin", distance=distance)
    )
    return found


def _side(
    called: str, shape: shapely.Geometry, side: Side, layers: Sequence[LoadedLayer]
) -> SideOut:
    found, reach_m = list[SideOut](), siting_terms().bound_reach_m
    for loaded in layers:
        near = _near(loaded, shape)
        near = near[~runs_through(shape, loaded.controls.geometries[near])]
        met = nearest_on_side(shape, loaded.controls.geometries[near], side, reach_m)
        if met is not None:
            found.append(_describe_side(called, side, loaded, int(near[met[0]]), met[1]))
    nothing = SideOut(
        site=called, side=side, neighbour=None, layer=None, status=None, distance_m=None
    )
    return min(found, key=lambda one: one.distance_m or 0.0, default=nothing)


def _running_through(
    called: str, shape: shapely.Geometry, layers: Sequence[LoadedLayer]
) -> Iterator[SideOut]:
    for loaded in layers:
        near = _near(loaded, shape)
        for at in near[runs_through(shape, loaded.controls.geometries[near])].tolist():
            yield _describe_side(called, "within", loaded, at, 0.0)


def _describe_side(
    called: str, side: str, loaded: LoadedLayer, at: int, distance_m: float
) -> SideOut:
    (names,) = read_names(loaded.features.iloc[[at]])
    spec = loaded.version.spec
    title = Title(zh=spec.title_zh, en=spec.title_en)
    return SideOut(
        site=called,
        side=side,
        neighbour=Title(zh=names[0], en=names[1]) if names else title,
        layer=title,
        status=str(spec.status),
        distance_m=distance_m,
    )
