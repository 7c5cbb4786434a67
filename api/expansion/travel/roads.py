"""The network of roads in use, and what of its layers was not taken as it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import Final, Protocol

import numpy as np

from api.workspace.needs import Clock, IntakeNeeds, LayerSource
from geo.expansion.joining import SegmentIndex
from geo.expansion.network import Network, OnNetwork, build_network
from layers.expansion.road_rules import RoadLines, RoadRules, read_roads
from layers.model import LayerStatus, LayerVersion
from maps.answers import Title
from maps.expansion.access_answers import Count, LayerUsed, NetworkUsed, Piece

_MOST_PIECES: Final = 10
_MOST_TEXTS: Final = 20
_MOST_KEPT: Final = 2
"""Networks in memory: that of a province takes some hundred megabytes."""
_BUILDING: Final = Lock()
"""Who asks while a network is built waits for it, and does not build another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """Layers of a kind that count, and those that would but for their days."""

    used: tuple[LayerVersion, ...]
    not_in_force: tuple[LayerVersion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """A network with the rules and the lines that it was made of."""

    rules: RoadRules
    layers: tuple[LayerVersion, ...]
    lines: RoadLines
    network: Network
    index: SegmentIndex

    def name_at(self, place: OnNetwork) -> Title | None:
        """Return the name of the road that a place lies on."""
        return _title(self.lines.names[int(self.network.line[place.segment])])

    def piece_at(self, place: OnNetwork) -> int:
        """Return the number of the connected part that a place lies on, from 1."""
        return int(self.network.piece[self.network.start[place.segment]]) + 1

    def out(self, snap_m: float) -> NetworkUsed:
        """Return it as a part of an answer."""
        lengths_m, lines = self.network.piece_lengths_m, self.lines
        further = lengths_m[_MOST_PIECES:]
        return NetworkUsed(
            layers=[layer_used(version) for version in self.layers],
            roads=len(lines.lines),
            road_km=round(float(lengths_m.sum()) / 1000.0, 3),
            pieces=[
                self._piece(number, float(length_m))
                for number, length_m in enumerate(lengths_m[:_MOST_PIECES])
            ],
            further_pieces=len(further),
            further_km=round(float(further.sum()) / 1000.0, 3),
            left_out=_counts(lines.left_out),
            not_lines=lines.not_lines,
            unlisted=_counts(lines.unlisted),
            unlisted_kmh=self.rules.other.kmh,
            unread=_counts({"=".join(pair): n for pair, n in lines.unread.items()}),
            connection_kmh=self.rules.connection_kmh,
            snap_m=snap_m,
            belt_m=self.rules.belt_m,
        )

    def _piece(self, number: int, length_m: float) -> Piece:
        own = np.flatnonzero(self.network.piece == number)
        west, south = self.network.lonlat[own].min(axis=0).round(6).tolist()
        east, north = self.network.lonlat[own].max(axis=0).round(6).tolist()
        of_piece = np.flatnonzero(self.network.piece[self.network.start] == number)
        names = (self.lines.names[line] for line in np.unique(self.network.line[of_piece]))
        return Piece(
            number=number + 1,
            road_km=round(length_m / 1000.0, 3),
            name=_title(next(filter(None, names), None)),
            bounds_lonlat=(west, south, east, north),
        )


class LayersOfToday(LayerSource, Clock, Protocol):
    """Layers, and the day on which they count."""


def layers_of(workspace: LayersOfToday, kind: str) -> InUse:
    """Return the layers of a kind that count today; demonstrations only without others."""
    day = workspace.today()
    current = [one for one in workspace.store.current() if one.spec.kind == kind]
    real = [one for one in current if one.spec.status is not LayerStatus.DEMONSTRATION]
    meant = real or current
    ended = [
        one
        for one in meant
        if (one.spec.valid_from and one.spec.valid_from > day)
        or (one.spec.valid_to and one.spec.valid_to < day)
    ]
    used = tuple(one for one in meant if one not in ended)
    return InUse(used=used, not_in_force=tuple(ended))


def layer_used(version: LayerVersion) -> LayerUsed:
    """Return a version as a part of an answer."""
    spec = version.spec
    title = Title(zh=spec.title_zh, en=spec.title_en)
    return LayerUsed(label=f"{version.layer_id}@{version.number}", title=title, status=spec.status)


def roads_of(workspace: IntakeNeeds, versions: Sequence[LayerVersion], rules: RoadRules) -> Roads:
    """Return the network of layers of roads; it is built once for the same files and rules.

    Raises
    ------
    NoSegmentError
        No line in them may be travelled.
    DamagedVersionError
        A file no longer matches its digest, whatever was built of it before.
    """
    for version in versions:
        workspace.load(version)
    keys = tuple((one.layer_id, one.number, one.sha256) for one in versions)
    with _BUILDING:
        return replace(
            _built(workspace, keys, rules.model_dump_json(by_alias=True)), layers=tuple(versions)
        )


@lru_cache(maxsize=_MOST_KEPT)
def _built(
    workspace: IntakeNeeds, keys: tuple[tuple[str, int, str], ...], rules_json: str
) -> Roads:
    """Build a network; by digests and rules, so that what changes is built anew."""
    rules = RoadRules.model_validate_json(rules_json)
    versions = [workspace.store.get(name, number) for name, number, _ in keys]
    lines = read_roads([workspace.load(version).features for version in versions], rules)
    network = build_network(lines.lines, lines.speed_kmh, lines.way, lines.enterable)
    return Roads(
        rules=rules,
        layers=tuple(versions),
        lines=lines,
        network=network,
        index=SegmentIndex(network),
    )


def _title(name: tuple[str, str] | None) -> Title | None:
    return Title(zh=name[0], en=name[1]) if name else None


def _counts(found: Mapping[str, int]) -> list[Count]:
    in_order = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    kept = [Count(text=text, count=count) for text, count in in_order[:_MOST_TEXTS]]
    rest = sum(count for _, count in in_order[_MOST_TEXTS:])
    return [*kept, Count(text="…", count=rest)] if rest else kept
