"""Candidates and moved sites as layers that other programs, and our own check, can read."""

from pathlib import Path
from typing import Any, Final, TypeVar

import geopandas as gpd
import shapely

from api.workspace.answers import shapes_of
from api.workspace.output import worded_output
from geo.errors import InputError
from geo.measure.crs import GEOGRAPHIC
from layers.model import LayerFrame
from layers.store.export import write_export
from maps.answers import Written
from maps.expansion.answers import AvoidanceReport, SearchReport

CANDIDATE_FILES: Final = ("candidates.geojson", "candidates.gpkg")
AVOIDANCE_FILES: Final = ("avoidance.geojson", "avoidance.gpkg")


class NothingToWriteError(InputError):
    """No site came out that could be written; the answer says why."""

    code = "api.sites.nothing"


def write_sites(report: SearchReport | AvoidanceReport, output: Path) -> Written:
    """Write candidates, or trimmed and shifted sites, as GeoJSON, GeoPackage or Shapefile.

    Raises
    ------
    NothingToWriteError
        There are none.
    ExportFormatError, OutputError
        The suffix is none of these, or the file cannot be written there.
    """
    rows = _candidates(report) if isinstance(report, SearchReport) else _move_file(report)
    if not rows:
        raise NothingToWriteError
    features = gpd.GeoDataFrame(rows, geometry="geometry", crs=GEOGRAPHIC)
    with worded_output(output):
        write_export(LayerFrame(features=features, coverage=None), output)
    return Written(path=str(output), size_bytes=output.stat().st_size)


Report = TypeVar("Report", SearchReport, AvoidanceReport)


def write_outputs(report: Report, folder: Path | None, names: tuple[str, ...]) -> Report:
    """Write the layer under names into the folder of a task, if there is anything to write."""
    if folder is None:
        return report
    for name in names:
        try:
            write_sites(report, folder / name)
        except NothingToWriteError:
            break
    return report


def _candidates(report: SearchReport) -> list[dict[str, Any]]:
    return [
        {
            "site_id": one.site_id,
            "name": one.site_id,
            "ground": one.ground,
            "area_ha": one.area_m2 / 10_000.0,
            "width_m": one.width_m,
            "compact": one.compactness,
            "dist_km": one.district_km,
            "point_km": one.point_km,
            "slope_deg": one.slope_mean_deg,
            "verdict": one.check.verdict,
            "check_id": one.check.check_id,
            "geometry": _shape(one.geometry),
        }
        for one in report.candidates
    ]


def _move_file(report: AvoidanceReport) -> list[dict[str, Any]]:
    rows = []
    for site in report.sites:
        for how, found in (("trim", site.trim), ("shift", site.shift)):
            if found.geometry is None or found.check is None:
                continue
            rows.append(
                {
                    "site_id": f"{site.site_id}-{how}",
                    "name": site.name or site.site_id,
                    "how": how,
                    "area_ha": found.area_m2 / 10_000.0,
                    "lost_ha": (site.area_m2 - found.area_m2) / 10_000.0,
                    "verdict": found.check.verdict,
                    "check_id": found.check.check_id,
                    "geometry": _shape(found.geometry),
                }
            )
    return rows


def _shape(geometry: dict[str, Any]) -> shapely.Geometry:
    return shapes_of([geometry])[0]
