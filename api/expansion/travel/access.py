"""The access of sites: travel on the network of roads, and straight lines where none is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely

from api.expansion.ground import Plot, plots_of
from api.expansion.questions import AccessQuestion
from api.expansion.terrain import in_lonlat
from api.expansion.travel.roads import Roads, layer_used, layers_of, roads_of
from api.workspace.answers import basis_of, geojson, report_out
from api.workspace.needs import IntakeNeeds
from geo.expansion.joining import Joint, straight_m
from geo.expansion.network import Graph, Travel, insert_places, travel_from
from geo.expansion.reach import reach_within, reached_m
from geo.units import M2_PER_HA, M2_PER_KM2, round_as_printed
from layers.expansion.road_rules import destinations, load_road_rules
from layers.model import LayerVersion, Progress, ReadOptions
from layers.readers import Source
from layers.readers.field_names import read_names
from maps.answers import Title
from maps.expansion.access_answers import (
    AccessReport,
    Entry,
    Isochrone,
    SiteAccess,
    Target,
)

_KM_DECIMALS: Final = 3
_MINUTES_DECIMALS: Final = 1
_M_PER_KM: Final = 1000.0
_ROAD: Final = "road"
_M_PER_MINUTE_AT_1_KMH: Final = 1000.0 / 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """What one row of an answer is about: the features of a kind, or one place."""

    kind: str | None
    title: Title
    by_road: bool
    shapes: Sequence[Any]
    names: Sequence[Title | None]
    joints: Sequence[Joint | None]
    spoken_of: Any | None = None
    """The ground that layers of the kind speak about, in EPSG:4490; None where one says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """Everything that is the same for all sites."""

    roads: Roads | None
    groups: Sequence[_Group]
    snap_m: float
    minutes: Sequence[float]
    geometry: bool


def access_report(
    workspace: IntakeNeeds,
    source: Source,
    options: ReadOptions,
    asked: AccessQuestion,
    report: Progress,
) -> AccessReport:
    """Return how long and how far it is from each site to what it must reach.

    Raises
    ------
    PlanningError
        The sites cannot be read, a kind is not known, or a file of rules is wrong.
    """
    read = workspace.read_sites(source, options)
    plots = plots_of(read.features.set_geometry(in_lonlat(read)), "site_id")
    rules = load_road_rules(workspace.settings.data_dir / "access")
    snap_m = rules.snap_m if asked.snap_m is None else asked.snap_m
    kinds = {name: workspace.kind(name) for name in asked.kinds or destinations()}
    road_layers = layers_of(workspace, _ROAD)
    target_layers = {name: layers_of(workspace, name) for name in kinds}
    roads = roads_of(workspace, road_layers.used, rules) if road_layers.used else None
    groups = [
        *_groups_of_kinds(workspace, {n: one.used for n, one in target_layers.items()}),
        *_groups_of_places(asked),
    ]
    scene = _Scene(
        roads=roads,
        groups=[_joined(group, roads, snap_m) for group in groups],
        snap_m=snap_m,
        minutes=asked.minutes or rules.minutes,
        geometry=asked.geometry,
    )
    sites = []
    for done, plot in enumerate(plots):
        report(done, len(plots))
        sites.append(_site(plot, scene))
    used = [version for one in target_layers.values() for version in one.used]
    found = (road_layers, *target_layers.values())
    return AccessReport(
        basis=basis_of([*road_layers.used, *used]),
        network=roads.out(snap_m) if roads else None,
        missing=[
            Title(zh=kinds[name].title_zh, en=kinds[name].title_en)
            for name, one in target_layers.items()
            if not one.used
        ],
        not_in_force=[layer_used(version) for one in found for version in one.not_in_force],
        layers=[layer_used(version) for version in used],
        sites=sites,
        read_report=report_out(read.report),
    )


def _groups_of_kinds(
    workspace: IntakeNeeds, layers: Mapping[str, Sequence[LayerVersion]]
) -> list[_Group]:
    groups = []
    for name, versions in layers.items():
        shapes: list[Any] = []
        names: list[Title | None] = []
        areas: list[Any | None] = []
        for version in versions:
            loaded = workspace.load(version)
            features = loaded.features
            areas.append(loaded.coverage_area)
            for shape, title in zip(features.geometry, read_names(features), strict=True):
                if shape is not None and not shapely.is_empty(shape):
                    shapes.append(shape)
                    names.append(Title(zh=title[0], en=title[1]) if title else None)
        kind = workspace.kind(name)
        if shapes:
            groups.append(
                _Group(
                    kind=name,
                    title=Title(zh=kind.title_zh, en=kind.title_en),
                    by_road=destinations().get(name, _ROAD) == _ROAD,
                    shapes=shapes,
                    names=names,
                    joints=(),
                    spoken_of=None if None in areas else shapely.union_all(areas),
                )
            )
    return groups


def _groups_of_places(asked: AccessQuestion) -> list[_Group]:
    return [
        _Group(
            kind=None,
            title=Title(zh=place.name, en=place.name),
            by_road=True,
            shapes=[shapely.Point(place.lon, place.lat)],
            names=[None],
            joints=(),
        )
        for place in asked.places
    ]


def _joined(group: _Group, roads: Roads | None, snap_m: float) -> _Group:
    """Return a group with where each of its shapes joins the network."""
    if roads is None or not group.by_road:
        joints: list[Joint | None] = [None] * len(group.shapes)
    else:
        joints = [roads.index.join(shape, snap_m) for shape in group.shapes]
    return replace(group, joints=joints)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trip:
    """A site on the network: where it joins, and what it takes from there to every node."""

    joint: Joint
    graph: Graph
    travel: Travel
    first_node: int


def _site(plot: Plot, scene: _Scene) -> SiteAccess:
    trip = _trip(plot, scene)
    roads = scene.roads
    first = trip.first_node if trip else 0
    targets = []
    for group in scene.groups:
        targets.append(_target(plot, group, scene, trip, first))
        first += sum(joint is not None for joint in group.joints)
    return SiteAccess(
        id=plot.id,
        name=plot.name,
        area_ha=round_as_printed(plot.area_m2 / M2_PER_HA, 4),
        entry=_entry(trip.joint, roads) if trip and roads else None,
        unreached_km=_unreached_km(trip, roads) if trip and roads else None,
        targets=targets,
        isochrones=[_isochrone(minutes, trip, scene) for minutes in scene.minutes] if trip else [],
    )


def _trip(plot: Plot, scene: _Scene) -> _Trip | None:
    if scene.roads is None:
        return None
    joint = scene.roads.index.join(plot.shape, scene.snap_m)
    if joint is None:
        return None
    joints = [one for group in scene.groups for one in group.joints if one is not None]
    graph = insert_places(scene.roads.network, [joint.place, *(one.place for one in joints)])
    travel = travel_from(graph, graph.first_place)
    return _Trip(joint=joint, graph=graph, travel=travel, first_node=graph.first_place + 1)


def _entry(joint: Joint, roads: Roads) -> Entry:
    return Entry(
        lon=round(joint.place.lon, 7),
        lat=round(joint.place.lat, 7),
        distance_m=round(joint.distance_m, 1),
        road=roads.name_at(joint.place),
        piece=roads.piece_at(joint.place),
    )


def _unreached_km(trip: _Trip, roads: Roads) -> float:
    """Return the length of roads that no way leads to from a site."""
    network = roads.network
    reached = reached_m(network, trip.graph, trip.travel.seconds)
    return _km(max(float(network.length_m.sum()) - reached, 0.0))


def _target(
    plot: Plot, group: _Group, scene: _Scene, trip: _Trip | None, first_node: int
) -> Target:
    """Return the feature of a group that is reached first, or the nearest if none is."""
    minutes, road_m, shortest_m = _by_road(group, scene, trip, first_node)
    reached = np.isfinite(minutes)
    if not reached.any() and _is_elsewhere(plot, group):
        return _unknown_target(group)
    straight = np.zeros(0) if reached.any() else straight_m(plot.shape, group.shapes)
    best = int(np.argmin(minutes)) if reached.any() else int(np.argmin(straight))
    joint = group.joints[best]
    how, why = _how(group, scene, trip, joint, reached=bool(reached[best]))
    return Target(
        kind=group.kind,
        title=group.title,
        name=group.names[best],
        how=how,
        why=why,
        minutes=round(float(minutes[best]), _MINUTES_DECIMALS) if how == _ROAD else None,
        road_km=_km(float(road_m[best])) if how == _ROAD else None,
        shortest_km=_km(float(shortest_m[best])) if how == _ROAD else None,
        straight_km=_km(float(straight[best])) if how == "straight" else None,
        join_m=round(joint.distance_m, 1) if joint else None,
        piece=scene.roads.piece_at(joint.place) if joint and scene.roads else None,
        count=len(group.shapes),
        reached=int(reached.sum()),
    )


def _is_elsewhere(plot: Plot, group: _Group) -> bool:
    """Tell whether layers of a kind say that they do not speak about the ground of a site."""
    return group.spoken_of is not None and not shapely.intersects(group.spoken_of, plot.shape)


def _unknown_target(group: _Group) -> Target:
    """Return that nobody knows the nearest of a kind: what its layers have lies elsewhere."""
    return Target(
        kind=group.kind,
        title=group.title,
        name=None,
        how="unknown",
        why=None,
        minutes=None,
        road_km=None,
        shortest_km=None,
        straight_km=None,
        join_m=None,
        piece=None,
        count=len(group.shapes),
        reached=0,
    )


def _how(
    group: _Group, scene: _Scene, trip: _Trip | None, joint: Joint | None, *, reached: bool
) -> tuple[Any, Any]:
    """Return how a target is reached, and if not by road why."""
    if reached:
        return _ROAD, None
    if not group.by_road:
        return "straight", "own_way"
    if scene.roads is None:
        return "straight", "no_network"
    if trip is None:
        return "straight", "site_off_network"
    if joint is None:
        return "straight", "target_off_network"
    apart = scene.roads.piece_at(trip.joint.place) != scene.roads.piece_at(joint.place)
    return "unreachable", "other_piece" if apart else "one_way"


def _by_road(
    group: _Group, scene: _Scene, trip: _Trip | None, first_node: int
) -> tuple[Any, Any, Any]:
    """Return minutes, and metres of the fastest and the shortest way; infinite where none leads."""
    count = len(group.shapes)
    minutes, road_m, shortest_m = (np.full(count, np.inf) for _ in range(3))
    if trip is None or scene.roads is None:
        return minutes, road_m, shortest_m
    on = [at for at, joint in enumerate(group.joints) if joint is not None]
    if not on:
        return minutes, road_m, shortest_m
    nodes = first_node + np.arange(len(on))
    ends = np.array([joint.distance_m for joint in group.joints if joint is not None])
    over_m = ends + trip.joint.distance_m
    per_minute = scene.roads.rules.connection_kmh * _M_PER_MINUTE_AT_1_KMH
    minutes[on] = trip.travel.seconds[nodes] / 60.0 + over_m / per_minute
    road_m[on] = trip.travel.length_m[nodes] + over_m
    shortest_m[on] = trip.travel.shortest_m[nodes] + over_m
    return minutes, road_m, shortest_m


def _isochrone(minutes: float, trip: _Trip, scene: _Scene) -> Isochrone:
    assert scene.roads is not None  # noqa: S101 - a trip has roads
    rules = scene.roads.rules
    joining_s = trip.joint.distance_m / (rules.connection_kmh * _M_PER_MINUTE_AT_1_KMH) * 60.0
    seconds = trip.travel.seconds + joining_s
    reach = reach_within(scene.roads.network, trip.graph, seconds, 60.0 * minutes, rules.belt_m)
    drawn = scene.geometry and not shapely.is_empty(reach.area)
    return Isochrone(
        minutes=minutes,
        area_km2=round(reach.area_m2 / M2_PER_KM2, _KM_DECIMALS),
        road_km=_km(reach.road_m),
        geometry=geojson(reach.area, 6) if drawn else None,
    )


def _km(metres: float) -> float:
    return round(metres / _M_PER_KM, _KM_DECIMALS)
