"""Answers on access as files: a sheet, and isochrones as a layer."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd

from api.expansion.output import NothingToWriteError
from api.expansion.questions import AccessQuestion
from api.operation import Call
from api.workspace.answers import shapes_of
from api.workspace.file_forms import FileForms
from geo.measure.crs import GEOGRAPHIC
from layers.model import LayerFrame
from layers.store.export import write_export
from maps.document.forms import writers
from maps.expansion.access_answers import AccessReport
from maps.expansion.access_document import access_document

_FORMS = ("geojson", "gpkg", "zip")


def access_files(_: Call, __: AccessQuestion) -> FileForms:
    """Return how the access of sites is written; of layers the isochrones are the features."""

    def writer(form: str) -> Callable[[AccessReport, str], bytes]:
        def write(report: AccessReport, _: str) -> bytes:
            with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
                path = Path(folder) / f"isochrones.{form}"
                write_export(LayerFrame(features=_isochrones(report), coverage=None), path)
                return path.read_bytes()

        return write

    layers = {form: writer(form) for form in _FORMS}
    return FileForms(stem="access", writers={**writers(access_document), **layers})


def _isochrones(report: AccessReport) -> gpd.GeoDataFrame:
    """Return isochrones as features, each with the status of the roads that it rests on."""
    used = report.network.layers if report.network else []
    status = ",".join(sorted({one.status for one in used}))
    rows = [
        {
            "site_id": site.id,
            "minutes": one.minutes,
            "area_km2": one.area_km2,
            "road_km": one.road_km,
            "status": status,
            "roads": ", ".join(layer.label for layer in used),
            "geometry": shapes_of([one.geometry])[0],
        }
        for site in report.sites
        for one in site.isochrones
        if one.geometry is not None
    ]
    if not rows:
        raise NothingToWriteError
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=GEOGRAPHIC)
