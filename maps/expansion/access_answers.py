"""Answers about access: how long and how far it is from a site to what it must reach."""

from typing import Literal

from pydantic import Field

from maps.answers import Answer, Basis, JsonObject, ReadReportOut, Title

How = Literal["road", "straight", "unreachable", "unknown"]
Why = Literal[
    "no_network", "site_off_network", "target_off_network", "own_way", "other_piece", "one_way"
]


class LayerUsed(Answer):
    """A layer version that an answer rests on."""

    label: str = Field(examples=["demo_road@1"])
    title: Title
    status: str


class Count(Answer):
    """How many features say a text that was not taken as it stands."""

    text: str
    count: int


class Piece(Answer):
    """A part of the network that no road joins to the others."""

    number: int = Field(description="1 is the longest.")
    road_km: float
    name: Title | None = Field(description="Name of one of its roads.")
    bounds_lonlat: tuple[float, float, float, float]


class NetworkUsed(Answer):
    """The roads that were travelled, and what of them was not taken as it stands."""

    layers: list[LayerUsed]
    roads: int
    road_km: float
    pieces: list[Piece] = Field(description="Parts that are not connected, the longest first.")
    further_pieces: int
    further_km: float
    left_out: list[Count] = Field(description="Roads closed to vehicles, by class.")
    not_lines: int
    unlisted: list[Count] = Field(description="Classes that the rules do not list.")
    unlisted_kmh: float
    unread: list[Count] = Field(description="Texts that were not understood, as field=text.")
    connection_kmh: float
    snap_m: float
    belt_m: float


class Entry(Answer):
    """Where a site joins the network."""

    lon: float
    lat: float
    distance_m: float = Field(description="From the outline of the site to the road.")
    road: Title | None
    piece: int


class Target(Answer):
    """The nearest feature of a kind, or a place, and how it is reached.

    ``how``: ``road``, by the network; ``straight``, a straight line, because of ``why``;
    ``unreachable``: on the network, but no way leads there, because of ``why``; ``unknown``:
    layers of the kind do not speak about the ground of the site, so the nearest is not known.
    """

    kind: str | None
    title: Title
    name: Title | None
    how: How
    why: Why | None
    minutes: float | None
    road_km: float | None = Field(description="Length of the fastest way, connections included.")
    shortest_km: float | None = Field(description="Length of the shortest way, with connections.")
    straight_km: float | None
    join_m: float | None = Field(description="From the target to the road that it joins.")
    piece: int | None = Field(description="Part of the network that it lies on.")
    count: int = Field(description="How many of the kind there are.")
    reached: int = Field(description="How many of them the network reaches.")


class Isochrone(Answer):
    """Ground beside roads that are reached within a time."""

    minutes: float
    area_km2: float
    road_km: float
    geometry: JsonObject | None


class SiteAccess(Answer):
    """The access of one site."""

    id: str
    name: Title | None
    area_ha: float
    entry: Entry | None
    unreached_km: float | None = Field(description="Roads that no way leads to from here.")
    targets: list[Target]
    isochrones: list[Isochrone]


class AccessReport(Answer):
    """The access of sites."""

    basis: list[Basis]
    network: NetworkUsed | None = Field(description="Null where there is no layer of roads.")
    missing: list[Title] = Field(description="Kinds of which there is no layer.")
    not_in_force: list[LayerUsed] = Field(description="Layers that are not valid on the day.")
    layers: list[LayerUsed] = Field(description="Layers of what was to be reached.")
    sites: list[SiteAccess]
    read_report: ReadReportOut | None
