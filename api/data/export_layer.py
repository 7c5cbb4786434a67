"""Write a stored layer version to a file that other programs read."""

import tempfile
from pathlib import Path

from api.data.export_forms import EXPORTS, PACKED
from api.data.presentation import presentation_of
from api.operation import FileAnswer
from api.workspace.needs import LayerSource
from api.workspace.output import worded_output
from maps.answers import Written


def export_layer(
    workspace: LayerSource, layer_id: str, output: Path, number: int | None
) -> Written:
    """Export a version, the current one if no number is given; the suffix says the format.

    Raises
    ------
    UnknownLayerError, UnknownVersionError
        There is no such layer or version.
    OutputError
        There is no such folder, or it may not be written to.
    """
    version = workspace.store.get(layer_id, number)
    with worded_output(output):
        workspace.store.export(version, output, presentation_of(version))
    return Written(path=str(output), size_bytes=output.stat().st_size)


def pack_exported(
    workspace: LayerSource, layer_id: str, form: str, number: int | None
) -> FileAnswer:
    """Return a version as one file; a Shapefile is packed. Raises as :func:`export_layer`."""
    suffix = PACKED.get(form, form)
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        path = Path(folder) / f"{layer_id}.{suffix}"
        export_layer(workspace, layer_id, path, number)
        return FileAnswer(name=path.name, data=path.read_bytes(), media_type=EXPORTS[form])
