"""Write a stored layer version to a file that other programs read."""

import tempfile
from pathlib import Path
from typing import Final

from api.data.export_forms import EXPORTS, PACKED
from api.data.presentation import presentation_of
from api.data.questions import ExportQuestion
from api.operation import Call, FileAnswer
from api.workspace.needs import LayerSource
from api.workspace.output import worded_output
from maps.answers import Written

LONG_FEATURES: Final = 20_000
"""More take longer in a slow form than a request is held: 100,000 parcels 7 to 20 s of CPU."""
_SLOW_FORMS: Final = frozenset({"dxf", "txt", "kml", "gml"})
_FASTER: Final = 10
"""How many times as many features other forms hold in the same time, and more."""


def takes_long(call: Call, asked: ExportQuestion) -> bool:
    """Whether a version is too large to be written while who asks for it waits."""
    version = call.workspace.store.get(asked.layer_id, asked.version)
    return version.feature_count > LONG_FEATURES * (1 if call.form in _SLOW_FORMS else _FASTER)


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
