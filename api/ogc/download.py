"""A whole layer as one file: written once, streamed from the disk, and then gone."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from api.data.export_forms import EXPORTS, PACKED
from api.data.export_layer import export_layer
from api.ogc.names import Named
from api.ogc.visit import Spoken, Visit
from api.workspace.needs import LayerSource
from layers.model import LayerVersion
from maps.ogc.answers import Link

FORMS: Final = tuple(form for form in EXPORTS if form != "zip")
"""``zip`` means the same as ``shp`` at the other door, and nothing to a reader of links."""
_POLYGONS_ONLY: Final = frozenset({"txt"})
_ONE_KIND: Final = frozenset({"shp", "gdb"})
"""Forms of one kind of shape: points, lines or polygons."""

Form = Literal["gpkg", "geojson", "fgb", "parquet", "shp", "kml", "gml", "gdb", "dxf", "csv", "txt"]


class DownloadAsked(Spoken):
    """In which form a layer is asked for."""

    f: Form = "gpkg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that was written for one answer; ``remove`` is called after it was sent."""

    path: Path
    name: str
    media_type: str
    remove: Callable[[], None]


def write_download(workspace: LayerSource, asked: Named, form: str) -> Written:
    """Write a version in a form; what cannot be written leaves nothing behind.

    Raises
    ------
    ExportFormatError, SeveralZonesError
        The form cannot hold such a layer.
    DamagedVersionError
        Its file is not what was stored.
    """
    version = asked.version
    name = download_name(version, form)
    folder = Path(tempfile.mkdtemp(prefix="ftzgis-"))

    def remove() -> None:
        shutil.rmtree(folder, ignore_errors=True)

    try:
        export_layer(workspace, version.layer_id, folder / name, version.number)
    except BaseException:
        remove()
        raise
    return Written(path=folder / name, name=name, media_type=EXPORTS[form], remove=remove)


def download_name(version: LayerVersion, form: str) -> str:
    """Return under which name a version is saved."""
    return f"{version.layer_id}_v{version.number}.{PACKED.get(form, form)}"


def download_links(visit: Visit, asked: Named) -> list[Link]:
    """Return links to a version in every form that can hold it."""
    return [
        Link(
            href=visit.href(f"{asked.path}/download", [("f", form)]),
            rel="enclosure",
            type=media_type,
            title=visit.word(f"form_{form}"),
        )
        for form, media_type in download_forms(asked.version)
    ]


def download_forms(version: LayerVersion) -> list[tuple[str, str]]:
    """Return the forms that can hold a version, each with its media type."""
    return [(form, EXPORTS[form]) for form in FORMS if _holds(form, version)]


def _holds(form: str, version: LayerVersion) -> bool:
    kind = version.geometry_type
    if form in _ONE_KIND:
        return kind in {"Point", "LineString", "Polygon"}
    return form not in _POLYGONS_ONLY or kind == "Polygon"
