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

from geo.errors import EmptyGeometryError
from geo.measure.crs import crs_name
from geo.measure.sites import make_sites
from geo.measure.validity import repair_in_lonlat
from layers.errors import (
    AmbiguousFileError,
    EmptyFileError,
    ShiftedDatumError,
    TooLargeError,
)
from layers.model import Datum, Issue, Ledger, LeftOut, ReadOptions, ReadReport, SiteFrame
from layers.readers._translate import translated
from layers.readers.archive import is_workbook, office_package, unpack
from layers.readers.attributes import identify, storable
from layers.readers.boundary_txt import parse_boundary_txt
from layers.readers.contradictions import doubts_of_sites
from layers.readers.coordinate_table import parse_coordinate_table
from layers.readers.dataset import Dataset, find_dataset
from layers.readers.drawn import boundaries_of, carry_numbers
from layers.readers.dxf import parse_dxf
from layers.readers.field_names import read_names
from layers.readers.gdal_formats import parse_with_gdal
from layers.readers.geoparquet import parse_geoparquet
from layers.readers.gml import parse_gml
from layers.readers.in_lonlat import repair_each_in_lonlat
from layers.readers.json_formats import parse_json
from layers.readers.kml import parse_kml
from layers.readers.ledger import (
    Kept,
    Why,
    keep,
    keep_fewer,
    ledger_of,
    require_legible,
    whole,
    with_files_beside,
)
from layers.readers.nested import nested_issues
from layers.readers.parsed import Parsed
from layers.readers.reference import Reference, decide_reference, to_true_datum
from layers.readers.ring_roles import OUTSIDE, rearrange_rings
from layers.readers.shapefile import parse_shapefile
from layers.readers.shapes import (
    drop_heights,
    faults_of_layer,
    faults_of_sites,
    precision_m,
    repair_invalid,
    require_cuttable,
    require_few,
    require_finite,
    require_polygons,
    restoration_issues,
    without_other_parts,
)
from layers.readers.shift import sample_of, shift_issues
from layers.readers.sniff import FileFormat, is_zip
from layers.readers.source import DEFAULT_LIMITS, ReadLimits, Source
from layers.readers.stated import stated_issues, stated_issues_of_layer

_POLYGONS: Final = (3, 6)
_LEAST_FITTING: Final = 0.5
"""A CRS that fits fewer of a file's sites than this is not that of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What decisions go into a report beside those of the parser."""

    crs: CRS
    crs_how: str
    precision_m: float | None
    issues: tuple[Issue, ...]
    ledger: Ledger


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
        ``geometry``, rows in the order of the file; ``report`` says how it was read, and
        its ledger what became no site and why.

    Raises
    ------
    PlanningError
        Any of ``layers.read.*``, ``geo.crs.*``, ``geo.geometry.*``; never another.
    """
    return sites_of(source, _parse(source, options, limits), options, counties, limits)


def read_layer(
    source: Source,
    options: ReadOptions,
    *,
    counties: gpd.GeoDataFrame | None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """Read the features of a layer: polygons, lines or points.

    Parameters are those of :func:`read_sites`. Invalid polygons are repaired, which is an
    issue of the report; features that hold no ground are left out, and stand in its ledger.

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
    require_finite(source.name, parsed.geometry)
    require_legible(source.name, parsed)
    ids, id_issues = identify(parsed.attributes)
    kept = keep(parsed, ids, faults_of_layer(parsed.geometry))
    if kept is None:
        raise EmptyFileError(name=source.name)
    read = _placed(source.name, kept, options, counties, limits, 1.0)
    reference, flat = read.reference, read.kept.parsed.geometry
    shapes, repair_issues = _repaired_layer(source.name, flat, reference.crs, kept.ids)
    told = _Told(
        crs=reference.crs,
        crs_how=reference.how,
        precision_m=_precision(flat, reference.crs),
        issues=(
            *id_issues,
            *read.issues,
            *reference.issues,
            *repair_issues,
            *stated_issues_of_layer(kept, shapes),
            *_layer_shift(shapes, counties),
        ),
        ledger=ledger_of(read.kept, read.lost_parts),
    )
    frame = _frame("feature_id", kept.ids, kept.parsed.attributes, shapes)
    return frame, _report(source, parsed, told, len(frame))


def sites_of(
    source: Source,
    parsed: Parsed,
    options: ReadOptions,
    counties: gpd.GeoDataFrame | None,
    limits: ReadLimits,
) -> SiteFrame:
    """Return the sites among what was parsed of a source; raises as :func:`read_sites`."""
    name = source.name
    ids, id_issues = identify(parsed.attributes)
    faults = faults_of_sites(parsed.geometry) if options.leave_out_unusable else {}
    # Where nothing is left, the file is refused for the fault of its first feature.
    kept = keep(parsed, ids, faults) or whole(parsed, ids)
    require_finite(name, kept.parsed.geometry)
    require_polygons(name, without_other_parts(kept.parsed.geometry, kept.labels, "")[0])
    least = _LEAST_FITTING if options.leave_out_unusable else 1.0
    read = _placed(name, kept, options, counties, limits, least)
    kept, reference = read.kept, read.reference
    series = gpd.GeoSeries(kept.parsed.geometry, crs=reference.crs)
    series, datum_issues = to_true_datum(series, options.datum)
    valid, repair_issues = repair_invalid(name, series, kept.ids)
    lonlat, nowhere = repair_each_in_lonlat(valid)
    repair_issues += restoration_issues(lonlat.changes, kept.ids)
    some = ~np.isin(np.arange(len(valid)), list(nowhere))
    drawn = list(compress(boundaries_of(series, valid, kept.parsed.point_numbers), some))
    fewer, valid = keep_fewer(kept, nowhere), valid[some].reset_index(drop=True)
    if fewer is None:
        raise EmptyGeometryError(name=name, feature=1)
    stated = stated_issues(fewer, valid)
    told = _Told(
        crs=reference.crs,
        crs_how=reference.how,
        precision_m=_precision(fewer.parsed.geometry, reference.crs),
        issues=(
            *id_issues,
            *read.issues,
            *reference.issues,
            *datum_issues,
            *repair_issues,
            *stated,
            *nested_issues(valid, fewer.ids),
            *(shift_issues(valid, counties) if options.datum is Datum.TRUE else ()),
        ),
        ledger=ledger_of(fewer, read.lost_parts),
    )
    frame = _frame("site_id", fewer.ids, fewer.parsed.attributes, valid)
    texts = [name and name[0] for name in read_names(fewer.parsed.attributes)]
    shapes = lonlat.polygons.to_numpy()[some]
    said = (*parsed.issues, *repair_issues, *stated)
    doubts = doubts_of_sites(said, fewer.ids, fewer.labels, fewer.parsed)
    return SiteFrame(
        features=frame,
        sites=make_sites(shapes, fewer.ids, texts, told.precision_m, doubts, drawn),
        labels=fewer.labels,
        elements=fewer.elements,
        report=_report(source, parsed, told, len(frame)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """What was kept, flat, polygons taken out of collections, with the reference system."""

    kept: Kept
    reference: Reference
    issues: tuple[Issue, ...]
    lost_parts: tuple[LeftOut, ...]


def _placed(
    name: str,
    kept: Kept,
    options: ReadOptions,
    counties: gpd.GeoDataFrame | None,
    limits: ReadLimits,
    least_fitting: float,
) -> _Placed:
    taken, lost_parts = without_other_parts(
        kept.parsed.geometry, kept.labels, kept.parsed.account.unit
    )
    flat, issues = drop_heights(taken, swap_axes=options.swap_axes, unit=options.length_unit)
    reference = decide_reference(
        name, kept.parsed, flat, options, counties, least_fitting=least_fitting
    )
    kept = replace(kept, parsed=replace(kept.parsed, geometry=flat))
    astray = np.flatnonzero(~reference.fits).tolist()
    why: Why = ("outside_crs", {"crs": crs_name(reference.crs)})
    kept = keep_fewer(kept, dict.fromkeys(astray, why)) or kept
    require_cuttable(name, kept.parsed.geometry, reference.crs, limits.max_vertices)
    return _Placed(kept=kept, reference=reference, issues=issues, lost_parts=lost_parts)


def _parse(source: Source, options: ReadOptions, limits: ReadLimits) -> Parsed:
    if source.size_bytes > limits.max_bytes:
        raise TooLargeError(name=source.name, limit_bytes=limits.max_bytes)
    parsed = _parse_dataset(source, _dataset(source, options, limits), options, limits)
    # A Shapefile whose records are all marked as deleted has none either.
    if not len(parsed.geometry):
        raise EmptyFileError(name=source.name)
    require_few(source.name, parsed.geometry, limits.max_vertices)
    geometry, turned = rearrange_rings(parsed.geometry, (OUTSIDE,))
    numbers = tuple(map(carry_numbers, parsed.geometry, geometry, parsed.point_numbers))
    issues = (*parsed.issues, *turned)
    return replace(parsed, geometry=geometry, issues=issues, point_numbers=numbers)


def _parse_dataset(
    source: Source, dataset: Dataset, options: ReadOptions, limits: ReadLimits
) -> Parsed:
    try:
        parsed = _parse_format(source.name, dataset, options, limits)
    except AmbiguousFileError as exc:
        if dataset.path is None:
            raise
        # One of several files: its layers are asked for together with its name.
        choices = [f"{dataset.path}/{choice}" for choice in exc.choices]
        raise type(exc)(**{**exc.params, "choices": choices}) from exc
    return with_files_beside(parsed, dataset.beside, dataset.kml_beside)


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
        case FileFormat.XLSX | FileFormat.CSV | FileFormat.HTML:
            return parse_coordinate_table(
                name, data, declared_encoding=encoding, sheet=layer, limits=limits
            )
        case _:
            return parse_json(name, data, declared_encoding=encoding, layer=layer, limits=limits)


def _dataset(source: Source, options: ReadOptions, limits: ReadLimits) -> Dataset:
    files = source.files
    if len(files) == 1:
        data = next(iter(files.values()))
        if is_zip(data) and not (is_workbook(data) or office_package(data)):
            files = unpack(source.name, data, limits)
    return find_dataset(source.name, files, options.layer)


def _layer_shift(shapes: gpd.GeoSeries, counties: gpd.GeoDataFrame | None) -> tuple[Issue, ...]:
    some = sample_of(shapes)
    return shift_issues(some, counties) if len(some) else ()


def _repaired_layer(
    name: str, geometry: npt.NDArray[Any], crs: CRS, ids: list[str]
) -> tuple[gpd.GeoSeries, tuple[Issue, ...]]:
    areal = np.flatnonzero(np.isin(shapely.get_type_id(geometry), _POLYGONS))
    series = gpd.GeoSeries(geometry, crs=crs)
    if not len(areal):
        return series, ()
    areal_ids = [ids[at] for at in areal]
    valid, issues = repair_invalid(name, series.iloc[areal], areal_ids)
    with translated(name, "geometry"):
        issues = (*issues, *restoration_issues(repair_in_lonlat(valid).changes, areal_ids))
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
        ledger=told.ledger,
    )
