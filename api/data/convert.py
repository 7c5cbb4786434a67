"""Turn any readable file of sites into any writable one."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import geopandas as gpd
import shapely

from api.data.export_forms import EXPORTS, PACKED
from api.operation import FileAnswer
from api.workspace.answers import report_out
from api.workspace.needs import UploadSource
from api.workspace.output import worded_output
from geo.measure.crs import crs_name, move_vertices, require_crs
from geo.model import Boundary
from layers.model import LayerFrame, ReadOptions
from layers.readers import Source
from layers.readers.named_crs import parse_named_crs
from layers.store.export import write_export
from maps.data.intake_answers import Converted


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What is declared of the input, and the CRS to write; None keeps that of the input."""

    options: ReadOptions
    to_crs: str | None


def convert_file(
    workspace: UploadSource, source: Source, conversion: Conversion, output: Path
) -> Converted:
    """Read sites, repaired and on a true datum, and write them; the suffix says the format.

    Only vertices are transformed to another CRS. GeoJSON is in lon/lat whatever is asked.

    Raises
    ------
    PlanningError
        The input cannot be used, or the format cannot hold it; nothing is written.
    OutputError
        There is no such folder, or it may not be written to.
    """
    sites = workspace.read_sites(source, conversion.options)
    features = _in_crs(sites.features, conversion.to_crs)
    with worded_output(output):
        frame = LayerFrame(features=features, coverage=None)
        numbers = _point_numbers(sites.sites.boundaries, features)
        crs = write_export(frame, output, sites.report.statements, numbers=numbers)
        return Converted(
            path=str(output),
            size_bytes=output.stat().st_size,
            crs=crs_name(crs),
            read_report=report_out(sites.report),
        )


def pack_converted(
    workspace: UploadSource, source: Source, conversion: Conversion, form: str
) -> FileAnswer:
    """Return what :func:`convert_file` writes as one file; a Shapefile is packed."""
    suffix = PACKED.get(form, form)
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        output = Path(folder) / f"sites.{suffix}"
        convert_file(workspace, source, conversion, output)
        name = f"{PurePath(source.name).stem}.{suffix}"
        return FileAnswer(name=name, data=output.read_bytes(), media_type=EXPORTS[form])


def _point_numbers(
    boundaries: Sequence[Boundary], features: gpd.GeoDataFrame
) -> list[tuple[str, ...]]:
    """Return what the points of features are called; none of a shape that a move had to mend."""
    counts = shapely.get_num_coordinates(features.geometry.to_numpy()).tolist()
    rows = zip(boundaries, counts, strict=True)
    return [own.numbers if len(own.numbers) == count else () for own, count in rows]


def _in_crs(features: gpd.GeoDataFrame, to_crs: str | None) -> gpd.GeoDataFrame:
    if to_crs is None:
        return features
    target = parse_named_crs(to_crs)
    moved = move_vertices(features.geometry.to_numpy(), require_crs(features), target)
    return features.set_geometry(gpd.GeoSeries(moved, index=features.index, crs=target))
