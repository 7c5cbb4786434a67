"""The workspace for QGIS in one download: a project, and all layers and rasters beside it.

They lie in one archive that is unpacked: QGIS 3.22 reads no data inside of a project, and a
project that looks for itself by its name is lost when a browser calls the file another.
"""

import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from api.data.presentation import dimensions_of, presentation_of, titled
from api.data.raster_tiles import is_drawn
from api.operation import FileAnswer
from api.workspace.needs import ProjectNeeds
from api.workspace.output import worded_output
from geo.expansion.suitability import CANNOT_TELL
from layers.model import LayerVersion
from layers.rasters.model import RasterVersion
from layers.store.durable import place_file
from layers.store.forms.styled_geopackage import add_layer
from maps.answers import Written
from maps.i18n import tr
from maps.style.qgis_project import ProjectLayer, qgis_project, vector_style
from maps.style.raster_qml import excluded_style, raster_style
from maps.style.styles import drawing_place, styles
from maps.style.symbols import look_of_kind

_DATA: Final = "data.gpkg"
_BESIDE: Final = "./"
_PROJECT: Final = "workspace.qgz"
_AROUND_DEG: Final = 0.05


def write_qgis_project(workspace: ProjectNeeds, lang: str, output: Path) -> Written:
    """Write all layers and rasters in use, as they look on the page, into one ``.zip``.

    What may not leave the office by law (classified rasters) is left out, and the title of the
    project says how many.

    Raises
    ------
    OutputError
        There is no such folder, or it may not be written to.
    DamagedVersionError
        A file is not what was stored.
    """
    versions = sorted(workspace.store.current(), key=_place, reverse=True)
    rasters = [v for v in workspace.rasters.current() if is_drawn(v)]
    left_out = len(workspace.rasters.current()) - len(rasters)
    with worded_output(output), tempfile.TemporaryDirectory(dir=output.parent) as folder:
        data = Path(folder) / _DATA
        shown = []
        for version in versions:
            frame = workspace.store.read(version)
            add_layer(frame, data, presentation_of(version))
            shown.append(_vector(version, lang, set(map(str, frame.features.columns))))
        shown += [one for raster in rasters for one in _rasters(raster, lang)]
        title = tr("ogc.qgis_project", lang)
        if left_out:
            title += tr("ogc.qgis_left_out", lang, count=left_out)
        project = qgis_project(title, shown, _extent(versions))
        packed = Path(folder) / "packed.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_PROJECT, _zipped("workspace.qgs", project))
            archive.write(data, _DATA)
            for raster in rasters:
                # Compressed in themselves.
                path = workspace.rasters.sound_path(raster)
                archive.write(path, _raster_name(raster), zipfile.ZIP_STORED)
        place_file(packed, output)
    return Written(path=str(output), size_bytes=output.stat().st_size)


def pack_qgis_project(workspace: ProjectNeeds, lang: str) -> FileAnswer:
    """Return what :func:`write_qgis_project` writes."""
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        path = Path(folder) / "workspace.zip"
        write_qgis_project(workspace, lang, path)
        return FileAnswer(name=path.name, data=path.read_bytes(), media_type="application/zip")


def _zipped(name: str, data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def _vector(version: LayerVersion, lang: str, columns: set[str]) -> ProjectLayer:
    spec = version.spec
    look = look_of_kind(spec.kind)
    wanted = (f"name_{lang}", "name_zh", "name")
    label = next((one for one in wanted if one in columns), None) if look.get("names") else None
    geometry, add_style = vector_style(spec.kind, dimensions_of(version)[0], label)
    return ProjectLayer(
        # Ids of up to ten letters are taken for none.
        id=f"layer_{version.layer_id}_{version.number}",
        name=titled(version, (lang,)),
        group=tr(f"ui.group_{look['group']}", lang),
        source=f"{_BESIDE}{_DATA}|layername={version.layer_id}",
        provider="ogr",
        crs=version.crs,
        add_style=add_style,
        geometry=geometry,
        visible=look.get("shown", styles()["fallback"]["shown"]),
        abstract=presentation_of(version).description,
    )


def _rasters(version: RasterVersion, lang: str) -> Iterator[ProjectLayer]:
    plain = _raster(version, lang)
    if version.spec.kind == "suitability":
        style = excluded_style(CANNOT_TELL, lang)
        name = f"{plain.name} · {tr('grade_names.excluded', lang)}"
        yield replace(plain, id=f"{plain.id}_excluded", name=name, add_style=style)
    yield plain


def _raster(version: RasterVersion, lang: str) -> ProjectLayer:
    spec = version.spec
    mark = tr(f"statuses.{spec.status}", lang)
    return ProjectLayer(
        id=f"raster_{version.raster_id}_{version.number}",
        name=f"{spec.title_zh if lang == 'zh' else spec.title_en} [{mark}]",
        group=tr("ogc.qgis_rasters", lang),
        source=f"{_BESIDE}{_raster_name(version)}",
        provider="gdal",
        crs=version.facts.crs,
        add_style=raster_style(version, lang),
        visible=False,
        abstract=spec.source,
    )


def _raster_name(version: RasterVersion) -> str:
    return f"{version.raster_id}.tif"


def _place(version: LayerVersion) -> tuple[int, int, str]:
    return (*drawing_place(version.spec.kind), version.layer_id)


def _extent(versions: Sequence[LayerVersion]) -> tuple[float, float, float, float]:
    """Return where to look first: at the zone, or at all there is."""
    zone = [v.bounds_lonlat for v in versions if v.spec.kind in {"zone", "district"}]
    boxes = zone or [v.bounds_lonlat for v in versions]
    west, south, east, north = zip(*boxes, strict=True)
    return (
        min(west) - _AROUND_DEG,
        min(south) - _AROUND_DEG,
        max(east) + _AROUND_DEG,
        max(north) + _AROUND_DEG,
    )
