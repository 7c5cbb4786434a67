"""From bytes to checked frames: the pipeline that every reader goes through.

Everything here is a pure function of its picklable arguments, so that it can be run in
a process that may be killed.
"""

from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from geo.measure.crs import crs_name
from layers.errors import (
    AmbiguousFileError,
    EmptyFileError,
    ShiftedDatumError,
    TooLargeError,
)
from layers.model import Datum, Issue, ReadOptions, ReadReport, Severity, SiteFrame
from layers.readers.archive import is_workbook, unpack
from layers.readers.attributes import identify, storable
from layers.readers.boundary_txt import parse_boundary_txt
from layers.readers.coordinate_table import parse_coordinate_table
from layers.readers.dataset import Dataset, find_dataset
from layers.readers.dxf import parse_dxf
from layers.readers.gdal_formats import parse_with_gdal
from layers.readers.geojson import parse_geojson
from layers.readers.geoparquet import parse_geoparquet
from layers.readers.gml import parse_gml
from layers.readers.kml import parse_kml
from layers.readers.parsed import Parsed
from layers.readers.reference import decide_reference, to_true_datum
from layers.readers.shapefile import parse_shapefile
from layers.readers.shapes import (
    drop_empty,
    flattened,
    precision_m,
    repaired,
    require_cuttable,
    require_finite,
    require_polygons,
    usable,
    without_other_parts,
)
from layers.readers.shift import shift_issues
from layers.readers.sniff import FileFormat, is_zip
from layers.readers.source import DEFAULT_LIMITS, ReadLimits, Source
from layers.readers.stated import stated_area_issues

_POLYGONS: Final = (3, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What decisions go into a report beside those of the parser."""

    crs: CRS
    crs_how: str
    precision_m: float | None
    issues: tuple[Issue, ...]


def read_sites(
    source: Source,
    options: ReadOptions,
    *,
    counties: gpd.GeoDataFrame | None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> SiteFrame:
    """Read sites: valid polygons with area, an id each, and a known CRS.

    Parameters
    ----------
    source : Source
        One file, or the loose members of one Shapefile.
    options : ReadOptions
        What the person declares.
    counties : GeoDataFrame or None
        Polygons in EPSG:4490 with ``name_zh``, to narrow down proposals of a CRS.
    limits : ReadLimits
        From the settings.

    Returns
    -------
    SiteFrame
        ``features`` has the columns ``site_id`` (unique text), the attributes, and
        ``geometry``, rows in the order of the file; ``report`` says how it was read.

    Raises
    ------
    PlanningError
        Any of ``layers.read.*``, ``geo.crs.*``, ``geo.geometry.*``; never another.
    """
    return _sites(source, options, counties, limits)


def read_layer(
    source: Source,
    options: ReadOptions,
    *,
    counties: gpd.GeoDataFrame | None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """Read the features of a layer: polygons, lines or points.

    Parameters are those of :func:`read_sites`. Invalid polygons are repaired, features
    without a geometry are left out; both are issues of the report.

    Returns
    -------
    GeoDataFrame and ReadReport
        Columns ``feature_id`` (unique text), the attributes, and ``geometry``.

    Raises
    ------
    ShiftedDatumError
        GCJ-02 or BD-09 is declared: control layers are never kept on such a datum.
    PlanningError
        As :func:`read_sites`, but points and lines are welcome.
    """
    if options.datum is not Datum.TRUE:
        raise ShiftedDatumError(name=source.name, datum=str(options.datum))
    parsed = _parse(source, options, limits)
    kept, empty_issues = drop_empty(parsed.geometry)
    if not kept.any():
        raise EmptyFileError(name=source.name)
    attributes = parsed.attributes.loc[kept].reset_index(drop=True)
    ids, id_issues = identify(attributes)
    taken, part_issues = without_other_parts(parsed.geometry[kept], ids)
    flat, flat_issues = flattened(taken, swap_axes=options.swap_axes)
    reference = decide_reference(source.name, parsed, flat, options, counties)
    require_cuttable(source.name, flat, reference.crs, limits.max_vertices)
    shapes, repair_issues = _repaired_layer(source.name, flat, reference.crs, ids)
    told = _Told(
        crs=reference.crs,
        crs_how=reference.how,
        precision_m=_precision(flat, reference.crs),
        issues=(
            *empty_issues,
            *id_issues,
            *part_issues,
            *flat_issues,
            *reference.issues,
            *repair_issues,
        ),
    )
    frame = _frame("feature_id", ids, attributes, shapes)
    return frame, _report(source, parsed, told, len(frame))


def _sites(
    source: Source,
    options: ReadOptions,
    counties: gpd.GeoDataFrame | None,
    limits: ReadLimits,
) -> SiteFrame:
    name = source.name
    parsed = _parse(source, options, limits)
    ids, id_issues = identify(parsed.attributes)
    if options.leave_out_unusable:
        parsed, ids = _without_missing(parsed, ids)
    polygons, part_issues = without_other_parts(parsed.geometry, ids)
    require_polygons(name, polygons)
    flat, flat_issues = flattened(polygons, swap_axes=options.swap_axes)
    reference = decide_reference(name, parsed, flat, options, counties)
    require_cuttable(name, flat, reference.crs, limits.max_vertices)
    series, datum_issues = to_true_datum(gpd.GeoSeries(flat, crs=reference.crs), options.datum)
    valid, repair_issues = repaired(name, series, ids)
    told = _Told(
        crs=reference.crs,
        crs_how=reference.how,
        precision_m=_precision(flat, reference.crs),
        issues=(
            *id_issues,
            *part_issues,
            *flat_issues,
            *reference.issues,
            *datum_issues,
            *repair_issues,
            *stated_area_issues(parsed.stated_areas, ids, valid),
            *(shift_issues(valid, counties) if options.datum is Datum.TRUE else ()),
        ),
    )
    frame = _frame("site_id", ids, parsed.attributes, valid)
    return SiteFrame(features=frame, report=_report(source, parsed, told, len(frame)))


def _parse(source: Source, options: ReadOptions, limits: ReadLimits) -> Parsed:
    if source.size_bytes > limits.max_bytes:
        raise TooLargeError(name=source.name, limit_bytes=limits.max_bytes)
    parsed = _parse_dataset(source, _dataset(source, options, limits), options, limits)
    # A Shapefile whose records are all marked as deleted has none either.
    if not len(parsed.geometry):
        raise EmptyFileError(name=source.name)
    if options.leave_out_unusable:
        sound = usable(parsed.geometry)
        if not sound.any():
            raise EmptyFileError(name=source.name)
        geometry = parsed.geometry.copy()
        geometry[~sound] = None
        parsed = replace(parsed, geometry=geometry)
    require_finite(source.name, parsed.geometry, limits.max_vertices)
    return parsed


def _without_missing(parsed: Parsed, ids: list[str]) -> tuple[Parsed, list[str]]:
    """Leave out features without a geometry; the others keep the ids that the file gives them."""
    kept = ~shapely.is_missing(parsed.geometry)
    lost = np.flatnonzero(~kept) + 1
    if not len(lost):
        return parsed, ids
    params = {"features": len(lost), "first_feature": int(lost[0])}
    issue = Issue(code="unusable_left_out", severity=Severity.WARNING, params=params)
    rest = replace(
        parsed,
        geometry=parsed.geometry[kept],
        attributes=parsed.attributes.loc[kept].reset_index(drop=True),
        stated_areas=tuple(compress(parsed.stated_areas, kept)),
        issues=(*parsed.issues, issue),
    )
    return rest, list(compress(ids, kept))


def _parse_dataset(
    source: Source, dataset: Dataset, options: ReadOptions, limits: ReadLimits
) -> Parsed:
    try:
        return _parse_format(source.name, dataset, options, limits)
    except AmbiguousFileError as exc:
        if dataset.path is None:
            raise
        # One of several files: its layers are asked for together with its name.
        choices = [f"{dataset.path}/{choice}" for choice in exc.choices]
        raise AmbiguousFileError(name=source.name, choices=choices) from exc


def _parse_format(name: str, dataset: Dataset, options: ReadOptions, limits: ReadLimits) -> Parsed:
    parts, layer, encoding = dataset.parts, dataset.layer, options.encoding
    match dataset.format:
        case FileFormat.SHAPEFILE:
            return parse_shapefile(name, parts, declared_encoding=encoding, limits=limits)
        case FileFormat.GEOPACKAGE | FileFormat.FLATGEOBUF | FileFormat.FILE_GEODATABASE as packed:
            return parse_with_gdal(name, packed, parts, layer=layer, limits=limits)
        case FileFormat.GEOPARQUET:
            return parse_geoparquet(name, parts[""], limits=limits)
        case _:
            return _parse_text(name, dataset, options, limits)


def _parse_text(name: str, dataset: Dataset, options: ReadOptions, limits: ReadLimits) -> Parsed:
    data, layer, encoding = dataset.parts[""], dataset.layer, options.encoding
    match dataset.format:
        case FileFormat.BOUNDARY_TXT:
            return parse_boundary_txt(name, data, declared_encoding=encoding, limits=limits)
        case FileFormat.KML:
            return parse_kml(name, data, declared_encoding=encoding, limits=limits)
        case FileFormat.GML:
            return parse_gml(name, data, declared_encoding=encoding, layer=layer, limits=limits)
        case FileFormat.DXF:
            return parse_dxf(name, data, declared_encoding=encoding, layer=layer, limits=limits)
        case FileFormat.XLSX | FileFormat.CSV:
            return parse_coordinate_table(
                name, data, declared_encoding=encoding, sheet=layer, limits=limits
            )
        case _:
            return parse_geojson(name, data, declared_encoding=encoding, limits=limits)


def _dataset(source: Source, options: ReadOptions, limits: ReadLimits) -> Dataset:
    files = source.files
    if len(files) == 1:
        data = next(iter(files.values()))
        if is_zip(data) and not is_workbook(data):
            files = unpack(source.name, data, limits)
    return find_dataset(source.name, files, options.layer)


def _repaired_layer(
    name: str, geometry: npt.NDArray[Any], crs: CRS, ids: list[str]
) -> tuple[gpd.GeoSeries, tuple[Issue, ...]]:
    areal = np.flatnonzero(np.isin(shapely.get_type_id(geometry), _POLYGONS))
    series = gpd.GeoSeries(geometry, crs=crs)
    if not len(areal):
        return series, ()
    valid, issues = repaired(name, series.iloc[areal], [ids[at] for at in areal])
    whole = geometry.copy()
    whole[areal] = valid.to_numpy()
    return gpd.GeoSeries(whole, crs=crs), issues


def _frame(
    id_column: str, ids: list[str], attributes: pd.DataFrame, shapes: gpd.GeoSeries
) -> gpd.GeoDataFrame:
    own = [field for field in attributes.columns if str(field) == id_column]
    if own and [str(value) for value in attributes[own[0]]] == ids:
        attributes = attributes.drop(columns=own)
    table = storable(attributes.reset_index(drop=True), ("geometry", id_column))
    table.insert(0, id_column, pd.Series(ids, dtype=object))
    return gpd.GeoDataFrame(table, geometry=shapes.to_numpy(), crs=shapes.crs)


def _precision(geometry: npt.NDArray[Any], crs: CRS) -> float | None:
    unit = None if crs.is_geographic else crs.axis_info[0].unit_conversion_factor
    return precision_m(geometry, metres_per_unit=unit)


def _report(source: Source, parsed: Parsed, told: _Told, feature_count: int) -> ReadReport:
    return ReadReport(
        name=source.name,
        sha256=source.sha256,
        size_bytes=source.size_bytes,
        format=parsed.format,
        encoding=parsed.encoding,
        encoding_how=parsed.encoding_how,
        crs=crs_name(told.crs),
        crs_how=told.crs_how,
        feature_count=feature_count,
        precision_m=told.precision_m,
        issues=(*parsed.issues, *told.issues),
        statements=parsed.statements,
    )
