"""Faults of a layer's attributes: areas that the ground contradicts, damaged text."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from api.workspace.answers import geojson, shapes_of
from api.workspace.loaded import LoadedLayer
from api.workspace.output import worded_output, write_whole
from geo.measure.area import area_lonlat_m2
from geo.units import M2_PER_HA, M2_PER_KM2, MU_PER_HA
from layers.check.audit_limits import AuditLimits
from layers.check.fault_layer import write_faults
from layers.check.text_damage import damage_of, repaired_text
from maps.check.audit_answers import AuditFault, AuditWritten, LayerAudit
from maps.check.audit_document import audit_document
from maps.document.book import xlsx_of

_M2_OF: Final = {"m2": 1.0, "ha": M2_PER_HA, "mu": M2_PER_HA / MU_PER_HA, "km2": M2_PER_KM2}
_AREAL: Final = (3, 6)
_LONGEST: Final = 200


def table_faults(layer: LoadedLayer, limits: AuditLimits) -> Iterator[AuditFault]:
    """Return what attributes say wrongly: areas beside the geometry, and broken text."""
    shapes = layer.features.geometry.to_numpy()
    if np.isin(shapely.get_type_id(shapes), _AREAL).all():
        measured_m2 = area_lonlat_m2(shapes)
        for name in layer.features.columns:
            units = limits.area_fields.get(str(name).lower())
            if units:
                yield from _area_faults(layer, str(name), units, measured_m2, limits)
    for name in layer.features.columns:
        if name != layer.features.geometry.name:
            yield from _text_faults(layer, str(name))


def _area_faults(
    layer: LoadedLayer,
    name: str,
    units: Sequence[str],
    measured_m2: npt.NDArray[np.float64],
    limits: AuditLimits,
) -> Iterator[AuditFault]:
    stated = pd.to_numeric(layer.features[name], errors="coerce").to_numpy(dtype=np.float64)
    known = np.isfinite(stated) & (stated > 0.0)
    if not known.any():
        return
    stated_m2 = stated * _unit_m2(stated[known], measured_m2[known], units)
    allowed_m2 = np.maximum(limits.area_off_m2, limits.area_off_share * measured_m2)
    off = known & (np.abs(stated_m2 - measured_m2) > allowed_m2)
    for at in np.flatnonzero(off).tolist():
        yield _fault(
            layer, "area", at, name, stated_m2=float(stated_m2[at]), area_m2=float(measured_m2[at])
        )


def _unit_m2(
    stated: npt.NDArray[np.float64], measured_m2: npt.NDArray[np.float64], units: Sequence[str]
) -> float:
    """Return the square metres of the unit in which most areas come nearest to the ground."""
    off = {
        unit: float(np.median(np.abs(np.log(stated * _M2_OF[unit] / measured_m2))))
        for unit in units
    }
    return _M2_OF[min(off, key=lambda unit: off[unit])]


def _text_faults(layer: LoadedLayer, name: str) -> Iterator[AuditFault]:
    if damage_of(name):
        yield AuditFault(
            code="text",
            layer_id=layer.version.layer_id,
            feature_id=None,
            field=name,
            text=name,
            repaired=repaired_text(name),
        )
    for at, value in enumerate(layer.features[name]):
        if isinstance(value, str) and damage_of(value):
            again = repaired_text(value)
            yield _fault(layer, "text", at, name, text=value[:_LONGEST], repaired=again)


def _fault(layer: LoadedLayer, code: str, at: int, field: str, **said: Any) -> AuditFault:  # noqa: ANN401
    row = layer.features.iloc[at]
    middle = shapely.point_on_surface(row.geometry)
    return AuditFault(
        code=code,
        layer_id=layer.version.layer_id,
        feature_id=str(row["feature_id"]),
        field=field,
        at_lonlat=(round(middle.x, 7), round(middle.y, 7)),
        geometry=geojson(row.geometry),
        **said,
    )


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
