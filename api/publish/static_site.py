"""What the public sees, as files for any web server."""

from pathlib import Path
from typing import Protocol

from geo.errors import PlanningError
from layers.publish.publications import MANIFEST, PublicationStore
from layers.store.durable import replace_folder
from maps.publish.answers import LeftOutMap, SiteExport


class PublicationSource(Protocol):
    """Where released maps are."""

    @property
    def publications(self) -> PublicationStore:
        """All publications."""


def export_site(workspace: PublicationSource, folder: Path) -> SiteExport:
    """Write every map that is shown now below a folder, each whole and by its id.

    A map that is not shown any more is taken away; one that is damaged stays as it was there, and
    is named.

    Raises
    ------
    OSError
        The folder cannot be written to.
    """
    store = workspace.publications
    shown, left_out, files = list[str](), list[LeftOutMap](), 0
    for name in store.ids():
        target = folder / name
        try:
            files += _write(store, name, store.shown(name, None), target)
        except PlanningError as exc:
            left_out.append(LeftOutMap(id=name, code=exc.code))
            if exc.code == "layers.publication.withdrawn":
                _take_away(target)
        else:
            shown.append(name)
    return SiteExport(path=str(folder), shown=shown, left_out=left_out, files=files)


def _write(store: PublicationStore, name: str, sha256: str, target: Path) -> int:
    names = [*store.manifest(name, sha256)["files"], MANIFEST]
    # Read and compared before anything is replaced.
    held = {one: store.read(name, sha256, one) for one in names}
    with replace_folder(target) as temporary:
        for one, data in held.items():
            (temporary / one).write_bytes(data)
    return len(held)


def _take_away(target: Path) -> None:
    """Take away what was exported before, known by its manifest; nothing else is removed."""
    if (target / MANIFEST).is_file():
        for path in target.iterdir():
            path.unlink()
        target.rmdir()
