"""The gate's attack on what becomes public: with all that was released of a layer before."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from api.workspace.needs import PublishNeeds
from geo.publish.generalise import Geometries
from geo.publish.reconstruction import Reconstruction, measure_reconstruction
from layers.model import LayerVersion, Sensitivity
from layers.publish.policy import publish_policy
from maps.publish.answers import PublishFault
from maps.publish.errors import PublicationRefusedError

_INDEX: Final = "index.html"
_GROUND: Final = frozenset({"county", "lake", "river"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What is, or becomes, public of a layer; in lon/lat on CGCS2000."""

    layer_id: str
    displacement_m: float
    geometries: Geometries


Attacked = tuple[Lines, Reconstruction | None]


def is_hidden(version: LayerVersion) -> bool:
    """Tell whether the survey of a layer is nobody's but the office's."""
    return version.spec.sensitivity is not Sensitivity.PUBLIC


def attack(
    workspace: PublishNeeds, version: LayerVersion, lines: Lines, earlier: Sequence[Lines]
) -> Reconstruction | None:
    """Return how near attackers come to a surveyed layer; None where nothing of it is hidden."""
    if not is_hidden(version) or lines.displacement_m <= 0.0:
        return None
    sets = _distinct([lines, *(one for one in earlier if one.layer_id == lines.layer_id)])
    # Whoever guesses begins with the finest lines.
    finest = sorted(sets, key=lambda one: one.displacement_m)
    surveyed = workspace.load(version).features.geometry.to_numpy()
    shapes = [one.geometries for one in finest]
    return measure_reconstruction(
        surveyed, shapes, _known_lines(workspace), finest[0].displacement_m
    )


def fault_of(lines: Lines, found: Reconstruction | None) -> PublishFault | None:
    """Return why lines must not become public, by the bounds of the policy."""
    if found is None:
        return None
    bound = publish_policy().reconstruction
    said = {"layer_id": lines.layer_id, "releases": found.releases}
    if found.corners < bound.fewest_corners:
        # Too few to measure a median by: another set of lines might give them away.
        return PublishFault(code="few_corners", params=said) if found.releases > 1 else None
    worst = min(found.attacks, key=lambda one: one.corner_m, default=None)
    if worst is None:
        return None
    least_m = bound.least_corner_share * found.displacement_m
    line_m = min(one.line_m for one in found.attacks)
    found_share = max(one.found_share for one in found.attacks)
    if (
        worst.corner_m >= least_m
        and line_m >= bound.least_line_share * found.displacement_m
        and found_share <= bound.most_found_share
    ):
        return None
    numbers = {
        "attack": worst.name,
        "corner_m": round(worst.corner_m, 1),
        "least_m": round(least_m, 1),
        "found_pct": round(100.0 * found_share, 1),
    }
    return PublishFault(code="reconstructed", params={**said, **numbers})


def attack_faults(attacks: Sequence[Attacked]) -> list[PublishFault]:
    """Return what speaks against publishing the lines that were attacked."""
    faults = [fault_of(lines, found) for lines, found in attacks]
    return [fault for fault in faults if fault is not None]


def require_hidden(workspace: PublishNeeds, publication_id: str, sha256: str) -> None:
    """Attack a stored bundle with all that was released since, unless it was shown before.

    Raises
    ------
    PublicationRefusedError
        It would give a survey away.
    """
    state = workspace.publications.state(publication_id)
    if any(release.sha256 == sha256 for release in state.releases):
        return
    own = list(bundle_lines(workspace, publication_id, sha256))
    current = {one.layer_id: one for one in workspace.store.current() if is_hidden(one)}
    earlier = released_lines(workspace, frozenset(one.layer_id for one in own) & current.keys())
    attacks = [
        (lines, attack(workspace, current[lines.layer_id], lines, earlier))
        for lines in own
        if lines.layer_id in current
    ]
    faults = [fault.model_dump() for fault in attack_faults(attacks)]
    if faults:
        raise PublicationRefusedError(count=len(faults), faults=faults)


def released_lines(workspace: PublishNeeds, layer_ids: frozenset[str]) -> list[Lines]:
    """Return what every bundle that was ever shown has of some layers; withdrawn ones, too.

    Raises
    ------
    DamagedBundleError, UnknownPublicationError
        A bundle that was shown cannot be read, so nobody can tell what is known.
    """
    store = workspace.publications
    found = list[Lines]()
    if not layer_ids:
        return found
    for publication_id in store.ids():
        for release in store.state(publication_id).releases:
            manifest = store.manifest(publication_id, release.sha256)
            if layer_ids & {layer["id"] for layer in manifest["layers"]}:
                found += bundle_lines(workspace, publication_id, release.sha256)
    return found


def bundle_lines(workspace: PublishNeeds, publication_id: str, sha256: str) -> Iterator[Lines]:
    """Return the lines of every layer of a stored bundle."""
    # It brings folium.
    from maps.publish.gate import read_publication  # noqa: PLC0415

    document = workspace.publications.read(publication_id, sha256, _INDEX).decode("utf-8")
    for layer in read_publication(document)["layers"]:
        texts = [json.dumps(one["geometry"]) for one in layer["features"]["features"]]
        yield Lines(
            layer_id=layer["id"],
            displacement_m=float(layer["displacement_m"]),
            geometries=np.asarray(shapely.from_geojson(texts), dtype=object),
        )


def _known_lines(workspace: PublishNeeds) -> Geometries:
    """Return the lines that everybody has: those of public layers that are no sketch of ours."""
    shapes = [
        workspace.load(version).features.geometry.to_numpy()
        for version in workspace.store.current()
        if version.spec.sensitivity is Sensitivity.PUBLIC and version.spec.kind in _GROUND
    ]
    return np.concatenate(shapes) if shapes else np.array([], dtype=object)


def _distinct(sets: Sequence[Lines]) -> list[Lines]:
    """Return sets of lines that differ: the same ones again tell nobody more."""
    seen = dict[bytes, Lines]()
    for one in sets:
        corners = np.round(shapely.get_coordinates(one.geometries), 6)
        seen.setdefault(np.unique(corners, axis=0).tobytes(), one)
    return list(seen.values())
