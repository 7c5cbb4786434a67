"""Which reference system coordinates are in: declared, stated, or refused with proposals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Geod

from geo.errors import (
    AxisOrderError,
    MissingCrsError,
    OutsideCrsError,
    PlanningError,
    UnknownCrsError,
)
from geo.measure.crs import GEOGRAPHIC, crs_name, to_lonlat
from geo.measure.crs_proposals import CrsProposal, propose_crs
from geo.measure.gcj02 import to_true
from layers.errors import DatumNeedsLonLatError, SeveralZonesInFileError, ZoneDisagreesError
from layers.model import Datum, Issue, ReadOptions, Severity
from layers.readers.boundary_header import plane_of
from layers.readers.named_crs import parse_named_crs
from layers.readers.parsed import Parsed

_MARGIN_DEG: Final = 3.0
"""How far beyond a CRS's area of use coordinates may lie: one zone to each side, because
surveys across a zone edge, and whole prefectures, are kept in one zone."""

_SAMPLE: Final = 200
"""So many features are looked at first where not all of a file fit a CRS."""

_ZONES: Final = (*range(13, 24), *range(25, 46))
_FIRST_OF_3_DEGREES: Final = 25
_EDGE_M: Final = 5e4
_MOST_NORTH_M: Final = 6e6
_MOST_NAMED: Final = 5
_LONLAT_CODES: Final = (4326, 4490)
_LONLAT_NAMES: Final = ("CRS84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84")
_WKT_STARTS: Final = (
    "PROJCS",
    "PROJCRS",
    "GEOGCS",
    "GEOGCRS",
    "GEODCRS",
    "COMPD_CS",
    "COMPOUNDCRS",
    "BOUNDCRS",
)
_CODE_STARTS: Final = ("EPSG:", "ESRI:", "OGC:", "URN:OGC:DEF:CRS:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The CRS of a frame, the evidence for it, and what a person should know of it.

    ``fits`` says of each feature whether it lies where the CRS is made for.
    """

    crs: CRS
    how: str
    issues: tuple[Issue, ...]
    fits: npt.NDArray[np.bool_]


def decide_reference(
    name: str,
    parsed: Parsed,
    geometry: npt.NDArray[Any],
    options: ReadOptions,
    counties: gpd.GeoDataFrame | None,
    *,
    least_fitting: float,
) -> Reference:
    """Return the CRS of coordinates, after checking that they fit it.

    ``least_fitting`` is the share of the features that must: 1 for a control layer, less
    for sites, of which one that went astray must not take the others.

    In this order: declared; stated by the file; lon/lat because a shifted datum is
    declared; lon/lat because the format's standard says so. The last two only for
    coordinates that can be lon/lat. A declaration wins over the file, with an issue.

    Raises
    ------
    MissingCrsError
        Nothing settles it; ``proposals`` says what the coordinates could be in.
    AxisOrderError
        The coordinates fit only when swapped. Read again with ``swap_axes``.
    OutsideCrsError
        The coordinates do not fit; ``proposals`` says what they could be in.
    SeveralZonesInFileError
        Features lie in several zones; hand them in apart.
    ZoneDisagreesError
        The stated zone is not that of the eastings, and no CRS is declared.
    UnknownCrsError, NoTransformationError
        See :mod:`geo.crs`.
    """
    own = _stated(parsed)
    _require_one_zone(name, parsed, geometry, own, options.crs)
    issues: tuple[Issue, ...] = ()
    if options.crs is not None:
        crs, how = _plain(parse_named_crs(options.crs)), "declared"
        issues = _disagreement(parsed, own, crs)
    elif own is not None:
        crs, how = own, str(parsed.own_crs_how)
    elif options.datum is not Datum.TRUE and _can_be_lonlat(geometry, least_fitting):
        crs, how = CRS.from_user_input(GEOGRAPHIC), "datum_declared"
    elif parsed.own_crs is not None and not _is_undefined(parsed.own_crs):
        raise UnknownCrsError(name=name, crs=parsed.own_crs[:80])
    elif parsed.lonlat_rule is not None and _can_be_lonlat(geometry, least_fitting):
        crs, how = CRS.from_epsg(4326), parsed.lonlat_rule
    else:
        raise _unsettled(name, parsed, propose_crs(shapely.get_coordinates(geometry), counties))
    fits = _fitting(geometry, crs, least_fitting)
    if fits.mean() < least_fitting:
        raise _misfit(name, geometry, crs, counties)
    return Reference(crs=crs, how=how, issues=issues, fits=fits)


def to_true_datum(polygons: gpd.GeoSeries, datum: Datum) -> tuple[gpd.GeoSeries, tuple[Issue, ...]]:
    """Move coordinates that are declared GCJ-02 or BD-09 to where they truly are.

    Returns
    -------
    GeoSeries and issues
        Same CRS and order; the issue carries the largest shift in metres.

    Raises
    ------
    DatumNeedsLonLatError
        The coordinates are not lon/lat: a shifted datum has no plane coordinates.
    """
    if datum is Datum.TRUE:
        return polygons, ()
    if polygons.crs.to_epsg() not in _LONLAT_CODES:
        raise DatumNeedsLonLatError(crs=crs_name(CRS(polygons.crs)), datum=str(datum))

    shift: Literal["gcj02", "bd09"] = "gcj02" if datum is Datum.GCJ02 else "bd09"

    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(to_true(xy[:, 0], xy[:, 1], datum=shift))

    moved = shapely.transform(polygons.to_numpy(), move)
    before, after = shapely.get_coordinates(polygons.to_numpy()), shapely.get_coordinates(moved)
    _, _, shifts_m = Geod(ellps="GRS80").inv(*before.T, *after.T)
    params = {"datum": str(datum), "max_shift_m": round(float(np.max(shifts_m)), 2)}
    issue = Issue(code="datum_converted", severity=Severity.WARNING, params=params)
    return gpd.GeoSeries(moved, index=polygons.index, crs=polygons.crs), (issue,)


def _stated(parsed: Parsed) -> CRS | None:
    """Return the CRS that the file states, if it states one that can be understood.

    Only WKT and authority codes are taken from a file: other texts that PROJ
    understands may name further files.
    """
    text = parsed.own_crs or ""
    if text in _LONLAT_NAMES:
        return CRS.from_epsg(4326)
    if not text.upper().startswith((*_WKT_STARTS, *_CODE_STARTS)):
        return None
    try:
        crs = parse_named_crs(text)
    except UnknownCrsError:
        return None
    return _plain(crs) if crs.is_geographic or crs.is_projected else None


def _is_undefined(text: str) -> bool:
    """Tell whether a text is one of the "undefined" systems of GeoPackage and GDAL."""
    return text.upper().startswith(("LOCAL_CS", "ENGCRS", "ENGINEERINGCRS"))


def _disagreement(parsed: Parsed, own: CRS | None, declared: CRS) -> tuple[Issue, ...]:
    if own == declared or parsed.own_crs is None:
        return ()
    stated = crs_name(own) if own is not None else parsed.own_crs[:80]
    params = {"declared": crs_name(declared), "stated": stated}
    return (Issue(code="crs_disagrees", severity=Severity.WARNING, params=params),)


def _plain(crs: CRS) -> CRS:
    """Drop the vertical part, and take the EPSG entry where the parameters are its own."""
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    code = crs.to_epsg(min_confidence=70)
    return CRS.from_epsg(code) if code else crs.to_2d()


def _can_be_lonlat(geometry: npt.NDArray[Any], least_fitting: float) -> bool:
    west, south, east, north = shapely.bounds(geometry).T
    can = (west >= -180.0) & (east <= 180.0) & (south >= -90.0) & (north <= 90.0)
    return bool(can.mean() >= least_fitting)


def _fitting(geometry: npt.NDArray[Any], crs: CRS, least_fitting: float) -> npt.NDArray[np.bool_]:
    """Tell of each feature whether it lies in the area of use of a CRS."""
    if _fits(shapely.total_bounds(geometry), crs):
        return np.ones(len(geometry), dtype=bool)
    bounds = shapely.bounds(geometry)
    # Most files that do not fit are in another CRS as a whole: few features tell.
    some = bounds[:: len(bounds) // _SAMPLE + 1]
    if np.mean([_fits(box, crs) for box in some]) < least_fitting:
        return np.zeros(len(geometry), dtype=bool)
    return np.array([_fits(box, crs) for box in bounds], dtype=bool)


def _fits(box: npt.NDArray[np.float64], crs: CRS) -> bool:
    west, south, east, north = box
    corners = shapely.points([west, west, east, east], [south, north, south, north])
    try:
        return _in_area_of_use(to_lonlat(gpd.GeoSeries(corners, crs=crs)).total_bounds, crs)
    except OutsideCrsError:
        return False


def _misfit(
    name: str, geometry: npt.NDArray[Any], crs: CRS, counties: gpd.GeoDataFrame | None
) -> PlanningError:
    proposals = propose_crs(shapely.get_coordinates(geometry), counties)
    if proposals and all(proposal.swap_axes for proposal in proposals):
        return AxisOrderError(name=name, proposals=as_json(proposals), remedy="swap_axes")
    return OutsideCrsError(name=name, crs=crs_name(crs), proposals=as_json(proposals))


def _require_one_zone(
    name: str,
    parsed: Parsed,
    geometry: npt.NDArray[Any],
    own: CRS | None,
    declared: str | None,
) -> None:
    """Refuse features whose eastings carry different zones: no one CRS holds them.

    Raises
    ------
    SeveralZonesInFileError
    """
    told = parse_named_crs(declared) if declared is not None else own
    if told is not None and plane_of(told.to_epsg()) is None:
        return
    west, south, east, north = shapely.bounds(geometry).T
    zones = np.floor_divide(west, 1e6)
    inside = (west % 1e6 > _EDGE_M) & (east % 1e6 < 1e6 - _EDGE_M) & (east // 1e6 == zones)
    plausible = inside & (south > 0.0) & (north < _MOST_NORTH_M) & np.isin(zones, _ZONES)
    found = np.unique(zones)
    if (
        len(found) < 2
        or not plausible.all()
        or (not (found >= 25).all() and not (found < 25).all())
    ):
        return
    labels = parsed.account.labels or [str(row + 1) for row in range(len(geometry))]
    plots = {
        str(int(zone)): [labels[at] for at in np.flatnonzero(zones == zone)[:_MOST_NAMED]]
        for zone in found
    }
    texts = [f"{zone}: {', '.join(names)}" for zone, names in plots.items()]
    raise SeveralZonesInFileError(name=name, zones=[int(zone) for zone in found], plots=texts)


def _in_area_of_use(lonlat_bounds: npt.NDArray[np.float64], crs: CRS) -> bool:
    area = crs.area_of_use
    if area is None or area.west > area.east:
        return True
    west, south, east, north = lonlat_bounds
    return bool(
        west >= area.west - _MARGIN_DEG
        and east <= area.east + _MARGIN_DEG
        and south >= area.south - _MARGIN_DEG
        and north <= area.north + _MARGIN_DEG
    )


def _unsettled(name: str, parsed: Parsed, proposals: tuple[CrsProposal, ...]) -> Exception:
    swapped = bool(proposals) and all(
        proposal.swap_axes and proposal.crs == GEOGRAPHIC for proposal in proposals
    )
    if parsed.lonlat_rule is not None and swapped:
        return AxisOrderError(name=name, proposals=as_json(proposals), remedy="swap_axes")
    if zones := parsed.zone_conflict:
        return ZoneDisagreesError(
            name=name, stated=zones.stated, found=zones.found, proposals=as_json(proposals)
        )
    return MissingCrsError(name=name, proposals=as_json(proposals))


def as_json(proposals: Iterable[CrsProposal]) -> list[dict[str, Any]]:
    """Return proposals as error parameters."""
    return [
        {
            "crs": proposal.crs,
            "evidence": list(proposal.evidence),
            "swap_axes": proposal.swap_axes,
            "place": proposal.place,
            "unit": proposal.unit,
        }
        for proposal in proposals
    ]
