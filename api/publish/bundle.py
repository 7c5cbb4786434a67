"""Make a map public: build a bundle, hold it against the gate, show it, withdraw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from api.check.protections import list_protections
from api.density.land import density_table, lands_read
from api.publish.bundle_files import EMBED, INDEX, data_files, embed_text, print_files
from api.publish.publication_plan import PlannedLayer, PublicationPlan
from api.publish.reconstruction import (
    Attacked,
    Lines,
    attack,
    attack_faults,
    is_hidden,
    released_lines,
    require_hidden,
)
from api.workspace.answers import geojson, steps_out
from api.workspace.needs import LawSource, LayerSource, PublishNeeds
from api.workspace.output import worded_output, write_whole
from api.workspace.withdraw import Wish
from geo.publish.generalise import Generalised, generalise
from geo.publish.reconstruction import Reconstruction
from layers.model import LayerVersion, Progress, Sensitivity
from layers.publish.policy import publish_policy
from layers.publish.publication_state import PublicationState
from layers.publish.publications import MANIFEST, DamagedBundleError, UnknownPublicationError
from maps.answers import Title
from maps.check.protection_answers import Protection
from maps.data.withdrawal_answers import VersionStanding
from maps.publish.answers import (
    Bundle,
    PublicationList,
    PublicationOut,
    PublishedLayer,
    PublishFault,
    ReleaseOut,
)
from maps.publish.errors import PublicationRefusedError
from maps.publish.publication import Publication, PublicLayer, PublishedDensity

_FORM: Final = "ftzgis-publication-1"
_CRS_TEXT: Final = "CGCS2000 (EPSG:4490)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A layer as the public sees it, beside what it was made from."""

    version: LayerVersion
    features: Any
    made: Generalised
    displacement_m: float

    @property
    def kept(self) -> list[int]:
        return [at for at, shape in enumerate(self.made.geometries) if shape is not None]


def publish(
    workspace: PublishNeeds,
    plan: PublicationPlan,
    *,
    release: bool,
    progress: Progress | None = None,
) -> Bundle:
    """Build the bundle of a plan, pass it through the gate and store it.

    Parameters
    ----------
    workspace : Workspace
        Its store holds the layers.
    plan : PublicationPlan
        What to show, and what to say.
    release : bool
        Show it at once; else it is stored for a preview only.
    progress : Progress, optional
        Told of every layer.

    Raises
    ------
    UnknownLayerError, UnknownIndicatorError, NoDensityError
        The plan names what is not in the store.
    PublicationRefusedError
        The gate found faults.
    """
    # Heavy: folium.
    from maps.publish.map import render_public_map  # noqa: PLC0415

    shown = []
    for at, layer in enumerate(plan.layers):
        if progress:
            progress(at, len(plan.layers) + 1, layer.id)
        shown.append(_shown(workspace, layer))
    publication = _publication(workspace, plan, shown)
    prints = print_files(publication) if plan.prints else {}
    data = data_files(publication)
    document = render_public_map(
        publication,
        "zh",
        picture=next((name for name in prints if name.endswith("zh.png")), None),
        files_beside=[*data, *(name for name in prints if name.endswith(".pdf"))],
    )
    attacks = _attacks(workspace, shown)
    faults = [*_faults(document.html, data, shown), *attack_faults(attacks)]
    layers = [_layer_facts(one, found) for one, (_, found) in zip(shown, attacks, strict=True)]
    if faults:
        told = [fault.model_dump() for fault in faults]
        raise PublicationRefusedError(count=len(told), faults=told)
    files = {
        INDEX: document.html.encode("utf-8"),
        EMBED: embed_text(publication).encode("utf-8"),
        **prints,
        **data,
    }
    facts = {
        "form": _FORM,
        "id": plan.id,
        "plan": plan.model_dump(mode="json"),
        "made_on": workspace.today().isoformat(),
        "layers": [layer.model_dump() for layer in layers],
        "density_layers": sorted(
            {
                label
                for density in plan.densities
                for label in lands_read(workspace, density.query())
            }
        ),
        "policy": document.policy,
    }
    sha256 = workspace.publications.put(plan.id, files, facts)
    if release:
        workspace.publications.release(plan.id, sha256, workspace.now())
    return Bundle(
        id=plan.id,
        sha256=sha256,
        layers=layers,
        faults=[],
        draft=plan.draft,
        size_bytes=sum(map(len, files.values())),
        files=sorted(files),
        released=release,
        address=f"/public/{plan.id}/" if release else f"/drafts/{plan.id}/{sha256}/{INDEX}",
    )


def export_bundle(workspace: PublishNeeds, bundle: Bundle, folder: Path) -> None:
    """Copy a bundle into a folder that any web server, or a USB stick, can carry.

    Raises
    ------
    OutputError
        The folder cannot be made or written to.
    """
    if bundle.sha256 is None:
        return
    manifest = workspace.publications.manifest(bundle.id, bundle.sha256)
    with worded_output(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name in (*manifest["files"], MANIFEST):
        write_whole(folder / name, workspace.publications.read(bundle.id, bundle.sha256, name))


def release_bundle(workspace: PublishNeeds, publication_id: str, sha256: str) -> PublicationOut:
    """Show a stored bundle: a previewed one, or an earlier one again.

    Raises
    ------
    PublicationRefusedError
        Together with what was released since it was built, it would give a survey away.
    """
    require_hidden(workspace, publication_id, sha256)
    state = workspace.publications.release(publication_id, sha256, workspace.now())
    return _out(workspace, state)


def change_publication(
    workspace: PublishNeeds, publication_id: str, sha256: str | None, wish: Wish
) -> VersionStanding:
    """Withdraw a released bundle, or restore it; None is all of them. Its files are kept.

    Raises
    ------
    UnknownPublicationError
        There is no such publication, or it has no such release.
    AlreadyWithdrawnError, NotWithdrawnError
        It is so already.
    """
    step = wish.step(workspace)
    state = workspace.publications.say(publication_id, sha256, step)
    said = state.steps[sha256] if sha256 else (step,)
    return VersionStanding(
        what="publication" if sha256 else "whole_publication",
        id=publication_id,
        version=sha256 or "",
        steps=steps_out(said),
        in_use=state.current,
        cannot_tell=None,
        resting=[],
    )


def list_publications(workspace: PublishNeeds) -> PublicationList:
    """Return all publications that can be read, and the names of the others."""
    states, damaged = workspace.publications.sound_states()
    found = list[PublicationOut]()
    for state in states:
        try:
            found.append(_out(workspace, state))
        except (DamagedBundleError, UnknownPublicationError):
            # Its newest bundle is gone or altered; the others are as they were.
            damaged.append(state.id)
    return PublicationList(publications=found, damaged=sorted(damaged))


def _out(workspace: PublishNeeds, state: PublicationState) -> PublicationOut:
    newest = state.current or (state.releases[-1].sha256 if state.releases else None)
    plan = workspace.publications.manifest(state.id, newest)["plan"] if newest else None
    return PublicationOut(
        id=state.id,
        title=Title(**plan["title"]) if plan else None,
        draft=plan["draft"] if plan else None,
        current=state.current,
        withdrawn_at=state.withdrawn_at,
        releases=[
            ReleaseOut(
                sha256=release.sha256,
                released_at=release.released_at,
                withdrawals=steps_out(state.steps.get(release.sha256, ())),
            )
            for release in state.releases
        ],
        address=f"/public/{state.id}/" if state.current else None,
    )


def _shown(workspace: LayerSource, layer: PlannedLayer) -> _Shown:
    version = workspace.store.get(layer.id)
    features = workspace.load(version).features
    geometries = features.geometry.to_numpy()
    made = (
        generalise(geometries, layer.displacement_m)
        if layer.displacement_m > 0.0
        else Generalised(geometries=geometries, displacement_m=0.0, shared_edges_kept=None)
    )
    return _Shown(
        version=version, features=features, made=made, displacement_m=layer.displacement_m
    )


def _publication(
    workspace: PublishNeeds, plan: PublicationPlan, shown: list[_Shown]
) -> Publication:
    tables = [
        PublishedDensity(
            **density_table(workspace, density.query()).model_dump(),
            stated_nature=density.nature.value,
        )
        for density in plan.densities
    ]
    # The whole province where its ground is shown: nobody must guess what lies beyond the frame.
    boxes = [one.version.bounds_lonlat for one in shown]
    west, south, east, north = zip(*boxes, strict=True)
    plain = plan.model_dump(mode="json")
    said = ("id", "title", "maker", "disclaimer", "data_date", "review_number", "draft", "story")
    return Publication(
        **{name: plain[name] for name in said},
        law_on=workspace.today().isoformat(),
        crs=_CRS_TEXT,
        bounds_lonlat=(min(west), min(south), max(east), max(north)),
        layers=[_layer(workspace, one) for one in shown],
        densities=tables,
    )


def _layer(workspace: PublishNeeds, one: _Shown) -> PublicLayer:
    spec = one.version.spec
    allowed = publish_policy().allowances[spec.sensitivity].attributes
    names = [name for name in allowed if name in one.features.columns]
    units = {
        feature_id: unit.id
        for unit in workspace.statistics.units.values()
        if unit.layer == spec.id
        for feature_id in unit.feature_ids
    }
    features = []
    for number, at in enumerate(one.kept, start=1):
        row = one.features.iloc[at]
        own = {name: _plain(row[name]) for name in names}
        if spec.sensitivity is Sensitivity.PUBLIC and row["feature_id"] in units:
            own["unit"] = units[row["feature_id"]]
        features.append(
            {
                "type": "Feature",
                "id": f"{spec.id}-{number}",
                "properties": {name: value for name, value in own.items() if value is not None},
                "geometry": geojson(one.made.geometries[at], decimals=6),
            }
        )
    return PublicLayer(
        id=spec.id,
        kind=spec.kind,
        title=Title(zh=spec.title_zh, en=spec.title_en),
        status=spec.status.value,
        source=spec.source,
        licence=spec.licence,
        version=one.version.number,
        displacement_m=one.displacement_m,
        features={"type": "FeatureCollection", "features": features},
        protections=_protections(workspace, spec.kind),
    )


def _protections(workspace: LawSource, kind: str) -> list[Protection]:
    """Return the cards of a control line; classes of features are no words for the public."""
    if not workspace.kind(kind).control:
        return []
    found = list_protections(workspace).protections
    return [one.model_copy(update={"where": {}}) for one in found if one.kind == kind]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of a table
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    return value.item() if isinstance(value, np.generic) else value


def _attacks(workspace: PublishNeeds, shown: list[_Shown]) -> list[Attacked]:
    lines = [
        Lines(
            layer_id=one.version.layer_id,
            displacement_m=one.displacement_m,
            geometries=one.made.geometries[one.kept],
        )
        for one in shown
    ]
    versions = [one.version for one in shown]
    hidden = frozenset(one.layer_id for one in versions if is_hidden(one))
    earlier = released_lines(workspace, hidden)
    return [
        (own, attack(workspace, version, own, earlier))
        for version, own in zip(versions, lines, strict=True)
    ]


def _layer_facts(one: _Shown, found: Reconstruction | None) -> PublishedLayer:
    guesses = [made.corner_m for made in found.attacks] if found else []
    return PublishedLayer(
        id=one.version.layer_id,
        version=one.version.number,
        status=one.version.spec.status.value,
        displacement_m=one.displacement_m,
        moved_m=round(one.made.displacement_m, 3),
        feature_count=len(one.kept),
        vanished=len(one.made.geometries) - len(one.kept),
        shared_edges_kept=one.made.shared_edges_kept,
        guessed_m=round(min(guesses), 1) if guesses else None,
    )


def _faults(html: str, data: Mapping[str, bytes], shown: list[_Shown]) -> list[PublishFault]:
    # It brings folium.
    from maps.publish.gate import Original, data_faults, faults_of  # noqa: PLC0415

    originals = [
        Original(
            id=one.version.layer_id,
            sensitivity=one.version.spec.sensitivity,
            status=one.version.spec.status,
            geometries=one.features.geometry.to_numpy(),
            attributes={
                name: tuple(one.features[name].dropna().astype(str))
                for name in one.features.columns
                if name != one.features.geometry.name
            },
        )
        for one in shown
    ]
    found = [*faults_of(html, originals, publish_policy()), *data_faults(html, data)]
    return [PublishFault(code=fault.code, params=dict(fault.params)) for fault in found]
