"""Write a stored layer version to a file that other programs read."""

from pathlib import Path

from api.jobs.workspace import Workspace


def export_layer(workspace: Workspace, layer_id: str, output: Path, number: int | None) -> None:
    """Export a version, the current one if no number is given; the suffix says the format.

    Raises
    ------
    UnknownLayerError, UnknownVersionError
        There is no such layer or version.
    """
    workspace.store.export(workspace.store.get(layer_id, number), output)
