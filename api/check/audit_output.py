"""The files of an audit: workbook, places of faults, and the answer itself."""

import tempfile
from pathlib import Path
from typing import Final

from api.workspace.answers import shapes_of
from api.workspace.output import worded_output, write_whole
from layers.check.fault_layer import write_faults
from maps.check.audit_answers import AuditWritten, LayerAudit
from maps.check.audit_document import audit_document
from maps.document.book import xlsx_of

WORKBOOK: Final = "audit.xlsx"
PLACES: Final = "faults.gpkg"
ANSWER: Final = "audit.json"


def write_audit(audit: LayerAudit, folder: Path, lang: str) -> AuditWritten:
    """Write an audit's files into a folder; they are told by name.

    Raises
    ------
    OutputError
        The folder cannot be made, or a file in it cannot be written.
    """
    with worded_output(folder):
        folder.mkdir(parents=True, exist_ok=True)
    plain = audit.without_geometry()
    files = {
        WORKBOOK: xlsx_of(audit_document(plain, lang)),
        PLACES: _places(audit),
        ANSWER: plain.model_dump_json().encode("utf-8"),
    }
    outputs = [
        write_whole(folder / name, data).model_copy(update={"path": name})
        for name, data in files.items()
    ]
    return AuditWritten(audit=plain, outputs=outputs)


def _places(audit: LayerAudit) -> bytes:
    shapes = shapes_of(fault.geometry for fault in audit.faults).tolist()
    rows = [fault.model_dump(exclude={"geometry"}) for fault in audit.faults]
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        path = Path(folder) / PLACES
        write_faults(rows, shapes, path)
        return path.read_bytes()
