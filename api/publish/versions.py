"""Pages about the versions of a published map: the slider, and what stands for a withdrawn one."""

from layers.publish.publication_state import PublicationState
from layers.publish.publications import (
    DamagedBundleError,
    PublicationStore,
    UnknownPublicationError,
)
from maps.publish.versions import Manifest, Version, VersionsPage, render_versions, render_withdrawn


def versions_page(store: PublicationStore, publication_id: str, lang: str) -> VersionsPage:
    """Return the page of all versions that were ever shown.

    Raises
    ------
    UnknownPublicationError
        There is no such publication, or nothing of it was ever shown.
    """
    state = store.state(publication_id)
    if not state.releases:
        raise UnknownPublicationError(publication_id=publication_id)
    versions = [_version(store, state, one.sha256) for one in state.releases]
    return render_versions(versions, lang)


def withdrawn_page(
    store: PublicationStore, publication_id: str, sha256: str | None, lang: str
) -> str:
    """Return what stands in the place of a withdrawn map, or of a withdrawn version of one."""
    state = store.state(publication_id)
    version = _version(store, state, sha256 or state.shown[-1])
    here = "../" if sha256 else "./"
    return render_withdrawn(version, here if state.current else None, lang)


def _version(store: PublicationStore, state: PublicationState, sha256: str) -> Version:
    released = {one.sha256: one.released_at for one in state.releases}
    gone = state.is_withdrawn(sha256)
    return Version(
        sha256=sha256,
        released_on=released[sha256][:10],
        withdrawn_on=state.steps[sha256][-1].at.date().isoformat() if gone else None,
        current=state.current == sha256,
        manifest=_manifest(store, state.id, sha256),
    )


def _manifest(store: PublicationStore, publication_id: str, sha256: str) -> Manifest | None:
    try:
        return store.manifest(publication_id, sha256)
    except (DamagedBundleError, UnknownPublicationError):
        return None
