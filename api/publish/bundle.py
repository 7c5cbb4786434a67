"""Make a map public: build a bundle, hold it against the gate, show it, withdraw it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from api.density.land import density_table, lands_read
from api.publish.bundle_files import (
    EMBED,
    INDEX,
    SHARED,
    data_files,
    embed_text,
    print_files,
    share_picture,
)
from api.publish.public_layer import ShownLayer, public_layer, shown_layer
from api.publish.publication_plan import PublicationPlan
from api.publish.reconstruction import (
    Attacked,
    Lines,
    attack,
    attack_faults,
    is_hidden,
    released_lines,
)
from api.publish.release_orders import order_out, require_other_person, show_or_order
from api.workspace.answers import steps_out
from api.workspace.needs import PublishNeeds
from api.workspace.output import worded_output, write_whole
from api.workspace.people.actor import AT_TERMINAL, Actor
from api.workspace.withdraw import Wish
from geo.publish.reconstruction import Reconstruction
from layers.builtin.gazetteer import read_gazetteer
from layers.model import Progress
from layers.publish.policy import publish_policy
from layers.publish.publication_state import PublicationState
from layers.publish.publications import MANIFEST, DamagedBundleError, UnknownPublicationError
from maps.answers import Title
from maps.data.withdrawal_answers import VersionStanding
from maps.publish.answers import (
    Bundle,
    PublicationList,
    PublicationOut,
    PublishedLayer,
    PublishFault,
    ReleaseOut,
)
from maps.publish.checklist import review_points
from maps.publish.errors import PublicationRefusedError
from maps.publish.publication import Publication, PublishedDensity

_FORM: Final = "ftzgis-publication-1"
_CRS_TEXT: Final = "CGCS2000 (EPSG:4490)"


def publish(
    workspace: PublishNeeds,
    plan: PublicationPlan,
    *,
    release: bool,
    progress: Progress | None = None,
    actor: Actor = AT_TERMINAL,
    due_at: datetime | None = None,
) -> Bundle:
    """Build the bundle of a plan, pass it through the gate and store it.

    Parameters
    ----------
    workspace : Workspace
        Its store holds the layers.
    plan : PublicationPlan
        What to show, and what to say.
    release : bool
        Show it, at once or at its time; else it is stored for a preview only.
    progress : Progress, optional
        Told of every layer.
    actor : Actor
        Who asks: two people must agree, where that is switched on.
    due_at : datetime, optional
        When to show it; without a zone as in China.

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
        shown.append(shown_layer(workspace, layer))
    publication = _publication(workspace, plan, shown)
    prints = print_files(publication) if plan.prints else {}
    data = data_files(publication)
    document = render_public_map(
        publication,
        "zh",
        read_gazetteer(workspace.zone),
        picture=SHARED,
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
        SHARED: share_picture(publication),
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
    order = show_or_order(workspace, plan.id, sha256, actor, due_at) if release else None
    shown_now = release and order is None
    return Bundle(
        id=plan.id,
        sha256=sha256,
        layers=layers,
        faults=[],
        draft=plan.draft,
        size_bytes=sum(map(len, files.values())),
        files=sorted(files),
        released=shown_now,
        order=order_out(order) if order else None,
        checklist=review_points(publication, sorted(files)),
        address=f"/public/{plan.id}/" if shown_now else f"/drafts/{plan.id}/{sha256}/{INDEX}",
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


def release_bundle(
    workspace: PublishNeeds,
    publication_id: str,
    sha256: str,
    actor: Actor = AT_TERMINAL,
    due_at: datetime | None = None,
) -> PublicationOut:
    """Show a stored bundle, a previewed or an earlier one, or order that it be shown.

    Raises
    ------
    PublicationRefusedError
        Together with what was released since it was built, it would give a survey away.
    """
    order = show_or_order(workspace, publication_id, sha256, actor, due_at)
    said = _out(workspace, workspace.publications.state(publication_id))
    return said.model_copy(update={"order": order_out(order) if order else None})


def change_publication(
    workspace: PublishNeeds, publication_id: str, sha256: str | None, wish: Wish
) -> VersionStanding:
    """Withdraw a released bundle, or restore it; None is all of them. Its files are kept.

    Raises
    ------
    UnknownPublicationError
        There is no such publication, or it has no such release.
    NeedsPersonError, SamePersonError
        Two people must agree before anything is shown again.
    AlreadyWithdrawnError, NotWithdrawnError
        It is so already.
    """
    step = wish.step(workspace)
    if not wish.withdrawn:
        require_other_person(workspace, wish.actor, _withdrawers(workspace, publication_id, sha256))
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


def _withdrawers(
    workspace: PublishNeeds, publication_id: str, sha256: str | None
) -> frozenset[str]:
    """Return who withdrew what would be shown again."""
    steps = workspace.publications.state(publication_id).steps
    chosen = [steps.get(sha256, ())] if sha256 else list(steps.values())
    return frozenset(one[-1].name for one in chosen if one and one[-1].withdrawn)


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


def _publication(
    workspace: PublishNeeds, plan: PublicationPlan, shown: list[ShownLayer]
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
        layers=[public_layer(workspace, one) for one in shown],
        densities=tables,
    )


def _attacks(workspace: PublishNeeds, shown: list[ShownLayer]) -> list[Attacked]:
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


def _layer_facts(one: ShownLayer, found: Reconstruction | None) -> PublishedLayer:
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


def _faults(html: str, data: Mapping[str, bytes], shown: list[ShownLayer]) -> list[PublishFault]:
    # It brings folium.
    from maps.publish.gate import Original, data_faults, faults_of  # noqa: PLC0415

    originals = [
        Original(
            id=one.version.layer_id,
            kind=one.version.spec.kind,
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
